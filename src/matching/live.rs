//! The live index: loaded at the start, then kept up to date from the journal.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use uuid::Uuid;

use super::border;
use super::engine::{Business, Index};
use crate::app::App;
use crate::auth::Actor;
use crate::db::ROWS_A_STATEMENT;
use crate::error::{Error, Result};
use crate::events::{self, EventKind, Feed};
use crate::organisations;
use crate::organisations::store::Profile;

/// How often the journal is looked at.
pub const EVERY: Duration = Duration::from_millis(250);

const BUSINESSES_A_READ: u64 = 500;
const EVENTS_A_READ: u64 = 5_000;

/// The index of all businesses, shared by the requests that rank and the one task that keeps it.
pub struct Matcher {
    index: RwLock<Index>,
    /// The last event that the index has heard of.
    heard: AtomicI64,
    ready: AtomicBool,
}

impl Default for Matcher {
    fn default() -> Self {
        Self { index: RwLock::new(Index::new(border::neighbours())), heard: AtomicI64::new(0), ready: AtomicBool::new(false) }
    }
}

impl Matcher {
    /// Whether the index is loaded.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    /// How many businesses it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.index().len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn index(&self) -> RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Loads every business: one chunk is read while the one before goes into the index.
///
/// # Errors
/// When the database cannot be read.
pub async fn load(app: &App) -> Result<()> {
    let heard = events::last_sequence(app.db.reader()).await?;
    let mut after = None;
    let mut waiting = Vec::new();
    loop {
        let (next, taken) = tokio::join!(read(app, after), take_in(app, waiting, Index::put));
        taken?;
        waiting = next?;
        let Some(last) = waiting.last() else { break };
        after = Some(last.organisation.id);
    }
    app.matcher.heard.store(heard, Ordering::Release);
    app.matcher.ready.store(true, Ordering::Release);
    Ok(())
}

/// The businesses after `after`, in order of their ids.
async fn read(app: &App, after: Option<Uuid>) -> Result<Vec<Profile>> {
    let ids = organisations::store::business_ids(app.db.reader(), after, BUSINESSES_A_READ).await?;
    organisations::store::for_matching(app.db.reader(), ids).await
}

/// Takes in what the journal tells since; returns how many events that were.
///
/// # Errors
/// When the database cannot be read.
pub async fn follow(app: &App) -> Result<usize> {
    let after = app.matcher.heard.load(Ordering::Acquire);
    let wanted = Feed { after, limit: EVENTS_A_READ, ..Feed::default() };
    let news = events::feed(app.db.reader(), &Actor::system(), &wanted).await?;
    let Some(last) = news.last().and_then(|event| event.seq) else { return Ok(0) };
    let changed: BTreeSet<Uuid> = news.iter().filter(|event| EventKind::parse(&event.kind).is_some_and(concerns_business)).filter_map(|event| event.organisation_id).collect();
    let changed: Vec<Uuid> = changed.into_iter().collect();
    for ids in changed.chunks(ROWS_A_STATEMENT) {
        let profiles = organisations::store::for_matching(app.db.reader(), ids.to_vec()).await?;
        let kept: BTreeSet<Uuid> = profiles.iter().map(|profile| profile.organisation.id).collect();
        leave_out(app, ids.iter().copied().filter(|id| !kept.contains(id)).collect()).await?;
        take_in(app, profiles, Index::put).await?;
    }
    app.matcher.heard.store(last, Ordering::Release);
    Ok(news.len())
}

/// Reads a business that the index lacks and takes it in, unless the journal was quicker; what is no business is left out.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn meet(app: &App, id: Uuid) -> Result<()> {
    take_in(app, organisations::store::for_matching(app.db.reader(), vec![id]).await?, Index::meet).await
}

/// Whether the organisation that an event names must be read anew.
fn concerns_business(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::OrganisationRegistered
            | EventKind::OrganisationImported
            | EventKind::OrganisationUpdated
            | EventKind::OrganisationVerified
            | EventKind::CapabilityDeclared
            | EventKind::PastWorkRecorded
            | EventKind::PastWorkRemoved
    )
}

/// Loads the index, then follows the journal until the task is ended. A database that is away is asked again.
pub async fn run(app: App) {
    while let Err(error) = load(&app).await {
        tracing::error!(?error, "the index could not be loaded; it is tried again");
        tokio::time::sleep(EVERY).await;
    }
    tracing::info!(businesses = app.matcher.len(), "the index is ready");
    loop {
        match follow(&app).await {
            Ok(0) => tokio::time::sleep(EVERY).await,
            Ok(_) => {}
            Err(error) => {
                tracing::error!(?error, "the index could not follow the journal; it is tried again");
                tokio::time::sleep(EVERY).await;
            }
        }
    }
}

/// Takes those out of the index that are no longer matched.
async fn leave_out(app: &App, ids: Vec<Uuid>) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let matcher = Arc::clone(&app.matcher);
    let remove_all = move || {
        let mut index = matcher.index.write().unwrap_or_else(PoisonError::into_inner);
        for id in ids {
            index.remove(id.as_u128());
        }
    };
    tokio::task::spawn_blocking(remove_all).await.map_err(Error::internal)
}

/// Takes businesses into the index off the async threads.
async fn take_in(app: &App, profiles: Vec<Profile>, take: fn(&mut Index, Business)) -> Result<()> {
    let matcher = Arc::clone(&app.matcher);
    let take_all = move || {
        let businesses: Vec<_> = profiles.into_iter().map(border::business).collect();
        let mut index = matcher.index.write().unwrap_or_else(PoisonError::into_inner);
        for business in businesses {
            take(&mut index, business);
        }
    };
    tokio::task::spawn_blocking(take_all).await.map_err(Error::internal)
}
