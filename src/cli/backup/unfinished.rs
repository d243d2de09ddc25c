//! What a backup or restore has begun and not ended: a hidden folder beside what it makes. Whoever works in it holds a lock, which the
//! system takes off however the process ends; so the next one knows what nobody works on any more, and clears it away.

use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use tempfile::TempDir;

use super::archive::MODE;

/// How such a folder is called: hidden, and unlike a backup.
const PREFIX: &str = ".mistok-unfinished-";
/// The file in it that is locked.
const LOCK: &str = "lock";

/// A folder to work in; it goes with this value.
pub(super) struct Unfinished {
    folder: TempDir,
    _lock: File,
}

impl Unfinished {
    /// Clears away what others left in a place, and begins there.
    pub(super) fn begin(place: &Path) -> io::Result<Self> {
        clear(place)?;
        loop {
            let folder = tempfile::Builder::new().prefix(PREFIX).permissions(Permissions::from_mode(0o700)).tempdir_in(place)?;
            // Somebody who clears away may have come before the lock: then they have the folder, and there is another.
            match hold(&folder.path().join(LOCK)) {
                Ok(Some(lock)) => return Ok(Self { folder, _lock: lock }),
                Ok(None) => {}
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
                Err(cause) => return Err(cause),
            }
        }
    }

    /// Where to work.
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Takes the folder away.
    pub(super) fn close(self) -> io::Result<()> {
        self.folder.close()
    }
}

/// Whether an entry of a folder is of this kind.
pub(super) fn is_unfinished(name: &str) -> bool {
    name.starts_with(PREFIX)
}

/// Locks a file of ours, which is made if it is not there; none when somebody else has it, or took it away meanwhile.
pub(super) fn hold(path: &Path) -> io::Result<Option<File>> {
    let file = OpenOptions::new().create(true).append(true).mode(MODE).open(path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        // A file system without locks: nobody clears anything away there, and nobody needs to.
        Err(TryLockError::Error(cause)) if cause.kind() == io::ErrorKind::Unsupported => {}
        Err(TryLockError::Error(cause)) => return Err(cause),
    }
    let inode = |file: &fs::Metadata| (file.dev(), file.ino());
    match fs::metadata(path) {
        Ok(there) if inode(&there) == inode(&file.metadata()?) => Ok(Some(file)),
        Ok(_) => Ok(None),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(cause),
    }
}

/// Clears away what belongs to nobody who still runs.
fn clear(place: &Path) -> io::Result<()> {
    for entry in fs::read_dir(place)? {
        let entry = entry?;
        if is_unfinished(&entry.file_name().to_string_lossy()) && entry.file_type()?.is_dir() {
            // What cannot be cleared stands in nobody's way.
            let _ = clear_one(&entry.path());
        }
    }
    Ok(())
}

/// Clears a folder away unless somebody works in it. Without its lock it is one that was only just made, or left so: that goes while
/// it is empty.
fn clear_one(folder: &Path) -> io::Result<()> {
    let lock = match File::options().append(true).open(folder.join(LOCK)) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return fs::remove_dir(folder),
        lock => lock?,
    };
    if lock.try_lock().is_ok() { fs::remove_dir_all(folder) } else { Ok(()) }
}
