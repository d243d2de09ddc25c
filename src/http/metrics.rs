//! `/metrics`, on a listener of its own, since it is for who runs the service alone.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::failure::Protocol;
use crate::app::App;
use crate::error::Result;
use crate::metrics::State as Figure;
use crate::{events, jobs};

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the listener of metrics serves.
pub fn router(app: App) -> Router {
    Router::new().route("/metrics", get(metrics)).with_state(app)
}

async fn metrics(State(app): State<App>) -> Response {
    let answers = match tokio::time::timeout(PATIENCE, look(&app)).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::warn!(?error, "the database does not answer");
            false
        }
        Err(_) => false,
    };
    app.metrics.set(Figure::DatabaseUp, i64::from(answers));
    let (open, idle) = app.db.connections();
    app.metrics.set(Figure::Connections, open);
    app.metrics.set(Figure::ConnectionsIdle, idle);
    app.metrics.set(Figure::IndexReady, i64::from(app.matcher.is_ready()));
    app.metrics.set(Figure::IndexBusinesses, u64::try_from(app.matcher.len()).unwrap_or_default());
    match app.metrics.text() {
        Ok(text) => ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"), (CACHE_CONTROL, "no-store")], text).into_response(),
        Err(cause) => {
            tracing::error!(%cause, "the metrics cannot be written");
            Protocol::Internal.status().into_response()
        }
    }
}

/// Looks up what only the database knows.
async fn look(app: &App) -> Result<()> {
    let (waiting, since) = events::backlog(app.db.reader()).await?;
    let (due, failed) = jobs::waiting(app).await?;
    app.metrics.set(Figure::JournalBacklog, waiting);
    app.metrics.set(Figure::JournalDelay, since.map_or(0, |since| (app.clock.now() - since).num_seconds().max(0)));
    app.metrics.set(Figure::JobsDue, due);
    app.metrics.set(Figure::JobsFailed, failed);
    Ok(())
}
