//! What the code at the end of a round is good for: signing in, linking an identity, proving anew who one is.

use chrono::{DateTime, Utc};
use entity::account;
use entity::session::Assurance;
use entity::sign_in_round::{self, Purpose};
use uuid::Uuid;

use super::{CODE, good, insert};
use crate::accounts::rules::own_address_not_confirmed;
use crate::accounts::service::{self as people, SignedIn};
use crate::accounts::store as accounts;
use crate::app::{App, UseCase};
use crate::auth::{Actor, person};
use crate::error::{Error, Result};
use crate::events::EventKind;
use crate::identities::{rules, store};

/// The field of the code.
const FIELD: &str = "code";

/// What a person shows who was at the provider. It is not printed.
#[derive(Clone, Default)]
pub struct Shown {
    /// The code at the end of the round.
    pub code: String,
    /// What the round was begun with the digest of.
    pub verifier: Option<String>,
}

/// Signs a person in for whom the provider vouched. A second factor is asked for where they have one, as beside a password.
///
/// # Errors
/// When the code is none, was used, or its time is over; when the second factor is missing or wrong, which leaves the code good.
pub async fn sign_in(app: &App, shown: &Shown, second_factor: Option<&str>) -> Result<SignedIn> {
    let id = opened(app, &shown.code, FIELD)?;
    let round = good(store::round(app.db.reader(), id).await?, Purpose::SignIn, shown.verifier.as_deref(), app.clock.now(), FIELD)?;
    let account = round.account_id.ok_or_else(|| rules::no_code(FIELD))?;
    let assurance = people::pass_second_factor(app, account, Assurance::Provider, second_factor).await?;
    let actor = Actor::system();
    let case = app.begin(&actor).await?;
    let account = accounts::account_to_rely_on(&*case, account).await?.ok_or_else(|| rules::no_code(FIELD))?;
    take(&case, id, Purpose::SignIn, shown, FIELD).await?;
    let signed = people::open_in(&case, account, assurance).await?;
    case.commit().await?;
    Ok(signed)
}

/// Links the identity that the provider vouched for to the signed-in person's account. They proved anew who they are, and confirmed
/// their address: else whoever signs up with somebody's address would keep a way in to the account when its person takes it over.
///
/// # Errors
/// When nobody is signed in, they did not; the code is none, was used, or its time is over; or the identity is linked already.
pub async fn link(app: &App, actor: &Actor, shown: &Shown) -> Result<account::Model> {
    person(actor)?;
    let mut case = app.begin(actor).await?;
    let account = people::stepped_up_person(&case).await?;
    if account.email_confirmed_at.is_none() {
        return Err(own_address_not_confirmed());
    }
    let round = take(&case, opened(app, &shown.code, FIELD)?, Purpose::Link, shown, FIELD).await?;
    let (issuer, subject) = round.issuer.zip(round.subject).ok_or_else(|| rules::no_code(FIELD))?;
    insert(&case, &account, issuer, subject).await?;
    let account = people::save(&mut case, EventKind::IdentityLinked, account).await?;
    case.commit().await?;
    Ok(account)
}

/// Takes an identity off the signed-in person's account.
///
/// # Errors
/// When nobody is signed in, they did not prove anew who they are, have none of that provider, or could not sign in any more.
pub async fn unlink(app: &App, actor: &Actor, issuer: &str) -> Result<account::Model> {
    person(actor)?;
    let mut case = app.begin(actor).await?;
    let account = people::stepped_up_person(&case).await?;
    let all = store::of_account(&*case, account.id).await?;
    let row = all.iter().find(|row| row.issuer == issuer).ok_or_else(|| Error::not_found("issuer"))?;
    rules::keeps_a_way_in(account.password_hash.is_set(), all.len() > 1)?;
    store::remove(&*case, row.id).await?;
    accounts::forget_rounds(&*case, account.id).await?;
    let account = people::save(&mut case, EventKind::IdentityUnlinked, account).await?;
    case.commit().await?;
    Ok(account)
}

/// Takes the provider's word that the signed-in person proved anew who they are, and a code of their second factor where they have
/// one; gives until when that holds.
///
/// # Errors
/// When nobody is signed in, the code is none, somebody else's, was used, or its time is over; when the second factor is missing or wrong, which
/// leaves the code good.
pub async fn step_up(app: &App, actor: &Actor, shown: &Shown, second_factor: Option<&str>) -> Result<DateTime<Utc>> {
    const FIELD: &str = "identityCode";
    let id = person(actor)?;
    let round = opened(app, &shown.code, FIELD)?;
    let case = app.begin(actor).await?;
    let account = accounts::account_to_change(&*case, id).await?.ok_or_else(Error::unauthenticated)?;
    let held = held(&case, round, Purpose::StepUp, shown, FIELD).await?;
    if held.account_id != Some(id) {
        return Err(rules::no_code(FIELD));
    }
    let (case, until) = people::proved_anew(case, &account, second_factor).await?;
    store::use_up_round(&*case, round).await?;
    case.commit().await?;
    Ok(until)
}

fn opened(app: &App, code: &str, field: &str) -> Result<Uuid> {
    let bytes = app.keys.unseal(CODE, code.trim());
    bytes.and_then(|bytes| Uuid::from_slice(&bytes).ok()).ok_or_else(|| rules::no_code(field))
}

/// Uses a code up: of two who try at once, one does.
async fn take(case: &UseCase<'_>, id: Uuid, purpose: Purpose, shown: &Shown, field: &str) -> Result<sign_in_round::Model> {
    let round = held(case, id, purpose, shown, field).await?;
    store::use_up_round(&**case, id).await?;
    Ok(round)
}

/// The round of a code that is good, held until the use case ends.
async fn held(case: &UseCase<'_>, id: Uuid, purpose: Purpose, shown: &Shown, field: &str) -> Result<sign_in_round::Model> {
    good(store::round_to_change(&**case, id).await?, purpose, shown.verifier.as_deref(), case.now, field)
}
