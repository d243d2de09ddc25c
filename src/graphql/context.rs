//! What a resolver may ask of its request: the app, the caller, their language, the loaders.

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::Context;
use async_graphql::dataloader::DataLoader;
use async_graphql::runtime::{TokioSpawner, TokioTimer};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::loader::Loaders;
use crate::app::App;
use crate::auth::Actor;
use crate::error::Result;
use crate::locale::Locale;
use crate::reference;
use crate::reference::known::Known;

/// One request.
pub struct Request {
    app: App,
    actor: Arc<Actor>,
    locale: Locale,
    loaders: DataLoader<Loaders>,
    founded: Mutex<Vec<Uuid>>,
    known: OnceCell<Arc<Known>>,
}

impl Request {
    /// A request of `actor`.
    #[must_use]
    pub fn new(app: App, actor: Actor, locale: Locale) -> Self {
        let actor = Arc::new(actor);
        let loaders = DataLoader::new(Loaders { app: app.clone(), actor: Arc::clone(&actor) }, TokioSpawner::current(), TokioTimer::default());
        Self { app, actor, locale, loaders, founded: Mutex::default(), known: OnceCell::new() }
    }
}

/// The request behind a resolver's context.
pub trait RequestContext {
    /// What the request may use.
    fn app(&self) -> &App;
    /// Who asks.
    fn actor(&self) -> &Actor;
    /// Which language they read.
    fn locale(&self) -> Locale;
    /// Batched reads, as far as they may see.
    fn loaders(&self) -> &DataLoader<Loaders>;
    /// Notes that this request has registered an organisation: its actor was read before they were its owner.
    fn found(&self, organisation: Uuid);
    /// Whether this request has registered an organisation.
    fn founded(&self, organisation: Uuid) -> bool;
    /// The codes that are known, read once a request.
    fn known(&self) -> impl Future<Output = Result<&Known>> + Send;
}

impl RequestContext for Context<'_> {
    fn app(&self) -> &App {
        &self.data_unchecked::<Request>().app
    }

    fn actor(&self) -> &Actor {
        &self.data_unchecked::<Request>().actor
    }

    fn locale(&self) -> Locale {
        self.data_unchecked::<Request>().locale
    }

    fn loaders(&self) -> &DataLoader<Loaders> {
        &self.data_unchecked::<Request>().loaders
    }

    fn found(&self, organisation: Uuid) {
        self.data_unchecked::<Request>().founded.lock().unwrap_or_else(PoisonError::into_inner).push(organisation);
    }

    fn founded(&self, organisation: Uuid) -> bool {
        self.data_unchecked::<Request>().founded.lock().unwrap_or_else(PoisonError::into_inner).contains(&organisation)
    }

    async fn known(&self) -> Result<&Known> {
        let request = self.data_unchecked::<Request>();
        Ok(request.known.get_or_try_init(|| reference::service::known(&request.app)).await?)
    }
}
