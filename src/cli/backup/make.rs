//! `backup`: the file is written whole under another name and then takes its own, which nothing may have yet.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde_json::json;
use uuid::Uuid;

use super::archive::Writer;
use super::unfinished::Unfinished;
use super::{Attachments, FORMAT, Kind, Manifest, keyed, postgres, whole};
use crate::auth::key_file::KEY_FILE;
use crate::cli::args::Global;
use crate::cli::failure::Failure;
use crate::cli::settings::FILE as SETTINGS;
use crate::cli::{DONE, open, output};
use crate::clock::{Clock as _, SystemClock};
use crate::config::{Config, SQLITE_FILE};
use crate::objects::Place;

/// Makes a backup.
pub(in crate::cli) async fn make(global: &Global, file: &Path) -> Result<u8, Failure> {
    let config = open::existing(global.config()?)?;
    if file.exists() {
        return Err(is_there(file));
    }
    keyed(&config.data)?;
    let kind = Kind::of(&config.database);
    if kind == Kind::Postgres {
        postgres::is_dumped(&config.database, file, SystemClock.now().into())?;
    }
    let beside = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let cannot = |cause: io::Error| Failure::because(format!("the backup {} cannot be written", file.display()), cause);
    let folder = Unfinished::begin(beside).map_err(cannot)?;

    let rows = match kind {
        Kind::Sqlite => {
            let copy = folder.path().join(SQLITE_FILE);
            let db = open::connect(&config).await?;
            db.copy_to(&copy).await.map_err(|cause| Failure::because("the database cannot be copied", cause))?;
            let objects = whole(&copy).await?.objects;
            Rows::Copied { copy, objects }
        }
        Kind::Postgres => Rows::Dumped,
    };
    let draft = tempfile::NamedTempFile::new_in(folder.path()).map_err(cannot)?;
    let written = write(draft.as_file(), &config, rows).map_err(cannot)?;
    let bytes = draft.as_file().metadata().map_err(cannot)?.len();
    draft.persist_noclobber(file).map_err(|failed| if failed.error.kind() == io::ErrorKind::AlreadyExists { is_there(file) } else { cannot(failed.error) })?;
    File::open(beside).and_then(|folder| folder.sync_all()).map_err(cannot)?;
    told(global, file, bytes, &config, &written)?;
    Ok(DONE)
}

/// Says what is in the backup and what is not.
fn told(global: &Global, file: &Path, bytes: u64, config: &Config, written: &Written) -> Result<(), Failure> {
    let Written { files, missing } = written;
    let (kind, attachments) = (Kind::of(&config.database), Attachments::of(config));
    let dump = (kind == Kind::Postgres).then(|| postgres::dumped(file));
    let is_in_it = !matches!(attachments, Attachments::Bucket(_));
    if global.json {
        let attachments = json!({ "place": config.attachments.to_string(), "included": is_in_it, "missing": missing });
        return output::json(&json!({ "file": file, "bytes": bytes, "files": files, "database": kind, "dump": dump, "attachments": attachments }));
    }
    let inside = if kind == Kind::Sqlite { "the database with its keys" } else { "the keys" };
    output::line(format!("{} holds {inside}: {}, {bytes} bytes", file.display(), output::counted(*files, "file", "files")))?;
    if let Some(dump) = dump {
        output::line(format!("The database is not in it but in {}: keep both together.", dump.display()))?;
    }
    if !is_in_it {
        output::line(format!("The attachments are not in it but in {}: keep a copy of that too.", config.attachments))?;
    }
    for object in missing {
        output::line(format!("The attachment {object} is named and not there: it was deleted meanwhile, or lost before."))?;
    }
    Ok(())
}

fn is_there(file: &Path) -> Failure {
    Failure::new(format!("{} is there already", file.display())).remedy("Name a new file: a backup never replaces another.")
}

/// Where the rows are that name the attachments.
enum Rows {
    /// In a copy of the embedded database, which names these objects.
    Copied { copy: PathBuf, objects: Vec<Uuid> },
    /// In a dump, which was made before.
    Dumped,
}

/// How many entries were written, and which objects were not there.
struct Written {
    files: usize,
    missing: Vec<Uuid>,
}

/// Writes all entries.
fn write(out: &File, config: &Config, rows: Rows) -> io::Result<Written> {
    let mut writer = Writer::new(out);
    let (database, named) = match rows {
        Rows::Copied { copy, objects } => {
            writer.add(SQLITE_FILE, &copy)?;
            (Kind::Sqlite, Some(objects))
        }
        Rows::Dumped => (Kind::Postgres, None),
    };
    // After the rows that name them, so that none is missing.
    let missing = match &config.attachments {
        Place::Folder(folder) => {
            let objects = named.map_or_else(|| objects_in(folder), Ok)?;
            writer.add_objects(folder, objects)?
        }
        Place::Bucket(_) => Vec::new(),
    };
    writer.add(KEY_FILE, &config.data.join(KEY_FILE))?;
    let settings = config.data.join(SETTINGS);
    if fs::exists(&settings)? {
        writer.add(SETTINGS, &settings)?;
    }
    let files = std::mem::take(&mut writer.files);
    let count = files.len();
    let attachments = Attachments::of(config);
    writer.finish(&Manifest { format: FORMAT, mistok: env!("CARGO_PKG_VERSION").to_owned(), made_at: SystemClock.now(), database, attachments, files })?;
    Ok(Written { files: count, missing })
}

/// The objects of a folder; what is being written there is called otherwise.
fn objects_in(folder: &Path) -> io::Result<Vec<Uuid>> {
    let entries = match fs::read_dir(folder) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut objects = Vec::new();
    for entry in entries {
        objects.extend(entry?.file_name().to_str().and_then(|name| Uuid::try_parse(name).ok()));
    }
    Ok(objects)
}
