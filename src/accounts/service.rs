//! Signing up, memberships; and below: sign-ins, one-time links, passwords.

mod brake;
mod erasure;
mod factor;
mod first;
mod leak;
mod links;
mod passwords;
mod sessions;

use chrono::TimeDelta;
use entity::account::PasswordHash;
use entity::link::Purpose;
use entity::{account, membership};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use sea_orm::ModelTrait as _;
use serde_json::json;
use uuid::Uuid;

pub use brake::{Braked, count as count_try, count_in as count_try_in};
pub use erasure::{erase, send_farewell, stepped_up_person};
pub use factor::{
    Prepared, disable_second_factor, enable_second_factor, pass as pass_second_factor, prepare_second_factor, proved_anew, remove_second_factor, renew_recovery_codes, step_up,
    stepped_up_by_now,
};
pub use first::{administrator_of_the_settings, first_administrator, first_link};
pub use leak::{Ended, end_what_hangs_on_keys};
pub use links::{address as link_address, is_good, known as known_link, letter_sent, make as make_link, send_link, take as take_link, taken as taken_link};
pub use passwords::{change_password, confirm_email, request_email_confirmation, request_password_reset, reset_password};
pub use sessions::{SignedIn, actor_of, authenticate, end_session, issue_token, open_in, refresh_session, sign_in, sign_out, sign_out_everywhere};

use super::{rules, store};
use crate::app::{App, UseCase};
use crate::auth::{Actor, Reach, Role, Who, password};
use crate::error::{Code, Error, Result, Together as _, unique_or};
use crate::events::{Audience, Event, EventKind};
use crate::ids::NodeKind;
use crate::locale::{Locale, Said};

/// How long sign-ins and one-time links stay that ended.
const ENDED_STAYS: TimeDelta = TimeDelta::days(30);

/// What a person gives to sign up. It holds a password, so it is not printed.
#[derive(Clone)]
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

/// Makes an account, and sends a letter by which the person shows that the address is theirs. The system itself vouches for
/// the addresses that it gives.
///
/// # Errors
/// When the address is taken or no address, or the password too short; when too many sign up from one place.
pub async fn sign_up(app: &App, actor: &Actor, input: SignUp) -> Result<account::Model> {
    count_place(app, actor).await?;
    create(app, actor, input, Standing::Person).await
}

/// Counts what anybody may do at the place from which they do it, as far as that is known.
async fn count_place(app: &App, actor: &Actor) -> Result<()> {
    match actor.from {
        Some(place) => brake::count(app, Braked::Place(place)).await,
        None => Ok(()),
    }
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
    /// A person's whose address somebody vouches for.
    Vouched,
    /// That of somebody who runs the platform.
    Administrator,
}

async fn create(app: &App, actor: &Actor, input: SignUp, standing: Standing) -> Result<account::Model> {
    let checked = checked(input).await?;
    let mut case = app.begin(actor).await?;
    let made = insert(&mut case, checked, standing).await?;
    case.commit().await?;
    Ok(made)
}

/// What a person gave to sign up, looked at and hashed.
struct Checked {
    email: String,
    name: String,
    password_hash: PasswordHash,
    locale: Locale,
}

async fn checked(input: SignUp) -> Result<Checked> {
    let SignUp { email, name, password, locale } = input;
    let (email, name, ()) = (rules::email("email", &email), rules::name(&name), password::fits(&password, &email)).together()?;
    let password_hash = password::hash(password, &email).await?;
    Ok(Checked { email, name, password_hash, locale })
}

async fn insert(case: &mut UseCase<'_>, checked: Checked, standing: Standing) -> Result<account::Model> {
    let Checked { email, name, password_hash, locale } = checked;
    let vouched = case.actor.who == Who::System || standing == Standing::Vouched;
    let row = account::ActiveModel {
        id: Set(case.new_id()),
        email_key: Set(rules::email_key(&email)),
        email: Set(email),
        name: Set(name),
        password_hash: Set(password_hash),
        administrator: Set(standing == Standing::Administrator),
        locale: Set(locale.tag().to_owned()),
        email_confirmed_at: Set(vouched.then_some(case.now)),
        erased_at: Set(None),
        created_at: Set(case.now),
        updated_at: Set(case.now),
        version: Set(1),
    };
    let made = row.insert(&**case).await.map_err(|cause| {
        unique_or(cause, || {
            Error::refused(
                Code::AlreadyExists,
                "email",
                Said::new("Обліковий запис із цією адресою вже є.", "There is an account with this address already."),
                Said::new("Увійдіть з нею або дайте іншу.", "Sign in with it, or give another."),
            )
        })
    })?;
    if !vouched {
        links::write(case, Purpose::ConfirmEmail, Some(made.id)).await?;
    }
    record(case, EventKind::AccountCreated, &made);
    Ok(made)
}

/// Makes the account of a person for whose address somebody vouches; they have no password until they ask for one.
///
/// # Errors
/// When the address is taken or no address.
pub async fn vouched(case: &mut UseCase<'_>, email: &str, name: &str, locale: Locale) -> Result<account::Model> {
    let email = rules::email("email", email)?;
    let name = rules::name(name)?;
    insert(case, Checked { email, name, password_hash: PasswordHash::none(), locale }, Standing::Vouched).await
}

/// Writes the row of an account that the use case holds with the next version, and notes what happened.
///
/// # Errors
/// When the database refuses.
pub async fn save(case: &mut UseCase<'_>, what: EventKind, mut row: account::Model) -> Result<account::Model> {
    row.version += 1;
    row.updated_at = case.now;
    let saved = account::ActiveModel::from(row).reset_all().update(&**case).await?;
    record(case, what, &saved);
    Ok(saved)
}

fn record(case: &mut UseCase<'_>, kind: EventKind, account: &account::Model) {
    case.record(Event { kind, node: NodeKind::Account, id: account.id, version: account.version, audience: Audience::nobody(), detail: json!({}) });
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
    let memberships = store::memberships(reader, account.id, app.clock.now()).await?;
    let who = Who::Account { id: account.id, session: Uuid::nil(), administrator: true, stepped_up_at: None, reach: Reach::Full };
    Ok(Actor::new(who, memberships))
}

/// Why a person becomes a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// They registered the organisation, or it was registered for them.
    Founding,
    /// They accepted an invitation.
    Invitation,
    /// Their claim to the organisation was confirmed.
    Claim,
}

impl Ground {
    /// The name in the journal.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Founding => "FOUNDING",
            Self::Invitation => "INVITATION",
            Self::Claim => "CLAIM",
        }
    }
}

/// Makes a person a member, inside the use case that gives them a reason to be one.
///
/// # Errors
/// When their account was erased meanwhile.
pub async fn grant(case: &mut UseCase<'_>, account: Uuid, organisation: Uuid, roles: &[Role], ground: Ground) -> Result<()> {
    store::account_to_rely_on(&**case, account).await?.ok_or_else(|| Error::not_found(""))?;
    let row = membership::ActiveModel {
        id: Set(case.new_id()),
        account_id: Set(account),
        organisation_id: Set(organisation),
        roles: Set(Role::codes(roles)),
        created_at: Set(case.now),
        updated_at: Set(case.now),
        version: Set(1),
    };
    let made = row.insert(&**case).await?;
    let event = membership_event(EventKind::MembershipGranted, &made);
    let detail = json!({ "account": made.account_id, "roles": made.roles.0, "ground": ground.as_str() });
    case.record(Event { detail, ..event });
    Ok(())
}

/// Ends a membership, inside the use case that gives a reason to; gives it with its last version.
///
/// # Errors
/// When the database refuses.
pub async fn revoke(case: &mut UseCase<'_>, row: membership::Model) -> Result<membership::Model> {
    let ended = membership::Model { version: row.version + 1, updated_at: case.now, ..row.clone() };
    row.delete(&**case).await?;
    case.record(membership_event(EventKind::MembershipRevoked, &ended));
    Ok(ended)
}

/// Ends all memberships of an organisation, inside the use case that gives it to somebody else.
///
/// # Errors
/// When the database refuses.
pub async fn revoke_all(case: &mut UseCase<'_>, organisation: Uuid) -> Result<()> {
    for row in store::members(&**case, organisation).await? {
        revoke(case, row).await?;
    }
    Ok(())
}

/// What the members of an organisation hear of one of them; whose it is, a reader of the journal finds in no row any more once it ended.
#[must_use]
pub fn membership_event(kind: EventKind, row: &membership::Model) -> Event {
    let detail = json!({ "account": row.account_id, "roles": row.roles.0 });
    Event { kind, node: NodeKind::Membership, id: row.id, version: row.version, audience: Audience::members(row.organisation_id), detail }
}

/// Takes away sign-ins and one-time links that ended 30 days ago or longer.
///
/// # Errors
/// When the database refuses.
pub async fn purge(app: &App) -> Result<()> {
    store::purge(&app.db, app.clock.now() - ENDED_STAYS).await
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
