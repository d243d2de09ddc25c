//! Inviting people, and what becomes of invitations.

use entity::invitation::{self, State};
use entity::link::Purpose;
use entity::organisation::Verification;
use entity::{account, job};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use serde_json::json;
use uuid::Uuid;

use super::{is_in, member_already, names};
use crate::accounts;
use crate::accounts::service as people;
use crate::app::{App, UseCase};
use crate::auth::{Actor, Role, signed_in};
use crate::db::expect_version;
use crate::error::{Code, Error, Result, Together as _, unique_or};
use crate::events::{Audience, Event, EventKind};
use crate::ids::NodeKind;
use crate::jobs;
use crate::locale::{Locale, Said, Translations};
use crate::mail::Letter;
use crate::members::{access, letters, rules, store};
use crate::organisations::service as organisations;
use crate::organisations::store as organisation_rows;

/// Whom an owner invites.
#[derive(Clone, Debug)]
pub struct Invite {
    /// Where they are to become a member.
    pub organisation: Uuid,
    /// Their address.
    pub email: String,
    /// What they are to do there.
    pub roles: Vec<Role>,
    /// The language of the letter.
    pub locale: Locale,
}

/// Invites a person by a letter with a one-time link.
///
/// # Errors
/// When the caller is no owner, a value is wrong, they make an owner or signer and did not prove anew who they are, the address is a member's
/// or invited already, too many invitations are pending, or too many letters went out.
pub async fn invite(app: &App, actor: &Actor, input: Invite) -> Result<invitation::Model> {
    let Invite { organisation, email, roles, locale } = input;
    let mut case = app.begin(actor).await?;
    let held = organisations::required(&case, actor, "organisationId", organisation).await?;
    let team = accounts::store::members(&*case, organisation).await?;
    access::may_manage(actor, organisation, &team)?;
    let (email, roles) = (accounts::rules::email("email", &email), rules::roles(&roles)).together()?;
    if access::gives_what_binds(&roles, &[]) {
        people::stepped_up_by_now(&case).await?;
    }
    let email_key = accounts::rules::email_key(&email);
    let known = accounts::store::by_email(&*case, &email_key).await?;
    if known.is_some_and(|known| is_in(&team, known.id)) {
        return Err(member_already("email"));
    }
    if let Some(found) = store::unanswered(&*case, organisation, &email_key).await? {
        if found.expires_at > case.now {
            return Err(invited_already());
        }
        settle(&mut case, found, EXPIRED).await?;
    }
    rules::one_more(store::count_pending(&*case, organisation, case.now).await?)?;
    if held.verification != Verification::Verified {
        people::count_try_in(&case, people::Braked::LettersOf(organisation)).await?;
    }
    people::count_try_in(&case, people::Braked::LettersTo(&email_key)).await?;
    let id = case.new_id();
    let link = people::make_link(&case, Purpose::Invitation, Some(id)).await?;
    let row = invitation::ActiveModel {
        id: Set(id),
        organisation_id: Set(organisation),
        email: Set(email),
        email_key: Set(email_key),
        roles: Set(Role::codes(&roles)),
        locale: Set(locale.tag().to_owned()),
        state: Set(State::Pending),
        live: Set(Some(true)),
        expires_at: Set(link.expires_at),
        decided_at: Set(None),
        created_at: Set(case.now),
        updated_at: Set(case.now),
        version: Set(1),
    };
    let made = row.insert(&*case).await.map_err(|cause| unique_or(cause, invited_already))?;
    jobs::schedule(&case, job::Kind::SendInvitation, id, case.now).await?;
    jobs::schedule(&case, job::Kind::ExpireInvitation, id, made.expires_at).await?;
    // One that ran out may have ended before it.
    case.answer_with(NodeKind::Invitation, id);
    case.record(event(EventKind::MemberInvited, &made));
    case.commit().await?;
    Ok(made)
}

/// Sends the letter of an invitation, unless it was answered or taken back meanwhile.
///
/// # Errors
/// When the letter cannot go out now.
pub async fn send_invitation(app: &App, id: Uuid) -> Result<()> {
    let (reader, system) = (app.db.reader(), Actor::system());
    let Some(row) = store::invitation(reader, &system, id).await?.filter(|row| standing(app, row) == State::Pending) else { return Ok(()) };
    let Some(link) = accounts::store::unused_link(reader, Purpose::Invitation, id).await? else { return Ok(()) };
    let Some(organisation) = organisation_rows::by_id(reader, &system, row.organisation_id).await? else { return Ok(()) };
    let locale = Locale::from_tag(&row.locale).unwrap_or_default();
    let (verified, names) = (organisation.verification == Verification::Verified, names(organisation));
    let roles = rules::said_roles(&Role::of(&row.roles));
    let url = people::link_address(app, &link, locale);
    let (subject, text) = letters::letter(verified.then(|| names.in_locale(locale)), &roles, &url, locale);
    people::letter_sent(app, Letter { id: link.id, to: row.email, locale, subject, text, way_out: None }).await
}

/// What the invited person says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// They become a member.
    Accept,
    /// They do not.
    Decline,
}

/// How an invitation can end, and what is told of it.
const ACCEPTED: (State, EventKind) = (State::Accepted, EventKind::InvitationAccepted);
pub(super) const DECLINED: (State, EventKind) = (State::Declined, EventKind::InvitationDeclined);
const REVOKED: (State, EventKind) = (State::Revoked, EventKind::InvitationRevoked);
pub(super) const EXPIRED: (State, EventKind) = (State::Expired, EventKind::InvitationExpired);

/// Answers an invitation to the confirmed address of the signed-in person.
///
/// # Errors
/// When the caller is not whom it invites, it is answered, taken back or over, or the version is stale.
pub async fn answer(app: &App, actor: &Actor, answer: Answer, id: Uuid, expected_version: i32) -> Result<invitation::Model> {
    signed_in(actor)?;
    let mut case = app.begin(actor).await?;
    let row = held(&case, actor, "id", id).await?;
    let account = accounts::store::account(&*case, actor.account().unwrap_or_default()).await?;
    access::may_answer(account.as_ref(), &row)?;
    expect_version(expected_version, row.version)?;
    let made = answered(&mut case, answer, row, account).await?;
    case.commit().await?;
    Ok(made)
}

/// Answers an invitation by the link of its letter, which shows that the address is the person's.
///
/// # Errors
/// When the token is none, was used, or its time is over; when who accepts has no account, or one that did not confirm its address.
pub async fn answer_by_link(app: &App, answer: Answer, token: &str) -> Result<invitation::Model> {
    let link = people::is_good(app, Purpose::Invitation, token).await?;
    let (nobody, system) = (Actor::public(), Actor::system());
    let mut case = app.begin(&nobody).await?;
    let row = held(&case, &system, "token", link.subject_id.unwrap_or_default()).await?;
    let account = accounts::store::by_email(&*case, &row.email_key).await?;
    if answer == Answer::Accept {
        access::may_answer(account.as_ref(), &row)?;
    }
    people::take_link(&case, Purpose::Invitation, token).await?;
    let made = answered(&mut case, answer, row, account).await?;
    case.commit().await?;
    Ok(made)
}

async fn answered(case: &mut UseCase<'_>, answer: Answer, row: invitation::Model, account: Option<account::Model>) -> Result<invitation::Model> {
    rules::is_pending(rules::standing(row.state, row.expires_at, case.now))?;
    match (answer, account) {
        (Answer::Decline, _) => settle(case, row, DECLINED).await,
        (Answer::Accept, None) => Err(Error::not_found("id")),
        (Answer::Accept, Some(account)) => {
            if is_in(&accounts::store::members(&**case, row.organisation_id).await?, account.id) {
                return Err(member_already("id"));
            }
            let made = settle(case, row, ACCEPTED).await?;
            people::grant(case, account.id, made.organisation_id, &Role::of(&made.roles), people::Ground::Invitation).await?;
            Ok(made)
        }
    }
}

/// An invitation as the person with its link reads it.
#[derive(Clone, Debug)]
pub struct Invited {
    /// What the organisation is called.
    pub organisation: Translations,
    /// Their roles, in words.
    pub roles: Said,
    /// The address that is invited.
    pub email: String,
    /// Whether they can accept.
    pub standing: Standing,
}

/// How far the person with an invitation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They have an account and can accept.
    Known,
    /// There is an account, and nobody has shown yet that it is theirs.
    Unconfirmed,
    /// They have no account.
    Unknown,
}

/// The invitation behind a link; to look at it changes nothing.
///
/// # Errors
/// When the token is none, was used, or its time is over.
pub async fn invited(app: &App, token: &str) -> Result<Invited> {
    let link = people::is_good(app, Purpose::Invitation, token).await?;
    let (reader, system) = (app.db.reader(), Actor::system());
    let row = store::invitation(reader, &system, link.subject_id.unwrap_or_default()).await?.ok_or_else(|| Error::not_found("token"))?;
    let organisation = organisation_rows::by_id(reader, &system, row.organisation_id).await?.ok_or_else(|| Error::not_found("token"))?;
    let standing = match accounts::store::by_email(reader, &row.email_key).await? {
        Some(account) if account.email_confirmed_at.is_some() => Standing::Known,
        Some(_) => Standing::Unconfirmed,
        None => Standing::Unknown,
    };
    Ok(Invited { organisation: names(organisation), roles: rules::said_roles(&Role::of(&row.roles)), email: row.email, standing })
}

/// What the person with a link answered, if they did: by it, or signed in.
///
/// # Errors
/// When the database cannot be read.
pub async fn answer_given(app: &App, token: &str) -> Result<Option<Answer>> {
    let Some(link) = people::known_link(app, Purpose::Invitation, token).await? else { return Ok(None) };
    let row = store::invitation(app.db.reader(), &Actor::system(), link.subject_id.unwrap_or_default()).await?;
    Ok(row.and_then(|row| match row.state {
        State::Accepted => Some(Answer::Accept),
        State::Declined => Some(Answer::Decline),
        State::Pending | State::Revoked | State::Expired => None,
    }))
}

/// Takes an invitation back.
///
/// # Errors
/// When the caller is no owner, it is answered or over, or the version is stale.
pub async fn revoke_invitation(app: &App, actor: &Actor, id: Uuid, expected_version: i32) -> Result<invitation::Model> {
    signed_in(actor)?;
    let mut case = app.begin(actor).await?;
    let row = held(&case, actor, "id", id).await?;
    access::may_manage(actor, row.organisation_id, &accounts::store::members(&*case, row.organisation_id).await?)?;
    expect_version(expected_version, row.version)?;
    rules::is_pending(rules::standing(row.state, row.expires_at, case.now))?;
    let made = settle(&mut case, row, REVOKED).await?;
    case.commit().await?;
    Ok(made)
}

/// Takes all pending invitations of an organisation back, inside the use case that gives it to somebody else: those whom its
/// former owners invited are no concern of the new one.
///
/// # Errors
/// When the database refuses.
pub async fn revoke_invitations(case: &mut UseCase<'_>, organisation: Uuid) -> Result<()> {
    for row in store::all_pending(&**case, organisation).await? {
        settle(case, row, REVOKED).await?;
    }
    Ok(())
}

/// Takes the pending invitations of an organisation back that would make an owner or a signer.
///
/// # Errors
/// When the database refuses.
pub(super) async fn revoke_binding(case: &mut UseCase<'_>, organisation: Uuid) -> Result<()> {
    for row in store::all_pending(&**case, organisation).await? {
        if access::gives_what_binds(&Role::of(&row.roles), &[]) {
            settle(case, row, REVOKED).await?;
        }
    }
    Ok(())
}

/// Ends an invitation that nobody answered in time.
///
/// # Errors
/// When the database refuses.
pub async fn expire_due(app: &App, id: Uuid) -> Result<()> {
    let actor = Actor::system();
    let mut case = app.begin(&actor).await?;
    if store::invitation(&*case, &actor, id).await?.is_none() {
        return Ok(());
    }
    let row = held(&case, &actor, "id", id).await?;
    if row.state == State::Pending && row.expires_at <= case.now {
        settle(&mut case, row, EXPIRED).await?;
        case.commit().await?;
    }
    Ok(())
}

/// Where an invitation stands now.
#[must_use]
pub fn standing(app: &App, row: &invitation::Model) -> State {
    rules::standing(row.state, row.expires_at, app.clock.now())
}

/// An invitation that the actor sees, as it is now that its organisation is held until the use case ends.
async fn held(case: &UseCase<'_>, actor: &Actor, field: &str, id: Uuid) -> Result<invitation::Model> {
    let found = store::invitation(&**case, actor, id).await?.ok_or_else(|| Error::not_found(field))?;
    organisations::required(case, actor, field, found.organisation_id).await?;
    store::invitation(&**case, actor, id).await?.ok_or_else(|| Error::not_found(field))
}

/// Writes how an invitation ended, with the next version; its link is worth nothing from now on.
pub(super) async fn settle(case: &mut UseCase<'_>, row: invitation::Model, (state, kind): (State, EventKind)) -> Result<invitation::Model> {
    accounts::store::spend_links(&**case, Purpose::Invitation, Some(row.id), case.now).await?;
    let change = invitation::ActiveModel {
        id: Set(row.id),
        state: Set(state),
        live: Set(None),
        decided_at: Set(Some(case.now)),
        updated_at: Set(case.now),
        version: Set(row.version + 1),
        ..Default::default()
    };
    let made = change.update(&**case).await?;
    case.record(event(kind, &made));
    Ok(made)
}

fn invited_already() -> Error {
    Error::refused(
        Code::AlreadyExists,
        "email",
        Said::new("Цю адресу вже запрошено, запрошення чекає на відповідь.", "This address is invited already; the invitation awaits an answer."),
        Said::new(
            "Зачекайте, або відкличте запрошення (revokeInvitation) і запросіть знову: новий лист отримає нове посилання.",
            "Wait, or take the invitation back (revokeInvitation) and invite again: the new letter gets a new link.",
        ),
    )
}

/// Those who see everything hear of invitations: who is invited is nobody else's business until they are a member.
fn event(kind: EventKind, row: &invitation::Model) -> Event {
    Event { kind, node: NodeKind::Invitation, id: row.id, version: row.version, audience: Audience::nobody(), detail: json!({ "organisation": row.organisation_id }) }
}
