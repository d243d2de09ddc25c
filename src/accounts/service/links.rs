//! One-time links: writing, sending and taking them.

use chrono::{DateTime, TimeDelta, Utc};
use entity::link::{self, Purpose};
use entity::{account, job};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use crate::accounts::{letters, store};
use crate::app::{App, UseCase};
use crate::error::{Code, Error, Result};
use crate::jobs;
use crate::locale::{Locale, Said};
use crate::mail::{self, Letter, Unsent};

/// What the tokens of links are sealed for.
const LINK: &str = "link";
/// How long after a letter another one like it is not written.
const PAUSE: TimeDelta = TimeDelta::minutes(5);

/// Makes a link and has its letter sent; those of the same purpose and subject that went before are worth nothing from now on.
pub(super) async fn write(case: &UseCase<'_>, purpose: Purpose, subject: Option<Uuid>) -> Result<()> {
    let made = make(case, purpose, subject).await?;
    jobs::schedule(case, job::Kind::SendLink, made.id, case.now).await
}

/// As [`write`], unless one of the same purpose and subject went out a moment ago and is still good: so many letters nobody wants.
/// Who asks holds the account that it is about.
pub(super) async fn ask(case: &UseCase<'_>, purpose: Purpose, subject: Uuid) -> Result<()> {
    if store::has_fresh_link(&**case, purpose, subject, case.now, case.now - PAUSE).await? {
        return Ok(());
    }
    write(case, purpose, Some(subject)).await
}

/// Makes a link whose letter, if any, is its caller's.
///
/// # Errors
/// When the database refuses.
pub async fn make(case: &UseCase<'_>, purpose: Purpose, subject: Option<Uuid>) -> Result<link::Model> {
    store::spend_links(&**case, purpose, subject, case.now).await?;
    let row = link::ActiveModel {
        id: Set(case.new_id()),
        purpose: Set(purpose),
        subject_id: Set(subject),
        expires_at: Set(case.now + letters::lifetime(purpose)),
        used_at: Set(None),
        taken_at: Set(None),
        created_at: Set(case.now),
    };
    Ok(row.insert(&**case).await?)
}

/// The address that a link opens, for a person who reads `locale`.
#[must_use]
pub fn address(app: &App, link: &link::Model, locale: Locale) -> String {
    let token = app.keys.seal(LINK, link.id.as_bytes());
    app.config.public_url.page(&format!("{}?token={token}&lang={}", letters::page(link.purpose), locale.tag()))
}

/// Looks whether a link can still be used; opening it does not use it up.
///
/// # Errors
/// When it is none, was used, or its time is over.
pub async fn is_good(app: &App, purpose: Purpose, token: &str) -> Result<link::Model> {
    let found = store::link(app.db.reader(), opened(app, token)?).await?;
    good(found, purpose, app.clock.now())
}

/// Uses a link up that is about an account, and gives the account, which is held first.
pub(super) async fn take_for_account(case: &UseCase<'_>, purpose: Purpose, token: &str) -> Result<account::Model> {
    let found = good(store::link(&**case, opened(case.app, token)?).await?, purpose, case.now)?;
    let account = store::account_to_change(&**case, found.subject_id.unwrap_or_default()).await?.ok_or_else(|| Error::not_found("token"))?;
    take(case, purpose, token).await?;
    Ok(account)
}

/// The account that a good link is about, before it is used.
pub(super) async fn account(app: &App, purpose: Purpose, token: &str) -> Result<account::Model> {
    let reader = app.db.reader();
    let found = good(store::link(reader, opened(app, token)?).await?, purpose, app.clock.now())?;
    store::account(reader, found.subject_id.unwrap_or_default()).await?.ok_or_else(|| Error::not_found("token"))
}

/// Uses a link up: of two who try at once, one does.
///
/// # Errors
/// When it is none, was used, or its time is over.
pub async fn take(case: &UseCase<'_>, purpose: Purpose, token: &str) -> Result<link::Model> {
    let found = store::link_to_change(&**case, opened(case.app, token)?).await?;
    let link = good(found, purpose, case.now)?;
    Ok(link::ActiveModel { id: Set(link.id), used_at: Set(Some(case.now)), taken_at: Set(Some(case.now)), ..Default::default() }.update(&**case).await?)
}

fn opened(app: &App, token: &str) -> Result<Uuid> {
    let bytes = app.keys.unseal(LINK, token.trim());
    bytes.and_then(|bytes| Uuid::from_slice(&bytes).ok()).ok_or_else(|| {
        Error::bad_input(
            "token",
            Said::new("Це посилання неповне або пошкоджене.", "This link is incomplete or damaged."),
            Said::new("Скопіюйте з листа все посилання до останньої літери.", "Copy the whole link from the letter, to its last letter."),
        )
    })
}

fn good(found: Option<link::Model>, purpose: Purpose, now: DateTime<Utc>) -> Result<link::Model> {
    let message = match found.filter(|link| link.purpose == purpose) {
        Some(link) if link.used_at.is_none() && link.expires_at > now => return Ok(link),
        Some(link) if link.taken_at.is_some() => Said::new("Це посилання вже використано.", "This link was used already."),
        Some(link) if link.used_at.is_some() => {
            Said::new("Це посилання вже не діє: його замінило новіше, або його скасовано.", "This link is good no more: a newer one replaced it, or it was cancelled.")
        }
        _ => Said::new("Час цього посилання минув.", "The time of this link is over."),
    };
    Err(Error::refused(Code::OutOfTime, "token", message, Said::new("Попросіть нове; діє лише найновіше.", "Ask for a new one; only the newest is good.")))
}

/// The link of a token, if what it is good for was done by it.
///
/// # Errors
/// When the database cannot be read.
pub async fn taken(app: &App, purpose: Purpose, token: &str) -> Result<Option<link::Model>> {
    Ok(known(app, purpose, token).await?.filter(|link| link.taken_at.is_some()))
}

/// The link of a token, whatever became of it.
///
/// # Errors
/// When the database cannot be read.
pub async fn known(app: &App, purpose: Purpose, token: &str) -> Result<Option<link::Model>> {
    let Ok(id) = opened(app, token) else { return Ok(None) };
    Ok(store::link(app.db.reader(), id).await?.filter(|link| link.purpose == purpose))
}

/// Sends the letter of a link, unless it is worth nothing any more.
///
/// # Errors
/// When the letter cannot go out now.
pub async fn send_link(app: &App, id: Uuid) -> Result<()> {
    let now = app.clock.now();
    let Some(link) = store::link(app.db.reader(), id).await?.filter(|link| link.used_at.is_none() && link.expires_at > now) else { return Ok(()) };
    let Some(account) = recipient(app, &link).await? else { return Ok(()) };
    let locale = Locale::from_tag(&account.locale).unwrap_or_default();
    let Some((subject, text)) = letters::letter(link.purpose, &address(app, &link, locale), locale) else { return Ok(()) };
    letter_sent(app, Letter { id, to: account.email, locale, subject, text, way_out: None }).await
}

/// Sends a letter; one that can never go out is noted and given up.
///
/// # Errors
/// When it cannot go out now.
pub async fn letter_sent(app: &App, letter: Letter) -> Result<()> {
    let id = letter.id;
    match mail::send(&app.config, letter, app.clock.now()).await {
        Ok(()) => Ok(()),
        Err(Unsent::Later(cause)) => Err(Error::internal(cause)),
        Err(Unsent::Never(cause)) => {
            tracing::warn!(link = %id, %cause, "a letter cannot go out");
            Ok(())
        }
    }
}

async fn recipient(app: &App, link: &link::Model) -> Result<Option<account::Model>> {
    match link.subject_id {
        Some(id) => store::account(app.db.reader(), id).await,
        None => Ok(None),
    }
}
