//! What every integration test stands on: the service over an empty database of either kind, and a caller that speaks HTTP.

pub mod browser;
pub mod content;
mod database;
pub mod files;
pub mod letters;
pub mod news;
pub mod oidc_provider;
pub mod operations;
pub mod people;
pub mod program;
pub mod socket;
pub mod story;

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use chrono::{DateTime, TimeDelta, Utc};
use http_body_util::BodyExt as _;
use migration::{Migrator, MigratorTrait as _};
use mistok::app::App;
use mistok::auth::token;
use mistok::clock::FixedClock;
use mistok::error::Error;
use mistok::http::forwarded::Peer;
use mistok::{events, graphql, jobs, matching, notifications, tokens};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use database::Database;
pub use database::Kind;
pub use operations::Operations;
pub use people::{Cast, Person};

/// Makes one test out of an async function that takes a [`TestApp`]: `name::on_sqlite` and `name::on_postgres`.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident) $body:block)+) => {
        $(
            $(#[$meta])*
            mod $name {
                use super::*;

                async fn story($app: &$crate::support::TestApp) $body

                async fn run(kind: $crate::support::Kind) {
                    let app = $crate::support::TestApp::start(kind).await;
                    story(&app).await;
                    app.end().await;
                }

                #[tokio::test]
                async fn on_sqlite() {
                    run($crate::support::Kind::Sqlite).await;
                }

                #[tokio::test]
                async fn on_postgres() {
                    run($crate::support::Kind::Postgres).await;
                }
            }
        )+
    };
}

/// The service over a database of its own.
pub struct TestApp {
    /// What the service may reach.
    pub app: App,
    /// Its clock, which stands until it is moved.
    pub clock: Arc<FixedClock>,
    /// What the schema says of its operations.
    pub operations: Operations,
    router: axum::Router,
    statements: Arc<Mutex<Vec<String>>>,
    database: Database,
}

impl TestApp {
    /// Starts the service over an empty database.
    pub async fn start(kind: Kind) -> Self {
        let database = Database::make(kind).await;
        let clock = Arc::new(FixedClock::new("2026-11-24T09:00:00Z".parse::<DateTime<Utc>>().expect("a moment")));
        let statements = Arc::<Mutex<Vec<String>>>::default();
        let heard = Arc::clone(&statements);
        let app = database.app(clock.clone(), move |info| heard.lock().unwrap_or_else(PoisonError::into_inner).push(info.statement.sql.clone())).await;
        let router = mistok::http::router(app.clone(), graphql::schema()).expect("the schema reads back");
        matching::live::load(&app).await.expect("the index loads");
        Self { app, clock, operations: Operations::read().await, router, statements, database }
    }

    /// Another node over the same database.
    pub async fn another_app(&self) -> App {
        self.database.another_node(&self.app).await
    }

    /// The same, ready to answer.
    pub async fn another_node(&self) -> axum::Router {
        let app = self.another_app().await;
        matching::live::load(&app).await.expect("the index loads");
        mistok::http::router(app, graphql::schema()).expect("the schema reads back")
    }

    /// The node that the other functions call.
    pub fn node(&self) -> axum::Router {
        self.router.clone()
    }

    /// Another program that holds the database against writes until it is dropped.
    pub async fn held(&self) -> DatabaseConnection {
        self.database.held().await
    }

    /// Takes the database away.
    pub async fn end(self) {
        self.database.end().await;
    }

    /// Lets what runs in the background run until there is nothing left to do.
    pub async fn settle(&self) {
        self.sequence().await;
        while notifications::service::notify(&self.app).await.expect("tells people") + jobs::run_due(&self.app).await.expect("jobs run") > 0 {
            self.sequence().await;
        }
        tokens::service::note_uses(&self.app).await.expect("notes the uses");
        while matching::live::follow(&self.app).await.expect("the index follows") > 0 {}
    }

    /// Gives every event its place. A transaction of another test on the same server holds the sequencer up until it ends.
    pub async fn sequence(&self) {
        loop {
            events::sequencer::run_once(&self.app).await.expect("sequences");
            let open: Vec<(i64,)> = self.rows("SELECT COUNT(*) AS open FROM event WHERE seq IS NULL", |row| (row.try_get("", "open").expect("a count"),)).await;
            if open == [(0,)] {
                return;
            }
            tokio::task::yield_now().await;
        }
    }

    /// Moves the clock on and lets the background run.
    pub async fn pass(&self, time: TimeDelta) {
        self.clock.advance(time);
        self.settle().await;
    }

    /// Takes the steps of the schema back to before one of them and brings them up again, as the command line does.
    pub async fn without_step(&self, name: &str) {
        let steps = Migrator::migrations();
        let before = steps.iter().position(|step| step.name() == name).expect("there is such a step");
        self.app.db.migrate_down(u32::try_from(steps.len() - before).expect("a few")).await.expect("goes back");
        self.app.db.migrate_up().await.expect("comes again");
        events::fill(&self.app.db, || token::random().map_err(Error::internal)).await.expect("chains what was written before");
    }

    /// Looks into the tables, where a promise is about rows.
    pub async fn rows<T>(&self, sql: &str, read: impl Fn(&sea_orm::QueryResult) -> T) -> Vec<T> {
        let statement = Statement::from_string(self.app.db.backend(), sql);
        self.app.db.reader().query_all_raw(statement).await.expect("reads").iter().map(read).collect()
    }

    /// The statements that ran since this was asked last.
    pub fn statements(&self) -> Vec<String> {
        std::mem::take(&mut *self.statements.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Sends a request to our host.
    pub async fn send(&self, request: Request<Body>) -> (StatusCode, Value) {
        let (status, text) = self.text(request).await;
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// Sends a request to our host, and gives the answer as it is.
    pub async fn text(&self, mut request: Request<Body>) -> (StatusCode, String) {
        request.headers_mut().insert(header::HOST, HeaderValue::from_static("localhost"));
        self.bare(request).await
    }

    /// Sends a request as it is, and gives the answer as it is.
    pub async fn bare(&self, request: Request<Body>) -> (StatusCode, String) {
        let answer = self.router.clone().oneshot(request).await.expect("the router answers");
        let status = answer.status();
        let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
        (status, String::from_utf8(bytes.to_vec()).expect("text"))
    }

    /// Opens a page, or sends its form, as a browser does; gives status, headers and text.
    pub async fn page(&self, mut request: Request<Body>) -> (StatusCode, HeaderMap, String) {
        request.headers_mut().insert(header::HOST, HeaderValue::from_static("localhost"));
        let answer = self.router.clone().oneshot(request).await.expect("the router answers");
        let (status, headers) = (answer.status(), answer.headers().clone());
        let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
        (status, headers, String::from_utf8(bytes.to_vec()).expect("text"))
    }

    /// Asks as somebody with a token, or as nobody; gives the whole answer.
    pub async fn ask(&self, token: Option<&str>, query: &str, variables: Value) -> Value {
        let mut request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json").header(header::ACCEPT_LANGUAGE, "en");
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = json!({ "query": query, "variables": variables }).to_string();
        self.send(request.body(Body::from(body)).expect("a request")).await.1
    }

    /// Asks and expects data without errors.
    pub async fn data(&self, token: Option<&str>, query: &str, variables: Value) -> Value {
        let answer = self.ask(token, query, variables).await;
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"].clone()
    }

    /// Asks and expects an error; gives its code.
    pub async fn refusal(&self, token: Option<&str>, query: &str, variables: Value) -> String {
        let answer = self.ask(token, query, variables).await;
        answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("no code in {answer:#}")).to_owned()
    }

    /// Runs a mutation; gives the changed entity with its plain fields, or the refusal as `CODE` or `CODE path.of.field`.
    pub async fn attempt(&self, who: &Person, mutation: &str, input: Value) -> Result<Value, String> {
        let operation = self.operations.mutation(mutation);
        let answer = self.ask(who.token(), &operation.document, json!({ "input": input })).await;
        if let Some(error) = answer["errors"].get(0) {
            return Err(refusal(&error["extensions"]["code"], &error["extensions"]["field"]));
        }
        let payload = &answer["data"][mutation];
        match payload["userErrors"].get(0) {
            Some(error) => Err(refusal(&error["code"], &error["field"])),
            None => Ok(operation.entity.as_ref().map_or(payload, |entity| &payload[entity]).clone()),
        }
    }

    /// Runs a mutation that is to succeed; gives the changed entity.
    pub async fn done(&self, who: &Person, mutation: &str, input: Value) -> Value {
        self.attempt(who, mutation, input).await.unwrap_or_else(|refusal| panic!("{mutation} was refused: {refusal}"))
    }

    /// Runs a mutation that is to be refused; gives the refusal.
    pub async fn refused(&self, who: &Person, mutation: &str, input: Value) -> String {
        match self.attempt(who, mutation, input).await {
            Ok(done) => panic!("{mutation} was not refused: {done:#}"),
            Err(refusal) => refusal,
        }
    }
}

/// Asks a node from an address.
pub async fn ask_from(node: &axum::Router, from: &str, token: Option<&str>, query: &str) -> (StatusCode, HeaderMap, Value) {
    let mut request = Request::post("/graphql").header(header::HOST, "localhost").header(header::CONTENT_TYPE, "application/json").header(header::ACCEPT_LANGUAGE, "en");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let mut request = request.body(Body::from(json!({ "query": query }).to_string())).expect("a request");
    request.extensions_mut().insert(Peer(from.parse().expect("an address")));
    let answer = node.clone().oneshot(request).await.expect("an answer");
    let (status, headers) = (answer.status(), answer.headers().clone());
    let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
    (status, headers, serde_json::from_slice(&bytes).expect("JSON"))
}

fn refusal(code: &Value, field: &Value) -> String {
    let code = code.as_str().unwrap_or_else(|| panic!("a refusal without a code"));
    let path: Vec<&str> = field.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if path.is_empty() { code.to_owned() } else { format!("{code} {}", path.join(".")) }
}
