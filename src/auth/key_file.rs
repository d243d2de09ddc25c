//! The file of an installation's keys: made at the first start, its owner's alone, and replaced whole when a key changes.
//!
//! Each kind of key has a life of its own: access tokens, checkpoints of the journal, seals, and the hashes of personal identifiers.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use hmac::Mac as _;
use jsonwebtoken::EncodingKey;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::checkpoint::{Signer, Trust, Verifying};
use super::token::{Fault, Keys, keyed, random, short_hash};

/// The file of the keys in the data folder.
pub const KEY_FILE: &str = "keys.json";
/// Its access rights: the owner reads and writes, nobody else.
pub const KEY_FILE_MODE: u32 = 0o600;
/// What a mode says of anybody but the owner.
pub const OTHERS: u32 = 0o077;
/// What is locked by whoever changes it. It is empty and stays.
const LOCK: &str = "keys.lock";
/// What the name of one that has not got its place yet begins with.
const DRAFT: &str = "keys.json.";

/// What the key of seals is derived from the key of identifiers by; no scheme of an identifier is called so.
const SEALS: &[u8] = b"mistok seals";
/// What the first keys of checkpoints are derived from the key of seals by, in a file that is older than they are: so all nodes of an
/// installation, each with a copy of its own, have the same.
const CHECKPOINTS: &str = "mistok checkpoints";
const NEXT_CHECKPOINTS: &str = "mistok next checkpoints";

/// A kind of key that can be rotated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotated {
    /// What signs access tokens.
    Tokens,
    /// What signs checkpoints of the journal.
    Checkpoints,
}

/// What the key file holds, all in base64url.
#[derive(Serialize, Deserialize)]
struct KeyFile {
    /// Ed25519 seed of the access tokens.
    token_seed: String,
    /// The seed that signs after the next rotation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next_token_seed: Option<String>,
    /// The seed that signed before the last rotation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    former_token_seed: Option<String>,
    /// Ed25519 seeds of the checkpoints; none in a file that is older than they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    checkpoints: Option<CheckpointSeeds>,
    /// Key of the hashes of personal identifiers.
    identifier_key: String,
    /// Key of seals; where there is none it is derived from the key of identifiers, as it was at first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seal_key: Option<String>,
}

/// The keys of checkpoints, all in base64url.
#[derive(Clone, Serialize, Deserialize)]
struct CheckpointSeeds {
    /// The seed that signs.
    seed: String,
    /// The seed that signs after the next rotation.
    next_seed: String,
    /// The public halves of all that signed before; they are known for good.
    former: Vec<String>,
}

impl CheckpointSeeds {
    fn fresh() -> Result<Self, getrandom::Error> {
        Ok(Self { seed: fresh()?, next_seed: fresh()?, former: Vec::new() })
    }

    /// The same keys with another one that signs, and another that will.
    fn replaced(self, seed: String) -> Result<Self, Fault> {
        let public = SigningKey::from_bytes(&key32(&self.seed)?).verifying_key().to_bytes();
        let former = self.former.into_iter().chain([URL_SAFE_NO_PAD.encode(public)]).collect();
        Ok(Self { seed, next_seed: fresh()?, former })
    }

    fn trust(&self) -> Result<Trust, Fault> {
        let own = [&self.seed, &self.next_seed].into_iter().map(|seed| Ok(Verifying::of(&SigningKey::from_bytes(&key32(seed)?))));
        let former = self.former.iter().map(|public| Ok(Verifying::new(key32(public)?)));
        own.chain(former).collect::<Result<_, Fault>>().map(Trust::new)
    }
}

impl KeyFile {
    fn new() -> Result<Self, getrandom::Error> {
        let checkpoints = Some(CheckpointSeeds::fresh()?);
        Ok(Self { token_seed: fresh()?, next_token_seed: Some(fresh()?), former_token_seed: None, checkpoints, identifier_key: fresh()?, seal_key: Some(fresh()?) })
    }

    fn read(path: &Path) -> Result<Self, Fault> {
        let mode = fs::metadata(path)?.permissions().mode();
        if mode & OTHERS != 0 {
            return Err(format!(
                "{} can be read by others (mode {:o}): make it its owner's alone with chmod 600; if others may have read it, then run `mistok keys rotate --leaked`",
                path.display(),
                mode & 0o777
            )
            .into());
        }
        Ok(serde_json::from_slice(&fs::read(path)?)?)
    }

    /// Puts the file in the place of the one in a data folder so that it lasts, and gives its keys.
    fn replace(&self, data: &Path) -> Result<Keys, Fault> {
        let keys = Keys::from_file(self)?;
        self.draft(data)?.persist(data.join(KEY_FILE))?;
        synced(data)?;
        Ok(keys)
    }

    /// Puts the file into a data folder that has none so that it lasts. Of two first starts one wins, and both use its keys.
    fn place(&self, data: &Path) -> Result<(), Fault> {
        match self.draft(data)?.persist_noclobber(data.join(KEY_FILE)) {
            Err(failed) if failed.error.kind() != io::ErrorKind::AlreadyExists => Err(failed.error.into()),
            _ => Ok(synced(data)?),
        }
    }

    /// Writes the file whole under another name; unless it gets its place it goes again.
    fn draft(&self, data: &Path) -> Result<NamedTempFile, Fault> {
        let mut draft = tempfile::Builder::new().prefix(DRAFT).permissions(Permissions::from_mode(KEY_FILE_MODE)).tempfile_in(data)?;
        draft.write_all(&serde_json::to_vec_pretty(self)?)?;
        draft.as_file().sync_all()?;
        Ok(draft)
    }

    fn sealing(&self) -> Result<[u8; 32], Fault> {
        Ok(match &self.seal_key {
            Some(seal_key) => key32(seal_key)?,
            None => keyed(&key32(&self.identifier_key)?).chain_update(SEALS).finalize().into_bytes().into(),
        })
    }

    /// The keys of checkpoints; an older file has those that are derived.
    fn checkpoint_seeds(&self) -> Result<CheckpointSeeds, Fault> {
        if let Some(seeds) = &self.checkpoints {
            return Ok(seeds.clone());
        }
        let key = self.sealing()?;
        let derived = |purpose: &str| URL_SAFE_NO_PAD.encode(keyed(&key).chain_update(purpose).finalize().into_bytes());
        Ok(CheckpointSeeds { seed: derived(CHECKPOINTS), next_seed: derived(NEXT_CHECKPOINTS), former: Vec::new() })
    }
}

impl Keys {
    /// Reads the keys of a data folder and writes nothing. What an older file lacks is derived from what it has.
    ///
    /// # Errors
    /// When the file is not there, cannot be read, can be read by others, or holds no keys.
    pub fn load(data: &Path) -> Result<Self, Fault> {
        Self::from_file(&KeyFile::read(&data.join(KEY_FILE))?)
    }

    /// Reads the keys of a data folder, or makes them when there are none. An older file gains what it lacks.
    ///
    /// # Errors
    /// When the file cannot be read or made, can be read by others, or holds no keys.
    pub fn load_or_make(data: &Path) -> Result<Self, Fault> {
        let path = data.join(KEY_FILE);
        if !path.try_exists()? {
            fs::create_dir_all(data)?;
            KeyFile::new()?.place(data)?;
        }
        if KeyFile::read(&path)?.checkpoints.is_none()
            && let Err(cause) = Self::complete(data)
        {
            tracing::warn!(%cause, "keys.json cannot be written: the keys of checkpoints stay derived from the others");
        }
        Self::load(data)
    }

    /// Writes down what an older file lacks.
    fn complete(data: &Path) -> Result<(), Fault> {
        let _lock = lock(data)?;
        // What another process wrote meanwhile stays.
        let mut file = KeyFile::read(&data.join(KEY_FILE))?;
        if file.checkpoints.is_none() {
            file.checkpoints = Some(file.checkpoint_seeds()?);
            file.replace(data)?;
        }
        Ok(())
    }

    /// Puts the next key of a kind in the place of the one that signs, and a new one in its place. Processes that run
    /// sign as before until they start again; they accept what the new key signs, since they knew it.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn rotate(data: &Path, which: Rotated) -> Result<Self, Fault> {
        let _lock = lock(data)?;
        let old = KeyFile::read(&data.join(KEY_FILE))?;
        let seeds = old.checkpoint_seeds()?;
        let file = match which {
            Rotated::Tokens => {
                let next = old.next_token_seed.clone().map_or_else(fresh, Ok)?;
                KeyFile { token_seed: next, next_token_seed: Some(fresh()?), former_token_seed: Some(old.token_seed), checkpoints: Some(seeds), ..old }
            }
            Rotated::Checkpoints => {
                let next = seeds.next_seed.clone();
                KeyFile { checkpoints: Some(seeds.replaced(next)?), ..old }
            }
        };
        file.replace(data)
    }

    /// Replaces all keys that somebody else may have read: what they signed, sealed or derived is worth nothing for whoever reads
    /// the new ones. The key of personal identifiers stays, since what was hashed with it is known by it alone; and the checkpoints that
    /// were signed before are still known by their keys.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn replace_leaked(data: &Path) -> Result<Self, Fault> {
        let _lock = lock(data)?;
        let old = KeyFile::read(&data.join(KEY_FILE))?;
        let checkpoints = Some(old.checkpoint_seeds()?.replaced(fresh()?)?);
        KeyFile { identifier_key: old.identifier_key, checkpoints, ..KeyFile::new()? }.replace(data)
    }

    /// Keys that live as long as the process.
    ///
    /// # Errors
    /// When the machine gives no random bytes.
    pub fn ephemeral() -> Result<Self, Fault> {
        Self::from_file(&KeyFile::new()?)
    }

    fn from_file(file: &KeyFile) -> Result<Self, Fault> {
        let (seal_key, seeds) = (file.sealing()?, file.checkpoint_seeds()?);
        let KeyFile { token_seed, next_token_seed, former_token_seed, checkpoints: _, identifier_key, seal_key: _ } = file;
        let signing = SigningKey::from_bytes(&key32(token_seed)?);
        let mut verifying = vec![Verifying::of(&signing)];
        for seed in [next_token_seed, former_token_seed].into_iter().flatten() {
            verifying.push(Verifying::of(&SigningKey::from_bytes(&key32(seed)?)));
        }
        let identifier_key = key32(identifier_key)?;
        Ok(Self {
            kid: verifying[0].kid.clone(),
            encoding: EncodingKey::from_ed_der(signing.to_pkcs8_der()?.as_bytes()),
            verifying,
            identifier_key_id: short_hash(&identifier_key),
            identifier_key,
            seal_key,
            signer: Signer::new(&SigningKey::from_bytes(&key32(&seeds.seed)?))?,
            trust: seeds.trust()?,
        })
    }
}

/// Keeps others from changing the keys of a data folder until it is dropped, so that nobody undoes what another just wrote.
fn lock(data: &Path) -> io::Result<File> {
    let file = OpenOptions::new().create(true).append(true).mode(KEY_FILE_MODE).open(data.join(LOCK))?;
    match file.lock() {
        // A file system without locks: there is one process at a time.
        Err(cause) if cause.kind() != io::ErrorKind::Unsupported => Err(cause),
        _ => Ok(file),
    }
}

/// Sees to it that a name which was just given lasts.
fn synced(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// A new key as the file holds it.
fn fresh() -> Result<String, getrandom::Error> {
    Ok(URL_SAFE_NO_PAD.encode(random()?))
}

fn key32(text: &str) -> Result<[u8; 32], Fault> {
    URL_SAFE_NO_PAD.decode(text)?.try_into().map_err(|_| "a key in keys.json has not 32 bytes".into())
}

#[cfg(test)]
mod tests {
    use super::{Keys, Rotated};
    use crate::auth::checkpoint::Checkpoint;
    use crate::auth::token::Claim;
    use crate::hash::hex;
    use chrono::{DateTime, TimeDelta};
    use uuid::Uuid;

    #[test]
    fn a_key_is_published_before_it_signs_and_still_verifies_after_it_did() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = Keys::load_or_make(folder.path()).expect("makes");
        let claim = Claim { account: Uuid::from_u128(1), session: Uuid::from_u128(2) };
        let now = DateTime::UNIX_EPOCH;
        let sign = |keys: &Keys| keys.sign(claim, now, now + TimeDelta::hours(1)).expect("signs");
        let second = Keys::rotate(folder.path(), Rotated::Tokens).expect("rotates");
        assert_ne!(first.kid(), second.kid());
        assert_eq!(first.verify(&sign(&second), now), Some(claim), "a process that was not started again knows the key already");
        assert_eq!(second.verify(&sign(&first), now), Some(claim), "nobody is signed out");
        let third = Keys::rotate(folder.path(), Rotated::Tokens).expect("rotates");
        assert_eq!(third.verify(&sign(&second), now), Some(claim));
        assert_eq!(third.verify(&sign(&first), now), None, "two rotations ago");
        assert_eq!(third.published()["keys"].as_array().map(Vec::len), Some(3));
        assert_eq!(first.hash_identifier("UA-RNOKPP", "1"), third.hash_identifier("UA-RNOKPP", "1"), "what is kept by the other key stays");
    }

    #[test]
    fn of_keys_that_leaked_nothing_holds_but_the_hashes_of_identifiers() {
        let folder = tempfile::tempdir().expect("a folder");
        let leaked = Keys::load_or_make(folder.path()).expect("makes");
        let foreseen = Keys::rotate(folder.path(), Rotated::Tokens).expect("rotates");
        let new = Keys::replace_leaked(folder.path()).expect("replaces");
        let claim = Claim { account: Uuid::from_u128(1), session: Uuid::from_u128(2) };
        let now = DateTime::UNIX_EPOCH;
        for old in [&leaked, &foreseen] {
            assert_eq!(new.verify(&old.sign(claim, now, now + TimeDelta::hours(1)).expect("signs"), now), None);
            assert_eq!(new.unseal("link", &old.seal("link", b"bytes")), None);
            assert_ne!(new.derive("second factor", b"id"), old.derive("second factor", b"id"));
        }
        assert_eq!(new.published()["keys"].as_array().map(Vec::len), Some(2), "one that signs and one that will");
        assert_eq!(leaked.hash_identifier("UA-RNOKPP", "1"), new.hash_identifier("UA-RNOKPP", "1"));
    }

    #[test]
    fn a_key_file_without_a_key_of_seals_seals_as_it_did() {
        let file = serde_json::json!({ "token_seed": super::fresh().expect("random"), "identifier_key": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" });
        let keys = Keys::from_file(&serde_json::from_value(file).expect("a file")).expect("keys");
        assert_eq!(hex(&keys.derive("use", b"bytes")), "42f36f97d7c1f3d532d57e2563c6eaf1df20f75a00f3f4d2ca2ddde292153dc4");
    }

    #[test]
    fn keys_that_others_can_read_are_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        Keys::load_or_make(folder.path()).expect("makes");
        let file = folder.path().join("keys.json");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).expect("opens it to others");
        assert!(Keys::load_or_make(folder.path()).is_err_and(|fault| fault.to_string().contains("chmod 600")));
    }

    /// Names of the entries of a folder.
    fn names(folder: &std::path::Path) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(folder).expect("reads").map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn whoever_only_looks_makes_no_keys_and_completes_none() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(Keys::load(folder.path()).is_err());
        assert_eq!(names(folder.path()), [""; 0]);
        let keys = Keys::load_or_make(folder.path()).expect("makes");
        assert_eq!(names(folder.path()), ["keys.json"]);
        let file = folder.path().join("keys.json");
        let mut old: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).expect("reads")).expect("JSON");
        old.as_object_mut().expect("an object").remove("checkpoints");
        std::fs::write(&file, old.to_string()).expect("writes");
        assert_eq!(Keys::load(folder.path()).expect("reads").kid(), keys.kid());
        assert_eq!(std::fs::read_to_string(&file).expect("reads"), old.to_string());
    }

    #[test]
    fn keys_that_cannot_get_their_place_leave_no_secrets_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(folder.path().join("keys.json").join("in the way")).expect("makes");
        let file = super::KeyFile::new().expect("random");
        assert!(file.replace(folder.path()).is_err());
        assert_eq!(names(folder.path()), ["keys.json"]);
    }

    #[test]
    fn rotations_at_once_undo_none_of_each_other() {
        let folder = tempfile::tempdir().expect("a folder");
        Keys::load_or_make(folder.path()).expect("makes");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| Keys::rotate(folder.path(), Rotated::Checkpoints).expect("rotates"));
            }
        });
        let keys = Keys::load(folder.path()).expect("reads");
        assert_eq!(keys.trust().published()["keys"].as_array().map(Vec::len), Some(10), "eight former ones, the one that signs and the one that will");
        assert_eq!(names(folder.path()), ["keys.json", "keys.lock"]);
    }

    #[test]
    fn the_keys_of_a_folder_stay_and_are_the_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let first = Keys::load_or_make(folder.path()).expect("makes");
        let second = Keys::load_or_make(folder.path()).expect("reads");
        assert_eq!(first.hash_identifier("UA-RNOKPP", "1"), second.hash_identifier("UA-RNOKPP", "1"));
        let mode = std::fs::metadata(folder.path().join("keys.json")).expect("is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    fn checkpoint(keys: &Keys) -> String {
        keys.checkpoints().sign(&Checkpoint { seq: 1, hash: [0; 32], time: DateTime::UNIX_EPOCH, issuer: String::new() }).expect("signs")
    }

    #[test]
    fn a_key_of_checkpoints_is_known_before_it_signs_and_for_good() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = Keys::load_or_make(folder.path()).expect("makes");
        let second = Keys::rotate(folder.path(), Rotated::Checkpoints).expect("rotates");
        assert_eq!(first.kid(), second.kid(), "the key of access tokens has a life of its own");
        assert!(first.trust().believe(&checkpoint(&second)).is_ok(), "whoever kept the keys that were published knows the next one");
        let third = Keys::rotate(folder.path(), Rotated::Checkpoints).expect("rotates");
        let after = Keys::replace_leaked(folder.path()).expect("replaces");
        for keys in [&first, &second, &third, &after] {
            assert!(after.trust().believe(&checkpoint(keys)).is_ok());
        }
        assert!(third.trust().believe(&checkpoint(&after)).is_err(), "of keys that leaked the next one is worth nothing");
        assert_eq!(after.trust().published()["keys"].as_array().map(Vec::len), Some(5));
        let same = Keys::rotate(folder.path(), Rotated::Tokens).expect("rotates");
        assert_eq!(same.checkpoints().kid(), after.checkpoints().kid());
    }

    #[test]
    fn an_older_key_file_gains_keys_of_checkpoints_the_same_at_all_nodes() {
        use std::os::unix::fs::PermissionsExt as _;
        let (one, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        Keys::load_or_make(one.path()).expect("makes");
        let file = one.path().join("keys.json");
        let mut old: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).expect("reads")).expect("JSON");
        old.as_object_mut().expect("an object").remove("checkpoints");
        for folder in [&one, &other] {
            let file = folder.path().join("keys.json");
            std::fs::write(&file, old.to_string()).expect("writes");
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("is the owner's alone");
        }
        let (first, second) = (Keys::load_or_make(one.path()).expect("reads"), Keys::load_or_make(other.path()).expect("reads"));
        assert!(second.trust().believe(&checkpoint(&first)).is_ok());
        let mut new: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).expect("reads")).expect("JSON");
        assert!(new.as_object_mut().expect("an object").remove("checkpoints").is_some(), "it is written down");
        assert_eq!(new, old, "and nothing is lost");
        assert_eq!(std::fs::metadata(&file).expect("is there").permissions().mode() & 0o777, 0o600);
    }
}
