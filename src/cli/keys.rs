//! The keys of access tokens.

use serde_json::json;

use super::args::{Global, KeysCommand};
use super::failure::Failure;
use super::{DONE, open, output};
use crate::auth::token::Keys;

/// Changes the keys.
pub(super) fn run(global: &Global, KeysCommand::Rotate: &KeysCommand) -> Result<u8, Failure> {
    let config = open::existing(global.config()?)?;
    let keys = Keys::rotate(&config.data).map_err(|cause| Failure::because(format!("the keys in {} cannot be rotated", config.data.display()), cause))?;
    if global.json {
        output::json(&json!({ "kid": keys.kid() }))?;
    } else {
        output::line(format!("access tokens are signed with {} once the service is started again", keys.kid()))?;
        output::aside("Where several nodes share the keys, copy keys.json to each. Nobody is signed out.");
    }
    Ok(DONE)
}
