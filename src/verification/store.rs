//! Rows of requests for verification, as far as an actor may see them.

use std::collections::HashMap;

use entity::verification_request::{self, Column};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, QueryFilter, QuerySelect, Select};
use uuid::Uuid;

use crate::attachments::store::claimed_since;
use crate::auth::Actor;
use crate::db::in_chunks;
use crate::error::Result;
use crate::page::{self, Page, Rows, Term};

/// Members see those of their organisations, but for those of who had it before a claim; those who see everything see all.
fn visible_to(actor: &Actor) -> Select<verification_request::Entity> {
    let all = verification_request::Entity::find();
    if actor.sees_all() {
        return all;
    }
    all.filter(Column::OrganisationId.is_in(actor.organisations())).filter(claimed_since(Column::OrganisationId, Column::CreatedAt).not())
}

/// The ids of the requests that nobody has decided.
#[must_use]
pub fn undecided() -> Select<verification_request::Entity> {
    verification_request::Entity::find().select_only().column(Column::Id).filter(Column::Live.eq(true))
}

/// Which of some requests nobody has decided.
///
/// # Errors
/// When the database cannot be read.
pub async fn undecided_of(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    Ok(in_chunks(ids, |ids: Vec<Uuid>| undecided().filter(Column::Id.is_in(ids)).into_tuple().all(connection)).await?)
}

/// Requests by id.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_ids(connection: &impl ConnectionTrait, actor: &Actor, ids: Vec<Uuid>) -> Result<Vec<verification_request::Model>> {
    Ok(visible_to(actor).filter(Column::Id.is_in(ids)).all(connection).await?)
}

/// One request.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_id(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<verification_request::Model>> {
    Ok(visible_to(actor).filter(Column::Id.eq(id)).one(connection).await?)
}

/// The pending request of an organisation that the use case holds.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn open(connection: &impl ConnectionTrait, organisation: Uuid) -> Result<Option<verification_request::Model>> {
    Ok(verification_request::Entity::find().filter(Column::OrganisationId.eq(organisation)).filter(Column::Live.eq(true)).one(connection).await?)
}

/// A page of requests, oldest first.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn list(connection: &impl ConnectionTrait, actor: &Actor, condition: Condition, page: &Page) -> Result<Rows<verification_request::Model>> {
    let oldest = Term { column: Column::CreatedAt, order: Order::Asc };
    page::read(connection, visible_to(actor).filter(condition), page, vec![oldest], Column::Id).await
}

/// A page of the requests of each of some organisations, the newest first.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn of_organisations(connection: &impl ConnectionTrait, actor: &Actor, organisations: Vec<Uuid>, page: &Page) -> Result<HashMap<Uuid, Rows<verification_request::Model>>> {
    let newest = Term { column: Column::CreatedAt, order: Order::Desc };
    page::read_each(connection, visible_to(actor), (Column::OrganisationId, organisations), page, vec![newest], Column::Id).await
}
