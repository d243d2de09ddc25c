//! Rows of memberships and invitations, as far as an actor may see them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::invitation::{self, State};
use entity::{account, membership};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use crate::auth::{Actor, Role};
use crate::error::Result;
use crate::page::{self, Page, Rows, Term};

const FIRST_MEMBER: Term<membership::Column> = Term { column: membership::Column::CreatedAt, order: Order::Asc };
const NEWEST_INVITATION: Term<invitation::Column> = Term { column: invitation::Column::CreatedAt, order: Order::Desc };

/// Members see one another, and everybody their own; those who see everything see all.
fn visible_to(actor: &Actor) -> Select<membership::Entity> {
    let all = membership::Entity::find();
    if actor.sees_people() {
        return all;
    }
    all.filter(Condition::any().add(membership::Column::OrganisationId.is_in(actor.organisations())).add(membership::Column::AccountId.eq(actor.account())))
}

/// Owners see those of their organisation, the invited those to the address that they confirmed; those who see everything see all.
fn invitations_visible_to(actor: &Actor) -> Select<invitation::Entity> {
    let all = invitation::Entity::find();
    if actor.sees_people() {
        return all;
    }
    let owned = actor.organisations().into_iter().filter(|organisation| actor.may(*organisation, Role::Owner));
    let address = account::Entity::find()
        .select_only()
        .column(account::Column::EmailKey)
        .filter(account::Column::Id.eq(actor.account()))
        .filter(account::Column::EmailConfirmedAt.is_not_null())
        .into_query();
    all.filter(Condition::any().add(invitation::Column::OrganisationId.is_in(owned)).add(invitation::Column::EmailKey.in_subquery(address)))
}

/// Memberships by id.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_ids(connection: &impl ConnectionTrait, actor: &Actor, ids: Vec<Uuid>) -> Result<Vec<membership::Model>> {
    Ok(visible_to(actor).filter(membership::Column::Id.is_in(ids)).all(connection).await?)
}

/// A page of the members of each of some organisations of which the actor may know them, those who came first before the others.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn members(connection: &impl ConnectionTrait, _actor: &Actor, organisations: Vec<Uuid>, page: &Page) -> Result<HashMap<Uuid, Rows<membership::Model>>> {
    page::read_each(connection, membership::Entity::find(), (membership::Column::OrganisationId, organisations), page, vec![FIRST_MEMBER], membership::Column::Id).await
}

/// A page of what a person is a member of.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn memberships(connection: &impl ConnectionTrait, account: Uuid, page: &Page) -> Result<Rows<membership::Model>> {
    let own = membership::Entity::find().filter(membership::Column::AccountId.eq(account));
    page::read(connection, own, page, vec![FIRST_MEMBER], membership::Column::Id).await
}

/// Invitations by id.
///
/// # Errors
/// When the database cannot be read.
pub async fn invitations_by_ids(connection: &impl ConnectionTrait, actor: &Actor, ids: Vec<Uuid>) -> Result<Vec<invitation::Model>> {
    Ok(invitations_visible_to(actor).filter(invitation::Column::Id.is_in(ids)).all(connection).await?)
}

/// One invitation.
///
/// # Errors
/// When the database cannot be read.
pub async fn invitation(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<invitation::Model>> {
    Ok(invitations_visible_to(actor).filter(invitation::Column::Id.eq(id)).one(connection).await?)
}

/// A page of the invitations of each of some organisations of which the actor may know them, the newest first.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn invitations(connection: &impl ConnectionTrait, _actor: &Actor, organisations: Vec<Uuid>, page: &Page) -> Result<HashMap<Uuid, Rows<invitation::Model>>> {
    let parent = (invitation::Column::OrganisationId, organisations);
    page::read_each(connection, invitation::Entity::find(), parent, page, vec![NEWEST_INVITATION], invitation::Column::Id).await
}

/// A page of the invitations that await an answer of whoever confirmed an address, the newest first.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn awaiting(connection: &impl ConnectionTrait, actor: &Actor, email_key: &str, now: DateTime<Utc>, page: &Page) -> Result<Rows<invitation::Model>> {
    let theirs = invitations_visible_to(actor).filter(invitation::Column::EmailKey.eq(email_key)).filter(pending(now));
    page::read(connection, theirs, page, vec![NEWEST_INVITATION], invitation::Column::Id).await
}

/// What a person is a member of, for the use case that ends it.
///
/// # Errors
/// When the database cannot be read.
pub async fn all_of(connection: &impl ConnectionTrait, account: Uuid) -> Result<Vec<membership::Model>> {
    Ok(membership::Entity::find().filter(membership::Column::AccountId.eq(account)).order_by_asc(membership::Column::Id).all(connection).await?)
}

/// The invitations of an address that were not answered, in their time or past it.
///
/// # Errors
/// When the database cannot be read.
pub async fn all_unanswered(connection: &impl ConnectionTrait, email_key: &str) -> Result<Vec<invitation::Model>> {
    let query = invitation::Entity::find().filter(invitation::Column::EmailKey.eq(email_key)).filter(invitation::Column::State.eq(State::Pending));
    Ok(query.order_by_asc(invitation::Column::Id).all(connection).await?)
}

/// Takes an address out of all its invitations.
///
/// # Errors
/// When the database refuses.
pub async fn strike_address(connection: &impl ConnectionTrait, email_key: &str) -> Result<()> {
    let struck = invitation::ActiveModel { email: Set(String::new()), email_key: Set(String::new()), ..Default::default() };
    invitation::Entity::update_many().set(struck).filter(invitation::Column::EmailKey.eq(email_key)).exec(connection).await?;
    Ok(())
}

/// The pending invitations of an organisation that the use case holds.
///
/// # Errors
/// When the database cannot be read.
pub async fn all_pending(connection: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<invitation::Model>> {
    let query = invitation::Entity::find().filter(invitation::Column::OrganisationId.eq(organisation)).filter(invitation::Column::State.eq(State::Pending));
    Ok(query.order_by_asc(invitation::Column::Id).all(connection).await?)
}

/// The invitation of an address to an organisation that was not answered, in its time or past it.
///
/// # Errors
/// When the database cannot be read.
pub async fn unanswered(connection: &impl ConnectionTrait, organisation: Uuid, email_key: &str) -> Result<Option<invitation::Model>> {
    let query = invitation::Entity::find().filter(invitation::Column::OrganisationId.eq(organisation)).filter(invitation::Column::EmailKey.eq(email_key));
    Ok(query.filter(invitation::Column::State.eq(State::Pending)).one(connection).await?)
}

/// How many invitations of an organisation are pending.
///
/// # Errors
/// When the database cannot be read.
pub async fn count_pending(connection: &impl ConnectionTrait, organisation: Uuid, now: DateTime<Utc>) -> Result<u64> {
    Ok(invitation::Entity::find().filter(invitation::Column::OrganisationId.eq(organisation)).filter(pending(now)).count(connection).await?)
}

fn pending(now: DateTime<Utc>) -> Condition {
    Condition::all().add(invitation::Column::State.eq(State::Pending)).add(invitation::Column::ExpiresAt.gt(now))
}
