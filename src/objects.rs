//! Where files are kept: a local folder, or a bucket that speaks S3. Bytes under names that we give, and nothing else: whose they
//! are and who may have them is written in the database, and the slices look after it.

mod seats;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt as _};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt as _, RetryConfig, WriteMultipart};
use tokio::sync::OnceCell;
use uuid::Uuid;

pub use seats::Seat;

use crate::error::{Code, Error, Result};
use crate::locale::Said;

/// How the address of a bucket begins.
const S3: &str = "s3://";
/// The folder in the data folder, unless told otherwise.
pub const FOLDER: &str = "attachments";
/// The mode of that folder: its owner's alone.
const FOLDER_MODE: u32 = 0o700;
/// Bytes of a part: the least that S3 takes before the last one.
const PART: usize = 5 * 1024 * 1024;
/// How often a bucket that fails is asked again, and for how long: a person or a job waits for the answer.
const RETRIES: usize = 3;
const RETRY_TIME: Duration = Duration::from_secs(10);

/// Where files are kept. An address holds no secret: the keys of a bucket come from the usual `AWS_*` variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket with a prefix: `s3://bucket/prefix`.
    Bucket(String),
}

impl Place {
    /// The folder in a data folder.
    #[must_use]
    pub fn within(data: &Path) -> Self {
        Self::Folder(data.join(FOLDER))
    }

    /// Takes a folder, or the address of a bucket.
    ///
    /// # Errors
    /// With what is accepted, when it is an address of another kind.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.split_once("://") {
            None if !text.is_empty() => Ok(Self::Folder(text.into())),
            Some(("s3", rest)) if !rest.is_empty() && !rest.starts_with('/') && !rest.contains(['?', '#', '@']) => Ok(Self::Bucket(text.trim_end_matches('/').to_owned())),
            _ => Err("attachments are kept in a folder, or in a bucket such as s3://bucket/prefix".to_owned()),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(formatter, "{}", folder.display()),
            Self::Bucket(address) => formatter.write_str(address),
        }
    }
}

/// The store of files. It is opened when it is first used.
pub struct Objects {
    place: Place,
    store: OnceCell<Arc<dyn ObjectStore>>,
    seats: seats::Seats,
}

impl Objects {
    /// The store at a place.
    #[must_use]
    pub fn new(place: Place) -> Self {
        Self { place, store: OnceCell::new(), seats: seats::Seats::default() }
    }

    /// Opens it; a folder is made where there is none.
    ///
    /// # Errors
    /// When the folder cannot be made, or the settings of the bucket are wrong.
    pub async fn open(&self) -> std::io::Result<()> {
        self.store.get_or_try_init(|| opened(&self.place)).await.map(drop)
    }

    async fn store(&self) -> Result<&Arc<dyn ObjectStore>> {
        self.store.get_or_try_init(|| opened(&self.place)).await.map_err(away)
    }

    /// A seat for what a sender is about to write.
    ///
    /// # Errors
    /// When that is being written already, the sender has as many seats as one may have, or all are taken.
    pub fn seat(&self, sender: Uuid, subject: Uuid) -> Result<Seat> {
        self.seats.take(sender, subject)
    }

    /// Begins to write an object; nobody finds it before [`Draft::finish`].
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn begin(&self, _seat: &Seat, object: Uuid) -> Result<Draft> {
        let upload = self.store().await?.put_multipart(&name(object)).await.map_err(away)?;
        Ok(Draft { writer: WriteMultipart::new_with_chunk_size(upload, PART) })
    }

    /// Reads an object.
    ///
    /// # Errors
    /// When it is not there, or the store does not answer.
    pub async fn read(&self, object: Uuid) -> Result<BoxStream<'static, std::io::Result<Bytes>>> {
        let found = self.store().await?.get(&name(object)).await.map_err(|cause| match cause {
            object_store::Error::NotFound { .. } => Error::internal(cause),
            other => away(other),
        })?;
        Ok(found.into_stream().map(|part| part.map_err(std::io::Error::other)).boxed())
    }

    /// Takes an object away, and what was left of it where its writing was cut off; one that is not there is gone already.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn remove(&self, object: Uuid) -> Result<()> {
        match self.store().await?.delete(&name(object)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(cause) => return Err(away(cause)),
        }
        // So a local draft is called, and a process that is killed leaves it. S3 takes away its own by a rule of the bucket.
        if let Place::Folder(folder) = &self.place {
            match tokio::fs::remove_file(folder.join(format!("{object}#1"))).await {
                Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => return Err(away(cause)),
                _ => {}
            }
        }
        Ok(())
    }
}

/// An object that is being written: it ends with [`Draft::finish`] or [`Draft::abandon`].
pub struct Draft {
    writer: WriteMultipart,
}

impl Draft {
    /// Writes more of it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.writer.wait_for_capacity(1).await.map_err(away)?;
        self.writer.write(bytes);
        Ok(())
    }

    /// Makes all of it last.
    ///
    /// # Errors
    /// When the store does not answer; then the object is not there.
    pub async fn finish(self) -> Result<()> {
        self.writer.finish().await.map(drop).map_err(away)
    }

    /// Gives it up.
    pub async fn abandon(self) {
        if let Err(cause) = self.writer.abort().await {
            tracing::warn!(%cause, "a file that was given up was not taken away");
        }
    }
}

fn name(object: Uuid) -> object_store::path::Path {
    object_store::path::Path::from(object.to_string())
}

async fn opened(place: &Place) -> std::io::Result<Arc<dyn ObjectStore>> {
    match place {
        Place::Folder(folder) => {
            tokio::fs::DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder).await?;
            Ok(Arc::new(LocalFileSystem::new_with_prefix(folder).map_err(std::io::Error::other)?.with_fsync(true)))
        }
        Place::Bucket(address) => {
            let retries = RetryConfig { max_retries: RETRIES, retry_timeout: RETRY_TIME, ..Default::default() };
            let bucket = AmazonS3Builder::from_env().with_url(address).with_disable_bulk_delete(true).with_retry(retries).build().map_err(std::io::Error::other)?;
            let prefix = address.trim_start_matches(S3).split_once('/').map_or("", |(_, prefix)| prefix);
            Ok(Arc::new(PrefixStore::new(bucket, prefix)))
        }
    }
}

fn away(cause: impl fmt::Display) -> Error {
    tracing::error!(%cause, "the store of files does not answer");
    Error::refused(
        Code::Unavailable,
        "",
        Said::new("Сховище файлів зараз не відповідає; нічого не змінено.", "The store of files does not answer now; nothing was changed."),
        Said::new("Спробуйте ще раз за хвилину.", "Try again in a minute."),
    )
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn a_place_is_a_folder_or_a_bucket() {
        assert_eq!(Place::parse("/srv/files"), Ok(Place::Folder("/srv/files".into())));
        assert_eq!(Place::parse("s3://bucket/prefix/"), Ok(Place::Bucket("s3://bucket/prefix".to_owned())));
        for wrong in ["", "gs://bucket", "https://bucket.example", "s3://", "s3:///prefix", "s3://key:secret@bucket"] {
            assert!(Place::parse(wrong).is_err(), "{wrong}");
        }
    }
}
