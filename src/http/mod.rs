//! The shell around the GraphQL schema: what is served where, and what every answer has in common.

mod accept;
mod allowance;
mod answer;
mod asked;
mod caller;
mod cors;
mod event_stream;
pub mod explorer;
mod failure;
mod files;
pub mod forwarded;
mod frame;
mod graphql;
mod health;
pub mod metrics;
mod oidc;
mod pages;
mod persisted;
mod seats;
mod server;
mod socket;
mod trace;
mod verdict;

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::App;
use crate::graphql::Api;
use crate::graphql::guard::Guard;
use crate::identities::provider::{NoTls, Provider};
use allowance::Allowances;
use failure::{Failure, Protocol};
use persisted::Persisted;
use seats::Seats;
pub use server::{serve, terminated};

/// How long a client may take to read a message of what stays open.
const READ_TIME: Duration = Duration::from_secs(10);
/// How often it is looked whether a client of what stays open is there still, and who they were.
const LOOK: Duration = Duration::from_secs(10);

/// What every handler may use.
#[derive(Clone)]
pub struct Shell {
    app: App,
    api: Api,
    guard: Arc<Guard>,
    sdl: Arc<str>,
    persisted: Arc<Persisted>,
    provider: Option<Arc<Provider>>,
    allowances: Arc<Allowances>,
    sockets: Arc<Seats>,
    subscriptions: Arc<Seats>,
}

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
pub enum Unserved {
    /// The schema's own text cannot be read back.
    #[error("the schema cannot be read back")]
    Schema(#[from] parser::Error),
    /// The machine offers no TLS.
    #[error("an OpenID provider cannot be spoken to")]
    Tls(#[from] NoTls),
}

/// Everything that is served.
///
/// # Errors
/// When the schema's own text cannot be read back, or an OpenID provider is named and the machine offers no TLS.
pub fn router(app: App, api: Api) -> Result<Router, Unserved> {
    let sdl: Arc<str> = crate::graphql::sdl(&api).into();
    let origins = app.config.cors.clone();
    let provider = Provider::of(&app.config)?.map(Arc::new);
    let shell = Shell {
        api,
        guard: Arc::new(Guard::new(&sdl)?),
        sdl,
        persisted: Arc::new(Persisted::new(app.config.trusted_documents.clone())),
        provider,
        allowances: Arc::new(Allowances::new(app.config.allowance)),
        sockets: socket::seats(),
        subscriptions: socket::seats_of_subscriptions(),
        app,
    };
    let routes = Router::<Shell>::new()
        .route("/", get(door))
        .route("/graphql", get(graphql::read).post(graphql::write).fallback(graphql::other))
        .route("/graphql/ws", get(socket::open))
        .route("/schema.graphql", get(schema))
        .route("/.well-known/jwks.json", get(keys))
        .route("/.well-known/mistok-checkpoint-keys.json", get(checkpoint_keys))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .merge(explorer::routes())
        .merge(pages::routes())
        .merge(oidc::routes())
        .merge(files::routes())
        .method_not_allowed_fallback(async || Failure::of(Protocol::MethodNotAllowed))
        .fallback(async || Failure::of(Protocol::NotFound));
    let caught = routes.layer(CatchPanicLayer::custom(panicked));
    let shared = if origins.is_empty() { caught } else { caught.layer(cors::layer(&origins)) };
    Ok(shared.layer(from_fn_with_state(shell.app.clone(), frame::around)).with_state(shell))
}

/// The front door: a browser is shown to the explorer; there is nothing else there.
async fn door(headers: HeaderMap) -> Result<Redirect, Failure> {
    if accept::wants_page(&headers) { Ok(Redirect::temporary("/graphql")) } else { Err(Failure::of(Protocol::NotFound)) }
}

async fn schema(State(shell): State<Shell>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], shell.sdl.to_string())
}

/// The public keys with which others verify our access tokens.
async fn keys(State(shell): State<Shell>) -> impl IntoResponse {
    ([(CACHE_CONTROL, "public, max-age=300")], Json(shell.app.keys.published()))
}

/// The public keys with which others verify checkpoints of our journal, former ones too.
async fn checkpoint_keys(State(shell): State<Shell>) -> impl IntoResponse {
    ([(CACHE_CONTROL, "public, max-age=300")], Json(shell.app.keys.trust().published()))
}

/// A panic costs the call it happened in, and neither the connection nor the process.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over by value")]
fn panicked(payload: Box<dyn Any + Send>) -> Response {
    let words = payload.downcast_ref::<String>().map(String::as_str).or_else(|| payload.downcast_ref::<&str>().copied());
    tracing::error!(panic = words.unwrap_or("of another type"), "a handler panicked");
    Failure::of(Protocol::Internal).into_response()
}
