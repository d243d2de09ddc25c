//! Rows of claims, as far as an actor may see them.

use entity::claim::{self, Column, State};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use crate::auth::Actor;
use crate::db::in_chunks;
use crate::error::Result;
use crate::page::{self, Page, Rows, Term};

/// The claimant sees their own; those who see everything see all.
fn visible_to(actor: &Actor) -> Select<claim::Entity> {
    let all = claim::Entity::find();
    if actor.sees_all() { all } else { all.filter(Column::AccountId.eq(actor.account())) }
}

/// The ids of the claims that nobody has decided.
#[must_use]
pub fn undecided() -> Select<claim::Entity> {
    claim::Entity::find().select_only().column(Column::Id).filter(Column::Live.eq(true))
}

/// Which of some claims nobody has decided.
///
/// # Errors
/// When the database cannot be read.
pub async fn undecided_of(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    Ok(in_chunks(ids, |ids: Vec<Uuid>| undecided().filter(Column::Id.is_in(ids)).into_tuple().all(connection)).await?)
}

/// Claims by id.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_ids(connection: &impl ConnectionTrait, actor: &Actor, ids: Vec<Uuid>) -> Result<Vec<claim::Model>> {
    Ok(visible_to(actor).filter(Column::Id.is_in(ids)).all(connection).await?)
}

/// One claim.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_id(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<claim::Model>> {
    Ok(visible_to(actor).filter(Column::Id.eq(id)).one(connection).await?)
}

/// A page of claims, oldest first.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn list(connection: &impl ConnectionTrait, actor: &Actor, condition: Condition, page: &Page) -> Result<Rows<claim::Model>> {
    let oldest = Term { column: Column::CreatedAt, order: Order::Asc };
    page::read(connection, visible_to(actor).filter(condition), page, vec![oldest], Column::Id).await
}

/// The pending claims to an organisation that the use case holds.
///
/// # Errors
/// When the database cannot be read.
pub async fn pending(connection: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<claim::Model>> {
    let query = claim::Entity::find().filter(Column::OrganisationId.eq(organisation)).filter(Column::State.eq(State::Pending));
    Ok(query.order_by_asc(Column::Id).all(connection).await?)
}

/// The claims of an account that are pending.
///
/// # Errors
/// When the database cannot be read.
pub async fn pending_of(connection: &impl ConnectionTrait, account: Uuid) -> Result<Vec<claim::Model>> {
    let query = claim::Entity::find().filter(Column::AccountId.eq(account)).filter(Column::State.eq(State::Pending));
    Ok(query.order_by_asc(Column::Id).all(connection).await?)
}

/// Empties what was written about the person of an account in their claims.
///
/// # Errors
/// When the database refuses.
pub async fn strike_words(connection: &impl ConnectionTrait, account: Uuid) -> Result<()> {
    let struck = claim::ActiveModel { evidence: Set(String::new()), reason: Set(None), ..Default::default() };
    claim::Entity::update_many().set(struck).filter(Column::AccountId.eq(account)).exec(connection).await?;
    Ok(())
}

/// How many claims of an account are pending.
///
/// # Errors
/// When the database cannot be read.
pub async fn count_pending(connection: &impl ConnectionTrait, account: Uuid) -> Result<u64> {
    Ok(claim::Entity::find().filter(Column::AccountId.eq(account)).filter(Column::State.eq(State::Pending)).count(connection).await?)
}
