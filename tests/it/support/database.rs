//! A database for one test: a file of its own on SQLite, a database of its own on the PostgreSQL server of `tests/run`.
//!
//! Both are copies of a template that is migrated and seeded once for each build of the tests, because nextest runs every
//! test in a process of its own.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use migration::{Migrator, MigratorTrait as _};
use mistok::app::App;
use mistok::auth::token::Keys;
use mistok::clock::{Clock, SystemClock};
use mistok::config::{Config, DatabaseUrl};
use mistok::db::Db;
use mistok::reference;
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database as Connect, DatabaseConnection, DbBackend, Statement};
use tempfile::TempDir;
use uuid::Uuid;

/// Held on PostgreSQL while the template is made, so that it is made once.
const TEMPLATE_LOCK: i64 = 0x6d69_7374_6f6c;

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The embedded default.
    Sqlite,
    /// Production.
    Postgres,
}

/// A migrated and seeded database of one test.
pub struct Database {
    url: String,
    folder: TempDir,
    name: Option<String>,
}

impl Database {
    pub async fn make(kind: Kind) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        match kind {
            Kind::Sqlite => {
                let file = folder.path().join("test.db");
                std::fs::copy(sqlite_template().await, &file).expect("copies the template");
                Self { url: sqlite_url(&file), folder, name: None }
            }
            Kind::Postgres => {
                let name = format!("mistok_{}", fresh_name());
                let admin = admin().await;
                let template = postgres_template(&admin).await;
                run(&admin, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
                Self { url: postgres_url(&name), folder, name: Some(name) }
            }
        }
    }

    /// The service over this database.
    pub async fn app(&self, clock: Arc<dyn Clock>, watch: impl Fn(&sea_orm::metric::Info<'_>) + Clone + Send + Sync + 'static) -> App {
        let mut app = open(&self.url, self.folder.path(), clock).await;
        app.db.watch(watch);
        app
    }

    /// Another node: the same installation in a process of its own, as far as the database can tell.
    pub async fn another_node(&self, app: &App) -> App {
        let database = DatabaseUrl::parse(&self.url).expect("an address");
        App { db: Db::connect(&database).await.expect("connects"), matcher: Arc::default(), known: Arc::default(), newest: Arc::default(), ..app.clone() }
    }

    /// Another program that holds the database against writes until it is dropped.
    pub async fn held(&self) -> DatabaseConnection {
        let mut options = ConnectOptions::new(&self.url);
        options.max_connections(1).sqlx_logging(false);
        let other = Connect::connect(options).await.expect("another program connects");
        let hold = if self.name.is_some() { "BEGIN; LOCK TABLE account IN ACCESS EXCLUSIVE MODE" } else { "BEGIN EXCLUSIVE" };
        run(&other, hold).await;
        other
    }

    /// Drops what is not in the folder; a test that failed leaves it to be looked at.
    pub async fn end(self) {
        if let Some(name) = &self.name {
            run(&admin().await, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

async fn open(url: &str, folder: &Path, clock: Arc<dyn Clock>) -> App {
    let database = DatabaseUrl::parse(url).expect("an address");
    let db = Db::connect(&database).await.expect("connects");
    let config = Config::new(folder.to_owned(), database);
    App::new(db, clock, Keys::ephemeral().expect("keys"), config)
}

/// Migrates and seeds an empty database, and has `last` done to it.
async fn prepare(url: &str, folder: &Path, last: Option<String>) {
    let app = open(url, folder, Arc::new(SystemClock)).await;
    app.db.migrate_up().await.expect("migrates");
    reference::service::seed(&app).await.expect("seeds");
    if let Some(last) = last {
        run(app.db.reader(), &last).await;
    }
    app.db.reader().close_by_ref().await.expect("closes");
}

/// A name that no other test has.
#[expect(clippy::disallowed_methods, reason = "the databases of a server outlive the app whose Clock and Ids would be asked")]
fn fresh_name() -> String {
    Uuid::now_v7().simple().to_string()
}

/// The name of the template: another for every build of the tests, since the seed is part of the program.
fn template_name() -> String {
    let mut hasher = DefaultHasher::new();
    for step in Migrator::migrations() {
        step.name().hash(&mut hasher);
    }
    let program = std::env::current_exe().and_then(std::fs::metadata).expect("the program of the tests");
    (program.len(), program.modified().unwrap_or(SystemTime::UNIX_EPOCH)).hash(&mut hasher);
    format!("mistok_template_{:016x}", hasher.finish())
}

fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}?mode=rwc", file.display())
}

/// The template's file; of two processes that make it at once, the later puts its own over the other's, which is the same.
async fn sqlite_template() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let template = folder.join(format!("{}.db", template_name()));
    if !template.exists() {
        let made = tempfile::tempdir_in(folder).expect("a folder");
        let draft = made.path().join("template.db");
        prepare(&sqlite_url(&made.path().join("made.db")), made.path(), Some(format!("VACUUM INTO '{}'", draft.display()))).await;
        std::fs::rename(draft, &template).expect("puts the template in its place");
    }
    template
}

#[expect(clippy::disallowed_methods, reason = "the address of the tests' server comes from tests/run")]
fn server() -> String {
    std::env::var("MISTOK_TEST_POSTGRES").expect("MISTOK_TEST_POSTGRES is not set: run the tests with tests/run, which starts a server")
}

fn postgres_url(name: &str) -> String {
    let server = server();
    let (base, _) = server.rsplit_once('/').expect("an address with a database");
    format!("{base}/{name}")
}

async fn admin() -> DatabaseConnection {
    let mut options = ConnectOptions::new(server());
    options.max_connections(1).sqlx_logging(false);
    Connect::connect(options).await.expect("the server of tests/run answers")
}

async fn run(connection: &DatabaseConnection, statement: &str) {
    connection.execute_unprepared(statement).await.expect("the server does it");
}

/// The template's name, made under a lock where it is not there yet.
async fn postgres_template(admin: &DatabaseConnection) -> String {
    let name = template_name();
    run(admin, &format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})")).await;
    let there = Statement::from_string(DbBackend::Postgres, format!("SELECT 1 FROM pg_database WHERE datname = '{name}'"));
    if admin.query_one_raw(there).await.expect("the server answers").is_none() {
        let draft = format!("{name}_draft");
        run(admin, &format!("DROP DATABASE IF EXISTS {draft}")).await;
        run(admin, &format!("CREATE DATABASE {draft}")).await;
        prepare(&postgres_url(&draft), Path::new(env!("CARGO_TARGET_TMPDIR")), None).await;
        run(admin, &format!("ALTER DATABASE {draft} RENAME TO {name}")).await;
    }
    run(admin, &format!("SELECT pg_advisory_unlock({TEMPLATE_LOCK})")).await;
    name
}
