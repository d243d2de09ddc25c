//! Lending a file: an address for its holder, and the file for whoever still may when they follow it.

use bytes::Bytes;
use entity::attachment;
use futures_util::stream::BoxStream;

use super::{Link, bearer};
use crate::app::App;
use crate::attachments::{access, rules, store};
use crate::auth::Actor;
use crate::error::Result;

/// What the tokens of downloads are sealed for, and where they go.
const DOWNLOAD: (&str, &str) = ("download", "/downloads");

/// The address of the file of an attachment that the actor sees; none before its bytes came.
///
/// # Errors
/// When nobody is signed in, or whoever sees everything signed in without the second factor that this asks for.
pub fn download(app: &App, actor: &Actor, row: &attachment::Model) -> Result<Option<Link>> {
    access::may_open(actor, row.organisation_id)?;
    let link = || bearer::link(app, actor, DOWNLOAD, row.id, app.clock.now() + rules::DOWNLOAD_TIME);
    row.object_id.map(|_| link()).transpose()
}

/// A file on its way.
pub struct Download {
    /// The attachment.
    pub attachment: attachment::Model,
    /// Its bytes.
    pub bytes: BoxStream<'static, std::io::Result<Bytes>>,
}

/// The file of an address, for its holder as they are now.
///
/// # Errors
/// When the token is none of ours, its time is over, its holder may not see the file any more, or the store of files does not answer.
pub async fn follow(app: &App, token: &str) -> Result<Download> {
    let (id, actor) = bearer::holder(app, DOWNLOAD.0, token, app.clock.now()).await?;
    let attachment = store::by_id(app.db.reader(), &actor, id).await?.ok_or_else(bearer::nothing)?;
    let object = attachment.object_id.ok_or_else(bearer::nothing)?;
    Ok(Download { bytes: app.objects.read(object).await?, attachment })
}
