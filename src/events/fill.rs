//! Gives what was written before there was a chain its place in it: once, when the program starts, in the order of the journal and
//! before anything new is numbered. What is chained so counts as it was found; so it refuses where a checkpoint shows that the chain was
//! there already.

use entity::event::{self, Column};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use sea_orm::{ConnectionTrait as _, DbBackend, Select, Statement};

use super::chain::{self, Head, Salt};
use super::checkpoint;
use super::journal::digest_of;
use super::sequencer::LOCK;
use crate::db::{Db, ROWS_A_STATEMENT};
use crate::error::{Error, Result};

/// Fills in what is missing; returns how many events it was missing of.
///
/// # Errors
/// When the database refuses, or there is no salt; what was filled in before stays.
pub async fn fill(db: &Db, new_salt: impl Fn() -> Result<Salt>) -> Result<u64> {
    let mut filled = 0;
    if newest_lacks_hash(db).await? {
        let mut head = unsigned(db).await?;
        loop {
            let transaction = taken(db).await?;
            let rows = some(event::Entity::find().filter(Column::Seq.gt(head.seq)).order_by_asc(Column::Seq)).all(&transaction).await?;
            let last = rows.len() < ROWS_A_STATEMENT;
            for mut row in rows {
                sealed(&mut row, &new_salt)?;
                head = head.followed_by(digest_of(row.digest.as_deref())?);
                // Another node that starts too may have been here.
                if row.hash.is_none() {
                    row.hash = Some(head.hash.to_vec());
                    write(&transaction, row).await?;
                    filled += 1;
                }
            }
            transaction.commit().await?;
            if last {
                break;
            }
        }
    }
    while waiting().one(db.reader()).await?.is_some() {
        let transaction = taken(db).await?;
        for mut row in some(waiting()).all(&transaction).await? {
            sealed(&mut row, &new_salt)?;
            write(&transaction, row).await?;
            filled += 1;
        }
        transaction.commit().await?;
    }
    Ok(filled)
}

/// What has neither place nor digest.
fn waiting() -> Select<event::Entity> {
    event::Entity::find().filter(Column::Seq.is_null()).filter(Column::Digest.is_null()).filter(Column::Payload.is_not_null())
}

fn some(select: Select<event::Entity>) -> Select<event::Entity> {
    select.limit(ROWS_A_STATEMENT as u64)
}

/// A transaction beside which nothing is numbered.
async fn taken(db: &Db) -> Result<DatabaseTransaction, DbErr> {
    let transaction = db.begin().await?;
    if db.backend() == DbBackend::Postgres {
        transaction.execute_raw(Statement::from_string(DbBackend::Postgres, format!("SELECT pg_advisory_xact_lock({LOCK})"))).await?;
    }
    Ok(transaction)
}

async fn newest_lacks_hash(db: &Db) -> Result<bool> {
    let newest = event::Entity::find().filter(Column::Seq.is_not_null()).order_by_desc(Column::Seq).one(db.reader()).await?;
    Ok(newest.is_some_and(|newest| newest.hash.is_none()))
}

/// How far the chain goes from its beginning, where no checkpoint covers what comes next.
async fn unsigned(db: &Db) -> Result<Head> {
    // In this order: while another node that starts too fills and signs, the checkpoint is the older.
    let signed = checkpoint::newest(db.reader()).await?.map_or(0, |newest| newest.seq);
    let head = chained(db).await?;
    if signed <= head.seq {
        return Ok(head);
    }
    let next = head.seq + 1;
    Err(Error::internal(format!(
        "event {next} of the journal has no hash, though a signed checkpoint covers it (up to {signed}): somebody changed the database. \
         Nothing was filled in; see what `mistok audit verify` says, and restore a backup from before"
    )))
}

/// How far the chain goes from its beginning.
async fn chained(db: &Db) -> Result<Head> {
    let before = event::Entity::find().select_only().column_as(Column::Seq.min(), "seq").filter(Column::Seq.is_not_null()).filter(Column::Hash.is_null());
    let mut chained = event::Entity::find().filter(Column::Seq.is_not_null()).filter(Column::Hash.is_not_null());
    if let Some(first) = before.into_tuple::<Option<i64>>().one(db.reader()).await?.flatten() {
        chained = chained.filter(Column::Seq.lt(first));
    }
    let Some(row) = chained.order_by_desc(Column::Seq).one(db.reader()).await? else { return Ok(Head::START) };
    let hash = row.hash.and_then(|hash| hash.try_into().ok()).ok_or_else(|| Error::internal("an event has a hash that is none"))?;
    Ok(Head { seq: row.seq.unwrap_or_default(), hash })
}

fn sealed(row: &mut event::Model, new_salt: impl Fn() -> Result<Salt>) -> Result<()> {
    if row.digest.is_none() {
        chain::seal(row, new_salt()?).map_err(Error::internal)?;
    }
    Ok(())
}

async fn write(transaction: &DatabaseTransaction, row: event::Model) -> Result<(), DbErr> {
    let made = event::ActiveModel { hash: Set(row.hash), digest: Set(row.digest), salt: Set(row.salt), ..Default::default() };
    event::Entity::update_many().set(made).filter(Column::Id.eq(row.id)).exec(transaction).await.map(drop)
}
