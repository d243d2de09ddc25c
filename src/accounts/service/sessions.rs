//! Signing in and out, the next access token, and who is behind one.

use chrono::{DateTime, TimeDelta, Utc};
use entity::account;
use entity::session::{self, Assurance};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::brake::{self, Braked, Door};
use super::{factor, find};
use crate::accounts::{rules, store};
use crate::app::{App, UseCase};
use crate::auth::token::Claim;
use crate::auth::{Actor, Reach, Who, person};
use crate::config::SecondFactor;
use crate::error::{Error, Result};
use crate::ids::NodeKind;
use crate::locale::Said;

/// What refresh tokens are sealed for.
const REFRESH: &str = "refresh";
/// Bytes of an id.
const ID: usize = 16;

/// A sign-in: its tokens and until when they hold. It is not printed.
#[derive(Clone)]
pub struct SignedIn {
    /// The access token.
    pub token: String,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// What gives the next access token, once.
    pub refresh_token: String,
    /// When the sign-in ends by itself.
    pub session_expires_at: DateTime<Utc>,
    /// Whose it is.
    pub account: account::Model,
}

/// Signs a person in.
///
/// # Errors
/// When address and password do not belong together; the answer does not say which is wrong. When the second factor is missing
/// or wrong; only whoever gave the right password hears of it. When too many sign in at once, or this address was tried too often.
pub async fn sign_in(app: &App, actor: &Actor, email: &str, password: &str, code: Option<&str>) -> Result<SignedIn> {
    let found = find(app, email).await?;
    let hash = found.as_ref().map(|account| account.password_hash.clone());
    let address = rules::sought_key(email).unwrap_or_default();
    let door = Door { address: &address, hash: hash.as_ref() };
    let tries = [actor.from.map(Braked::Place), Some(Braked::SignIn(door, actor.from)), Some(Braked::SignInFromAnywhere(door))];
    let tries: Vec<Braked<'_>> = tries.into_iter().flatten().collect();
    let right = brake::is_right(app, &tries, password.to_owned(), hash.clone()).await?;
    match found {
        Some(account) if right => {
            let assurance = factor::pass(app, account.id, Assurance::Password, code).await?;
            open(app, account, assurance).await
        }
        _ => Err(wrong()),
    }
}

fn wrong() -> Error {
    Error::bad_input(
        "password",
        Said::new("Неправильна адреса або пароль.", "The address or the password is wrong."),
        Said::new(
            "Перевірте розкладку клавіатури й спробуйте ще раз; замість забутого пароля попросіть новий.",
            "Check the keyboard layout and try again; instead of a forgotten password ask for a new one.",
        ),
    )
}

/// Signs a person in by their address alone, with an access token for the whole session; for the command line, whose user
/// owns the data folder. No second factor is asked for; what asks for [`Actor::stepped_up`] still asks for the password.
///
/// # Errors
/// When there is no such account.
pub async fn issue_token(app: &App, email: &str) -> Result<SignedIn> {
    let found = find(app, email).await?;
    open(app, found.ok_or_else(|| Error::not_found("email"))?, Assurance::Operator).await
}

async fn open(app: &App, known: account::Model, assurance: Assurance) -> Result<SignedIn> {
    let actor = Actor::system();
    let case = app.begin(&actor).await?;
    // A password that was changed while the given one was being compared has ended all that the old one opened, and opens no more.
    let account = store::account_to_rely_on(&*case, known.id).await?.filter(|account| account.password_hash == known.password_hash).ok_or_else(wrong)?;
    let signed = open_in(&case, account, assurance).await?;
    case.commit().await?;
    Ok(signed)
}

/// Opens a sign-in of an account that the use case relies on. Who comes from a provider may have signed in there long ago, and has
/// not proved anew who they are.
///
/// # Errors
/// When the database refuses.
pub async fn open_in(case: &UseCase<'_>, account: account::Model, assurance: Assurance) -> Result<SignedIn> {
    let app = case.app;
    let proved = match assurance {
        Assurance::Password | Assurance::SecondFactor => Some(case.now),
        Assurance::Provider | Assurance::Operator => None,
    };
    let row = session::ActiveModel {
        id: Set(case.new_id()),
        account_id: Set(account.id),
        created_at: Set(case.now),
        expires_at: Set(case.now + TimeDelta::hours(i64::from(app.config.session_hours))),
        revoked_at: Set(None),
        generation: Set(0),
        assurance: Set(assurance),
        stepped_up_at: Set(proved),
        refreshed_at: Set(None),
    };
    let session = row.insert(&**case).await?;
    let access = match assurance {
        Assurance::Password | Assurance::SecondFactor | Assurance::Provider => minutes(app),
        Assurance::Operator => TimeDelta::hours(i64::from(app.config.session_hours)),
    };
    tokens(app, &session, account, case.now, access)
}

fn tokens(app: &App, session: &session::Model, account: account::Model, now: DateTime<Utc>, access: TimeDelta) -> Result<SignedIn> {
    let expires_at = session.expires_at.min(now + access);
    let token = app.keys.sign(Claim { account: account.id, session: session.id }, now, expires_at).map_err(Error::internal)?;
    let refresh_token = app.keys.seal(REFRESH, &[session.id.as_bytes().as_slice(), &session.generation.to_be_bytes()].concat());
    Ok(SignedIn { token, expires_at, refresh_token, session_expires_at: session.expires_at, account })
}

/// For how long an access token of a person holds.
fn minutes(app: &App) -> TimeDelta {
    TimeDelta::minutes(i64::from(app.config.access_minutes))
}

/// Gives the next access token and the next refresh token of a session. A refresh token is good once: one that comes again was
/// copied, by its person or by a thief, so its session ends for both.
///
/// # Errors
/// When the token is not ours, was used, or its session ended.
pub async fn refresh_session(app: &App, token: &str) -> Result<SignedIn> {
    let (id, generation) = opened(app, token).ok_or_else(Error::unauthenticated)?;
    let actor = Actor::system();
    let case = app.begin(&actor).await?;
    let session = store::session_to_change(&*case, id).await?.ok_or_else(Error::unauthenticated)?;
    if session.revoked_at.is_some() || session.expires_at <= case.now || generation > session.generation {
        return Err(Error::unauthenticated());
    }
    if generation < session.generation {
        tracing::warn!(session = %session.id, account = %session.account_id, "a refresh token came twice; its sign-in ends");
        store::revoke(&*case, session.id, case.now).await?;
        case.commit().await?;
        return Err(Error::unauthenticated());
    }
    let account = store::account(&*case, session.account_id).await?.ok_or_else(Error::unauthenticated)?;
    let next =
        session::ActiveModel { id: Set(session.id), generation: Set(session.generation + 1), refreshed_at: Set(Some(case.now)), ..Default::default() }.update(&*case).await?;
    let signed = tokens(app, &next, account, case.now, minutes(app))?;
    case.commit().await?;
    Ok(signed)
}

/// The session and the place of a refresh token in it.
fn opened(app: &App, token: &str) -> Option<(Uuid, i32)> {
    let bytes = app.keys.unseal(REFRESH, token)?;
    let (id, generation) = bytes.split_at_checked(ID)?;
    Some((Uuid::from_slice(id).ok()?, i32::from_be_bytes(generation.try_into().ok()?)))
}

/// Ends the sign-in of the actor's token, at once and everywhere.
///
/// # Errors
/// When nobody is signed in.
pub async fn sign_out(app: &App, actor: &Actor) -> Result<Uuid> {
    let id = person(actor)?;
    let case = app.begin(actor).await?;
    if let Some(session) = actor.session() {
        store::revoke(&*case, session, case.now).await?;
    }
    case.commit().await?;
    Ok(id)
}

/// Ends one of the actor's sign-ins, at once and everywhere; one that was ended stays as it is.
///
/// # Errors
/// When nobody is signed in, or it is none of theirs.
pub async fn end_session(app: &App, actor: &Actor, id: Uuid) -> Result<session::Model> {
    let account = person(actor)?;
    let mut case = app.begin(actor).await?;
    case.touch(NodeKind::Session, id);
    let mut session = store::session_to_change(&*case, id).await?.filter(|session| session.account_id == account).ok_or_else(|| Error::not_found("id"))?;
    if session.revoked_at.is_none() {
        session.revoked_at = Some(case.now);
        store::revoke(&*case, id, case.now).await?;
    }
    case.commit().await?;
    Ok(session)
}

/// Ends all sign-ins of the actor, this one too.
///
/// # Errors
/// When nobody is signed in.
pub async fn sign_out_everywhere(app: &App, actor: &Actor) -> Result<Uuid> {
    let id = person(actor)?;
    let case = app.begin(actor).await?;
    store::account_to_change(&*case, id).await?;
    store::revoke_all(&*case, id, None, case.now).await?;
    case.commit().await?;
    Ok(id)
}

/// Who is behind a token, with all they are members of now.
///
/// # Errors
/// When the token is not ours, or its session ended.
pub async fn authenticate(app: &App, token: &str) -> Result<Actor> {
    actor_of(app, app.keys.verify(token, app.clock.now()).ok_or_else(Error::unauthenticated)?).await
}

/// Who is behind a sign-in, for what it was given to come back with.
///
/// # Errors
/// When the session ended.
pub async fn actor_of(app: &App, claim: Claim) -> Result<Actor> {
    let reader = app.db.reader();
    let session = store::session(reader, claim.session).await?.ok_or_else(Error::unauthenticated)?;
    if session.account_id != claim.account || session.revoked_at.is_some() || session.expires_at <= app.clock.now() {
        return Err(Error::unauthenticated());
    }
    let account = store::account(reader, claim.account).await?.ok_or_else(Error::unauthenticated)?;
    let memberships = store::memberships(reader, account.id, app.clock.now()).await?;
    let reach = reach(app.config.second_factor, session.assurance);
    let who = Who::Account { id: account.id, session: session.id, administrator: account.administrator, stepped_up_at: session.stepped_up_at, reach };
    Ok(Actor::new(who, memberships))
}

/// Which rights can be used in a sign-in. Whoever owns the machine reads the keys that make second factors, so what the command
/// line opened is asked for none.
fn reach(setting: SecondFactor, assurance: Assurance) -> Reach {
    match (setting, assurance) {
        (SecondFactor::Required, Assurance::Password | Assurance::Provider) => Reach::WithoutSecondFactor,
        (SecondFactor::Optional, _) | (SecondFactor::Required, Assurance::SecondFactor | Assurance::Operator) => Reach::Full,
    }
}
