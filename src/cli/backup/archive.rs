//! The file of a backup: writing entries with their digests, and reading them back into a folder.

use std::collections::BTreeMap;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Component, Path};

use sha2::{Digest as _, Sha256};
use tar::{Archive, Builder, EntryType, Header};
use uuid::Uuid;

use super::{Digest, FORMAT, MANIFEST, Manifest};
use crate::auth::key_file::KEY_FILE;
use crate::cli::settings::FILE as SETTINGS;
use crate::config::SQLITE_FILE;
use crate::hash::hex;
use crate::objects::FOLDER as ATTACHMENTS;

/// The mode of what a backup holds and of what is made of it.
pub(super) const MODE: u32 = 0o600;
/// Most bytes of the manifest.
const MOST_MANIFEST: u64 = 256 * 1024 * 1024;

/// A reader that notes what went through it.
struct Noted<R> {
    inner: R,
    bytes: u64,
    sha256: Sha256,
}

impl<R> Noted<R> {
    fn new(inner: R) -> Self {
        Self { inner, bytes: 0, sha256: Sha256::new() }
    }

    fn digest(self) -> Digest {
        Digest { bytes: self.bytes, sha256: hex(&self.sha256.finalize()) }
    }
}

impl<R: Read> Read for Noted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.bytes += count as u64;
        self.sha256.update(&buffer[..count]);
        Ok(count)
    }
}

/// A file that is being written.
pub(super) struct Writer<'a> {
    tar: Builder<&'a File>,
    pub(super) files: BTreeMap<String, Digest>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(out: &'a File) -> Self {
        Self { tar: Builder::new(out), files: BTreeMap::new() }
    }

    /// Adds a file under a name.
    pub(super) fn add(&mut self, name: &str, path: &Path) -> io::Result<()> {
        let file = File::open(path)?;
        let bytes = file.metadata()?.len();
        let mut noted = Noted::new(file.take(bytes));
        self.tar.append_data(&mut header(bytes), name, &mut noted)?;
        if noted.bytes != bytes {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, format!("{name} became shorter while it was read")));
        }
        self.files.insert(name.to_owned(), noted.digest());
        Ok(())
    }

    /// Adds objects of a folder; gives those that are not there.
    pub(super) fn add_objects(&mut self, folder: &Path, objects: impl IntoIterator<Item = Uuid>) -> io::Result<Vec<Uuid>> {
        let mut missing = Vec::new();
        for object in objects {
            let name = object.to_string();
            match self.add(&format!("{ATTACHMENTS}/{name}"), &folder.join(&name)) {
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => missing.push(object),
                added => added?,
            }
        }
        Ok(missing)
    }

    /// Adds the manifest and sees to it that all of it is stored.
    pub(super) fn finish(mut self, manifest: &Manifest) -> io::Result<()> {
        let text = serde_json::to_vec_pretty(manifest)?;
        self.tar.append_data(&mut header(text.len() as u64), MANIFEST, text.as_slice())?;
        self.tar.into_inner()?.sync_all()
    }
}

fn header(bytes: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(MODE);
    header
}

/// Why a file is no backup that can be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unusable {
    /// It ends too early, or is none at all.
    #[error("it cannot be read to its end")]
    Unreadable(#[from] io::Error),
    /// It holds something that no backup holds.
    #[error("it holds {0}, which no backup does")]
    Strange(String),
    /// It is not what was written.
    #[error("{0} is not as it was when the backup was made")]
    Changed(String),
    /// It has no manifest, or one that cannot be read.
    #[error("it lacks its last part")]
    CutShort,
    /// A newer program made it.
    #[error("mistok {0} made it, and this program is older")]
    Newer(String),
}

/// Reads a backup into an empty folder, and sees to it that it is what was written.
pub(super) fn unpack(file: &Path, folder: &Path) -> Result<Manifest, Unusable> {
    let mut found = BTreeMap::new();
    let mut manifest = None;
    for entry in Archive::new(File::open(file)?).entries()? {
        let entry = entry?;
        let path = entry.path()?.into_owned();
        let name = path.to_string_lossy().into_owned();
        if entry.header().entry_type() != EntryType::Regular || manifest.is_some() || !is_expected(&path) {
            return Err(Unusable::Strange(name));
        }
        if name == MANIFEST {
            let mut text = Vec::new();
            entry.take(MOST_MANIFEST).read_to_end(&mut text)?;
            manifest = Some(serde_json::from_slice::<serde_json::Value>(&text).map_err(|_| Unusable::CutShort)?);
            continue;
        }
        found.insert(name, put(entry, &folder.join(&path))?);
    }
    let manifest = read(manifest.ok_or(Unusable::CutShort)?)?;
    let differs = found.iter().find(|(name, digest)| manifest.files.get(*name) != Some(digest)).map(|(name, _)| name);
    match differs.or_else(|| manifest.files.keys().find(|name| !found.contains_key(*name))) {
        Some(name) => Err(Unusable::Changed(name.clone())),
        None => Ok(manifest),
    }
}

/// The manifest, whose form is looked at first: a newer one may hold what we do not know.
fn read(manifest: serde_json::Value) -> Result<Manifest, Unusable> {
    if manifest["format"].as_u64().is_some_and(|format| format > u64::from(FORMAT)) {
        return Err(Unusable::Newer(manifest["mistok"].as_str().unwrap_or("?").to_owned()));
    }
    serde_json::from_value(manifest).map_err(|_| Unusable::CutShort)
}

/// Whether a backup holds such an entry: nothing that would lie outside the folder.
fn is_expected(path: &Path) -> bool {
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    plain && (path.starts_with(ATTACHMENTS) || [SQLITE_FILE, KEY_FILE, SETTINGS, MANIFEST].iter().any(|name| path == Path::new(name)))
}

fn put(entry: impl Read, path: &Path) -> io::Result<Digest> {
    if let Some(above) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(above)?;
    }
    let mut out = OpenOptions::new().write(true).create_new(true).mode(MODE).open(path)?;
    let mut noted = Noted::new(entry);
    io::copy(&mut noted, &mut out)?;
    out.sync_all()?;
    Ok(noted.digest())
}
