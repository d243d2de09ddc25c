//! Rows of calls, as far as an actor may see them.

use std::collections::HashMap;

use entity::call::{self, Column};
use entity::organisation::Verification;
use entity::{call_work_package, interest, organisation};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use super::rules::PUBLIC;
use crate::auth::Actor;
use crate::db;
use crate::error::Result;
use crate::page::{self, Page, Rows, Term};

const NEWEST: Term<Column> = Term { column: Column::CreatedAt, order: Order::Desc };

/// Public from PUBLISHED; before that, and once withdrawn, for its members, the owner municipality of a calling utility that was
/// checked, and those who see everything. Who has an interest in it goes on seeing it.
fn visible_to(actor: &Actor) -> Select<call::Entity> {
    let query = call::Entity::find();
    if actor.sees_all() {
        return query;
    }
    let public = Condition::any().add(Column::State.is_in(PUBLIC));
    let ours = actor.organisations();
    if ours.is_empty() {
        return query.filter(public);
    }
    let utilities = organisation::Entity::find()
        .select_only()
        .column(organisation::Column::Id)
        .filter(organisation::Column::OwnerMunicipalityId.is_in(ours.clone()))
        .filter(organisation::Column::Verification.eq(Verification::Verified))
        .into_query();
    let answered = interest::Entity::find().select_only().column(interest::Column::CallId).filter(interest::Column::OrganisationId.is_in(ours.clone())).into_query();
    query.filter(public.add(Column::OrganisationId.is_in(ours)).add(Column::OrganisationId.in_subquery(utilities)).add(Column::Id.in_subquery(answered)))
}

/// Calls by id.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_ids(connection: &impl ConnectionTrait, actor: &Actor, ids: Vec<Uuid>) -> Result<Vec<call::Model>> {
    Ok(visible_to(actor).filter(Column::Id.is_in(ids)).all(connection).await?)
}

/// One call.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_id(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<call::Model>> {
    Ok(visible_to(actor).filter(Column::Id.eq(id)).one(connection).await?)
}

/// One call that the use case is about to change.
///
/// # Errors
/// When the database cannot be read.
pub async fn to_change(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<call::Model>> {
    Ok(db::to_change(visible_to(actor).filter(Column::Id.eq(id))).one(connection).await?)
}

/// One call that an interest answers: it neither closes nor is withdrawn until the use case is done.
///
/// # Errors
/// When the database cannot be read.
pub async fn to_answer(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<call::Model>> {
    Ok(db::to_rely_on(visible_to(actor).filter(Column::Id.eq(id))).one(connection).await?)
}

/// Calls of projects, newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_projects(connection: &impl ConnectionTrait, actor: &Actor, projects: Vec<Uuid>, page: &Page) -> Result<HashMap<Uuid, Rows<call::Model>>> {
    page::read_each(connection, visible_to(actor), (Column::ProjectId, projects), page, vec![NEWEST], Column::Id).await
}

/// A page of calls.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn list(connection: &impl ConnectionTrait, actor: &Actor, condition: Condition, terms: Vec<Term<Column>>, page: &Page) -> Result<Rows<call::Model>> {
    page::read(connection, visible_to(actor).filter(condition), page, terms, Column::Id).await
}

/// Which work packages calls offer.
///
/// # Errors
/// When the database cannot be read.
pub async fn work_packages(connection: &impl ConnectionTrait, calls: Vec<Uuid>) -> Result<Vec<call_work_package::Model>> {
    let query = call_work_package::Entity::find().filter(call_work_package::Column::CallId.is_in(calls));
    Ok(query.order_by_asc(call_work_package::Column::WorkPackageId).all(connection).await?)
}

/// An open call that offers one of the work packages that a call offers.
///
/// # Errors
/// When the database cannot be read.
pub async fn open_on_packages_of(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<call::Model>> {
    use call_work_package::Column as Offered;
    let packages = call_work_package::Entity::find().select_only().column(Offered::WorkPackageId).filter(Offered::CallId.eq(id)).into_query();
    let others = call_work_package::Entity::find().select_only().column(Offered::CallId).filter(Offered::WorkPackageId.in_subquery(packages)).into_query();
    let open = call::Entity::find().filter(Column::Id.in_subquery(others)).filter(Column::State.eq(call::State::Published)).order_by_asc(Column::Id);
    Ok(open.one(connection).await?)
}

/// Replaces the work packages that a call offers.
///
/// # Errors
/// When the database refuses.
pub async fn replace_work_packages(connection: &impl ConnectionTrait, call: Uuid, rows: Vec<call_work_package::ActiveModel>) -> Result<()> {
    call_work_package::Entity::delete_many().filter(call_work_package::Column::CallId.eq(call)).exec(connection).await?;
    db::insert_many(connection, rows).await?;
    Ok(())
}
