//! Whether the process lives, and whether it is ready: the database answers, its schema is the program's, the index is built.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

use super::Shell;
use crate::app::App;
use crate::db::SchemaState;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The parts that must be ready.
#[derive(Serialize)]
struct Parts {
    database: Part,
    migrations: Part,
    index: Part,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Part {
    Ready,
    Waiting,
    Unknown,
}

impl Part {
    const fn of(ready: bool) -> Self {
        if ready { Self::Ready } else { Self::Waiting }
    }
}

/// The process answers.
pub async fn live() -> Json<Value> {
    Json(json!({ "status": "live" }))
}

/// All parts, with 503 until each is ready.
pub async fn ready(State(shell): State<Shell>) -> (StatusCode, Json<Value>) {
    let parts = parts(&shell.app).await;
    let is_ready = [parts.database, parts.migrations, parts.index].iter().all(|part| *part == Part::Ready);
    let (status, word) = if is_ready { (StatusCode::OK, "ready") } else { (StatusCode::SERVICE_UNAVAILABLE, "waiting") };
    (status, Json(json!({ "status": word, "parts": parts })))
}

async fn parts(app: &App) -> Parts {
    let (database, migrations) = match tokio::time::timeout(PATIENCE, app.db.schema_state()).await {
        Ok(Ok(state)) => (Part::Ready, Part::of(matches!(state, SchemaState::Current(_)))),
        Ok(Err(cause)) => {
            tracing::warn!(%cause, "the database does not answer");
            (Part::Waiting, Part::Unknown)
        }
        Err(_) => (Part::Waiting, Part::Unknown),
    };
    Parts { database, migrations, index: Part::of(app.matcher.is_ready()) }
}
