//! What people say of their notifications: that they have read them, and how they want to hear of more.

use entity::notification;
use entity::notification_preference::Rhythm;
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::digest;
use crate::accounts;
use crate::app::{App, UseCase};
use crate::auth::{Actor, person};
use crate::error::{Error, Result};
use crate::ids::NodeKind;
use crate::locale::{Locale, Said};
use crate::notifications::{rules, store};

/// What the token of a way out is sealed for.
const WAY_OUT: &str = "no letters of notifications";
/// The page of the way out.
pub const WAY_OUT_PAGE: &str = "/notifications/stop";

/// Marks a notification of the caller as read; one that was read stays as it is.
///
/// # Errors
/// When nobody is signed in, or there is none of theirs.
pub async fn mark_read(app: &App, actor: &Actor, id: Uuid) -> Result<notification::Model> {
    let account = person(actor)?;
    let mut case = app.begin(actor).await?;
    case.touch(NodeKind::Notification, id);
    let row = store::notification_to_change(&*case, account, id).await?.ok_or_else(|| Error::not_found("id"))?;
    if row.read_at.is_some() {
        return Ok(row);
    }
    let read = notification::ActiveModel { id: Set(id), read_at: Set(Some(case.now)), ..Default::default() }.update(&*case).await?;
    case.commit().await?;
    Ok(read)
}

/// Marks the caller's notifications as read: all, or those that are no newer than one of them. Gives whose they are.
///
/// # Errors
/// When nobody is signed in, or there is none of theirs with this id.
pub async fn mark_all_read(app: &App, actor: &Actor, up_to: Option<Uuid>) -> Result<entity::account::Model> {
    let account = person(actor)?;
    let mut case = app.begin(actor).await?;
    case.touch(NodeKind::Account, account);
    let last = match up_to {
        Some(id) => Some(store::notification_to_change(&*case, account, id).await?.ok_or_else(|| Error::not_found("upTo"))?),
        None => None,
    };
    store::mark_read(&*case, account, last.as_ref(), case.now).await?;
    let account = accounts::store::account(&*case, account).await?.ok_or_else(Error::unauthenticated)?;
    case.commit().await?;
    Ok(account)
}

/// How often a person wants letters.
///
/// # Errors
/// When the database cannot be read.
pub async fn rhythm(app: &App, account: Uuid) -> Result<Rhythm> {
    Ok(store::preference(app.db.reader(), account).await?.map_or(rules::USUAL, |row| row.email))
}

/// Sets how often the caller wants letters. What is gathered already goes out as the new choice asks for.
///
/// # Errors
/// When nobody is signed in.
pub async fn set_rhythm(app: &App, actor: &Actor, email: Rhythm) -> Result<Rhythm> {
    let account = person(actor)?;
    let case = app.begin(actor).await?;
    write(&case, account, email).await?;
    case.commit().await?;
    Ok(email)
}

async fn write(case: &UseCase<'_>, account: Uuid, email: Rhythm) -> Result<()> {
    store::set_preference(&**case, account, email, case.now).await?;
    for open in store::open_digests(&**case, &[account]).await? {
        if let Some(at) = rules::due(email, case.now, None) {
            digest::move_to(case, open.id, at).await?;
        }
    }
    Ok(())
}

/// The address of the page on which a person says that they want no more letters. It is good for as long as the installation's
/// keys, so that a letter that is years old still knows the way out.
pub(super) fn way_out(app: &App, account: Uuid, locale: Locale) -> String {
    let token = app.keys.seal(WAY_OUT, account.as_bytes());
    app.config.public_url.page(&format!("{WAY_OUT_PAGE}?token={token}&lang={}", locale.tag()))
}

/// Looks whether the token of a way out is one; opening the page changes nothing.
///
/// # Errors
/// When it is none, or its person is no longer here.
pub async fn way_out_is_good(app: &App, token: &str) -> Result<()> {
    accounts::store::account(app.db.reader(), opened(app, token)?).await?.map(drop).ok_or_else(damaged)
}

/// Sends the person of a token no more letters of notifications; done again, it stays so.
///
/// # Errors
/// When the token is none, or its person is no longer here.
pub async fn stop(app: &App, token: &str) -> Result<()> {
    let account = opened(app, token)?;
    let nobody = Actor::public();
    let case = app.begin(&nobody).await?;
    accounts::store::account_to_rely_on(&*case, account).await?.ok_or_else(damaged)?;
    write(&case, account, Rhythm::Never).await?;
    case.commit().await
}

fn opened(app: &App, token: &str) -> Result<Uuid> {
    let bytes = app.keys.unseal(WAY_OUT, token.trim());
    bytes.and_then(|bytes| Uuid::from_slice(&bytes).ok()).ok_or_else(damaged)
}

fn damaged() -> Error {
    Error::bad_input(
        "token",
        Said::new("Це посилання неповне, пошкоджене або застаріле.", "This link is incomplete, damaged or out of date."),
        Said::new(
            "Скопіюйте з листа все посилання до останньої літери, або ввійдіть і виберіть, як часто надсилати листи.",
            "Copy the whole link from the letter, to its last letter, or sign in and choose how often letters come.",
        ),
    )
}
