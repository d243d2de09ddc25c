//! Work that falls due at a time: rows that are claimed with a lease and run through the services as the system itself.
//!
//! A job is scheduled in the transaction of the use case that needs it. A worker that dies lets its lease run out, and
//! another takes the job; so what a job does must be the same when it is done twice. A job that fails is tried again, later
//! each time.

mod store;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::job::{self, Kind};
use uuid::Uuid;

use crate::app::{App, UseCase};
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::{accounts, attachments, calls, events, idempotency, identities, members, notifications, tokens};

/// How often a worker looks for due work.
pub const EVERY: Duration = Duration::from_secs(1);
const LEASE: TimeDelta = TimeDelta::minutes(2);
/// How long one job may take; then it counts as failed.
const LONGEST: Duration = Duration::from_mins(1);
const BATCH: u64 = 20;
/// How often what nobody needs is taken away.
const ROUND: TimeDelta = TimeDelta::days(1);
/// How often it is signed how far the journal goes.
const CHECKPOINTS: TimeDelta = TimeDelta::hours(1);
/// How long jobs stay that were done.
const DONE_STAYS: TimeDelta = TimeDelta::days(30);
/// How long a job that failed for the first time waits; twice as long after each failure more.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(15);
/// Doublings of the wait at most: two hours.
const MOST_DOUBLINGS: u32 = 9;

/// Schedules work on an entity in the use case that needs it; work of the same kind on it moves to the new time.
///
/// # Errors
/// When the database refuses.
pub async fn schedule(case: &UseCase<'_>, kind: Kind, entity: Uuid, due_at: DateTime<Utc>) -> Result<()> {
    store::put(&**case, case.new_id(), kind, entity, due_at).await
}

/// Does what is due now; returns how much was done. Jobs that could outlast their lease are left to whoever takes them when it ends.
///
/// # Errors
/// When the database cannot be reached.
pub async fn run_due(app: &App) -> Result<u64> {
    let now = app.clock.now();
    let mut done = 0;
    for job in store::claim(app, now, now + LEASE, BATCH).await? {
        if now + LEASE < app.clock.now() + LONGEST {
            break;
        }
        let outcome = match tokio::time::timeout(LONGEST, run(app, &job)).await.unwrap_or_else(|cause| Err(Error::internal(cause))) {
            Ok(()) => Ok(app.clock.now()),
            Err(error) => {
                let again = app.clock.now() + wait(job.attempts);
                tracing::error!(job = %job.id, kind = job.kind.as_str(), attempts = job.attempts, ?error, %again, "a job failed; it is tried again");
                Err((error.code().as_str(), again))
            }
        };
        match store::end(app, &job, outcome).await {
            Ok(()) => done += u64::from(outcome.is_ok()),
            Err(error) => tracing::error!(job = %job.id, ?error, "how a job ended could not be noted; it runs again when its lease ends"),
        }
    }
    Ok(done)
}

/// How many jobs are due, and how many of those that are not done failed when they were tried.
///
/// # Errors
/// When the database cannot be read.
pub async fn waiting(app: &App) -> Result<(u64, u64)> {
    store::waiting(app, app.clock.now()).await
}

/// How long a job waits after so many attempts.
fn wait(attempts: i32) -> TimeDelta {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(MOST_DOUBLINGS);
    FIRST_WAIT * 2_i32.pow(doublings)
}

/// Begins the work that comes round each day and each hour; it is due at once.
///
/// # Errors
/// When the database refuses.
pub async fn begin_rounds(app: &App) -> Result<()> {
    plan(app, Kind::Purge, TimeDelta::zero()).await?;
    plan(app, Kind::Checkpoint, TimeDelta::zero()).await
}

async fn plan(app: &App, kind: Kind, wait: TimeDelta) -> Result<()> {
    let actor = Actor::system();
    let case = app.begin(&actor).await?;
    schedule(&case, kind, Uuid::nil(), case.now + wait).await?;
    case.commit().await
}

/// Signs how far the journal goes, if it went on, and comes round again.
async fn sign_journal(app: &App) -> Result<()> {
    let actor = Actor::system();
    let case = app.begin(&actor).await?;
    events::checkpoint(&*case, app, case.now).await?;
    schedule(&case, Kind::Checkpoint, Uuid::nil(), case.now + CHECKPOINTS).await?;
    case.commit().await
}

/// Takes away what nobody needs any more, and comes round again.
async fn purge(app: &App) -> Result<()> {
    accounts::service::purge(app).await?;
    identities::service::purge(app).await?;
    tokens::service::purge(app).await?;
    idempotency::purge(&app.db, app.clock.now()).await?;
    notifications::service::purge(app).await?;
    attachments::service::purge(app).await?;
    store::purge(app, app.clock.now() - DONE_STAYS).await?;
    plan(app, Kind::Purge, ROUND).await
}

async fn run(app: &App, job: &job::Model) -> Result<()> {
    match job.kind {
        Kind::CloseCall => calls::service::close_due(app, job.entity_id).await,
        Kind::SendLink => accounts::service::send_link(app, job.entity_id).await,
        Kind::SendInvitation => members::service::send_invitation(app, job.entity_id).await,
        Kind::ExpireInvitation => members::service::expire_due(app, job.entity_id).await,
        Kind::SendFarewell => accounts::service::send_farewell(app, job.entity_id).await,
        Kind::RemindOfInterest => notifications::service::remind_of_interest(app, job.entity_id).await,
        Kind::SendDigest => notifications::service::send_digest(app, job.entity_id).await,
        Kind::ForgetObject => attachments::service::forget(app, job.entity_id).await,
        Kind::Checkpoint => sign_journal(app).await,
        Kind::Purge => purge(app).await,
    }
}

#[cfg(test)]
mod tests {
    use super::wait;

    #[test]
    fn a_job_waits_longer_each_time_and_two_hours_at_most() {
        let waits: Vec<i64> = [1, 2, 3, 10, 11, i32::MAX].into_iter().map(|attempts| wait(attempts).num_seconds()).collect();
        assert_eq!(waits, [15, 30, 60, 7680, 7680, 7680]);
    }
}
