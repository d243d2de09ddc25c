//! Erasing an account: what makes it a person's goes at once; its address goes when a letter has said so, within a day at most.

use chrono::TimeDelta;
use entity::account::{self, PasswordHash};
use entity::job;
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{factor, first, letter_sent, save};
use crate::accounts::{letters, store};
use crate::app::{App, UseCase};
use crate::auth::{Actor, person};
use crate::error::{Error, Result};
use crate::events::EventKind;
use crate::jobs;
use crate::locale::{Locale, Said};
use crate::mail::Letter;

/// How long it is tried to send the letter.
const FAREWELL: TimeDelta = TimeDelta::days(1);

/// The account of the actor, which the use case holds from now on, and whose sign-in proved anew who they are.
///
/// # Errors
/// When nobody is signed in, or they did not.
pub async fn stepped_up_person(case: &UseCase<'_>) -> Result<account::Model> {
    let id = person(case.actor)?;
    case.actor.stepped_up(case.now)?;
    let account = store::account_to_change(&**case, id).await?.ok_or_else(Error::unauthenticated)?;
    factor::still_stepped_up(case).await?;
    Ok(account)
}

/// Erases an account that the use case holds; whatever else the person has a part in, they have left before. An address that nobody
/// confirmed may be somebody else's: no letter goes there.
///
/// # Errors
/// When nobody else runs the platform.
pub async fn erase(case: &mut UseCase<'_>, account: account::Model) -> Result<account::Model> {
    if account.administrator && !first::another_runs_it(case, account.id).await? {
        return Err(last_administrator());
    }
    store::remove_all_of(&**case, account.id).await?;
    let email = if account.email_confirmed_at.is_some() {
        jobs::schedule(case, job::Kind::SendFarewell, account.id, case.now).await?;
        account.email.clone()
    } else {
        String::new()
    };
    let erased = account::Model {
        email,
        email_key: account.id.to_string(),
        name: String::new(),
        password_hash: PasswordHash::none(),
        administrator: false,
        email_confirmed_at: None,
        erased_at: Some(case.now),
        ..account
    };
    save(case, EventKind::AccountErased, erased).await
}

/// Tells a person that their account is erased, and forgets their address.
///
/// # Errors
/// When the letter cannot go out now.
pub async fn send_farewell(app: &App, id: Uuid) -> Result<()> {
    let Some(account) = store::leaving(app.db.reader(), id).await? else { return Ok(()) };
    if account.erased_at.is_some_and(|erased| app.clock.now() < erased + FAREWELL) {
        let locale = Locale::from_tag(&account.locale).unwrap_or_default();
        let (subject, text) = letters::farewell(locale);
        letter_sent(app, Letter { id, to: account.email, locale, subject, text, way_out: None }).await?;
    }
    let actor = Actor::system();
    let case = app.begin(&actor).await?;
    account::ActiveModel { id: Set(id), email: Set(String::new()), ..Default::default() }.update(&*case).await?;
    case.commit().await
}

fn last_administrator() -> Error {
    Error::invalid_state(
        Said::new("Крім вас, платформою ніхто не керує.", "Nobody but you runs the platform."),
        Said::new(
            "Спершу створіть іншого адміністратора (mistok admin create); після цього повторіть.",
            "First make another administrator (mistok admin create); then repeat this.",
        ),
    )
}
