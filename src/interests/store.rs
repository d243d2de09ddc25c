//! Rows of interests, as far as an actor may see them.

use std::collections::HashMap;

use entity::interest::{self, Column, State};
use entity::{call, interest_work_package};
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query, WindowStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use crate::auth::Actor;
use crate::db;
use crate::error::Result;
use crate::page::{self, Page, Rows, Term};

const OLDEST: Term<Column> = Term { column: Column::CreatedAt, order: Order::Asc };

/// The business sees its own; the caller, and those who see everything, see what was handed in.
fn visible(actor: &Actor) -> Condition {
    let handed_in = Column::State.ne(State::Draft).and(Column::SubmittedAt.is_not_null());
    if actor.sees_all() {
        return Condition::any().add(handed_in).add(Column::OrganisationId.is_in(actor.organisations()));
    }
    let ours = actor.organisations();
    Condition::any().add(Column::OrganisationId.is_in(ours.clone())).add(Column::CallerId.is_in(ours).and(handed_in))
}

fn visible_to(actor: &Actor) -> Select<interest::Entity> {
    interest::Entity::find().filter(visible(actor))
}

/// Interests by id.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_ids(connection: &impl ConnectionTrait, actor: &Actor, ids: Vec<Uuid>) -> Result<Vec<interest::Model>> {
    Ok(visible_to(actor).filter(Column::Id.is_in(ids)).all(connection).await?)
}

/// One interest.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_id(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<interest::Model>> {
    Ok(visible_to(actor).filter(Column::Id.eq(id)).one(connection).await?)
}

/// One interest that the use case is about to change.
///
/// # Errors
/// When the database cannot be read.
pub async fn to_change(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<interest::Model>> {
    Ok(db::to_change(visible_to(actor).filter(Column::Id.eq(id))).one(connection).await?)
}

/// A page of interests.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn list(connection: &impl ConnectionTrait, actor: &Actor, condition: Condition, page: &Page) -> Result<Rows<interest::Model>> {
    page::read(connection, visible_to(actor).filter(condition), page, vec![OLDEST], Column::Id).await
}

/// A page of the interests in each of some calls.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn of_calls(connection: &impl ConnectionTrait, actor: &Actor, calls: Vec<Uuid>, page: &Page) -> Result<HashMap<Uuid, Rows<interest::Model>>> {
    page::read_each(connection, visible_to(actor), (Column::CallId, calls), page, vec![OLDEST], Column::Id).await
}

/// The first interests of each project, oldest first, as pairs of project and interest: one statement for all projects.
///
/// # Errors
/// When the database cannot be read.
pub async fn first_of_projects(connection: &impl ConnectionTrait, actor: &Actor, projects: Vec<Uuid>, first: i32) -> Result<Vec<(Uuid, interest::Model)>> {
    let place = Alias::new("place");
    let ranked = Alias::new("ranked");
    let mut by_project = WindowStatement::partition_by((call::Entity, call::Column::ProjectId));
    by_project.order_by((interest::Entity, Column::Id), Order::Asc);
    let inner = interest::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(visible(actor))
        .filter(call::Column::ProjectId.is_in(projects))
        .into_query()
        .inner_join(call::Entity, Expr::col((call::Entity, call::Column::Id)).equals((interest::Entity, Column::CallId)))
        .expr_window_as(Expr::cust("ROW_NUMBER()"), by_project, place.clone())
        .to_owned();
    let chosen = Query::select().column((ranked.clone(), Alias::new("id"))).from_subquery(inner, ranked.clone()).and_where(Expr::col((ranked, place)).lte(first)).to_owned();
    let rows = interest::Entity::find().filter(Column::Id.in_subquery(chosen)).order_by_asc(Column::Id).all(connection).await?;
    let calls = call::Entity::find()
        .select_only()
        .column(call::Column::Id)
        .column(call::Column::ProjectId)
        .filter(call::Column::Id.is_in(rows.iter().map(|row| row.call_id)))
        .into_tuple::<(Uuid, Uuid)>()
        .all(connection)
        .await?;
    let project_of: HashMap<Uuid, Uuid> = calls.into_iter().collect();
    Ok(rows.into_iter().filter_map(|row| project_of.get(&row.call_id).map(|project| (*project, row))).collect())
}

/// Which work packages interests name.
///
/// # Errors
/// When the database cannot be read.
pub async fn work_packages(connection: &impl ConnectionTrait, interests: Vec<Uuid>) -> Result<Vec<interest_work_package::Model>> {
    let query = interest_work_package::Entity::find().filter(interest_work_package::Column::InterestId.is_in(interests));
    Ok(query.order_by_asc(interest_work_package::Column::WorkPackageId).all(connection).await?)
}

/// Replaces the work packages that an interest names.
///
/// # Errors
/// When the database refuses.
pub async fn replace_work_packages(connection: &impl ConnectionTrait, interest: Uuid, rows: Vec<interest_work_package::ActiveModel>) -> Result<()> {
    interest_work_package::Entity::delete_many().filter(interest_work_package::Column::InterestId.eq(interest)).exec(connection).await?;
    db::insert_many(connection, rows).await?;
    Ok(())
}
