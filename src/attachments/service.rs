//! Describing, removing and lending files; `upload` takes their bytes, `bearer` knows who holds an address.

mod bearer;
mod download;
mod upload;

pub use download::{Download, download, follow};
pub use upload::{upload, upload_link};

use chrono::{DateTime, TimeDelta, Utc};
use entity::attachment::{self, Purpose, State};
use entity::job;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait as _, ModelTrait as _};
use serde_json::json;
use uuid::Uuid;

use super::media::Media;
use super::{access, rules, store};
use crate::app::{App, UseCase};
use crate::auth::{Actor, signed_in};
use crate::db::expect_version;
use crate::error::{Error, Result, Together as _};
use crate::events::{Audience, Event, EventKind};
use crate::ids::NodeKind;
use crate::jobs;

/// How long the description of a file stays whose bytes never came.
const AWAITED_STAYS: TimeDelta = TimeDelta::days(1);

/// A file that somebody wants to add.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Whose it is.
    pub organisation: Uuid,
    /// What it is for.
    pub purpose: Purpose,
    /// What it is called.
    pub file_name: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub size: i32,
    /// Their SHA-256.
    pub sha256: String,
}

/// An address that is good for a while. It is not printed, since whoever has it can use it.
#[derive(Clone)]
pub struct Link {
    /// The address.
    pub url: String,
    /// The moment from which it is worth nothing.
    pub expires_at: DateTime<Utc>,
}

/// Describes a file, whose bytes then go to its address ([`upload_link`]).
///
/// # Errors
/// When the caller may not, a value is wrong, or the organisation has too many files.
pub async fn request(app: &App, actor: &Actor, wanted: Wanted) -> Result<attachment::Model> {
    signed_in(actor)?;
    let Wanted { organisation, purpose, file_name, media_type, size, sha256 } = wanted;
    let mut case = app.begin(actor).await?;
    store::organisation_to_change(&*case, organisation).await?.ok_or_else(|| Error::not_found("organisationId"))?;
    access::may_change(actor, organisation)?;
    let media = Media::declared(&media_type);
    let named = rules::file_name(&file_name, *media.as_ref().unwrap_or(&Media::Pdf));
    let (media, file_name, size, sha256) = (media, named, rules::size(size), rules::sha256(&sha256)).together()?;
    rules::one_more(store::count(&*case, organisation).await?)?;
    let row = attachment::ActiveModel {
        id: Set(case.new_id()),
        organisation_id: Set(organisation),
        purpose: Set(purpose),
        file_name: Set(file_name),
        media_type: Set(media.name().to_owned()),
        size: Set(size),
        sha256: Set(sha256),
        state: Set(State::Awaiting),
        object_id: Set(None),
        expires_at: Set(case.now + rules::UPLOAD_TIME),
        uploaded_at: Set(None),
        evidence_since: Set(None),
        created_at: Set(case.now),
        updated_at: Set(case.now),
        version: Set(1),
    };
    let made = row.insert(&*case).await?;
    case.record(event(EventKind::UploadRequested, &made));
    case.commit().await?;
    Ok(made)
}

/// Removes an attachment, and its file soon after.
///
/// # Errors
/// When the caller may not, something rests on it, or the version is stale.
pub async fn remove(app: &App, actor: &Actor, id: Uuid, expected_version: Option<i32>) -> Result<attachment::Model> {
    signed_in(actor)?;
    let mut case = app.begin(actor).await?;
    let found = store::by_id(&*case, actor, id).await?.ok_or_else(|| Error::not_found("id"))?;
    store::organisation_to_change(&*case, found.organisation_id).await?;
    let row = store::to_change(&*case, actor, id).await?.ok_or_else(|| Error::not_found("id"))?;
    access::may_change(actor, row.organisation_id)?;
    if let Some(expected) = expected_version {
        expect_version(expected, row.version)?;
    }
    if row.evidence_since.is_some() || store::is_of_certificate(&*case, row.id).await? {
        return Err(rules::in_use());
    }
    let gone = attachment::Model { version: row.version + 1, updated_at: case.now, ..row.clone() };
    row.delete(&*case).await?;
    if let Some(object) = gone.object_id {
        jobs::schedule(&case, job::Kind::ForgetObject, object, case.now).await?;
    }
    case.record(event(EventKind::AttachmentRemoved, &gone));
    case.commit().await?;
    Ok(gone)
}

/// Takes stored files of an organisation that the use case holds as evidence; they stay from now on.
///
/// # Errors
/// When one is not there; `field` is the list that names them.
pub async fn take_as_evidence(case: &UseCase<'_>, organisation: Uuid, field: &str, ids: &[Uuid]) -> Result<()> {
    let found = store::described(&**case, case.actor, organisation, Purpose::Evidence, ids.to_vec()).await?;
    for (place, id) in ids.iter().enumerate() {
        let field = format!("{field}.{place}");
        let row = found.iter().find(|row| row.id == *id).ok_or_else(|| Error::not_found(&field))?;
        rules::has_come(row.state, &field)?;
    }
    for row in found.into_iter().filter(|row| row.evidence_since.is_none()) {
        attachment::ActiveModel { id: Set(row.id), evidence_since: Set(Some(case.now)), ..Default::default() }.update(&**case).await?;
    }
    Ok(())
}

/// Sees to it that a certificate of an organisation that the use case holds has its stored file.
///
/// # Errors
/// When there is none.
pub async fn require_certificate(case: &UseCase<'_>, organisation: Uuid, field: &str, id: Uuid) -> Result<()> {
    let found = store::described(&**case, case.actor, organisation, Purpose::Certificate, vec![id]).await?;
    rules::has_come(found.first().ok_or_else(|| Error::not_found(field))?.state, field)
}

/// Takes the bytes of a file away, unless an attachment has them.
///
/// # Errors
/// When the database or the store of files does not answer.
pub async fn forget(app: &App, object: Uuid) -> Result<()> {
    if store::has_object(app.db.reader(), object).await? {
        return Ok(());
    }
    app.objects.remove(object).await
}

/// Takes away the descriptions of files whose bytes never came.
///
/// # Errors
/// When the database refuses.
pub async fn purge(app: &App) -> Result<()> {
    store::purge(&app.db, app.clock.now() - AWAITED_STAYS).await
}

/// Whether an actor may know the attachments of an organisation.
#[must_use]
pub fn shows(actor: &Actor, organisation: Uuid) -> bool {
    access::sees(actor, organisation)
}

/// Members hear of their files; the hash binds the journal to what was in one.
fn event(kind: EventKind, row: &attachment::Model) -> Event {
    let detail = json!({ "purpose": row.purpose.as_str(), "sha256": row.sha256 });
    Event { kind, node: NodeKind::Attachment, id: row.id, version: row.version, audience: Audience::members(row.organisation_id), detail }
}
