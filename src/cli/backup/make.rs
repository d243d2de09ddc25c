//! `backup`: the file is written whole under another name and then takes its own, which nothing may have yet.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::json;

use super::archive::Writer;
use super::{ATTACHMENTS, FORMAT, Kind, Manifest, SETTINGS, keyed, postgres, whole};
use crate::auth::token::KEY_FILE;
use crate::cli::args::Global;
use crate::cli::failure::Failure;
use crate::cli::{DONE, open, output};
use crate::clock::{Clock as _, SystemClock};
use crate::config::{Config, SQLITE_FILE};

/// How what is unfinished is called: hidden, and unlike a backup.
const UNFINISHED: &str = ".mistok-unfinished-";

/// Makes a backup.
pub(in crate::cli) async fn make(global: &Global, file: &Path) -> Result<u8, Failure> {
    let config = open::existing(global.config()?)?;
    if file.exists() {
        return Err(is_there(file));
    }
    keyed(&config.data)?;
    let beside = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let cannot = |cause: io::Error| Failure::because(format!("the backup {} cannot be written", file.display()), cause);
    let folder = tempfile::Builder::new().prefix(UNFINISHED).permissions(Permissions::from_mode(0o700)).tempdir_in(beside).map_err(cannot)?;

    let copy = folder.path().join(SQLITE_FILE);
    let kind = Kind::of(&config.database);
    if kind == Kind::Sqlite {
        let db = open::connect(&config).await?;
        db.copy_to(&copy).await.map_err(|cause| Failure::because("the database cannot be copied", cause))?;
        whole(&copy).await?;
    }
    let draft = tempfile::NamedTempFile::new_in(folder.path()).map_err(cannot)?;
    let files = write(draft.as_file(), &config, kind, &copy).map_err(cannot)?;
    let bytes = draft.as_file().metadata().map_err(cannot)?.len();
    draft.persist_noclobber(file).map_err(|failed| if failed.error.kind() == io::ErrorKind::AlreadyExists { is_there(file) } else { cannot(failed.error) })?;
    File::open(beside).and_then(|folder| folder.sync_all()).map_err(cannot)?;

    let dump = (kind == Kind::Postgres).then(|| postgres::dump(&config.database, file)).transpose()?;
    if global.json {
        output::json(&json!({ "file": file, "bytes": bytes, "files": files, "database": kind, "pgDump": dump }))?;
    } else {
        let inside = if kind == Kind::Sqlite { "the database with its keys" } else { "the keys" };
        output::line(format!("{} holds {inside}: {}, {bytes} bytes", file.display(), output::counted(files, "file", "files")))?;
        if let Some(dump) = dump {
            output::line(format!("The database is not in it. Dump it with\n  {dump}\npg_dump asks for the password, or takes it from PGPASSWORD or ~/.pgpass."))?;
        }
    }
    Ok(DONE)
}

fn is_there(file: &Path) -> Failure {
    Failure::new(format!("{} is there already", file.display())).remedy("Name a new file: a backup never replaces another.")
}

/// Writes all entries; gives how many.
fn write(out: &File, config: &Config, database: Kind, copy: &Path) -> io::Result<usize> {
    let mut writer = Writer::new(out);
    if database == Kind::Sqlite {
        writer.add(SQLITE_FILE, copy)?;
    }
    // After the rows that name them, so that none is missing.
    writer.add_folder(ATTACHMENTS, &config.data.join(ATTACHMENTS))?;
    writer.add(KEY_FILE, &config.data.join(KEY_FILE))?;
    let settings = config.data.join(SETTINGS);
    if fs::exists(&settings)? {
        writer.add(SETTINGS, &settings)?;
    }
    let files = std::mem::take(&mut writer.files);
    let count = files.len();
    writer.finish(&Manifest { format: FORMAT, mistok: env!("CARGO_PKG_VERSION").to_owned(), made_at: SystemClock.now(), database, files })?;
    Ok(count)
}
