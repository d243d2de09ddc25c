//! Opening what a command works on: the data folder with its keys, the database, its schema.

use std::fs::{DirBuilder, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::{DATA, Global, Secret};
use super::backup::RESTORING;
use super::failure::Failure;
use super::output;
use crate::app::App;
use crate::auth::key_file::OTHERS;
use crate::auth::token::{Keys, random};
use crate::clock::SystemClock;
use crate::config::{Config, DatabaseUrl, SQLITE_FILE};
use crate::db::{Db, SchemaState};
use crate::error::Error;
use crate::events;
use crate::organisations;
use crate::reference;

/// Read and write for its owner, nothing for others.
pub(super) const DATABASE_FILE_MODE: u32 = 0o600;
/// The variable that other projects use too.
const SHARED_VARIABLE: &str = "DATABASE_URL";

/// What becomes of pending steps of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pending {
    /// They are applied.
    Apply,
    /// They are an error.
    Refuse,
}

impl Global {
    /// The data folder.
    pub(super) fn data(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| DATA.into())
    }

    /// The database's address.
    #[expect(clippy::disallowed_methods, reason = "DATABASE_URL is no variable of ours: it is read here, and only when asked for")]
    fn database_in(&self, data: &Path) -> Result<DatabaseUrl, Failure> {
        let shared = || if self.use_database_url { std::env::var(SHARED_VARIABLE).ok() } else { None };
        match self.database.clone().map(|Secret(address)| address).or_else(shared) {
            Some(address) => DatabaseUrl::parse(&address).map_err(Failure::new),
            None if self.use_database_url => Err(Failure::new(format!("--use-database-url is given and {SHARED_VARIABLE} is not set"))),
            None => Ok(DatabaseUrl::sqlite_in(data)),
        }
    }

    /// The settings of a command that serves nothing.
    pub(super) fn config(&self) -> Result<Config, Failure> {
        self.config_in(self.data())
    }

    /// What every command goes by, with a data folder.
    pub(super) fn config_in(&self, data: PathBuf) -> Result<Config, Failure> {
        let database = self.database_in(&data)?;
        let usual = Config::new(data, database);
        Ok(Config { attachments: self.attachments.clone().unwrap_or_else(|| usual.attachments.clone()), ..usual })
    }
}

/// Refuses a data folder that a restore did not fill to its end.
pub(super) fn is_filled(data: &Path) -> Result<(), Failure> {
    if data.join(RESTORING).exists() {
        return Err(Failure::new(format!("a restore into {} did not come to its end", data.display()))
            .remedy("If it runs now, wait for it. Else it was cut off: restore the backup again, which says what is in its way."));
    }
    Ok(())
}

/// Whether the database is the embedded one, and not there yet.
pub(super) fn is_missing(config: &Config) -> bool {
    config.database.is_embedded_in(&config.data) && !config.data.join(SQLITE_FILE).exists()
}

/// The settings, when there is a database with them.
pub(super) fn existing(config: Config) -> Result<Config, Failure> {
    if is_missing(&config) {
        return Err(
            Failure::new(format!("there is no database in {}", config.data.display())).remedy("`mistok serve` or `mistok migrate up` makes one; --data names another folder.")
        );
    }
    Ok(config)
}

/// Connects, making the data folder if it is not there: it holds password hashes and addresses, so it is its owner's alone.
pub(super) async fn connect(config: &Config) -> Result<Db, Failure> {
    is_filled(&config.data)?;
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&config.data)
        .map_err(|cause| Failure::because(format!("the data folder {} cannot be made", config.data.display()), cause))?;
    own_file(config).map_err(|cause| Failure::because(format!("the file of the database {} cannot be made its owner's alone", config.database), cause))?;
    Db::connect(&config.database).await.map_err(|cause| Failure::because(format!("the database {} cannot be reached", config.database), cause))
}

/// Sees to it that the embedded database's file is its owner's alone, also where the data folder is not; its log takes over the mode.
fn own_file(config: &Config) -> io::Result<()> {
    if !config.database.is_embedded_in(&config.data) {
        return Ok(());
    }
    let file = OpenOptions::new().create(true).append(true).mode(DATABASE_FILE_MODE).open(config.data.join(SQLITE_FILE))?;
    if file.metadata()?.permissions().mode() & OTHERS == 0 { Ok(()) } else { file.set_permissions(Permissions::from_mode(DATABASE_FILE_MODE)) }
}

/// Opens all that a use case needs, with a schema that is current.
pub(super) async fn app(config: Config, pending: Pending) -> Result<App, Failure> {
    let db = connect(&config).await?;
    current(&db, pending).await?;
    chained(&db).await?;
    let keys = Keys::load_or_make(&config.data).map_err(|cause| Failure::because(format!("the keys in {} cannot be read or made", config.data.display()), cause))?;
    if let Some(other) = organisations::store::other_identifier_key(db.reader(), keys.identifier_key_id()).await? {
        return Err(Failure::new(of_other_keys(&other, &keys)).remedy(
            "Put the keys.json back that this database was filled with; all servers of one database have the same. A new one would let one tax number be registered twice.",
        ));
    }
    let app = App::new(db, Arc::new(SystemClock), keys, config);
    reference::service::seed(&app).await?;
    Ok(app)
}

/// That the database holds tax numbers which the keys at hand cannot tell.
pub(super) fn of_other_keys(other: &str, keys: &Keys) -> String {
    format!("the database holds tax numbers hashed with the key {other}, and keys.json holds {}", keys.identifier_key_id())
}

/// Sees to it that all that was written before there was a chain has its place in it.
pub(super) async fn chained(db: &Db) -> Result<(), Failure> {
    match events::fill(db, || random().map_err(Error::internal)).await.map_err(|error| Failure::from(error).within("the journal was not chained"))? {
        0 => {}
        filled => tracing::info!(events = filled, "the journal is chained now"),
    }
    Ok(())
}

/// Sees to it that the schema is the program's.
pub(super) async fn current(db: &Db, pending: Pending) -> Result<(), Failure> {
    match db.schema_state().await? {
        SchemaState::Current(_) => Ok(()),
        SchemaState::Older(_) if pending == Pending::Apply => db.migrate_up().await.map_err(|cause| Failure::because("a step of the schema failed", cause)),
        SchemaState::Older(steps) => {
            Err(Failure::new(format!("the schema lacks {}: {}", output::counted(steps.len(), "step", "steps"), steps.join(", "))).remedy("Apply them with `mistok migrate up`."))
        }
        SchemaState::Newer(steps) => Err(newer(&steps)),
    }
}

/// The refusal of a database that a newer program has changed.
pub(super) fn newer(steps: &[String]) -> Failure {
    Failure::new(format!("the database is newer than this program, which does not know its steps {}", steps.join(", "))).remedy("Run the newer program; nothing was changed.")
}
