//! Rows of needs, as far as an actor may see them.

use entity::need::{self, Column};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, Select};
use uuid::Uuid;

use super::rules::PUBLIC;
use crate::auth::Actor;
use crate::db;
use crate::error::Result;
use crate::page::{self, Page, Rows, Term};

/// Public from VERIFIED; before that, and once withdrawn, for its members and those who see everything.
fn visible_to(actor: &Actor) -> Select<need::Entity> {
    let query = need::Entity::find();
    if actor.sees_all() {
        return query;
    }
    let public = Column::State.is_in(PUBLIC);
    query.filter(Condition::any().add(public).add(Column::OrganisationId.is_in(actor.organisations())))
}

/// Needs by id.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_ids(connection: &impl ConnectionTrait, actor: &Actor, ids: Vec<Uuid>) -> Result<Vec<need::Model>> {
    Ok(visible_to(actor).filter(Column::Id.is_in(ids)).all(connection).await?)
}

/// The need with a reference.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_reference(connection: &impl ConnectionTrait, actor: &Actor, reference: &str) -> Result<Option<need::Model>> {
    Ok(visible_to(actor).filter(Column::Reference.eq(reference)).one(connection).await?)
}

/// One need.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_id(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<need::Model>> {
    Ok(visible_to(actor).filter(Column::Id.eq(id)).one(connection).await?)
}

/// One need that the use case is about to change.
///
/// # Errors
/// When the database cannot be read.
pub async fn to_change(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<need::Model>> {
    Ok(db::to_change(visible_to(actor).filter(Column::Id.eq(id))).one(connection).await?)
}

/// A page of needs.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn list(connection: &impl ConnectionTrait, actor: &Actor, condition: Condition, terms: Vec<Term<Column>>, page: &Page) -> Result<Rows<need::Model>> {
    page::read(connection, visible_to(actor).filter(condition), page, terms, Column::Id).await
}
