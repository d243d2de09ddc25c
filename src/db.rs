//! The connection to SQLite or PostgreSQL: durable settings, one writer on SQLite, migrations.

pub mod copy;

use std::collections::HashMap;
use std::future::ready;
use std::hash::Hash;
use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::metric::Info;
use sea_orm::sea_query::LockType;
use sea_orm::sqlx::{self, Connection as _};
use sea_orm::{
    ActiveModelTrait, ColumnTrait as _, Condition, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter as _, QuerySelect as _, QueryTrait as _, Select, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use crate::config::DatabaseUrl;
use crate::error::{Error, Result};

const READERS: u32 = 8;
const POSTGRES_CONNECTIONS: u32 = 32;
/// Pages (of 4 KiB) of SQLite's log after which it is written back; its usual 1,000 are less than one batch of an import.
const CHECKPOINT_PAGES: &str = "8000";
const BUSY: Duration = Duration::from_secs(5);
const STATEMENT: Duration = Duration::from_secs(30);
/// How long a statement of PostgreSQL waits for a lock, and a transaction that does nothing stays open, in milliseconds.
const POSTGRES_WAITS: [(&str, &str); 2] = [("lock_timeout", "10000"), ("idle_in_transaction_session_timeout", "30000")];
/// How often and how long migrations wait for another process that runs them too.
const OTHER_MIGRATES_TURNS: u32 = 8;
const OTHER_MIGRATES: Duration = Duration::from_millis(250);
/// The tables whose rows tell how full a database is.
const CENSUS: [&str; 11] = ["account", "organisation", "past_work", "claim", "programme", "need", "project", "work_package", "call", "interest", "event"];

/// The database. Reads go to `reader`; each use case writes through one transaction of the writer.
#[derive(Clone)]
pub struct Db {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
}

impl Db {
    /// Connects with the settings that keep what was committed.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn connect(url: &DatabaseUrl) -> Result<Self, DbErr> {
        if url.is_postgres() { Self::postgres(url).await } else { Self::sqlite(url).await }
    }

    async fn postgres(url: &DatabaseUrl) -> Result<Self, DbErr> {
        let mut options = ConnectOptions::new(url.expose());
        options.max_connections(POSTGRES_CONNECTIONS).acquire_timeout(BUSY).sqlx_logging(false).test_before_acquire_if_idle_for(Duration::from_secs(30));
        options.statement_timeout(STATEMENT);
        options.map_sqlx_postgres_opts(|postgres| postgres.options(POSTGRES_WAITS));
        let connection = Database::connect(options).await?;
        Ok(Self { reader: connection.clone(), writer: connection })
    }

    async fn sqlite(url: &DatabaseUrl) -> Result<Self, DbErr> {
        let options = |connections: u32| {
            let mut options = ConnectOptions::new(url.expose());
            options.max_connections(connections).acquire_timeout(Duration::from_secs(30)).sqlx_logging(false).test_before_acquire(false);
            options.map_sqlx_sqlite_opts(|sqlite| {
                sqlite
                    .pragma("journal_mode", "WAL")
                    .pragma("synchronous", "FULL")
                    .pragma("foreign_keys", "ON")
                    .pragma("cache_size", "-65536")
                    .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
                    .busy_timeout(BUSY)
            });
            // On a full disk SQLite ends a transaction by itself, and the driver believes that it goes on: later ones would be
            // nested within it and never stored. Such a connection is closed, and another opened.
            options.map_sqlx_sqlite_before_acquire(|connection, _| Box::pin(ready(Ok(!connection.is_in_transaction()))));
            options
        };
        let writer = Database::connect(options(1)).await?;
        let reader = Database::connect(options(READERS)).await?;
        Ok(Self { reader, writer })
    }

    /// The connection for reads.
    #[must_use]
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Connections that are open, and how many of them nobody uses.
    #[must_use]
    pub fn connections(&self) -> (u64, u64) {
        if self.backend() == DbBackend::Postgres {
            return open_and_idle(self.reader.get_postgres_connection_pool());
        }
        let (readers, writers) = (open_and_idle(self.reader.get_sqlite_connection_pool()), open_and_idle(self.writer.get_sqlite_connection_pool()));
        (readers.0 + writers.0, readers.1 + writers.1)
    }

    /// Tells `callback` of every statement from now on, those of transactions included.
    pub fn watch(&mut self, callback: impl Fn(&Info<'_>) + Clone + Send + Sync + 'static) {
        self.reader.set_metric_callback(callback.clone());
        self.writer.set_metric_callback(callback);
    }

    /// Which database it is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.reader.get_database_backend()
    }

    /// Begins a transaction that may write; on SQLite it takes the write lock at once.
    ///
    /// # Errors
    /// When no connection or lock is free in time.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let sqlite_transaction_mode = (self.backend() == DbBackend::Sqlite).then_some(SqliteTransactionMode::Immediate);
        self.writer.begin_with_options(TransactionOptions { sqlite_transaction_mode, ..Default::default() }).await
    }

    /// Brings the schema up to date.
    ///
    /// # Errors
    /// When a step fails.
    pub async fn migrate_up(&self) -> Result<(), DbErr> {
        let Err(cause) = Migrator::up(&self.writer, None).await else { return Ok(()) };
        // Another process may have applied the same steps at the same time: then all is as wanted soon.
        for _ in 0..OTHER_MIGRATES_TURNS {
            if matches!(self.schema_state().await, Ok(SchemaState::Current(_))) {
                return Ok(());
            }
            tokio::time::sleep(OTHER_MIGRATES).await;
        }
        Err(cause)
    }

    /// Takes the last `steps` steps back.
    ///
    /// # Errors
    /// When a step fails.
    pub async fn migrate_down(&self, steps: u32) -> Result<(), DbErr> {
        Migrator::down(&self.writer, Some(steps)).await
    }

    /// Compares the database's schema with the program's.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn schema_state(&self) -> Result<SchemaState, DbErr> {
        let known: Vec<String> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
        let applied = self.applied_steps().await?;
        let unknown: Vec<String> = applied.iter().filter(|name| !known.contains(name)).cloned().collect();
        if !unknown.is_empty() {
            return Ok(SchemaState::Newer(unknown));
        }
        let pending: Vec<String> = known.into_iter().filter(|name| !applied.contains(name)).collect();
        Ok(if pending.is_empty() { SchemaState::Current(applied.len()) } else { SchemaState::Older(pending) })
    }

    /// Reads back the settings on which it rests that what was committed is kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn settings(&self) -> Result<Vec<Setting>, DbErr> {
        let wanted: &[(&str, &[&str])] = match self.backend() {
            DbBackend::Postgres => &[("server_version", &[]), ("fsync", &["on"]), ("synchronous_commit", &["on", "remote_write", "remote_apply"]), ("full_page_writes", &["on"])],
            _ => &[("sqlite_version", &[]), ("journal_mode", &["wal"]), ("synchronous", &["2", "3"]), ("foreign_keys", &["1"]), ("busy_timeout", &[])],
        };
        let mut settings = Vec::with_capacity(wanted.len());
        for (name, sound) in wanted {
            let value = self.read_setting(name).await?;
            settings.push(Setting { name: (*name).to_owned(), sound: sound.is_empty() || sound.contains(&value.as_str()), value });
        }
        Ok(settings)
    }

    async fn read_setting(&self, name: &str) -> Result<String, DbErr> {
        let statement = match (self.backend(), name) {
            (DbBackend::Postgres, _) => format!("SELECT current_setting('{name}')"),
            (_, "sqlite_version") => "SELECT sqlite_version()".to_owned(),
            _ => format!("PRAGMA {name}"),
        };
        let row = self.writer.query_one_raw(Statement::from_string(self.backend(), statement)).await?;
        let row = row.ok_or_else(|| DbErr::RecordNotFound(name.to_owned()))?;
        row.try_get_by_index::<String>(0).or_else(|_| row.try_get_by_index::<i64>(0).map(|number| number.to_string()))
    }

    /// How many rows the main tables hold.
    ///
    /// # Errors
    /// When the database cannot be read, or its schema is not there.
    pub async fn census(&self) -> Result<Vec<(&'static str, i64)>, DbErr> {
        let mut rows = Vec::with_capacity(CENSUS.len());
        for table in CENSUS {
            rows.push((table, self.count(table).await?));
        }
        Ok(rows)
    }

    async fn count(&self, table: &str) -> Result<i64, DbErr> {
        let statement = Statement::from_string(self.backend(), format!("SELECT COUNT(*) AS rows FROM \"{table}\""));
        let counted = self.reader.query_one_raw(statement).await?;
        Ok(counted.map(|row| row.try_get("", "rows")).transpose()?.unwrap_or_default())
    }

    /// The steps that would take rows with them when they are taken back, with how many.
    ///
    /// # Errors
    /// When the database cannot be read, or one of the steps is about no table.
    pub async fn rows_under(&self, steps: &[String]) -> Result<Vec<(String, i64)>, DbErr> {
        let mut held = Vec::new();
        for step in steps {
            let rows = self.count(migration::table_of(step)).await?;
            if rows > 0 {
                held.push((step.clone(), rows));
            }
        }
        Ok(held)
    }

    /// The steps of the schema that are applied, in their order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn applied_steps(&self) -> Result<Vec<String>, DbErr> {
        let exists = match self.backend() {
            DbBackend::Postgres => "SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'seaql_migrations'",
            _ => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'",
        };
        if self.reader.query_one_raw(Statement::from_string(self.backend(), exists)).await?.is_none() {
            return Ok(Vec::new());
        }
        let rows = self.reader.query_all_raw(Statement::from_string(self.backend(), "SELECT version FROM seaql_migrations ORDER BY version")).await?;
        rows.iter().map(|row| row.try_get("", "version")).collect()
    }
}

fn open_and_idle<D: sqlx::Database>(pool: &sqlx::Pool<D>) -> (u64, u64) {
    (pool.size().into(), u64::try_from(pool.num_idle()).unwrap_or_default())
}

/// A setting of the database as it was read back.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Whether what was committed is safe with it.
    pub sound: bool,
}

/// How the database's schema stands to the program's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// All steps are applied; how many.
    Current(usize),
    /// These steps are not applied yet.
    Older(Vec<String>),
    /// These steps are applied and the program does not know them: it must not touch the database.
    Newer(Vec<String>),
}

/// Puts rows under the key that each belongs to.
pub fn group<K: Hash + Eq, R>(rows: impl IntoIterator<Item = R>, key: impl Fn(&R) -> K) -> HashMap<K, Vec<R>> {
    let mut groups: HashMap<K, Vec<R>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}

/// Which version of a row the caller read and the one that stands.
///
/// # Errors
/// When they differ.
pub fn expect_version(expected: i32, current: i32) -> Result<()> {
    if expected == current { Ok(()) } else { Err(Error::stale(current)) }
}

/// Waits until nobody else is in the turn `name`, and keeps it until the transaction ends; on SQLite, whose one writer has the
/// database to itself, there is nothing to wait for.
///
/// # Errors
/// When the wait is too long, or the database cannot be reached.
pub async fn take_turn(transaction: &DatabaseTransaction, name: &str) -> Result<(), DbErr> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        let wait = Statement::from_sql_and_values(DbBackend::Postgres, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [name.into()]);
        transaction.execute_raw(wait).await?;
    }
    Ok(())
}

/// Reads a row that the use case is about to change. On PostgreSQL others who want to change it wait their turn and then read
/// what became of it; on SQLite the one writer has the database to itself.
#[must_use]
pub fn to_change<E: EntityTrait>(select: Select<E>) -> Select<E> {
    select.lock(LockType::NoKeyUpdate)
}

/// Reads a row that must stay as it is until the use case is done, though others may rely on it too.
#[must_use]
pub fn to_rely_on<E: EntityTrait>(select: Select<E>) -> Select<E> {
    select.lock(LockType::Share)
}

/// Rows or keys that one statement takes, below SQLite's limit of bound values.
pub const ROWS_A_STATEMENT: usize = 500;

/// Reads what belongs to keys, as many at a time as a statement takes.
///
/// # Errors
/// When a statement fails.
pub async fn in_chunks<K: Clone, R, F: Future<Output = Result<Vec<R>, DbErr>>>(keys: &[K], read: impl Fn(Vec<K>) -> F) -> Result<Vec<R>, DbErr> {
    let mut rows = Vec::with_capacity(keys.len());
    for chunk in keys.chunks(ROWS_A_STATEMENT) {
        rows.extend(read(chunk.to_vec()).await?);
    }
    Ok(rows)
}

/// Takes away the rows that meet a condition, some at a time, so that others who write get their turn between.
///
/// # Errors
/// When the database refuses; what went before is gone.
pub async fn delete_in_turns<E: EntityTrait>(db: &Db, id: E::Column, condition: Condition) -> Result<(), DbErr> {
    loop {
        let some = E::find().select_only().column(id).filter(condition.clone()).limit(ROWS_A_STATEMENT as u64).into_query();
        let transaction = db.begin().await?;
        let gone = E::delete_many().filter(id.in_subquery(some)).exec(&transaction).await?.rows_affected;
        transaction.commit().await?;
        if gone == 0 {
            return Ok(());
        }
    }
}

/// Writes new rows of one table.
///
/// # Errors
/// When the database refuses.
pub async fn insert_many<A>(connection: &impl ConnectionTrait, rows: Vec<A>) -> Result<(), sea_orm::DbErr>
where
    A: ActiveModelTrait + Clone + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    for chunk in rows.chunks(ROWS_A_STATEMENT) {
        A::Entity::insert_many(chunk.iter().cloned()).exec_without_returning(connection).await?;
    }
    Ok(())
}
