//! Gives each committed event of PostgreSQL its gapless place and its hash, once no older transaction can still add one before it.
//!
//! One node at a time holds the advisory lock; the others find it taken and wait for their next turn. SQLite needs none of
//! this: its one writer numbers and chains the events as it writes them.
//!
//! An event whose transaction this server has not seen yet came with a dump of another one, and nothing can precede it any more.
//!
//! A transaction that stays open anywhere on the server, in another database of it too, holds the numbering up until it ends.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement};
use uuid::Uuid;

use super::journal::{digest_of, head};
use crate::app::App;
use crate::error::Result;
use crate::hash::hex;

/// How long an event waits at most for its turn when the journal is quiet.
pub const EVERY: Duration = Duration::from_millis(100);
/// Whoever numbers or chains holds it.
pub(super) const LOCK: i64 = 0x6d69_7374_6f6b;
/// Most events that get their place at once.
const BATCH: u32 = 5_000;

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
    let next = numberable(&transaction).await?;
    if next.is_empty() {
        return Ok(0);
    }
    let begin = head(&transaction).await?;
    let (mut ids, mut hashes, mut end) = (Vec::with_capacity(next.len()), Vec::with_capacity(next.len()), begin);
    for (id, digest) in next {
        end = end.followed_by(digest_of(digest.as_deref())?);
        ids.push(id.to_string());
        hashes.push(hex(&end.hash));
    }
    let number = "
        UPDATE event SET seq = $1 + numbered.place, hash = decode(numbered.hash, 'hex')
        FROM unnest(string_to_array($2, ',')::uuid[], string_to_array($3, ',')) WITH ORDINALITY AS numbered (id, hash, place)
        WHERE event.id = numbered.id";
    let values = [begin.seq.into(), ids.join(",").into(), hashes.join(",").into()];
    let done = transaction.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, number, values)).await?.rows_affected();
    transaction.commit().await?;
    Ok(done)
}

/// The events that come next, in their order, with their digests.
async fn numberable(transaction: &DatabaseTransaction) -> Result<Vec<(Uuid, Option<Vec<u8>>)>> {
    // An entity's events keep the order of its versions: one waits for the youngest transaction of those before it, and comes
    // after that one's events, which keep the order in which they were written.
    let next = format!(
        "SELECT id, digest FROM (
            SELECT *, turn > xact::text::bigint AS waits FROM (
                SELECT id, digest, xact, entity_version, MAX(xact::text::bigint) OVER (PARTITION BY entity_id ORDER BY entity_version) AS turn
                FROM event WHERE seq IS NULL
            ) AS unnumbered
        ) AS numberable
        WHERE turn < pg_snapshot_xmin(pg_current_snapshot())::text::bigint OR turn >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
        ORDER BY turn, waits, CASE WHEN waits THEN entity_version END, id LIMIT {BATCH}"
    );
    let rows = transaction.query_all_raw(Statement::from_string(DbBackend::Postgres, next)).await?;
    Ok(rows.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "digest")?))).collect::<Result<_, sea_orm::DbErr>>()?)
}
