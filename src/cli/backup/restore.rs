//! `restore`: a backup becomes the data folder, which must be empty. All of it is looked at before any of it is put there.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use serde_json::json;
use tempfile::TempPath;

use super::archive::{Unusable, unpack};
use super::settings::{PUT_ASIDE, leads_elsewhere};
use super::unfinished::{Unfinished, hold, is_unfinished};
use super::{Kind, RESTORING, keyed, postgres, whole};
use crate::auth::key_file::{KEY_FILE, OTHERS};
use crate::cli::args::Global;
use crate::cli::failure::Failure;
use crate::cli::finding::mode;
use crate::cli::schema::sentence;
use crate::cli::settings::FILE as SETTINGS;
use crate::cli::{DONE, output};
use crate::config::SQLITE_FILE;
use crate::objects::FOLDER as ATTACHMENTS;

/// Restores a backup.
pub(in crate::cli) async fn restore(global: &Global, file: &Path) -> Result<u8, Failure> {
    let config = global.config()?;
    let data = &config.data;
    let cannot = |cause: io::Error| Failure::because(format!("the data folder {} cannot be filled", data.display()), cause);
    DirBuilder::new().recursive(true).mode(0o700).create(data).map_err(cannot)?;
    takes_a_restore(data)?;
    // It goes with a failure, and stays when this is cut off.
    let path = data.join(RESTORING);
    let Some(_lock) = hold(&path).map_err(cannot)? else { return Err(runs(data)) };
    let mark = TempPath::try_from_path(path).map_err(cannot)?;
    // Another restore may have filled it between the first look and the lock.
    if !is_begun_at_most(&names(data)?) {
        return Err(not_empty(data));
    }
    // In the folder itself, since that may be a file system of its own.
    let folder = Unfinished::begin(data).map_err(cannot)?;
    is_its_owners(file)?;
    let manifest = unpack(file, folder.path()).map_err(|unusable| of_file(file, unusable))?;
    if manifest.database != Kind::of(&config.database) || (manifest.database == Kind::Sqlite && !config.database.is_embedded_in(data)) {
        return Err(other_kind(manifest.database));
    }
    keyed(folder.path())?;
    let schema = match manifest.database {
        Kind::Sqlite => Some(whole(&folder.path().join(SQLITE_FILE)).await?.schema),
        Kind::Postgres => None,
    };
    let settings = folder.path().join(SETTINGS);
    let elsewhere = if fs::exists(&settings).map_err(cannot)? { leads_elsewhere(&settings, &config, &manifest.attachments).map_err(cannot)? } else { None };
    let mark = mark.keep().map_err(|failed| cannot(failed.error))?;
    place(folder.path(), data, if elsewhere.is_some() { PUT_ASIDE } else { SETTINGS }).map_err(cannot)?;
    folder.close().and_then(|()| fs::remove_file(mark)).and_then(|()| synced(data)).map_err(cannot)?;

    let line = (manifest.database == Kind::Postgres).then(|| postgres::fill(&config.database, file)).transpose()?;
    if global.json {
        let schema = schema.as_ref().map(crate::cli::schema::state_json);
        output::json(&json!({ "data": data, "madeAt": manifest.made_at, "madeBy": manifest.mistok, "database": manifest.database, "schema": schema, "pgRestore": line,
            "attachments": manifest.attachments, "settingsPutAside": elsewhere.map(|_| PUT_ASIDE) }))?;
    } else {
        output::line(format!("{} is as it was at {}", data.display(), manifest.made_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)))?;
        if let Some(schema) = schema {
            output::line(format!("the schema is {}", sentence(&schema)))?;
        }
        output::line(
            "Checkpoints of the journal that were signed after that moment read as cut off from here on: tell those who keep them of this restore, and keep this backup and what is left of the database before it.",
        )?;
        if let Some(setting) = elsewhere {
            output::line(format!(
                "The settings file is there as {PUT_ASIDE}, since its {setting} leads elsewhere than here: look through it, and give it its name {SETTINGS} back."
            ))?;
        }
        if let Some(words) = manifest.attachments.words(&config) {
            output::line(words)?;
        }
        if let Some(line) = line {
            output::line(format!("Now fill the empty database with\n  {line}"))?;
        }
    }
    Ok(DONE)
}

/// Refuses a folder with anything in it but what a restore left that came to put nothing there yet.
fn takes_a_restore(data: &Path) -> Result<(), Failure> {
    let (shown, names) = (data.display(), names(data)?);
    if is_begun_at_most(&names) {
        return Ok(());
    }
    if names.iter().any(|name| name == RESTORING) {
        return Err(Failure::new(format!("a restore into {shown} did not come to its end, and put files there already"))
            .remedy(format!("If it runs now, wait for it. Else it was cut off: remove {shown} with all that is in it, and restore the backup again.")));
    }
    Err(not_empty(data))
}

/// What is in a folder.
fn names(data: &Path) -> Result<Vec<String>, Failure> {
    let entries = fs::read_dir(data).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let entries = entries.map_err(|cause| Failure::because(format!("{} cannot be read", data.display()), cause))?;
    Ok(entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
}

/// Whether nothing is there but what restores leave that came to put nothing there.
fn is_begun_at_most(names: &[String]) -> bool {
    names.iter().all(|name| name == RESTORING || is_unfinished(name))
}

fn not_empty(data: &Path) -> Failure {
    Failure::new(format!("the data folder {} is not empty", data.display())).remedy("Name another with --data; what is there is never replaced.")
}

/// The refusal while another fills the folder.
fn runs(data: &Path) -> Failure {
    Failure::new(format!("another restore fills {} now", data.display())).remedy("Wait until it ends, or name another folder with --data.")
}

/// Puts what was looked at into the data folder so that it lasts, the database last.
fn place(from: &Path, data: &Path, settings: &str) -> io::Result<()> {
    synced(data)?;
    for (name, target) in [(ATTACHMENTS, ATTACHMENTS), (SETTINGS, settings), (KEY_FILE, KEY_FILE), (SQLITE_FILE, SQLITE_FILE)] {
        let (from, target) = (from.join(name), data.join(target));
        if fs::exists(&from)? {
            if fs::exists(&target)? {
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{} came there meanwhile", target.display())));
            }
            if from.is_dir() {
                synced(&from)?;
            }
            fs::rename(from, target)?;
        }
    }
    synced(data)
}

fn synced(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
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
