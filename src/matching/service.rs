//! The questions that the matcher answers, for people and for the command line alike.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};
use entity::{event, project, requirement, work_package};
use serde_json::Value;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::border;
use super::engine::{Index, Match, Package, Prospect, Rank, Ranking};
use crate::app::App;
use crate::auth::Actor;
use crate::error::{Code, Error, Result};
use crate::events::EventKind;
use crate::locale::Said;
use crate::{calls, projects};

/// Most open work packages that are held against one business, newest projects first.
const OPEN_PACKAGES: u64 = 2_000;

/// A work package with all that the engine reads of it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The work package.
    pub package: work_package::Model,
    /// Its project.
    pub project: project::Model,
    /// What a partner must have, or scores by having.
    pub requirements: Vec<requirement::Model>,
}

impl Wanted {
    fn at(&self, now: DateTime<Utc>) -> Package {
        border::package(&self.package, &self.project, &self.requirements, now)
    }
}

/// Reads a work package that the actor may see.
///
/// # Errors
/// When there is none, or the database cannot be read.
pub async fn wanted(app: &App, actor: &Actor, id: Uuid) -> Result<Wanted> {
    let reader = app.db.reader();
    let missing = || Error::not_found("workPackageId");
    let package = projects::store::work_packages_by_ids(reader, actor, vec![id]).await?.pop().ok_or_else(missing)?;
    let project = projects::store::by_id(reader, actor, package.project_id).await?.ok_or_else(missing)?;
    let requirements = projects::store::requirements(reader, vec![id]).await?;
    Ok(Wanted { package, project, requirements })
}

/// The businesses that suit a work package and stand behind `after`, best first, at most `limit`.
///
/// # Errors
/// When the index is not loaded yet.
pub async fn rank(app: &App, wanted: &Wanted, limit: usize, after: Option<Rank>) -> Result<Ranking> {
    let package = wanted.at(app.clock.now());
    with_index(app, move |index, _| index.rank(&package, limit, after)).await
}

/// How one business stands to a work package, whether it is among the best or not.
pub struct Standing {
    /// Its gates, its points and their reasons.
    pub found: Match,
    /// Its place among those that pass, from 1; none when it fails a gate or too little speaks for it.
    pub rank: Option<usize>,
}

/// How a business stands to a work package; none when there is no such business.
///
/// # Errors
/// When the index is not loaded yet, or the database cannot be read.
pub async fn stand(app: &App, wanted: &Wanted, business: Uuid) -> Result<Option<Standing>> {
    meet(app, business).await?;
    let package = wanted.at(app.clock.now());
    let standing = with_index(app, move |index, _| index.explain_with_place(&package, business.as_u128())).await?;
    Ok(standing.map(|(found, rank)| Standing { found, rank }))
}

/// The open work packages, read once for all businesses of a request.
pub struct Open(Vec<(Wanted, Package)>);

impl Open {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Reads the open work packages: the 2,000 of the newest open projects.
///
/// # Errors
/// When the database cannot be read.
pub async fn open(app: &App) -> Result<Arc<Open>> {
    as_open(app, projects::store::open_work_packages(app.db.reader(), OPEN_PACKAGES).await?).await
}

/// Reads which of the work packages that an event of the journal tells of are open: those that it adds, or opens to partners.
///
/// # Errors
/// When the database cannot be read.
pub async fn opened(app: &App, event: &event::Model) -> Result<Arc<Open>> {
    let reader = app.db.reader();
    let ids = match EventKind::parse(&event.kind) {
        Some(EventKind::WorkPackageAdded) => vec![event.entity_id],
        Some(EventKind::ProjectAdvanced) if becomes_public(event) => {
            projects::store::work_packages(reader, vec![event.entity_id]).await?.into_iter().map(|package| package.id).collect()
        }
        Some(EventKind::CallPublished) => calls::store::work_packages(reader, vec![event.entity_id]).await?.into_iter().map(|link| link.work_package_id).collect(),
        _ => Vec::new(),
    };
    as_open(app, projects::store::open_among(reader, ids).await?).await
}

/// Whether a project is shown to everybody from this event on.
fn becomes_public(event: &event::Model) -> bool {
    event
        .payload
        .as_deref()
        .and_then(|payload| serde_json::from_slice::<Value>(payload).ok())
        .is_some_and(|detail| detail["from"] == project::State::Idea.as_str() && detail["state"] == project::State::Defined.as_str())
}

async fn as_open(app: &App, open: Vec<(work_package::Model, project::Model)>) -> Result<Arc<Open>> {
    let requirements = projects::store::requirements(app.db.reader(), open.iter().map(|(package, _)| package.id).collect()).await?;
    let mut requirements = crate::db::group(requirements, |row| row.work_package_id);
    let now = app.clock.now();
    let wanted = open.into_iter().map(|(package, project)| Wanted { requirements: requirements.remove(&package.id).unwrap_or_default(), package, project });
    Ok(Arc::new(Open(wanted.map(|wanted| (wanted.clone(), wanted.at(now))).collect())))
}

/// The open work packages that suit a business.
pub struct Suitable {
    /// The best, best first.
    pub best: Vec<(Rank, work_package::Model, Match)>,
    /// How many suit it.
    pub passed: usize,
    /// For how many it fails a gate.
    pub failed: usize,
}

/// The open work packages that suit a business and stand behind `after`, at most `limit`.
///
/// # Errors
/// When the index is not loaded yet, or the database cannot be read.
pub async fn suitable(app: &App, business: Uuid, open: &Arc<Open>, limit: usize, after: Option<Rank>) -> Result<Suitable> {
    meet(app, business).await?;
    let read = Arc::clone(open);
    let found = with_index(app, move |index, go_on| {
        let packages: Vec<&Package> = read.0.iter().map(|(_, package)| package).collect();
        index.score_packages(business.as_u128(), &packages, limit, after, go_on)
    })
    .await?;
    let best = found.best.into_iter().filter_map(|Prospect { rank, at, found }| Some((rank, open.0.get(at)?.0.package.clone(), found))).collect();
    Ok(Suitable { best, passed: found.passed, failed: found.failed })
}

/// Sees to it that the index knows a business: one that registered a moment ago is read now rather than when the journal
/// is looked at next.
async fn meet(app: &App, business: Uuid) -> Result<()> {
    let known = with_index(app, move |index, _| index.contains(business.as_u128())).await?;
    if known { Ok(()) } else { super::live::meet(app, business).await }
}

/// Questions at a time: more would only take the cores from one another and from the other requests.
static TURNS: Semaphore = Semaphore::const_new(8);

/// Tells a question that nobody waits for its answer any more.
struct Waiting(Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// Runs a question on the index off the async threads. It keeps its turn until it ends, and is told by `go_on` when the
/// request has ended, by its time limit or because the caller left.
async fn with_index<T: Send + 'static>(app: &App, question: impl FnOnce(&Index, &dyn Fn() -> bool) -> T + Send + 'static) -> Result<T> {
    if !app.matcher.is_ready() {
        return Err(not_ready());
    }
    let turn = TURNS.acquire().await.map_err(Error::internal)?;
    let matcher = Arc::clone(&app.matcher);
    let waiting = Waiting(Arc::new(AtomicBool::new(true)));
    let awaited = Arc::clone(&waiting.0);
    let answer = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        question(&matcher.index(), &|| awaited.load(Ordering::Relaxed))
    });
    answer.await.map_err(Error::internal)
}

fn not_ready() -> Error {
    Error::refused(
        Code::Unavailable,
        "",
        Said::new("Перелік бізнесів ще завантажується.", "The list of businesses is still being loaded."),
        Said::new("Спробуйте за хвилину; готовність показує /health/ready.", "Try again in a minute; /health/ready tells when it is ready."),
    )
}
