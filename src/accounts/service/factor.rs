//! The second factor: setting it up, turning it off, what a sign-in asks of it; and proving anew who one is.

use chrono::{DateTime, TimeDelta, Utc};
use entity::session::{self, Assurance};
use entity::{account, second_factor};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::brake::{self, Braked};
use super::{find, passwords, save};
use crate::accounts::store;
use crate::app::{App, UseCase};
use crate::auth::second_factor::{self as codes, Proof};
use crate::auth::{Actor, STEPPED_UP, person, proved};
use crate::error::{Code, Error, Result};
use crate::events::EventKind;
use crate::locale::Said;

/// Wrong codes in a row after which each further one has to wait.
const PATIENCE: i32 = 5;
/// How long.
const WAIT: TimeDelta = TimeDelta::minutes(1);

/// A second factor that is being set up.
#[derive(Clone)]
pub struct Prepared {
    /// What an authenticator app takes; it holds the secret.
    pub address: String,
}

/// Begins to set up a second factor; it is asked for once [`enable_second_factor`] has seen a code of it.
///
/// # Errors
/// When nobody is signed in, or there is one already.
pub async fn prepare_second_factor(app: &App, actor: &Actor) -> Result<Prepared> {
    let (case, account) = begin(app, actor).await?;
    match store::factor_to_change(&*case, account.id).await? {
        Some(factor) if factor.enabled_at.is_some() => {
            return Err(Error::invalid_state(
                Said::new("Другий чинник уже ввімкнено.", "The second factor is on already."),
                Said::new("Щоб перейти на інший пристрій, спершу вимкніть його: disableSecondFactor.", "To move to another device turn it off first: disableSecondFactor."),
            ));
        }
        Some(_) => store::remove_factor(&*case, account.id).await?,
        None => {}
    }
    let id = case.new_id();
    let row = second_factor::ActiveModel {
        id: Set(id),
        account_id: Set(account.id),
        enabled_at: Set(None),
        last_step: Set(0),
        recovery_series: Set(0),
        recovery_used: Set(0),
        failures: Set(0),
        failed_at: Set(None),
        created_at: Set(case.now),
    };
    row.insert(&*case).await?;
    case.commit().await?;
    Ok(Prepared { address: codes::address(&app.keys, id, &account.email)? })
}

/// Turns the second factor on by a code of it, and gives its recovery codes. Whoever does it proved anew who they are: else a
/// stolen sign-in would shut its person out, and come to the rights that ask for a second factor.
///
/// # Errors
/// When nobody is signed in, they did not, none is being set up, or the code is wrong.
pub async fn enable_second_factor(app: &App, actor: &Actor, code: &str) -> Result<Vec<String>> {
    let (mut case, account) = begin(app, actor).await?;
    actor.stepped_up(case.now)?;
    let factor = store::factor_to_change(&*case, account.id).await?.filter(|factor| factor.enabled_at.is_none()).ok_or_else(wrong_code)?;
    let session = still_stepped_up(&case).await?;
    let (id, series) = (factor.id, factor.recovery_series);
    if !take(&case, factor, code).await? {
        return case.refuse(wrong_code()).await;
    }
    second_factor::ActiveModel { id: Set(id), enabled_at: Set(Some(case.now)), ..Default::default() }.update(&*case).await?;
    // What was proved before was proved without it.
    store::forget_step_ups(&*case, account.id).await?;
    session::ActiveModel { id: Set(session.id), assurance: Set(with_code(session.assurance)), ..Default::default() }.update(&*case).await?;
    save(&mut case, EventKind::SecondFactorEnabled, account).await?;
    case.commit().await?;
    Ok(codes::recovery_codes(&app.keys, id, series))
}

/// Turns the second factor off, for whoever proved anew who they are.
///
/// # Errors
/// When nobody is signed in, they did not, or there is none.
pub async fn disable_second_factor(app: &App, actor: &Actor) -> Result<account::Model> {
    let (mut case, account, _) = begin_stepped_up(app, actor).await?;
    let account = remove(&mut case, account).await?;
    case.commit().await?;
    Ok(account)
}

/// Takes the second factor of a person away who lost it; for the command line alone.
///
/// # Errors
/// When the address is nobody's, or they have none.
pub async fn remove_second_factor(app: &App, email: &str) -> Result<account::Model> {
    let known = find(app, email).await?.ok_or_else(|| Error::not_found("email"))?;
    let actor = Actor::system();
    let mut case = app.begin(&actor).await?;
    let account = store::account_to_change(&*case, known.id).await?.ok_or_else(|| Error::not_found("email"))?;
    store::factor_to_change(&*case, account.id).await?.filter(|factor| factor.enabled_at.is_some()).ok_or_else(none_on)?;
    let account = remove(&mut case, account).await?;
    case.commit().await?;
    Ok(account)
}

/// Takes away the second factor of an account that the use case holds; one that was being set up goes without a word.
pub(super) async fn remove(case: &mut UseCase<'_>, account: account::Model) -> Result<account::Model> {
    let was_on = store::factor_to_change(&**case, account.id).await?.is_some_and(|factor| factor.enabled_at.is_some());
    store::remove_factor(&**case, account.id).await?;
    store::forget_second_factor(&**case, account.id).await?;
    if was_on { save(case, EventKind::SecondFactorDisabled, account).await } else { Ok(account) }
}

/// Gives new recovery codes, for whoever proved anew who they are; the ones before are good no more.
///
/// # Errors
/// When nobody is signed in, they did not, or there is no second factor.
pub async fn renew_recovery_codes(app: &App, actor: &Actor) -> Result<Vec<String>> {
    let (mut case, account, factor) = begin_stepped_up(app, actor).await?;
    let series = factor.recovery_series + 1;
    second_factor::ActiveModel { id: Set(factor.id), recovery_series: Set(series), recovery_used: Set(0), ..Default::default() }.update(&*case).await?;
    save(&mut case, EventKind::RecoveryCodesRenewed, account).await?;
    case.commit().await?;
    Ok(codes::recovery_codes(&app.keys, factor.id, series))
}

/// Takes the password of the signed-in person anew, and a code of their second factor where they have one; gives until when
/// that holds ([`Actor::stepped_up`]).
///
/// # Errors
/// When nobody is signed in, or password or code are missing or wrong; only whoever gave the right password hears of the code.
pub async fn step_up(app: &App, actor: &Actor, given: String, code: Option<&str>) -> Result<DateTime<Utc>> {
    let id = person(actor)?;
    let known = store::account(app.db.reader(), id).await?.ok_or_else(Error::unauthenticated)?;
    if !brake::is_right(app, &[Braked::Password(id)], given, Some(known.password_hash.clone())).await? {
        return Err(passwords::wrong("password"));
    }
    // The account is held, so that neither its password nor whether it has a second factor changes meanwhile.
    let (case, account) = begin(app, actor).await?;
    if account.password_hash != known.password_hash {
        return Err(passwords::wrong("password"));
    }
    let (case, until) = proved_anew(case, &account, code).await?;
    case.commit().await?;
    Ok(until)
}

/// Takes the code of whoever proved by something else that the account is theirs, which the use case holds, and notes in their
/// sign-in that they did; gives the use case back with until when that holds. Who has no second factor needs no code.
///
/// # Errors
/// When the code is missing or wrong, or the sign-in ended.
pub async fn proved_anew<'a>(case: UseCase<'a>, account: &account::Model, code: Option<&str>) -> Result<(UseCase<'a>, DateTime<Utc>)> {
    let factor = store::factor_to_change(&*case, account.id).await?.filter(|factor| factor.enabled_at.is_some());
    let session = own_session(&case).await?.ok_or_else(Error::unauthenticated)?;
    let mut assurance = session.assurance;
    if let Some(factor) = factor {
        if !take(&case, factor, code.ok_or_else(no_code)?).await? {
            return case.refuse(not_good()).await;
        }
        assurance = with_code(assurance);
    }
    let now = case.now;
    session::ActiveModel { id: Set(session.id), assurance: Set(assurance), stepped_up_at: Set(Some(now)), ..Default::default() }.update(&*case).await?;
    Ok((case, now + STEPPED_UP))
}

/// Asks for the second factor of whoever showed something else first, such as the right password, and tells what they showed; who
/// has none passes with that.
///
/// # Errors
/// When the code is missing or wrong.
pub async fn pass(app: &App, account: Uuid, shown: Assurance, code: Option<&str>) -> Result<Assurance> {
    if store::factor(app.db.reader(), account).await?.is_none_or(|factor| factor.enabled_at.is_none()) {
        return Ok(shown);
    }
    let code = code.ok_or_else(no_code)?;
    let actor = Actor::system();
    let case = app.begin(&actor).await?;
    let Some(factor) = store::factor_to_change(&*case, account).await? else { return Ok(shown) };
    let right = take(&case, factor, code).await?;
    case.commit().await?;
    if right { Ok(Assurance::SecondFactor) } else { Err(not_good()) }
}

async fn begin<'a>(app: &'a App, actor: &'a Actor) -> Result<(UseCase<'a>, account::Model)> {
    let id = person(actor)?;
    let case = app.begin(actor).await?;
    let account = store::account_to_change(&*case, id).await?.ok_or_else(Error::unauthenticated)?;
    Ok((case, account))
}

/// The sign-in of the actor, unless it ended meanwhile.
async fn own_session(case: &UseCase<'_>) -> Result<Option<session::Model>> {
    let Some(session) = case.actor.session() else { return Ok(None) };
    Ok(store::session_to_change(&**case, session).await?.filter(|session| session.revoked_at.is_none()))
}

/// The sign-in of the actor, which proved anew whose it is and did not end meanwhile: a new password ends it, and what it proved
/// was proved with the old one.
pub(super) async fn still_stepped_up(case: &UseCase<'_>) -> Result<session::Model> {
    let session = own_session(case).await?.ok_or_else(Error::unauthenticated)?;
    proved(session.stepped_up_at, case.now)?;
    Ok(session)
}

/// The actor proved anew who they are, and their sign-in says so still: asked inside the use case, which may have waited for its turn
/// since the call came in. Nothing is held for it, so it may be asked whatever is held.
///
/// # Errors
/// When nobody is signed in, they did not prove it, or their sign-in ended or lost that meanwhile.
pub async fn stepped_up_by_now(case: &UseCase<'_>) -> Result<()> {
    case.actor.stepped_up(case.now)?;
    let id = case.actor.session().ok_or_else(Error::unauthenticated)?;
    let session = store::session(&**case, id).await?.filter(|session| session.revoked_at.is_none()).ok_or_else(Error::unauthenticated)?;
    proved(session.stepped_up_at, case.now)
}

/// What shows whose a sign-in is, once a code was given to it.
const fn with_code(assurance: Assurance) -> Assurance {
    match assurance {
        Assurance::Password | Assurance::SecondFactor | Assurance::Provider => Assurance::SecondFactor,
        Assurance::Operator => Assurance::Operator,
    }
}

/// As [`begin`], for what asks that the actor proved anew who they are and has a second factor.
async fn begin_stepped_up<'a>(app: &'a App, actor: &'a Actor) -> Result<(UseCase<'a>, account::Model, second_factor::Model)> {
    let (case, account) = begin(app, actor).await?;
    actor.stepped_up(case.now)?;
    let factor = store::factor_to_change(&*case, account.id).await?.filter(|factor| factor.enabled_at.is_some()).ok_or_else(none_on)?;
    still_stepped_up(&case).await?;
    Ok((case, account, factor))
}

fn none_on() -> Error {
    Error::invalid_state(
        Said::new("Другий чинник не ввімкнено.", "The second factor is not on."),
        Said::new("Увімкніть його: prepareSecondFactor, потім enableSecondFactor.", "Turn it on: prepareSecondFactor, then enableSecondFactor."),
    )
}

/// Takes a code, each once; a wrong one is counted, so the caller commits either way.
async fn take(case: &UseCase<'_>, factor: second_factor::Model, code: &str) -> Result<bool> {
    let second_factor::Model { id, last_step, recovery_series, recovery_used, failures, failed_at, .. } = factor;
    if failures >= PATIENCE && failed_at.is_some_and(|failed_at| case.now < failed_at + WAIT) {
        return Err(impatient());
    }
    let row = second_factor::ActiveModel { id: Set(id), failures: Set(0), failed_at: Set(None), ..Default::default() };
    let row = match codes::check(&case.app.keys, id, recovery_series, code, case.now) {
        Some(Proof::Step(step)) if step > last_step => second_factor::ActiveModel { last_step: Set(step), ..row },
        Some(Proof::Recovery(place)) if recovery_used & (1 << place) == 0 => second_factor::ActiveModel { recovery_used: Set(recovery_used | 1 << place), ..row },
        _ => {
            failed(case, id, failures.saturating_add(1), case.now).await?;
            return Ok(false);
        }
    };
    row.update(&**case).await?;
    Ok(true)
}

async fn failed(case: &UseCase<'_>, id: Uuid, failures: i32, now: DateTime<Utc>) -> Result<()> {
    second_factor::ActiveModel { id: Set(id), failures: Set(failures), failed_at: Set(Some(now)), ..Default::default() }.update(&**case).await?;
    Ok(())
}

fn no_code() -> Error {
    Error::refused(
        Code::SecondFactorRequired,
        "code",
        Said::new("Потрібен ще код.", "A code is needed too."),
        Said::new("Введіть код із застосунку автентифікації або один із кодів відновлення.", "Give the code of your authenticator app, or one of the recovery codes."),
    )
}

/// A code that is wrong, or was used.
fn not_good() -> Error {
    Error::bad_input(
        "code",
        Said::new("Цей код неправильний або вже використаний.", "This code is wrong, or was used already."),
        Said::new(
            "Дочекайтеся в застосунку наступного коду (до 30 секунд) і введіть його, або введіть інший зі своїх кодів відновлення: кожен діє один раз. Якщо немає ні застосунку, ні кодів, попросіть адміністратора платформи зняти другий чинник.",
            "Wait for the next code of the app (30 seconds at most) and give it, or give another of your recovery codes: each is good once. If you have neither the app nor codes left, ask an administrator of the platform to take the second factor away.",
        ),
    )
}

/// A code that is not of the app with which a second factor is being set up.
fn wrong_code() -> Error {
    Error::bad_input(
        "code",
        Said::new("Цей код не підходить.", "This code is not right."),
        Said::new("Введіть код, який застосунок показує зараз; кожен діє один раз.", "Give the code that the app shows now; each is good once."),
    )
}

fn impatient() -> Error {
    Error::refused(
        Code::OutOfTime,
        "code",
        Said::new("Забагато хибних кодів поспіль.", "Too many wrong codes in a row."),
        Said::new("Зачекайте хвилину й спробуйте ще раз.", "Wait a minute and try again."),
    )
}
