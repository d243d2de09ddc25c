//! Rows of projects and their parts, as far as an actor may see them.

use entity::project::{self, Column, State};
use entity::{call, external_id, interest, need, programme, project_need, requirement, work_package};
use sea_orm::sea_query::{OnConflict, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use super::rules::PUBLIC;
use crate::auth::Actor;
use crate::db;
use crate::error::Result;
use crate::page::{self, Page, Rows, Term};

/// Public from DEFINED; before that, and once cancelled, for its members, its programme's donor and agency, and those who see
/// everything. Who answered a call of a cancelled one goes on seeing it.
fn visible_to(actor: &Actor) -> Select<project::Entity> {
    let query = project::Entity::find();
    if actor.sees_all() { query } else { query.filter(visible(actor)) }
}

fn visible(actor: &Actor) -> Condition {
    let public = Condition::any().add(Column::State.is_in(PUBLIC));
    let ours = actor.organisations();
    if ours.is_empty() { public } else { public.add(Column::OrganisationId.is_in(ours.clone())).add(concerns(ours)) }
}

/// Projects that concern organisations whose they are not: those of a programme that they fund or run, and cancelled ones
/// whose call they answered.
fn concerns(ours: Vec<Uuid>) -> Condition {
    let programmes = programme::Entity::find()
        .select_only()
        .column(programme::Column::Id)
        .filter(Condition::any().add(programme::Column::FunderId.is_in(ours.clone())).add(programme::Column::ImplementerId.is_in(ours.clone())))
        .into_query();
    let answered = interest::Entity::find().select_only().column(interest::Column::CallId).filter(interest::Column::OrganisationId.is_in(ours)).into_query();
    let answered = call::Entity::find().select_only().column(call::Column::ProjectId).filter(call::Column::Id.in_subquery(answered)).into_query();
    let cancelled = Condition::all().add(Column::State.eq(State::Cancelled)).add(Column::Id.in_subquery(answered));
    Condition::any().add(Column::ProgrammeId.in_subquery(programmes)).add(cancelled)
}

/// Ids of the projects, with those of their work packages, that an actor may learn of though they are neither public nor theirs.
#[must_use]
pub fn concerning(actor: &Actor) -> Option<SelectStatement> {
    let ours = actor.organisations();
    if ours.is_empty() {
        return None;
    }
    let projects = project::Entity::find().select_only().column(Column::Id).filter(concerns(ours)).into_query();
    let packages = work_package::Entity::find().select_only().column(work_package::Column::Id).filter(work_package::Column::ProjectId.in_subquery(projects.clone())).into_query();
    Some(projects.clone().union(UnionType::All, packages).to_owned())
}

/// Projects by id.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_ids(connection: &impl ConnectionTrait, actor: &Actor, ids: Vec<Uuid>) -> Result<Vec<project::Model>> {
    Ok(visible_to(actor).filter(Column::Id.is_in(ids)).all(connection).await?)
}

/// One project.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_id(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<project::Model>> {
    Ok(visible_to(actor).filter(Column::Id.eq(id)).one(connection).await?)
}

/// One project that the use case is about to change.
///
/// # Errors
/// When the database cannot be read.
pub async fn to_change(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<project::Model>> {
    Ok(db::to_change(visible_to(actor).filter(Column::Id.eq(id))).one(connection).await?)
}

/// The project with a reference.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_reference(connection: &impl ConnectionTrait, actor: &Actor, reference: &str) -> Result<Option<project::Model>> {
    Ok(visible_to(actor).filter(Column::Reference.eq(reference)).one(connection).await?)
}

/// The project that DREAM, Prozorro or another source knows by an id.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_external_id(connection: &impl ConnectionTrait, actor: &Actor, scheme: &str, value: &str) -> Result<Option<project::Model>> {
    match external_id::Entity::find_by_id((scheme.to_owned(), value.to_owned())).one(connection).await? {
        Some(row) => by_id(connection, actor, row.project_id).await,
        None => Ok(None),
    }
}

/// A page of projects.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn list(connection: &impl ConnectionTrait, actor: &Actor, condition: Condition, terms: Vec<Term<Column>>, page: &Page) -> Result<Rows<project::Model>> {
    page::read(connection, visible_to(actor).filter(condition), page, terms, Column::Id).await
}

/// Work packages by id; one is seen by those who see its project.
///
/// # Errors
/// When the database cannot be read.
pub async fn work_packages_by_ids(connection: &impl ConnectionTrait, actor: &Actor, ids: Vec<Uuid>) -> Result<Vec<work_package::Model>> {
    let mut query = work_package::Entity::find().filter(work_package::Column::Id.is_in(ids));
    if !actor.sees_all() {
        let projects = project::Entity::find().select_only().column(Column::Id).filter(visible(actor)).into_query();
        query = query.filter(work_package::Column::ProjectId.in_subquery(projects));
    }
    Ok(query.all(connection).await?)
}

/// Work packages of projects that the caller was shown, in their order.
///
/// # Errors
/// When the database cannot be read.
pub async fn work_packages(connection: &impl ConnectionTrait, projects: Vec<Uuid>) -> Result<Vec<work_package::Model>> {
    let query = work_package::Entity::find().filter(work_package::Column::ProjectId.is_in(projects));
    Ok(query.order_by_asc(work_package::Column::Position).all(connection).await?)
}

/// The project that any source knows by an id, the first source by name where several do.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_any_external_id(connection: &impl ConnectionTrait, actor: &Actor, value: &str) -> Result<Option<project::Model>> {
    let row = external_id::Entity::find().filter(external_id::Column::Value.eq(value)).order_by_asc(external_id::Column::Scheme).one(connection).await?;
    match row {
        Some(row) => by_id(connection, actor, row.project_id).await,
        None => Ok(None),
    }
}

/// Work packages that are open for partners, with their projects: those of public projects that are not finished, the newest
/// projects first, at most `limit`.
///
/// # Errors
/// When the database cannot be read.
pub async fn open_work_packages(connection: &impl ConnectionTrait, limit: u64) -> Result<Vec<(work_package::Model, project::Model)>> {
    let projects = open_projects().order_by_desc(Column::Id).limit(limit).all(connection).await?;
    let packages = work_packages(connection, projects.iter().map(|project| project.id).collect()).await?;
    let mut open = with_projects(packages, projects);
    open.sort_by_key(|(package, project)| std::cmp::Reverse((project.id, package.id)));
    open.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(open)
}

/// Those of some work packages that are open for partners, with their projects.
///
/// # Errors
/// When the database cannot be read.
pub async fn open_among(connection: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<(work_package::Model, project::Model)>> {
    let packages = work_package::Entity::find().filter(work_package::Column::Id.is_in(ids)).order_by_asc(work_package::Column::Position).all(connection).await?;
    let projects = open_projects().filter(Column::Id.is_in(packages.iter().map(|package| package.project_id))).all(connection).await?;
    Ok(with_projects(packages, projects))
}

/// Public projects that are not finished.
fn open_projects() -> Select<project::Entity> {
    project::Entity::find().filter(Column::Finished.eq(false)).filter(Column::State.is_in(PUBLIC))
}

/// The work packages whose projects are among these.
fn with_projects(packages: Vec<work_package::Model>, projects: Vec<project::Model>) -> Vec<(work_package::Model, project::Model)> {
    let projects: std::collections::HashMap<Uuid, project::Model> = projects.into_iter().map(|project| (project.id, project)).collect();
    packages.into_iter().filter_map(|package| projects.get(&package.project_id).cloned().map(|project| (package, project))).collect()
}

/// Requirements of work packages.
///
/// # Errors
/// When the database cannot be read.
pub async fn requirements(connection: &impl ConnectionTrait, packages: Vec<Uuid>) -> Result<Vec<requirement::Model>> {
    let of = |packages| requirement::Entity::find().filter(requirement::Column::WorkPackageId.is_in::<Uuid, Vec<Uuid>>(packages)).order_by_asc(requirement::Column::Id);
    Ok(db::in_chunks(&packages, |packages| of(packages).all(connection)).await?)
}

/// Needs that projects answer, or answered until they were cancelled, as pairs of project and need: whoever may see them or not.
///
/// # Errors
/// When the database cannot be read.
pub async fn needs(connection: &impl ConnectionTrait, projects: Vec<Uuid>) -> Result<Vec<(Uuid, need::Model)>> {
    let links = project_need::Entity::find().filter(project_need::Column::ProjectId.is_in(projects)).all(connection).await?;
    let rows = need::Entity::find().filter(need::Column::Id.is_in(links.iter().map(|link| link.need_id))).order_by_asc(need::Column::Reference).all(connection).await?;
    let project_of: std::collections::HashMap<Uuid, Uuid> = links.into_iter().map(|link| (link.need_id, link.project_id)).collect();
    Ok(rows.into_iter().filter_map(|row| project_of.get(&row.id).map(|project| (*project, row))).collect())
}

/// Which projects answer needs, as pairs of need and project.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_needs(connection: &impl ConnectionTrait, needs: Vec<Uuid>) -> Result<Vec<project_need::Model>> {
    Ok(project_need::Entity::find().filter(project_need::Column::NeedId.is_in(needs)).all(connection).await?)
}

/// External ids of projects.
///
/// # Errors
/// When the database cannot be read.
pub async fn external_ids(connection: &impl ConnectionTrait, projects: Vec<Uuid>) -> Result<Vec<external_id::Model>> {
    let query = external_id::Entity::find().filter(external_id::Column::ProjectId.is_in(projects));
    Ok(query.order_by_asc(external_id::Column::Scheme).order_by_asc(external_id::Column::Value).all(connection).await?)
}

/// Which rows of a source are there already.
///
/// # Errors
/// When the database cannot be read.
pub async fn recorded_keys(connection: &impl ConnectionTrait, source: &str, keys: &[String]) -> Result<Vec<String>> {
    let of_source = || project::Entity::find().select_only().column(Column::SourceKey).filter(Column::Source.eq(source));
    let found = db::in_chunks(keys, |keys| of_source().filter(Column::SourceKey.is_in(keys)).into_tuple::<Option<String>>().all(connection));
    Ok(found.await?.into_iter().flatten().collect())
}

/// Which of these ids of a scheme projects are known by.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn known_external_ids(connection: &impl ConnectionTrait, scheme: &str, values: &[String]) -> Result<Vec<String>> {
    let of_scheme = || external_id::Entity::find().select_only().column(external_id::Column::Value).filter(external_id::Column::Scheme.eq(scheme));
    Ok(db::in_chunks(values, |values| of_scheme().filter(external_id::Column::Value.is_in(values)).into_tuple().all(connection)).await?)
}

/// Writes ids by which projects are known; one that a project was given meanwhile stays that project's.
///
/// # Errors
/// When the database refuses.
pub(super) async fn insert_external_ids(connection: &impl ConnectionTrait, rows: Vec<external_id::ActiveModel>) -> Result<()> {
    for chunk in rows.chunks(db::ROWS_A_STATEMENT) {
        let unless_there = OnConflict::columns([external_id::Column::Scheme, external_id::Column::Value]).do_nothing().to_owned();
        external_id::Entity::insert_many(chunk.iter().cloned()).on_conflict(unless_there).exec_without_returning(connection).await?;
    }
    Ok(())
}

/// The reference of a call of a project that is in a state.
///
/// # Errors
/// When the database cannot be read.
pub async fn call_in(connection: &impl ConnectionTrait, project: Uuid, state: call::State) -> Result<Option<String>> {
    let found = call::Entity::find().filter(call::Column::ProjectId.eq(project)).filter(call::Column::State.eq(state));
    Ok(found.one(connection).await?.map(|row| row.reference))
}

/// Notes which project answers a need: from now on this one, where a cancelled one did before.
///
/// # Errors
/// When the database refuses.
pub async fn put_need(connection: &impl ConnectionTrait, row: project_need::ActiveModel) -> Result<()> {
    let before = OnConflict::column(project_need::Column::NeedId).update_column(project_need::Column::ProjectId).to_owned();
    project_need::Entity::insert(row).on_conflict(before).exec_without_returning(connection).await?;
    Ok(())
}

/// Replaces the requirements of a work package.
///
/// # Errors
/// When the database refuses.
pub async fn replace_requirements(connection: &impl ConnectionTrait, package: Uuid, rows: Vec<requirement::ActiveModel>) -> Result<()> {
    requirement::Entity::delete_many().filter(requirement::Column::WorkPackageId.eq(package)).exec(connection).await?;
    db::insert_many(connection, rows).await?;
    Ok(())
}

/// Projects that answer a need for critical infrastructure.
pub(super) fn critical() -> SelectStatement {
    let needs = need::Entity::find().select_only().column(need::Column::Id).filter(need::Column::Critical.eq(true)).into_query();
    project_need::Entity::find().select_only().column(project_need::Column::ProjectId).filter(project_need::Column::NeedId.in_subquery(needs)).into_query()
}
