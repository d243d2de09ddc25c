//! `backup` and `restore`: an installation in one file, which is its owner's alone.
//!
//! The file is a tar: the embedded database as it was at one moment, `keys.json`, the settings file and the attachments of the data
//! folder, and last `manifest.json` with the digest of each; so a file that was cut short is known by what it lacks. A database on
//! PostgreSQL is not in it: the line that dumps or fills it is printed, without its password.

mod archive;
mod make;
mod postgres;
mod restore;

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::failure::Failure;
use super::open;
use crate::auth::token::Keys;
use crate::config::DatabaseUrl;
use crate::db::SchemaState;
use crate::db::copy::examine;
pub(super) use make::make;
pub(super) use restore::restore;

/// The form of the file; a program refuses what is newer.
const FORMAT: u32 = 1;
/// The last entry.
const MANIFEST: &str = "manifest.json";
/// The settings file of the data folder.
const SETTINGS: &str = "mistok.toml";
/// The folder of attachments in the data folder.
const ATTACHMENTS: &str = "attachments";

/// What is in a backup.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    format: u32,
    /// The version of the program that made it.
    mistok: String,
    made_at: DateTime<Utc>,
    database: Kind,
    files: BTreeMap<String, Digest>,
}

/// Where the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// In the file itself.
    Sqlite,
    /// In a dump of PostgreSQL beside it.
    Postgres,
}

impl Kind {
    fn of(database: &DatabaseUrl) -> Self {
        if database.is_postgres() { Self::Postgres } else { Self::Sqlite }
    }
}

/// What a file was when it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Digest {
    bytes: u64,
    sha256: String,
}

/// Refuses a copy of the database that is broken or that a newer program made; says how its schema stands.
async fn whole(copy: &Path) -> Result<SchemaState, Failure> {
    let copied = examine(copy).await.map_err(|cause| Failure::because("the copy of the database cannot be read", cause))?;
    if !copied.faults.is_empty() {
        return Err(Failure::new(format!("the copy of the database is damaged: {}", copied.faults.join("; "))));
    }
    match copied.schema {
        SchemaState::Newer(steps) => Err(open::newer(&steps)),
        state => Ok(state),
    }
}

/// Refuses a folder without keys that can be used: without them the database is worth little.
fn keyed(folder: &Path) -> Result<(), Failure> {
    if !folder.join(crate::auth::token::KEY_FILE).exists() {
        return Err(Failure::new("there is no keys.json, without which nobody who has a second factor can sign in, and no tax number is told"));
    }
    Keys::load_or_make(folder).map(drop).map_err(|cause| Failure::because("the keys cannot be read", cause))
}
