//! Rounds to the provider and back; and below: what their codes are good for.

mod codes;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use entity::sign_in_round::{self, Purpose};
use entity::{account, identity};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use codes::{Shown, link, sign_in, step_up, unlink};

use super::provider::{Binding, Freshness, Provider, Vouched};
use super::{rules, store};
use crate::accounts;
use crate::app::{App, UseCase};
use crate::auth::Actor;
use crate::error::{Error, Result, unique_or};
use crate::locale::Locale;

/// What the parts of a round are made for.
const STATE: &str = "oidc state";
const BROWSER: &str = "oidc browser";
const NONCE: &str = "oidc nonce";
const VERIFIER: &str = "oidc verifier";
const CODE: &str = "oidc code";
/// How long rounds stay that ended: until what their browsers kept is worth nothing, so that none is answered twice.
const ENDED_STAYS: TimeDelta = rules::ROUND;

/// What a person goes to the provider for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What for.
    pub purpose: Purpose,
    /// Whereto they come back.
    pub return_to: Option<String>,
    /// The digest of what whoever uses the code has to know.
    pub challenge: Option<String>,
    /// The language they read.
    pub locale: Locale,
}

/// A round on its way: what the browser keeps, sealed, until the provider has vouched for somebody. Only then there is a row, so that
/// visits alone write nothing.
#[derive(Serialize, Deserialize)]
struct Round {
    id: Uuid,
    purpose: Purpose,
    return_to: Option<String>,
    challenge: Option<String>,
    begun: DateTime<Utc>,
}

/// A round that is begun. It is not printed.
pub struct Begun {
    /// The address of the provider to which the browser goes.
    pub address: String,
    /// What the browser keeps meanwhile.
    pub cookie: String,
}

/// Begins a round.
///
/// # Errors
/// When people are not sent back to that address, the digest is none, or the provider does not answer.
pub async fn begin(app: &App, provider: &Provider, wanted: Wanted) -> Result<Begun> {
    let Wanted { purpose, return_to, challenge, locale } = wanted;
    let return_to = return_to.map(|address| rules::return_to(&app.config, &address)).transpose()?;
    let challenge = challenge.map(|digest| rules::challenge(&digest)).transpose()?;
    rules::is_bound(purpose, challenge.as_deref())?;
    let now = app.clock.now();
    let id = app.ids.next(now);
    let freshness = if purpose == Purpose::StepUp { Freshness::Anew } else { Freshness::Any };
    let address = provider.address(binding(app, id), freshness, locale, now).await?;
    let round = Round { id, purpose, return_to, challenge, begun: now };
    let kept = serde_json::to_vec(&round).map_err(Error::internal)?;
    Ok(Begun { address, cookie: app.keys.seal(BROWSER, &kept) })
}

/// The round that a browser kept, if the state that it brings back is of the same one, in its time and not answered yet.
async fn going_on(app: &App, state: &str, cookie: &str) -> Result<Option<Round>> {
    let Some(round) = app.keys.unseal(BROWSER, cookie).and_then(|kept| serde_json::from_slice::<Round>(&kept).ok()) else { return Ok(None) };
    let is_its_state = app.keys.unseal(STATE, state).is_some_and(|id| id == round.id.as_bytes());
    let is_good = is_its_state && app.clock.now() < round.begun + rules::ROUND;
    let goes_on = is_good && store::round(app.db.reader(), round.id).await?.is_none();
    Ok(goes_on.then_some(round))
}

fn binding(app: &App, id: Uuid) -> Binding {
    let secret = |purpose: &str| URL_SAFE_NO_PAD.encode(app.keys.derive(purpose, id.as_bytes()));
    Binding { state: app.keys.seal(STATE, id.as_bytes()), nonce: secret(NONCE), verifier: secret(VERIFIER) }
}

/// What a browser brings back from the provider. It is not printed.
#[derive(Clone, Default)]
pub struct Answer {
    /// What was sent along.
    pub state: String,
    /// What the provider gives its word for.
    pub code: Option<String>,
    /// Why it does not.
    pub error: Option<String>,
    /// Who says so (RFC 9207), where the provider tells.
    pub issuer: Option<String>,
    /// What the browser kept meanwhile.
    pub cookie: String,
}

/// Where a round ends. It is not printed.
pub struct Arrived {
    /// The code, good once and for a minute.
    pub code: String,
    /// The address with the code to which the browser goes, where it came from one.
    pub address: Option<String>,
    /// What it is good for.
    pub purpose: Purpose,
}

/// Ends a round with what the browser brings back.
///
/// # Errors
/// When it is of no round of this browser, the provider did not let the person in, does not answer, or its word is not true; when it
/// does not vouch for an address where a new account needs one, somebody has an account with that address, or nobody is known by the
/// identity who is to prove who they are.
pub async fn end(app: &App, provider: &Provider, answer: Answer, locale: Locale) -> Result<Arrived> {
    let Answer { state, code, error, issuer, cookie } = answer;
    let Round { id, purpose, return_to, challenge, begun } = going_on(app, &state, &cookie).await?.ok_or_else(rules::no_round)?;
    let code = match (code, error) {
        (Some(code), None) => code,
        (_, error) => {
            tracing::info!(error = error.as_deref().unwrap_or("none"), "the OpenID provider let nobody in");
            return Err(rules::turned_away());
        }
    };
    if issuer.is_some_and(|issuer| app.config.oidc.as_ref().is_none_or(|known| known.issuer.as_str() != issuer)) {
        return Err(rules::untrue());
    }
    let vouched = provider.word(code, binding(app, id), app.clock.now()).await?;
    let actor = Actor::public();
    let mut case = app.begin(&actor).await?;
    let (account, identity) = match purpose {
        Purpose::SignIn => (Some(known_or_new(&mut case, &vouched, locale).await?), None),
        Purpose::Link => (None, Some((vouched.issuer, vouched.subject))),
        Purpose::StepUp => {
            rules::proved_anew(&vouched, begun)?;
            let known = store::identity(&*case, &vouched.issuer, &vouched.subject).await?.ok_or_else(rules::nobody_here)?;
            (Some(known.account_id), None)
        }
    };
    let (issuer, subject) = identity.unzip();
    let row = sign_in_round::ActiveModel {
        id: Set(id),
        purpose: Set(purpose),
        return_to: Set(return_to),
        challenge: Set(challenge),
        answered_at: Set(Some(case.now)),
        account_id: Set(account),
        issuer: Set(issuer),
        subject: Set(subject),
        expires_at: Set(case.now + rules::CODE),
        created_at: Set(begun),
    };
    store::remove_ended(&*case, case.now - ENDED_STAYS).await?;
    // Of two who bring the same, one is heard.
    let made = row.insert(&*case).await.map_err(|cause| unique_or(cause, rules::no_round))?;
    case.commit().await?;
    let code = app.keys.seal(CODE, id.as_bytes());
    let address = made.return_to.and_then(|address| rules::with_code(&address, &code));
    Ok(Arrived { code, address, purpose })
}

/// Whose account an identity is; a new one's where nobody has the address.
async fn known_or_new(case: &mut UseCase<'_>, vouched: &Vouched, locale: Locale) -> Result<Uuid> {
    if let Some(known) = store::identity(&**case, &vouched.issuer, &vouched.subject).await? {
        store::used(&**case, known.id, case.now).await?;
        return Ok(known.account_id);
    }
    let email = rules::vouched_email(vouched)?;
    if accounts::store::by_email(&**case, &accounts::rules::email_key(email)).await?.is_some() {
        return Err(rules::has_account());
    }
    let name = rules::name(vouched, email);
    let made = accounts::service::vouched(case, email, name, vouched.locale.unwrap_or(locale)).await?;
    insert(case, &made, vouched.issuer.clone(), vouched.subject.clone()).await?;
    Ok(made.id)
}

/// Links an identity to an account.
async fn insert(case: &UseCase<'_>, account: &account::Model, issuer: String, subject: String) -> Result<()> {
    let row = identity::ActiveModel {
        id: Set(case.new_id()),
        account_id: Set(account.id),
        issuer: Set(issuer),
        subject: Set(subject),
        created_at: Set(case.now),
        last_used_at: Set(case.now),
    };
    row.insert(&**case).await.map_err(|cause| unique_or(cause, rules::linked_already))?;
    Ok(())
}

/// Forgets all that providers know of a person whose account is being erased.
///
/// # Errors
/// When the database refuses.
pub async fn erase(case: &UseCase<'_>, account: Uuid) -> Result<()> {
    store::remove_all_of(&**case, account).await
}

/// Takes away rounds that ended.
///
/// # Errors
/// When the database refuses.
pub async fn purge(app: &App) -> Result<()> {
    store::purge(&app.db, app.clock.now() - ENDED_STAYS).await
}

/// The round of a code, which is good at that moment for who knows what the round was begun with.
fn good(found: Option<sign_in_round::Model>, purpose: Purpose, verifier: Option<&str>, now: DateTime<Utc>, field: &str) -> Result<sign_in_round::Model> {
    let good = found.filter(|round| round.purpose == purpose && round.expires_at > now && (round.account_id.is_some() || round.subject.is_some()));
    good.filter(|round| rules::knows(round.challenge.as_deref(), verifier)).ok_or_else(|| rules::no_code(field))
}
