//! Rows of jobs.

use chrono::{DateTime, Utc};
use entity::job::{self, Column, Kind};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait, DbBackend, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

use crate::app::App;
use crate::db::delete_in_turns;
use crate::error::Result;

pub(super) async fn put(connection: &impl ConnectionTrait, id: Uuid, kind: Kind, entity: Uuid, due_at: DateTime<Utc>) -> Result<()> {
    let row = job::ActiveModel {
        id: Set(id),
        kind: Set(kind),
        entity_id: Set(entity),
        due_at: Set(due_at),
        leased_until: Set(None),
        attempts: Set(0),
        done_at: Set(None),
        last_error: Set(None),
    };
    let again =
        OnConflict::columns([Column::Kind, Column::EntityId]).update_columns([Column::DueAt, Column::LeasedUntil, Column::Attempts, Column::DoneAt, Column::LastError]).to_owned();
    job::Entity::insert(row).on_conflict(again).exec_without_returning(connection).await?;
    Ok(())
}

/// Takes due jobs that nobody holds; on PostgreSQL other workers skip the rows that are being taken.
pub(super) async fn claim(app: &App, now: DateTime<Utc>, until: DateTime<Utc>, limit: u64) -> Result<Vec<job::Model>> {
    let free = Condition::any().add(Column::LeasedUntil.is_null()).add(Column::LeasedUntil.lt(now));
    let due = job::Entity::find().filter(Column::DoneAt.is_null()).filter(Column::DueAt.lte(now)).filter(free).order_by_asc(Column::DueAt).limit(limit);
    if due.clone().one(app.db.reader()).await?.is_none() {
        return Ok(Vec::new());
    }
    let transaction = app.db.begin().await?;
    let due =
        if app.db.backend() == DbBackend::Postgres { due.lock_with_behavior(sea_orm::sea_query::LockType::Update, sea_orm::sea_query::LockBehavior::SkipLocked) } else { due };
    let mut jobs = Vec::new();
    for job in due.all(&transaction).await? {
        jobs.push(job::ActiveModel { id: Set(job.id), leased_until: Set(Some(until)), attempts: Set(job.attempts + 1), ..Default::default() }.update(&transaction).await?);
    }
    transaction.commit().await?;
    Ok(jobs)
}

/// How many jobs are due, and how many of those that are not done failed when they were tried.
pub(super) async fn waiting(app: &App, now: DateTime<Utc>) -> Result<(u64, u64)> {
    let undone = || job::Entity::find().filter(Column::DoneAt.is_null());
    let due = undone().filter(Column::DueAt.lte(now)).count(app.db.reader()).await?;
    Ok((due, undone().filter(Column::LastError.is_not_null()).count(app.db.reader()).await?))
}

/// Takes away the jobs that were done before a moment.
pub(super) async fn purge(app: &App, before: DateTime<Utc>) -> Result<()> {
    Ok(delete_in_turns::<job::Entity>(&app.db, Column::Id, Condition::all().add(Column::DoneAt.lt(before))).await?)
}

/// Notes how a job ended that this worker held: done, or what went wrong and when it is tried again. One that was scheduled anew, or whose lease another
/// took meanwhile, is no longer this worker's and stays as it is.
pub(super) async fn end(app: &App, job: &job::Model, outcome: Result<DateTime<Utc>, (&str, DateTime<Utc>)>) -> Result<()> {
    let row = match outcome {
        Ok(now) => job::ActiveModel { done_at: Set(Some(now)), last_error: Set(None), ..Default::default() },
        Err((why, again)) => job::ActiveModel { last_error: Set(Some(why.to_owned())), due_at: Set(again), leased_until: Set(None), ..Default::default() },
    };
    let transaction = app.db.begin().await?;
    job::Entity::update_many().set(row).filter(Column::Id.eq(job.id)).filter(Column::LeasedUntil.eq(job.leased_until)).exec(&transaction).await?;
    transaction.commit().await?;
    Ok(())
}
