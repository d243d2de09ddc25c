//! Rows of programmes. All are public.

use entity::programme::{self, Column};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, Select};
use uuid::Uuid;

use crate::auth::Actor;
use crate::db;
use crate::error::Result;
use crate::page::{self, Page, Rows, Term};

fn visible_to(_actor: &Actor) -> Select<programme::Entity> {
    programme::Entity::find()
}

/// Programmes by id.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_ids(connection: &impl ConnectionTrait, actor: &Actor, ids: Vec<Uuid>) -> Result<Vec<programme::Model>> {
    Ok(visible_to(actor).filter(Column::Id.is_in(ids)).all(connection).await?)
}

/// One programme.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_id(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<programme::Model>> {
    Ok(visible_to(actor).filter(Column::Id.eq(id)).one(connection).await?)
}

/// One programme that the use case is about to change.
///
/// # Errors
/// When the database cannot be read.
pub async fn to_change(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<programme::Model>> {
    Ok(db::to_change(visible_to(actor).filter(Column::Id.eq(id))).one(connection).await?)
}

/// A page of programmes.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn list(connection: &impl ConnectionTrait, actor: &Actor, condition: Condition, terms: Vec<Term<Column>>, page: &Page) -> Result<Rows<programme::Model>> {
    page::read(connection, visible_to(actor).filter(condition), page, terms, Column::Id).await
}
