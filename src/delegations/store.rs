//! Rows of delegations, as far as an actor may see them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::delegation::{self, Column};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, QueryFilter, QueryOrder, Select};
use uuid::Uuid;

use crate::auth::Actor;
use crate::db;
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

/// One delegation that the use case is about to change, which holds its organisation or its association.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn to_change(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<delegation::Model>> {
    Ok(db::to_change(visible_to(actor).filter(Column::Id.eq(id))).one(connection).await?)
}

/// The delegation of an organisation to an association that has the place of the one that may hold.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn live(connection: &impl ConnectionTrait, organisation: Uuid, association: Uuid) -> Result<Option<delegation::Model>> {
    let query = delegation::Entity::find().filter(Column::OrganisationId.eq(organisation)).filter(Column::AssociationId.eq(association));
    Ok(db::to_change(query.filter(Column::Live.eq(true))).one(connection).await?)
}

/// The delegations that an organisation gave or was given and that hold at a moment, in one order for everybody.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn all_holding(connection: &impl ConnectionTrait, organisation: Uuid, now: DateTime<Utc>) -> Result<Vec<delegation::Model>> {
    let side = Condition::any().add(Column::OrganisationId.eq(organisation)).add(Column::AssociationId.eq(organisation));
    let query = delegation::Entity::find().filter(side).filter(Column::Live.eq(true)).filter(Column::ValidUntil.gt(now));
    Ok(db::to_change(query.order_by_asc(Column::Id)).all(connection).await?)
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
