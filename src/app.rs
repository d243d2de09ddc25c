//! What a request may use, built once; and the transaction in which a use case happens.

use std::ops::Deref;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::auth::token::{Keys, random};
use crate::auth::{Actor, api_token::Uses};
use crate::clock::{Clock, Ids};
use crate::config::Config;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::events::{self, Event};
use crate::idempotency;
use crate::ids::NodeKind;
use crate::matching::Matcher;
use crate::metrics::Metrics;
use crate::objects::Objects;
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
    /// Where files are kept.
    pub objects: Arc<Objects>,
    /// The live index of businesses.
    pub matcher: Arc<Matcher>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// How far the journal goes.
    pub newest: Arc<events::Newest>,
    /// Told when the process takes no new calls: what stays open ends itself.
    pub closing: CancellationToken,
    /// What stays open.
    pub open: TaskTracker,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, keys: Keys, config: Config) -> Self {
        let objects = Arc::new(Objects::new(config.attachments.clone()));
        Self {
            db,
            clock,
            ids: Arc::default(),
            keys: Arc::new(keys),
            config: Arc::new(config),
            known: Arc::default(),
            uses: Arc::default(),
            objects,
            matcher: Arc::default(),
            metrics: Arc::default(),
            newest: Arc::default(),
            closing: CancellationToken::new(),
            open: TaskTracker::new(),
        }
    }

    /// Begins a use case: its transaction, its moment and its name in the journal. Under a key it begins once.
    ///
    /// # Errors
    /// When no connection is free in time, or it was done under the actor's key before.
    pub async fn begin<'a>(&'a self, actor: &'a Actor) -> Result<UseCase<'a>> {
        let transaction = self.db.begin().await?;
        let now = self.clock.now();
        if let Some(key) = &actor.key
            && !idempotency::claim(&transaction, key, now).await?
        {
            return Err(Error::done_before());
        }
        Ok(UseCase { app: self, actor, now, operation: self.ids.next(now), delegation: None, transaction, events: Vec::new(), touched: Vec::new() })
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
    delegation: Option<Uuid>,
    transaction: DatabaseTransaction,
    events: Vec<Event>,
    touched: Vec<(NodeKind, Uuid)>,
}

impl UseCase<'_> {
    /// A new id.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        self.app.ids.next(self.now)
    }

    /// Notes for whom it is done: where the actor is none of the organisation's own, its events name the delegation by which they act.
    pub fn acts_for(&mut self, organisation: Uuid) {
        self.delegation = self.actor.by_delegation(organisation);
    }

    /// Notes an event; it is written with the commit.
    pub fn record(&mut self, event: Event) {
        self.touch(event.node, event.id);
        self.events.push(event);
    }

    /// Notes the entity with which a repeat of the call answers, where another of its kind changed before it.
    pub fn answer_with(&mut self, kind: NodeKind, id: Uuid) {
        self.touched.insert(0, (kind, id));
    }

    /// Notes that an entity changed which the journal does not follow, such as a sign-in: a repeat of the call answers with it.
    pub fn touch(&mut self, kind: NodeKind, id: Uuid) {
        self.touched.push((kind, id));
    }

    /// Makes what was written last although the use case is refused, such as the count of wrong codes; a key under which it was
    /// called is free again.
    ///
    /// # Errors
    /// With the refusal, or when the database refuses.
    pub async fn refuse<T>(self, refusal: Error) -> Result<T> {
        if let Some(key) = &self.actor.key {
            idempotency::release(&self.transaction, key).await?;
        }
        self.transaction.commit().await?;
        Err(refusal)
    }

    /// Writes the events and makes all of it last.
    ///
    /// # Errors
    /// When the database refuses; then nothing happened.
    pub async fn commit(self) -> Result<()> {
        let Self { app, actor, now, operation, delegation, transaction, mut events, touched } = self;
        if let Some(key) = &actor.key {
            idempotency::note(&transaction, key, &touched).await?;
        }
        if let Some(delegation) = delegation {
            for event in &mut events {
                event.detail["delegation"] = json!(delegation);
            }
        }
        let rows = events::rows(events, operation, actor, now, || app.ids.next(now), || random().map_err(Error::internal))?;
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
