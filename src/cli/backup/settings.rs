//! The settings file of a backup, which may name what was not restored with it.

use std::fs;
use std::io;
use std::path::Path;

use toml_edit::{Document, Item};

use super::Attachments;
use crate::config::{Config, DatabaseUrl};
use crate::objects::Place;

/// How it is called where it leads elsewhere.
pub(super) const PUT_ASIDE: &str = "mistok.toml.restored";

/// The setting that leads elsewhere than to what is restored, if one does: with it the service would run on other rows or files.
pub(super) fn leads_elsewhere(file: &Path, config: &Config, were: &Attachments) -> io::Result<Option<&'static str>> {
    let text = fs::read(file)?;
    let Ok(settings) = Document::parse(String::from_utf8_lossy(&text).into_owned()) else { return Ok(Some("form")) };
    let said = |name: &str| settings.as_table().get(name).map(|item| item.as_str().unwrap_or_default());
    let is_switched = |name: &str| settings.as_table().get(name).and_then(Item::as_bool) == Some(true);
    let is_other_database = said("database").is_some_and(|address| DatabaseUrl::parse(address).ok().as_ref() != Some(&config.database));
    let is_other_place = said("attachments").is_some_and(|place| match Place::parse(place) {
        Ok(Place::Bucket(address)) => *were != Attachments::Bucket(address),
        place => place != Ok(Place::within(&config.data)),
    });
    Ok([("data", said("data").is_some()), ("database", is_other_database), ("use_database_url", is_switched("use_database_url")), ("attachments", is_other_place)]
        .into_iter()
        .find_map(|(name, leads)| leads.then_some(name)))
}
