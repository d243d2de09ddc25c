//! Taking the bytes of a file: they stream into an object of their own, and the row names it once all is right.

use chrono::{DateTime, TimeDelta, Utc};
use entity::attachment::{self, State};
use entity::job;
use futures_util::{Stream, StreamExt as _};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Link, bearer, event, forget};
use crate::app::App;
use crate::attachments::media::{self, HEAD, Media};
use crate::attachments::{access, rules, store};
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::events::EventKind;
use crate::hash::hex;
use crate::jobs;
use crate::objects::Draft;

/// What the tokens of uploads are sealed for, and where they go.
const UPLOAD: (&str, &str) = ("upload", "/uploads");
/// How long after its first byte it is looked whether an attachment has an object: longer than an upload may take.
const LOOKED_AT_AFTER: TimeDelta = TimeDelta::days(1);

/// The address to which the bytes of a file go that was described; none once they came or the time is over.
///
/// # Errors
/// When nobody is signed in.
pub fn upload_link(app: &App, actor: &Actor, row: &attachment::Model) -> Result<Option<Link>> {
    let awaited = row.object_id.is_none() && app.clock.now() < row.expires_at;
    awaited.then(|| bearer::link(app, actor, UPLOAD, row.id, row.expires_at)).transpose()
}

/// Takes the bytes of a file. Whatever goes wrong, the same address takes them again until its time is over. It is to run to its end, also
/// when nobody waits for it any more: so nothing of what came is left behind.
///
/// # Errors
/// When the token is none of ours, was used, or its time is over; its holder may not any more, before the first byte or after the last; the
/// bytes are not those that were declared; the file is being sent already, too many are sent at once, or the store of files does not answer.
pub async fn upload<B: AsRef<[u8]>>(app: &App, token: &str, announced: Option<u64>, body: impl Stream<Item = Result<B>> + Unpin) -> Result<attachment::Model> {
    let began = app.clock.now();
    let (id, actor) = bearer::holder(app, UPLOAD.0, token, began).await?;
    let row = store::by_id(app.db.reader(), &actor, id).await?.ok_or_else(bearer::nothing)?;
    access::may_change(&actor, row.organisation_id)?;
    rules::is_awaited(row.state)?;
    announced.map_or(Ok(()), |announced| rules::is_size(row.size, announced))?;

    let seat = app.objects.seat(actor.account().or(actor.api_token()).unwrap_or_default(), id)?;
    let object = planned(app).await?;
    let mut draft = app.objects.begin(&seat, object).await?;
    if let Err(error) = receive(&mut draft, &row, body).await {
        draft.abandon().await;
        return Err(error);
    }
    draft.finish().await?;
    let kept = kept(app, token, began, object).await;
    if matches!(kept, Err(Error::Refused(_)))
        && let Err(error) = forget(app, object).await
    {
        tracing::warn!(%object, ?error, "a file that was refused stays until a job takes it away");
    }
    kept
}

/// The name of an object that is about to be written. Whether an attachment has it by then, a job looks a day later.
async fn planned(app: &App) -> Result<Uuid> {
    let actor = Actor::system();
    let case = app.begin(&actor).await?;
    let object = case.new_id();
    jobs::schedule(&case, job::Kind::ForgetObject, object, case.now + LOOKED_AT_AFTER).await?;
    case.commit().await?;
    Ok(object)
}

/// Writes the bytes as they come; stops at the first that are not what was declared.
async fn receive<B: AsRef<[u8]>>(draft: &mut Draft, row: &attachment::Model, mut body: impl Stream<Item = Result<B>> + Unpin) -> Result<()> {
    let declared = Media::declared(&row.media_type)?;
    let (mut head, mut known, mut came, mut hash) = (Vec::new(), false, 0_u64, Sha256::new());
    while let Some(part) = body.next().await {
        let part = part?;
        let part = part.as_ref();
        came += part.len() as u64;
        if came > u64::try_from(row.size).unwrap_or_default() {
            return rules::is_size(row.size, came);
        }
        if !known {
            head.extend_from_slice(&part[..part.len().min(HEAD - head.len())]);
            known = head.len() == HEAD;
            if known {
                media::is(declared, &head)?;
            }
        }
        hash.update(part);
        draft.write(part).await?;
    }
    rules::is_size(row.size, came)?;
    media::is(declared, &head)?;
    rules::is_hash(&row.sha256, &hex(&hash.finalize()))
}

/// Has the row name its object, if the holder of the address still may now that all has come. Of several uploads at once, at several nodes,
/// one gets here first.
async fn kept(app: &App, token: &str, began: DateTime<Utc>, object: Uuid) -> Result<attachment::Model> {
    let (id, actor) = bearer::holder(app, UPLOAD.0, token, began).await?;
    let mut case = app.begin(&actor).await?;
    let found = store::by_id(&*case, &actor, id).await?.ok_or_else(bearer::nothing)?;
    store::organisation_to_change(&*case, found.organisation_id).await?;
    let row = store::to_change(&*case, &actor, id).await?.ok_or_else(bearer::nothing)?;
    access::may_change(&actor, row.organisation_id)?;
    rules::is_awaited(row.state)?;
    let change = attachment::ActiveModel {
        id: Set(id),
        state: Set(State::Stored),
        object_id: Set(Some(object)),
        uploaded_at: Set(Some(case.now)),
        updated_at: Set(case.now),
        version: Set(row.version + 1),
        ..Default::default()
    };
    let made = change.update(&*case).await?;
    case.record(event(EventKind::AttachmentStored, &made));
    case.commit().await?;
    Ok(made)
}
