//! `backup` and `restore`: an installation in one file, which is its owner's alone.
//!
//! The file is a tar: the embedded database as it was at one moment, the attachments that it names from whichever folder they are in,
//! `keys.json` and the settings file of the data folder, and last `manifest.json` with the digest of each; so a file that was cut short
//! is known by what it lacks. A database on PostgreSQL is not in it: the line that dumps or fills it is printed, without its password,
//! and the dump comes first, so that no row of it lacks its file. A bucket is not in it either, and that is said.

mod archive;
mod make;
mod postgres;
mod restore;
mod settings;
mod unfinished;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::failure::Failure;
use super::open;
use crate::auth::key_file::KEY_FILE;
use crate::auth::token::Keys;
use crate::config::{Config, DatabaseUrl};
use crate::db::SchemaState;
use crate::db::copy::{Copied, examine};
use crate::objects::Place;
pub(super) use make::make;
pub(super) use restore::restore;

/// The form of the file; a program refuses what is newer.
const FORMAT: u32 = 1;
/// The last entry.
const MANIFEST: &str = "manifest.json";
/// The file that is in a data folder from the first to the last step of a restore into it, and locked while that runs.
pub(super) const RESTORING: &str = ".mistok-restoring";

/// What is in a backup.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    format: u32,
    /// The version of the program that made it.
    mistok: String,
    made_at: DateTime<Utc>,
    database: Kind,
    #[serde(default)]
    attachments: Attachments,
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

/// Where the attachments were.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Attachments {
    /// In the data folder, and so in the backup.
    #[default]
    Data,
    /// In a folder elsewhere, and in the backup all the same.
    Folder(PathBuf),
    /// In a bucket, and not in the backup.
    Bucket(String),
}

impl Attachments {
    fn of(config: &Config) -> Self {
        match &config.attachments {
            Place::Bucket(address) => Self::Bucket(address.clone()),
            place if *place == Place::within(&config.data) => Self::Data,
            Place::Folder(folder) => Self::Folder(folder.clone()),
        }
    }

    /// What they ask of the one who restored them into a data folder.
    fn words(&self, config: &Config) -> Option<String> {
        let here = Place::within(&config.data);
        match self {
            Self::Bucket(address) => Some(format!("The attachments are not in the backup but in {address}: name that, or a copy of it, with --attachments.")),
            _ if config.attachments != here => {
                Some(format!("The attachments are in {here}, and the settings name {}: leave --attachments out, or put them there.", config.attachments))
            }
            Self::Folder(was) => Some(format!("The attachments, which were in {}, are in {here} now: leave --attachments out, or put them where it says.", was.display())),
            Self::Data => None,
        }
    }
}

/// What a file was when it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Digest {
    bytes: u64,
    sha256: String,
}

/// Refuses a copy of the database that is broken or that a newer program made; says what it holds.
async fn whole(copy: &Path) -> Result<Copied, Failure> {
    let copied = examine(copy).await.map_err(|cause| Failure::because("the copy of the database cannot be read", cause))?;
    if !copied.faults.is_empty() {
        return Err(Failure::new(format!("the copy of the database is damaged: {}", copied.faults.join("; "))));
    }
    match &copied.schema {
        SchemaState::Newer(steps) => Err(open::newer(steps)),
        _ => Ok(copied),
    }
}

/// Refuses a folder without keys that can be used: without them the database is worth little.
fn keyed(folder: &Path) -> Result<(), Failure> {
    if !folder.join(KEY_FILE).exists() {
        return Err(Failure::new(format!("there is no {KEY_FILE} in {}", folder.display()))
            .remedy(format!("Put {KEY_FILE} back into {}; without it tax numbers cannot be matched and second factors do not work.", folder.display())));
    }
    Keys::load(folder).map(drop).map_err(|cause| Failure::because("the keys cannot be read", cause))
}
