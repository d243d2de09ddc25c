//! Rows of delegations, as far as an actor may see them.

use std::collections::HashMap;

use entity::delegation::{self, Column};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, QueryFilter, QueryOrder, Select};
use uuid::Uuid;

use crate::auth::Actor;
use crate::error::Result;
use crate::page::{self, Page, Rows, Term};

const NEWEST: Term<Column> = Term { column: Column::CreatedAt, order: Order::Desc };

/// Members of both sides see them; those who see everything see all.
fn visible_to(actor: &Actor) -> Select<delegation::Entity> {
    let all = delegation::Entity::find();
    if actor.sees_all() {
        return all;
    }
    all.filter(Condition::any().add(Column::OrganisationId.is_in(actor.organisations())).add(Column::AssociationId.is_in(actor.organisations())))
}

/// Delegations by id.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_ids(connection: &impl ConnectionTrait, actor: &Actor, ids: Vec<Uuid>) -> Result<Vec<delegation::Model>> {
    Ok(visible_to(actor).filter(Column::Id.is_in(ids)).all(connection).await?)
}

/// One delegation.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_id(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<delegation::Model>> {
    Ok(visible_to(actor).filter(Column::Id.eq(id)).one(connection).await?)
}

/// The delegations of an organisation that the use case holds, which were not revoked.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn live(connection: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<delegation::Model>> {
    let query = delegation::Entity::find().filter(Column::OrganisationId.eq(organisation)).filter(Column::Live.eq(true));
    Ok(query.order_by_asc(Column::Id).all(connection).await?)
}

/// A page of the delegations that each of some organisations gave, the newest first.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn given_by(connection: &impl ConnectionTrait, actor: &Actor, organisations: Vec<Uuid>, page: &Page) -> Result<HashMap<Uuid, Rows<delegation::Model>>> {
    page::read_each(connection, visible_to(actor), (Column::OrganisationId, organisations), page, vec![NEWEST], Column::Id).await
}

/// A page of the delegations that each of some associations was given, the newest first.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn given_to(connection: &impl ConnectionTrait, actor: &Actor, associations: Vec<Uuid>, page: &Page) -> Result<HashMap<Uuid, Rows<delegation::Model>>> {
    page::read_each(connection, visible_to(actor), (Column::AssociationId, associations), page, vec![NEWEST], Column::Id).await
}
