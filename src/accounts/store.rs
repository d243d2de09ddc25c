//! Rows of accounts, sessions and memberships.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::link::Purpose;
use entity::organisation::{Kind, Verification};
use entity::session::Assurance;
use entity::{account, delegation, guess, link, membership, organisation, second_factor, session, sign_in_round};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use crate::auth::{Actor, Delegated, Membership, Role};
use crate::db::{self, Db, to_change, to_rely_on};
use crate::error::Result;
use crate::page::{self, Page, Rows, Term};

/// Accounts that are a person's still; an erased one is as if absent.
fn live() -> Select<account::Entity> {
    account::Entity::find().filter(account::Column::ErasedAt.is_null())
}

/// The account with an e-mail key.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_email(connection: &impl ConnectionTrait, key: &str) -> Result<Option<account::Model>> {
    Ok(live().filter(account::Column::EmailKey.eq(key)).one(connection).await?)
}

/// The accounts that run the platform, at most `limit`.
///
/// # Errors
/// When the database cannot be read.
pub async fn administrators(connection: &impl ConnectionTrait, limit: u64) -> Result<Vec<account::Model>> {
    Ok(account::Entity::find().filter(account::Column::Administrator.eq(true)).order_by_asc(account::Column::Id).limit(limit).all(connection).await?)
}

/// An account by its id, for its own request.
///
/// # Errors
/// When the database cannot be read.
pub async fn account(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<account::Model>> {
    Ok(live().filter(account::Column::Id.eq(id)).one(connection).await?)
}

/// An erased account whose address is not forgotten yet.
///
/// # Errors
/// When the database cannot be read.
pub async fn leaving(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<account::Model>> {
    let erased = account::Entity::find_by_id(id).filter(account::Column::ErasedAt.is_not_null()).filter(account::Column::Email.ne(""));
    Ok(erased.one(connection).await?)
}

/// Takes away the sign-ins, one-time links and second factor of an account.
///
/// # Errors
/// When the database refuses.
pub async fn remove_all_of(connection: &impl ConnectionTrait, account: Uuid) -> Result<()> {
    session::Entity::delete_many().filter(session::Column::AccountId.eq(account)).exec(connection).await?;
    link::Entity::delete_many().filter(link::Column::SubjectId.eq(account)).exec(connection).await?;
    remove_factor(connection, account).await
}

/// Whether somebody else than this person runs the platform.
///
/// # Errors
/// When the database cannot be read.
pub async fn another_administrator(connection: &impl ConnectionTrait, account: Uuid) -> Result<bool> {
    let others = live().filter(account::Column::Administrator.eq(true)).filter(account::Column::Id.ne(account));
    Ok(others.one(connection).await?.is_some())
}

/// Whether there is any account.
///
/// # Errors
/// When the database cannot be read.
pub async fn any(connection: &impl ConnectionTrait) -> Result<bool> {
    Ok(account::Entity::find().one(connection).await?.is_some())
}

/// Accounts by id, as far as the actor may see: their own, and all for the administrator.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_ids(connection: &impl ConnectionTrait, actor: &Actor, ids: Vec<Uuid>) -> Result<Vec<account::Model>> {
    let mut query = account::Entity::find().filter(account::Column::Id.is_in(ids));
    if !actor.is_administrator() {
        query = query.filter(account::Column::Id.eq(actor.account()));
    }
    Ok(query.all(connection).await?)
}

/// Accounts by id, for a slice that has seen to it that the caller may know of them.
///
/// # Errors
/// When the database cannot be read.
pub async fn people(connection: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<account::Model>> {
    Ok(account::Entity::find().filter(account::Column::Id.is_in(ids)).all(connection).await?)
}

/// Which of these organisations have a member.
///
/// # Errors
/// When the database cannot be read.
pub async fn with_members(connection: &impl ConnectionTrait, organisations: Vec<Uuid>) -> Result<Vec<Uuid>> {
    let members = || membership::Entity::find().select_only().column(membership::Column::OrganisationId).distinct();
    Ok(db::in_chunks(&organisations, |ids| members().filter(membership::Column::OrganisationId.is_in(ids)).into_tuple().all(connection)).await?)
}

/// A session by its id.
///
/// # Errors
/// When the database cannot be read.
pub async fn session(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<session::Model>> {
    Ok(session::Entity::find_by_id(id).one(connection).await?)
}

/// An account that the use case is about to change.
///
/// # Errors
/// When the database cannot be read.
pub async fn account_to_change(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<account::Model>> {
    Ok(to_change(live().filter(account::Column::Id.eq(id))).one(connection).await?)
}

/// An account that the use case relies on.
///
/// # Errors
/// When the database cannot be read.
pub async fn account_to_rely_on(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<account::Model>> {
    Ok(to_rely_on(live().filter(account::Column::Id.eq(id))).one(connection).await?)
}

/// A session that the use case is about to change.
///
/// # Errors
/// When the database cannot be read.
pub async fn session_to_change(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<session::Model>> {
    Ok(to_change(session::Entity::find_by_id(id)).one(connection).await?)
}

/// Ends a session.
///
/// # Errors
/// When the database refuses.
pub async fn revoke(connection: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    session::ActiveModel { id: Set(id), revoked_at: Set(Some(now)), ..Default::default() }.update(connection).await?;
    Ok(())
}

/// Ends all sessions of an account but one that may go on, and what could open one without a password.
///
/// # Errors
/// When the database refuses.
pub async fn revoke_all(connection: &impl ConnectionTrait, account: Uuid, but: Option<Uuid>, now: DateTime<Utc>) -> Result<()> {
    let mut sessions = session::Entity::update_many()
        .set(session::ActiveModel { revoked_at: Set(Some(now)), ..Default::default() })
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::RevokedAt.is_null());
    if let Some(but) = but {
        sessions = sessions.filter(session::Column::Id.ne(but));
    }
    sessions.exec(connection).await?;
    forget_rounds(connection, account).await
}

/// Forgets what a provider said of an account a moment ago: it would open the next session.
///
/// # Errors
/// When the database refuses.
pub async fn forget_rounds(connection: &impl ConnectionTrait, account: Uuid) -> Result<()> {
    let nobody = sign_in_round::Entity::update_many().set(sign_in_round::ActiveModel { account_id: Set(None), ..Default::default() });
    nobody.filter(sign_in_round::Column::AccountId.eq(account)).exec(connection).await?;
    Ok(())
}

/// Forgets that a person proved anew who they are, in all their sign-ins.
///
/// # Errors
/// When the database refuses.
pub async fn forget_step_ups(connection: &impl ConnectionTrait, account: Uuid) -> Result<()> {
    session::Entity::update_many()
        .set(session::ActiveModel { stepped_up_at: Set(None), ..Default::default() })
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::SteppedUpAt.is_not_null())
        .exec(connection)
        .await?;
    Ok(())
}

/// Has the sign-ins of an account that showed a code of its second factor count as those of the password alone.
///
/// # Errors
/// When the database refuses.
pub async fn forget_second_factor(connection: &impl ConnectionTrait, account: Uuid) -> Result<()> {
    session::Entity::update_many()
        .set(session::ActiveModel { assurance: Set(Assurance::Password), ..Default::default() })
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::Assurance.eq(Assurance::SecondFactor))
        .exec(connection)
        .await?;
    Ok(())
}

/// The second factor of an account, set up or being so.
///
/// # Errors
/// When the database cannot be read.
pub async fn factor(connection: &impl ConnectionTrait, account: Uuid) -> Result<Option<second_factor::Model>> {
    Ok(second_factor::Entity::find().filter(second_factor::Column::AccountId.eq(account)).one(connection).await?)
}

/// A second factor that the use case is about to change.
///
/// # Errors
/// When the database cannot be read.
pub async fn factor_to_change(connection: &impl ConnectionTrait, account: Uuid) -> Result<Option<second_factor::Model>> {
    Ok(to_change(second_factor::Entity::find().filter(second_factor::Column::AccountId.eq(account))).one(connection).await?)
}

/// Takes the second factor of an account away.
///
/// # Errors
/// When the database refuses.
pub async fn remove_factor(connection: &impl ConnectionTrait, account: Uuid) -> Result<()> {
    second_factor::Entity::delete_many().filter(second_factor::Column::AccountId.eq(account)).exec(connection).await?;
    Ok(())
}

/// The accounts with a second factor, set up or being so, in the order of their ids.
///
/// # Errors
/// When the database cannot be read.
pub async fn with_factors(connection: &impl ConnectionTrait) -> Result<Vec<Uuid>> {
    let accounts = second_factor::Entity::find().select_only().column(second_factor::Column::AccountId).order_by_asc(second_factor::Column::AccountId);
    Ok(accounts.into_tuple().all(connection).await?)
}

/// Makes all links worthless that are good; gives how many.
///
/// # Errors
/// When the database refuses.
pub async fn spend_all_links(connection: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<u64> {
    let links = link::Entity::update_many().set(link::ActiveModel { used_at: Set(Some(now)), ..Default::default() });
    Ok(links.filter(link::Column::UsedAt.is_null()).filter(link::Column::ExpiresAt.gt(now)).exec(connection).await?.rows_affected)
}

/// Ends all sessions that go on; gives how many.
///
/// # Errors
/// When the database refuses.
pub async fn end_all_sessions(connection: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<u64> {
    let sessions = session::Entity::update_many().set(session::ActiveModel { revoked_at: Set(Some(now)), ..Default::default() });
    Ok(sessions.filter(session::Column::RevokedAt.is_null()).filter(session::Column::ExpiresAt.gt(now)).exec(connection).await?.rows_affected)
}

/// A one-time link.
///
/// # Errors
/// When the database cannot be read.
pub async fn link(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<link::Model>> {
    Ok(link::Entity::find_by_id(id).one(connection).await?)
}

/// The link of a purpose and subject that is still to be used, if there is one.
///
/// # Errors
/// When the database cannot be read.
pub async fn unused_link(connection: &impl ConnectionTrait, purpose: Purpose, subject: Uuid) -> Result<Option<link::Model>> {
    let query = link::Entity::find().filter(link::Column::Purpose.eq(purpose)).filter(link::Column::SubjectId.eq(subject));
    Ok(query.filter(link::Column::UsedAt.is_null()).one(connection).await?)
}

/// A one-time link that the use case is about to use up.
///
/// # Errors
/// When the database cannot be read.
pub async fn link_to_change(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<link::Model>> {
    Ok(to_change(link::Entity::find_by_id(id)).one(connection).await?)
}

/// Whether a link of one purpose and subject is good and was made after `since`.
///
/// # Errors
/// When the database cannot be read.
pub async fn has_fresh_link(connection: &impl ConnectionTrait, purpose: Purpose, subject: Uuid, now: DateTime<Utc>, since: DateTime<Utc>) -> Result<bool> {
    let fresh = link::Entity::find()
        .filter(link::Column::SubjectId.eq(subject))
        .filter(link::Column::Purpose.eq(purpose))
        .filter(link::Column::UsedAt.is_null())
        .filter(link::Column::ExpiresAt.gt(now))
        .filter(link::Column::CreatedAt.gt(since));
    Ok(fresh.one(connection).await?.is_some())
}

/// Makes the links of one purpose and subject worthless.
///
/// # Errors
/// When the database refuses.
pub async fn spend_links(connection: &impl ConnectionTrait, purpose: Purpose, subject: Option<Uuid>, now: DateTime<Utc>) -> Result<()> {
    let same = subject.map_or_else(|| link::Column::SubjectId.is_null(), |subject| link::Column::SubjectId.eq(subject));
    link::Entity::update_many()
        .set(link::ActiveModel { used_at: Set(Some(now)), ..Default::default() })
        .filter(link::Column::Purpose.eq(purpose))
        .filter(same)
        .filter(link::Column::UsedAt.is_null())
        .exec(connection)
        .await?;
    Ok(())
}

/// The actor's own sign-ins by id.
///
/// # Errors
/// When the database cannot be read.
pub async fn sessions_by_ids(connection: &impl ConnectionTrait, actor: &Actor, ids: Vec<Uuid>) -> Result<Vec<session::Model>> {
    Ok(own_sessions(actor).filter(session::Column::Id.is_in(ids)).all(connection).await?)
}

/// A page of the sign-ins of each of some accounts that were not ended, as far as they are the actor's, the newest first. One that came
/// to its end by itself stays in the list until it is taken away.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn sessions_of(connection: &impl ConnectionTrait, actor: &Actor, accounts: Vec<Uuid>, page: &Page) -> Result<HashMap<Uuid, Rows<session::Model>>> {
    let open = own_sessions(actor).filter(session::Column::RevokedAt.is_null());
    let newest = Term { column: session::Column::CreatedAt, order: Order::Desc };
    page::read_each(connection, open, (session::Column::AccountId, accounts), page, vec![newest], session::Column::Id).await
}

fn own_sessions(actor: &Actor) -> Select<session::Entity> {
    session::Entity::find().filter(session::Column::AccountId.is_in(actor.account()))
}

/// The tries at what is guessed, which the use case is about to count.
///
/// # Errors
/// When the database cannot be read.
pub async fn guess(connection: &impl ConnectionTrait, key: &str) -> Result<Option<guess::Model>> {
    Ok(to_change(guess::Entity::find_by_id(key)).one(connection).await?)
}

/// Forgets the tries at what is guessed.
///
/// # Errors
/// When the database refuses.
pub async fn forget_guess(connection: &impl ConnectionTrait, key: &str) -> Result<()> {
    guess::Entity::delete_by_id(key).exec(connection).await?;
    Ok(())
}

/// Takes away the sign-ins that ended before a moment, the links that were used or came to their end before it, and the tries at
/// what is guessed that began before it.
///
/// # Errors
/// When the database refuses.
pub async fn purge(db: &Db, before: DateTime<Utc>) -> Result<()> {
    let ended = Condition::any().add(session::Column::ExpiresAt.lt(before)).add(session::Column::RevokedAt.lt(before));
    db::delete_in_turns::<session::Entity>(db, session::Column::Id, ended).await?;
    let ended = Condition::any().add(link::Column::ExpiresAt.lt(before)).add(link::Column::UsedAt.lt(before));
    db::delete_in_turns::<link::Entity>(db, link::Column::Id, ended).await?;
    let begun = Condition::all().add(guess::Column::Since.lt(before));
    Ok(db::delete_in_turns::<guess::Entity>(db, guess::Column::Key, begun).await?)
}

/// What a person is a member of.
///
/// # Errors
/// When the database cannot be read.
pub async fn memberships(connection: &impl ConnectionTrait, account: Uuid, now: DateTime<Utc>) -> Result<Vec<Membership>> {
    let rows = membership::Entity::find().filter(membership::Column::AccountId.eq(account)).order_by_asc(membership::Column::Id).all(connection).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.organisation_id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let organisations = organisation::Entity::find().filter(organisation::Column::Id.is_in(ids)).all(connection).await?;
    let associations: Vec<Uuid> = organisations.iter().filter(|organisation| organisation.kind == Kind::Association).map(|organisation| organisation.id).collect();
    let mut delegations = delegations(connection, associations, now).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let organisation = organisations.iter().find(|organisation| organisation.id == row.organisation_id)?;
            Some(Membership {
                organisation: organisation.id,
                kind: organisation.kind,
                verification: organisation.verification,
                territory: organisation.territory.clone(),
                roles: Role::of(&row.roles),
                delegations: delegations.remove(&organisation.id).unwrap_or_default(),
            })
        })
        .collect())
}

/// Who lets some associations act on their behalf at a moment.
async fn delegations(connection: &impl ConnectionTrait, associations: Vec<Uuid>, now: DateTime<Utc>) -> Result<HashMap<Uuid, Vec<Delegated>>> {
    if associations.is_empty() {
        return Ok(HashMap::new());
    }
    let holding = delegation::Entity::find().filter(delegation::Column::AssociationId.is_in(associations)).filter(delegation::Column::Live.eq(true));
    let rows = holding.filter(delegation::Column::ValidUntil.gt(now)).order_by_asc(delegation::Column::Id).all(connection).await?;
    let ids = rows.iter().map(|row| row.organisation_id).collect::<Vec<_>>();
    let checked = || organisation::Entity::find().select_only().columns([organisation::Column::Id, organisation::Column::Verification]);
    let checked: Vec<(Uuid, Verification)> = db::in_chunks(&ids, |ids| checked().filter(organisation::Column::Id.is_in(ids)).into_tuple().all(connection)).await?;
    let checked: HashMap<Uuid, Verification> = checked.into_iter().collect();
    let delegated = |row: &delegation::Model| Some(Delegated { id: row.id, organisation: row.organisation_id, verification: *checked.get(&row.organisation_id)? });
    Ok(db::group(rows, |row| row.association_id).into_iter().map(|(association, rows)| (association, rows.iter().filter_map(delegated).collect())).collect())
}

/// The memberships of an organisation.
///
/// # Errors
/// When the database cannot be read.
pub async fn members(connection: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<membership::Model>> {
    Ok(membership::Entity::find().filter(membership::Column::OrganisationId.eq(organisation)).order_by_asc(membership::Column::Id).all(connection).await?)
}
