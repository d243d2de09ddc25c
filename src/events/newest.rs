//! How far the journal goes, as all who follow it in this process know it: they ask the database once between them.

use std::time::Duration;

use sea_orm::ConnectionTrait;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::last_sequence;
use crate::error::Result;

/// How long what was read counts.
pub const EVERY: Duration = Duration::from_millis(250);

/// The sequence of the newest event, and when it was read.
#[derive(Debug, Default)]
pub struct Newest(Mutex<Option<(Instant, i64)>>);

impl Newest {
    /// The sequence of the newest sequenced event, a quarter of a second old at most.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sequence(&self, connection: &impl ConnectionTrait) -> Result<i64> {
        let mut known = self.0.lock().await;
        if let Some((read_at, sequence)) = *known
            && read_at.elapsed() < EVERY
        {
            return Ok(sequence);
        }
        let sequence = last_sequence(connection).await?;
        *known = Some((Instant::now(), sequence));
        Ok(sequence)
    }
}
