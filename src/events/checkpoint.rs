//! Checkpoints: what the journal was at a moment, signed and public. Whoever keeps one can tell later whether what came before it was
//! changed, also by whoever holds the database and the keys.

use chrono::{DateTime, Utc};
use entity::checkpoint::{self, Column};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait as _, IntoActiveModel as _, Order, QueryOrder as _};

use super::journal::head;
use crate::app::App;
use crate::auth::checkpoint::Checkpoint;
use crate::error::{Error, Result};
use crate::page::{self, Page, Rows, Term};

/// Signs how far the journal goes, unless that was done; returns the newest checkpoint. A use case whose outcome others are to rely on
/// calls it for what was sequenced before.
///
/// # Errors
/// When the database refuses, or signing fails.
pub async fn checkpoint(connection: &impl ConnectionTrait, app: &App, now: DateTime<Utc>) -> Result<Option<checkpoint::Model>> {
    let head = head(connection).await?;
    let newest = newest(connection).await?;
    if newest.as_ref().map_or(0, |newest| newest.seq) >= head.seq {
        return Ok(newest);
    }
    let signer = app.keys.checkpoints();
    let issuer = app.config.public_url.page("");
    let signature = signer.sign(&Checkpoint { seq: head.seq, hash: head.hash, time: now, issuer }).map_err(Error::internal)?;
    let row = checkpoint::Model { seq: head.seq, hash: head.hash.to_vec(), time: now, key_id: signer.kid().to_owned(), signature };
    // Of two nodes that sign the same place at once, one is first, and that one counts.
    let once = OnConflict::column(Column::Seq).do_nothing().to_owned();
    checkpoint::Entity::insert(row.into_active_model()).on_conflict(once).exec_without_returning(connection).await?;
    self::newest(connection).await
}

/// The checkpoint of the latest place.
///
/// # Errors
/// When the database cannot be read.
pub async fn newest(connection: &impl ConnectionTrait) -> Result<Option<checkpoint::Model>> {
    Ok(checkpoint::Entity::find().order_by_desc(Column::Seq).one(connection).await?)
}

/// A page of checkpoints, newest first. They are for everybody.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn list(connection: &impl ConnectionTrait, page: &Page) -> Result<Rows<checkpoint::Model>> {
    page::read(connection, checkpoint::Entity::find(), page, vec![Term { column: Column::Time, order: Order::Desc }], Column::Seq).await
}
