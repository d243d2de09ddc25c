//! Gives each committed event of PostgreSQL its gapless place, once no older transaction can still add one before it.
//!
//! One node at a time holds the advisory lock; the others find it taken and wait for their next turn. SQLite needs none of
//! this: its one writer numbers the events as it writes them.
//!
//! An event whose transaction this server has not seen yet came with a dump of another one, and nothing can precede it any more.
//!
//! A transaction that stays open anywhere on the server, in another database of it too, holds the numbering up until it ends.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::app::App;
use crate::error::Result;

/// How long an event waits at most for its turn when the journal is quiet.
pub const EVERY: Duration = Duration::from_millis(100);
const LOCK: i64 = 0x6d69_7374_6f6b;

/// Sequences what can be sequenced now; returns how many.
///
/// # Errors
/// When the database cannot be reached.
pub async fn run_once(app: &App) -> Result<u64> {
    if app.db.backend() != DbBackend::Postgres {
        return Ok(0);
    }
    let transaction = app.db.begin().await?;
    let lock = format!("SELECT pg_try_advisory_xact_lock({LOCK}) AS held");
    let held = transaction.query_one_raw(Statement::from_string(DbBackend::Postgres, lock)).await?;
    if !held.map(|row| row.try_get::<bool>("", "held")).transpose()?.unwrap_or(false) {
        return Ok(0);
    }
    // An entity's events keep the order of its versions: one waits for the youngest transaction of those before it, and comes
    // after that one's events, which keep the order in which they were written.
    let number = "
        UPDATE event SET seq = numbered.seq FROM (
            SELECT id, (SELECT COALESCE(MAX(seq), 0) FROM event) + ROW_NUMBER() OVER (ORDER BY turn, waits, CASE WHEN waits THEN entity_version END, id) AS seq
            FROM (
                SELECT *, turn > xact::text::bigint AS waits FROM (
                    SELECT id, xact, entity_version, MAX(xact::text::bigint) OVER (PARTITION BY entity_id ORDER BY entity_version) AS turn
                    FROM event WHERE seq IS NULL
                ) AS unnumbered
            ) AS numberable
            WHERE turn < pg_snapshot_xmin(pg_current_snapshot())::text::bigint OR turn >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
        ) AS numbered WHERE event.id = numbered.id";
    let done = transaction.execute_raw(Statement::from_string(DbBackend::Postgres, number)).await?.rows_affected();
    transaction.commit().await?;
    Ok(done)
}
