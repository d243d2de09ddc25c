//! What a request may use, built once; and the transaction in which a use case happens.

use std::ops::Deref;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use crate::auth::{Actor, api_token::Uses, token::Keys};
use crate::clock::{Clock, Ids};
use crate::config::Config;
use crate::db::Db;
use crate::error::Result;
use crate::events::{self, Event};
use crate::matching::Matcher;
use crate::metrics::Metrics;
use crate::reference::known::Known;

/// Everything a use case may reach. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where ids come from.
    pub ids: Arc<Ids>,
    /// The installation's secrets.
    pub keys: Arc<Keys>,
    /// The settings.
    pub config: Arc<Config>,
    /// The codes that are known, as last read.
    pub known: Arc<Mutex<Arc<Known>>>,
    /// When API tokens were used.
    pub uses: Arc<Uses>,
    /// The live index of businesses.
    pub matcher: Arc<Matcher>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, keys: Keys, config: Config) -> Self {
        Self {
            db,
            clock,
            ids: Arc::default(),
            keys: Arc::new(keys),
            config: Arc::new(config),
            known: Arc::default(),
            uses: Arc::default(),
            matcher: Arc::default(),
            metrics: Arc::default(),
        }
    }

    /// Begins a use case: its transaction, its moment and its name in the journal.
    ///
    /// # Errors
    /// When no connection is free in time.
    pub async fn begin<'a>(&'a self, actor: &'a Actor) -> Result<UseCase<'a>> {
        let transaction = self.db.begin().await?;
        let now = self.clock.now();
        Ok(UseCase { app: self, actor, now, operation: self.ids.next(now), transaction, events: Vec::new() })
    }
}

/// One use case under way. Rows are written through it; dropped without [`UseCase::commit`], nothing happened.
pub struct UseCase<'a> {
    /// What it may reach.
    pub app: &'a App,
    /// Who does it.
    pub actor: &'a Actor,
    /// The one moment at which it happens.
    pub now: DateTime<Utc>,
    operation: Uuid,
    transaction: DatabaseTransaction,
    events: Vec<Event>,
}

impl UseCase<'_> {
    /// A new id.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        self.app.ids.next(self.now)
    }

    /// Notes an event; it is written with the commit.
    pub fn record(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Writes the events and makes all of it last.
    ///
    /// # Errors
    /// When the database refuses; then nothing happened.
    pub async fn commit(self) -> Result<()> {
        let Self { app, actor, now, operation, transaction, events } = self;
        let rows = events::rows(events, operation, actor, now, || app.ids.next(now))?;
        events::append(&transaction, rows).await?;
        transaction.commit().await?;
        Ok(())
    }
}

impl Deref for UseCase<'_> {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}
