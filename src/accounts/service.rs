//! Signing up, signing in and out, and who is behind a token.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{Codes, account, membership, session};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use sea_orm::ModelTrait as _;
use serde_json::json;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::{rules, store};
use crate::app::{App, UseCase};
use crate::auth::token::Claim;
use crate::auth::{Actor, Role, Who, password};
use crate::error::{Code, Error, Result, Together as _, unique_or};
use crate::events::{Audience, Event, EventKind};
use crate::ids::NodeKind;
use crate::locale::{Locale, Said};

/// What a person gives to sign up.
#[derive(Clone, Debug)]
pub struct SignUp {
    /// Their e-mail address.
    pub email: String,
    /// How they want to be called.
    pub name: String,
    /// Their password, 12 characters or more.
    pub password: String,
    /// The language they read.
    pub locale: Locale,
}

/// A sign-in: its token and until when it holds.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The access token.
    pub token: String,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// Whose it is.
    pub account: account::Model,
}

/// Makes an account.
///
/// # Errors
/// When the address is taken or no address, or the password too short.
pub async fn sign_up(app: &App, actor: &Actor, input: SignUp) -> Result<account::Model> {
    create(app, actor, input, Standing::Person).await
}

/// Makes an account that runs the platform; for the command line alone.
///
/// # Errors
/// As [`sign_up`].
pub async fn create_administrator(app: &App, input: SignUp) -> Result<account::Model> {
    create(app, &Actor::system(), input, Standing::Administrator).await
}

/// What a new account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// A person's.
    Person,
    /// That of somebody who runs the platform.
    Administrator,
}

async fn create(app: &App, actor: &Actor, input: SignUp, standing: Standing) -> Result<account::Model> {
    let SignUp { email, name, password, locale } = input;
    let (email, name, ()) = (rules::email("email", &email), rules::name(&name), password::fits(&password)).together()?;
    let password_hash = hashing(move || password::hash(&password)).await??;
    let mut case = app.begin(actor).await?;
    let row = account::ActiveModel {
        id: Set(case.new_id()),
        email_key: Set(rules::email_key(&email)),
        email: Set(email),
        name: Set(name),
        password_hash: Set(password_hash),
        administrator: Set(standing == Standing::Administrator),
        locale: Set(locale.tag().to_owned()),
        created_at: Set(case.now),
        updated_at: Set(case.now),
        version: Set(1),
    };
    let made = row.insert(&*case).await.map_err(|cause| {
        unique_or(cause, || {
            Error::refused(
                Code::AlreadyExists,
                "email",
                Said::new("Обліковий запис із цією адресою вже є.", "There is an account with this address already."),
                Said::new("Увійдіть з нею або дайте іншу.", "Sign in with it, or give another."),
            )
        })
    })?;
    case.record(Event { kind: EventKind::AccountCreated, node: NodeKind::Account, id: made.id, version: 1, audience: Audience::nobody(), detail: json!({}) });
    case.commit().await?;
    Ok(made)
}

/// Signs a person in.
///
/// # Errors
/// When address and password do not belong together; the answer does not say which is wrong.
pub async fn sign_in(app: &App, email: &str, password: &str) -> Result<SignedIn> {
    let found = find(app, email).await?;
    let hash = found.as_ref().map(|account| account.password_hash.clone());
    let given = password.to_owned();
    let right = hashing(move || password::verify(&given, hash.as_deref())).await?;
    match found {
        Some(account) if right => open_session(app, account).await,
        _ => Err(Error::bad_input(
            "password",
            Said::new("Неправильна адреса або пароль.", "The address or the password is wrong."),
            Said::new("Перевірте розкладку клавіатури й спробуйте ще раз.", "Check the keyboard layout and try again."),
        )),
    }
}

/// Signs a person in by their address alone; for the command line, whose user owns the data folder.
///
/// # Errors
/// When there is no such account.
pub async fn issue_token(app: &App, email: &str) -> Result<SignedIn> {
    let found = find(app, email).await?;
    open_session(app, found.ok_or_else(|| Error::not_found("email"))?).await
}

/// The administrator as whom the command line acts: the one with an address, or without an address the only one there is.
/// Its user owns the data folder, so no password is asked for.
///
/// # Errors
/// When there is none, or without an address more than one.
pub async fn administrator(app: &App, email: Option<&str>) -> Result<Actor> {
    let reader = app.db.reader();
    let found = if let Some(email) = email {
        find(app, email).await?.filter(|account| account.administrator)
    } else {
        let mut all = store::administrators(reader, 2).await?;
        if all.len() > 1 {
            return Err(Error::bad_input(
                "as",
                Said::new("Адміністраторів кілька.", "There is more than one administrator."),
                Said::new("Скажіть, хто імпортує: --as АДРЕСА.", "Say who imports: --as EMAIL."),
            ));
        }
        all.pop()
    };
    let account = found.ok_or_else(|| {
        Error::refused(
            Code::NotFound,
            "as",
            Said::new("Такого адміністратора немає.", "There is no such administrator."),
            Said::new("Створіть: mistok admin create --email АДРЕСА --name ІМ'Я.", "Make one: mistok admin create --email EMAIL --name NAME."),
        )
    })?;
    let memberships = store::memberships(reader, account.id).await?;
    Ok(Actor { who: Who::Account { id: account.id, session: Uuid::nil(), administrator: true }, memberships })
}

async fn open_session(app: &App, account: account::Model) -> Result<SignedIn> {
    let actor = Actor::system();
    let case = app.begin(&actor).await?;
    let expires_at = case.now + TimeDelta::hours(i64::from(app.config.session_hours));
    let id = case.new_id();
    let row = session::ActiveModel { id: Set(id), account_id: Set(account.id), created_at: Set(case.now), expires_at: Set(expires_at), revoked_at: Set(None) };
    row.insert(&*case).await?;
    let token = app.keys.sign(Claim { account: account.id, session: id }, case.now, expires_at).map_err(Error::internal)?;
    case.commit().await?;
    Ok(SignedIn { token, expires_at, account })
}

/// Ends the sign-in of the actor's token, at once and everywhere.
///
/// # Errors
/// When nobody is signed in.
pub async fn sign_out(app: &App, actor: &Actor) -> Result<Uuid> {
    let Who::Account { id, session, .. } = actor.who else { return Err(Error::unauthenticated()) };
    let case = app.begin(actor).await?;
    store::revoke(&*case, session, case.now).await?;
    case.commit().await?;
    Ok(id)
}

/// Who is behind a token, with all they are members of now.
///
/// # Errors
/// When the token is not ours, or its session ended.
pub async fn authenticate(app: &App, token: &str) -> Result<Actor> {
    let claim = app.keys.verify(token).ok_or_else(Error::unauthenticated)?;
    let reader = app.db.reader();
    let session = store::session(reader, claim.session).await?.ok_or_else(Error::unauthenticated)?;
    if session.account_id != claim.account || session.revoked_at.is_some() || session.expires_at <= app.clock.now() {
        return Err(Error::unauthenticated());
    }
    let account = store::account(reader, claim.account).await?.ok_or_else(Error::unauthenticated)?;
    let memberships = store::memberships(reader, account.id).await?;
    Ok(Actor { who: Who::Account { id: account.id, session: session.id, administrator: account.administrator }, memberships })
}

/// Makes a person a member, inside the use case that gives them a reason to be one.
///
/// # Errors
/// When the database refuses.
pub async fn grant(case: &mut UseCase<'_>, account: Uuid, organisation: Uuid, roles: &[Role]) -> Result<()> {
    let row = membership::ActiveModel {
        id: Set(case.new_id()),
        account_id: Set(account),
        organisation_id: Set(organisation),
        roles: Set(Codes(roles.iter().map(|role| role.as_str().to_owned()).collect())),
        created_at: Set(case.now),
        updated_at: Set(case.now),
        version: Set(1),
    };
    let made = row.insert(&**case).await?;
    case.record(Event {
        kind: EventKind::MembershipGranted,
        node: NodeKind::Membership,
        id: made.id,
        version: 1,
        audience: Audience::members(organisation),
        detail: json!({ "roles": made.roles.0 }),
    });
    Ok(())
}

/// Ends all memberships of an organisation, inside the use case that gives it to somebody else.
///
/// # Errors
/// When the database refuses.
pub async fn revoke_all(case: &mut UseCase<'_>, organisation: Uuid) -> Result<()> {
    for row in store::members(&**case, organisation).await? {
        let (id, version) = (row.id, row.version + 1);
        row.delete(&**case).await?;
        case.record(Event { kind: EventKind::MembershipRevoked, node: NodeKind::Membership, id, version, audience: Audience::members(organisation), detail: json!({}) });
    }
    Ok(())
}

/// The account of an address, if there is one.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(app: &App, email: &str) -> Result<Option<account::Model>> {
    match rules::sought_key(email) {
        Some(key) => store::by_email(app.db.reader(), &key).await,
        None => Ok(None),
    }
}

/// Hashing takes tens of milliseconds of a core and 19 MiB: two at a time, beside the requests; the others wait their turn.
async fn hashing<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    static TURNS: Semaphore = Semaphore::const_new(2);
    let _turn = TURNS.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}
