//! `restore`: a backup becomes the data folder, which must be empty. All of it is looked at before any of it is put there.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;

use serde_json::json;

use super::archive::{Unusable, unpack};
use super::{ATTACHMENTS, Kind, SETTINGS, keyed, postgres, whole};
use crate::auth::token::KEY_FILE;
use crate::cli::args::Global;
use crate::cli::failure::Failure;
use crate::cli::finding::mode;
use crate::cli::schema::sentence;
use crate::cli::{DONE, output};
use crate::config::SQLITE_FILE;

/// What a mode says of anybody but the owner.
const OTHERS: u32 = 0o077;
/// How the folder is called in which a backup is looked at.
const UNFINISHED: &str = ".mistok-unfinished-";

/// Restores a backup.
pub(in crate::cli) async fn restore(global: &Global, file: &Path) -> Result<u8, Failure> {
    let config = global.config()?;
    let data = &config.data;
    let cannot = |cause: io::Error| Failure::because(format!("the data folder {} cannot be filled", data.display()), cause);
    DirBuilder::new().recursive(true).mode(0o700).create(data).map_err(cannot)?;
    if fs::read_dir(data).map_err(cannot)?.next().is_some() {
        return Err(Failure::new(format!("the data folder {} is not empty", data.display())).remedy("Name another with --data; what is there is never replaced."));
    }
    // In the folder itself, since that may be a file system of its own.
    let folder = tempfile::Builder::new().prefix(UNFINISHED).permissions(Permissions::from_mode(0o700)).tempdir_in(data).map_err(cannot)?;
    is_its_owners(file)?;
    let manifest = unpack(file, folder.path()).map_err(|unusable| of_file(file, unusable))?;
    if manifest.database != Kind::of(&config.database) || (manifest.database == Kind::Sqlite && !config.database.is_embedded_in(data)) {
        return Err(other_kind(manifest.database));
    }
    keyed(folder.path())?;
    let schema = match manifest.database {
        Kind::Sqlite => Some(whole(&folder.path().join(SQLITE_FILE)).await?),
        Kind::Postgres => None,
    };
    // The database last: without it nothing starts that would not be whole.
    for name in [ATTACHMENTS, SETTINGS, KEY_FILE, SQLITE_FILE] {
        let from = folder.path().join(name);
        if fs::exists(&from).map_err(cannot)? {
            fs::rename(from, data.join(name)).map_err(cannot)?;
        }
    }
    File::open(data).and_then(|folder| folder.sync_all()).map_err(cannot)?;

    let line = (manifest.database == Kind::Postgres).then(|| postgres::fill(&config.database, file)).transpose()?;
    if global.json {
        let schema = schema.as_ref().map(crate::cli::schema::state_json);
        output::json(&json!({ "data": data, "madeAt": manifest.made_at, "madeBy": manifest.mistok, "database": manifest.database, "schema": schema, "pgRestore": line }))?;
    } else {
        output::line(format!("{} is as it was at {}", data.display(), manifest.made_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)))?;
        if let Some(schema) = schema {
            output::line(format!("the schema is {}", sentence(&schema)))?;
        }
        if let Some(line) = line {
            output::line(format!("Now fill the empty database with\n  {line}"))?;
        }
    }
    Ok(DONE)
}

/// Refuses a file whose keys others may have read.
fn is_its_owners(file: &Path) -> Result<(), Failure> {
    let mode = mode(file).map_err(|cause| Failure::because(format!("the backup {} cannot be read", file.display()), cause))?;
    if mode & OTHERS == 0 {
        return Ok(());
    }
    Err(Failure::new(format!("{} holds keys and can be read by others (mode {mode:o})", file.display()))
        .remedy("Make it its owner's alone with chmod 600; if others may have read it, run `mistok keys rotate --leaked` after the restore."))
}

fn of_file(file: &Path, unusable: Unusable) -> Failure {
    Failure::because(format!("{} is no backup that can be used; nothing was changed", file.display()), unusable)
}

fn other_kind(kind: Kind) -> Failure {
    match kind {
        Kind::Sqlite => Failure::new("the backup holds the embedded database of a data folder, and the settings name another").remedy("Restore it without --database."),
        Kind::Postgres => {
            Failure::new("the backup goes with a dump of PostgreSQL, and the settings name an embedded database").remedy("Name the database to fill with --database postgres://…")
        }
    }
}
