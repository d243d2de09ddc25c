//! The rows of calls that were made under a key.

use chrono::{DateTime, Utc};
use entity::{Codes, idempotency_key};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait};

use uuid::Uuid;

use super::{KEPT, Key, conflict};
use crate::db::{self, Db};
use crate::error::{Error, Result};
use crate::ids::{NodeKind, encode};

/// Takes the key for this transaction. Waits for another that holds it; false when it did what it had to.
///
/// # Errors
/// When the wait is too long, or the database refuses.
pub async fn claim(transaction: &impl ConnectionTrait, key: &Key, now: DateTime<Utc>) -> Result<bool> {
    use idempotency_key::Column::{Changed, CreatedAt, Input, Key as Name};
    let row = idempotency_key::ActiveModel { key: Set(key.key.clone()), input: Set(key.input.clone()), changed: Set(Codes(Vec::new())), created_at: Set(now) };
    // A row that is kept no longer is as if it were not there.
    let taken_over = OnConflict::column(Name).update_columns([Input, Changed, CreatedAt]).action_and_where(CreatedAt.lte(now - KEPT)).to_owned();
    let rows = idempotency_key::Entity::insert(row).on_conflict(taken_over).exec_without_returning(transaction).await?;
    Ok(rows > 0)
}

/// Notes what the transaction changes under its key.
///
/// # Errors
/// When the database refuses.
pub async fn note(transaction: &impl ConnectionTrait, key: &Key, touched: &[(NodeKind, Uuid)]) -> Result<()> {
    let changed = Codes(touched.iter().map(|(kind, id)| encode(*kind, *id).0).collect());
    let row = idempotency_key::ActiveModel { key: Set(key.key.clone()), changed: Set(changed), ..Default::default() };
    row.update(transaction).await?;
    Ok(())
}

/// Gives the key back: under it nothing was done.
///
/// # Errors
/// When the database refuses.
pub async fn release(transaction: &impl ConnectionTrait, key: &Key) -> Result<()> {
    idempotency_key::Entity::delete_by_id(&key.key).exec(transaction).await?;
    Ok(())
}

/// The opaque ids of what was changed under the key; none when nothing was done under it within a day.
///
/// # Errors
/// When something else was done under it, or the database cannot be read.
pub async fn done(connection: &impl ConnectionTrait, key: &Key, now: DateTime<Utc>) -> Result<Option<Vec<String>>> {
    match idempotency_key::Entity::find_by_id(&key.key).one(connection).await? {
        Some(row) if row.created_at > now - KEPT => {
            if row.input == key.input {
                Ok(Some(row.changed.0))
            } else {
                Err(conflict())
            }
        }
        _ => Ok(None),
    }
}

/// Takes away what was done longer than a day ago.
///
/// # Errors
/// When the database refuses; what went before is gone.
pub async fn purge(db: &Db, now: DateTime<Utc>) -> Result<(), Error> {
    let over = Condition::all().add(idempotency_key::Column::CreatedAt.lte(now - KEPT));
    Ok(db::delete_in_turns::<idempotency_key::Entity>(db, idempotency_key::Column::Key, over).await?)
}
