//! The secrets of an installation, and the access tokens that they sign: JWT with `EdDSA` and `kid`. A token names a session;
//! what the session may do is read at each request.
//!
//! Keys rotate without anybody being signed out: the key that comes next is published before it signs, and the one that
//! signed before still verifies.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use hmac::{Hmac, Mac as _};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

const ISSUER: &str = "mistok";
const AUDIENCE: &str = "mistok-api";
/// The file of the keys in the data folder.
pub const KEY_FILE: &str = "keys.json";
/// Its access rights: the owner reads and writes, nobody else.
pub const KEY_FILE_MODE: u32 = 0o600;

/// What a mode says of anybody but the owner.
pub const OTHERS: u32 = 0o077;
/// What the key of seals is derived from the key of identifiers by; no scheme of an identifier is called so.
const SEALS: &[u8] = b"mistok seals";
/// Bytes of a seal.
const SEAL: usize = 32;

/// Why keys cannot be had.
type Fault = Box<dyn std::error::Error + Send + Sync>;

/// The secrets of one installation, made at the first start in its data folder with mode 0600.
#[derive(Clone)]
pub struct Keys {
    kid: String,
    encoding: EncodingKey,
    /// The key that signs, the one that will, and the one that did.
    verifying: Vec<Verifying>,
    identifier_key: [u8; 32],
    identifier_key_id: String,
    seal_key: [u8; 32],
}

/// The public half of a key of access tokens.
#[derive(Clone)]
struct Verifying {
    kid: String,
    public: [u8; 32],
    decoding: DecodingKey,
}

impl Verifying {
    fn of(signing: &SigningKey) -> Self {
        let public = signing.verifying_key().to_bytes();
        Self { kid: short_hash(&public), decoding: DecodingKey::from_ed_der(&public), public }
    }
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
    /// Key of the hashes of personal identifiers.
    identifier_key: String,
    /// Key of seals; where there is none it is derived from the key of identifiers, as it was at first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seal_key: Option<String>,
}

impl KeyFile {
    fn new() -> Result<Self, getrandom::Error> {
        Ok(Self { token_seed: fresh()?, next_token_seed: Some(fresh()?), former_token_seed: None, identifier_key: fresh()?, seal_key: Some(fresh()?) })
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

    /// Puts the file in the place of the one at `path`, and gives its keys.
    fn replace(&self, path: &Path) -> Result<Keys, Fault> {
        let keys = Keys::from_file(self)?;
        fs::rename(self.draft(path)?, path)?;
        Ok(keys)
    }

    /// Writes the file whole under another name beside `path`, and gives that name.
    fn draft(&self, path: &Path) -> Result<std::path::PathBuf, Fault> {
        let draft = path.with_extension(URL_SAFE_NO_PAD.encode(&random()?[..6]));
        let mut out = fs::OpenOptions::new().write(true).create_new(true).mode(KEY_FILE_MODE).open(&draft)?;
        out.write_all(&serde_json::to_vec_pretty(self)?)?;
        out.sync_all()?;
        Ok(draft)
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    iat: i64,
    exp: i64,
}

/// What a token says: whose it is, and which sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The person.
    pub account: Uuid,
    /// The sign-in.
    pub session: Uuid,
}

impl Keys {
    /// Reads the keys of a data folder, or makes them when there are none.
    ///
    /// # Errors
    /// When the file cannot be read or made, can be read by others, or holds no keys.
    pub fn load_or_make(data: &Path) -> Result<Self, Fault> {
        let path = data.join(KEY_FILE);
        if !path.try_exists()? {
            Self::make(data, &path)?;
        }
        Self::from_file(&KeyFile::read(&path)?)
    }

    /// Links the whole file into place, so that of two first starts one wins and both use its keys.
    fn make(data: &Path, path: &Path) -> Result<(), Fault> {
        fs::create_dir_all(data)?;
        let draft = KeyFile::new()?.draft(path)?;
        let linked = fs::hard_link(&draft, path);
        fs::remove_file(&draft)?;
        match linked {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Puts the next key of access tokens in the place of the one that signs, and a new one in its place. Processes that run
    /// sign as before until they start again; they accept what the new key signs, since they knew it.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn rotate(data: &Path) -> Result<Self, Fault> {
        let path = data.join(KEY_FILE);
        let old = KeyFile::read(&path)?;
        let next = old.next_token_seed.clone().map_or_else(fresh, Ok)?;
        let file = KeyFile { token_seed: next, next_token_seed: Some(fresh()?), former_token_seed: Some(old.token_seed), ..old };
        file.replace(&path)
    }

    /// Replaces all keys that somebody else may have read: what they signed, sealed or derived is worth nothing for whoever reads
    /// the new ones. The key of personal identifiers stays, since what was hashed with it is known by it alone.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn replace_leaked(data: &Path) -> Result<Self, Fault> {
        let path = data.join(KEY_FILE);
        let old = KeyFile::read(&path)?;
        KeyFile { identifier_key: old.identifier_key, ..KeyFile::new()? }.replace(&path)
    }

    /// Keys that live as long as the process.
    ///
    /// # Errors
    /// When the machine gives no random bytes.
    pub fn ephemeral() -> Result<Self, Fault> {
        Self::from_file(&KeyFile::new()?)
    }

    fn from_file(file: &KeyFile) -> Result<Self, Fault> {
        let KeyFile { token_seed, next_token_seed, former_token_seed, identifier_key, seal_key } = file;
        let key32 = |text: &str| -> Result<[u8; 32], Fault> { URL_SAFE_NO_PAD.decode(text)?.try_into().map_err(|_| "a key in keys.json has not 32 bytes".into()) };
        let signing = SigningKey::from_bytes(&key32(token_seed)?);
        let mut verifying = vec![Verifying::of(&signing)];
        for seed in [next_token_seed, former_token_seed].into_iter().flatten() {
            verifying.push(Verifying::of(&SigningKey::from_bytes(&key32(seed)?)));
        }
        let identifier_key = key32(identifier_key)?;
        let seal_key = match seal_key {
            Some(seal_key) => key32(seal_key)?,
            None => keyed(&identifier_key).chain_update(SEALS).finalize().into_bytes().into(),
        };
        Ok(Self {
            kid: verifying[0].kid.clone(),
            encoding: EncodingKey::from_ed_der(signing.to_pkcs8_der()?.as_bytes()),
            verifying,
            identifier_key_id: short_hash(&identifier_key),
            identifier_key,
            seal_key,
        })
    }

    /// The public keys of access tokens as a JSON Web Key Set (RFC 7517, RFC 8037): what signs, and what will or did.
    #[must_use]
    pub fn published(&self) -> Value {
        let key = |key: &Verifying| json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.kid, "x": URL_SAFE_NO_PAD.encode(key.public) });
        json!({ "keys": self.verifying.iter().map(key).collect::<Vec<_>>() })
    }

    /// The name of the signing key, as tokens bear it.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The name of the key of personal identifiers, as their hashes bear it.
    #[must_use]
    pub fn identifier_key_id(&self) -> &str {
        &self.identifier_key_id
    }

    /// Signs an access token.
    ///
    /// # Errors
    /// When signing fails.
    pub fn sign(&self, claim: Claim, now: DateTime<Utc>, expires: DateTime<Utc>) -> Result<String, jsonwebtoken::errors::Error> {
        let claims = Claims { iss: ISSUER.to_owned(), aud: AUDIENCE.to_owned(), sub: claim.account, sid: claim.session, iat: now.timestamp(), exp: expires.timestamp() };
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(self.kid.clone());
        encode(&header, &claims, &self.encoding)
    }

    /// Reads a token that we signed and whose time is not over; none when it is anything else.
    #[must_use]
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Option<Claim> {
        let kid = jsonwebtoken::decode_header(token).ok()?.kid?;
        let key = self.verifying.iter().find(|key| key.kid == kid)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        // The library would ask the machine's clock; ours is given.
        validation.validate_exp = false;
        let claims = decode::<Claims>(token, &key.decoding, &validation).ok()?.claims;
        (claims.exp > now.timestamp()).then_some(Claim { account: claims.sub, session: claims.sid })
    }

    /// Seals a few bytes for one use: a token that nobody else can make, and that is kept nowhere.
    #[must_use]
    pub fn seal(&self, purpose: &str, bytes: &[u8]) -> String {
        let seal = self.sealed(purpose, bytes).finalize().into_bytes();
        URL_SAFE_NO_PAD.encode([bytes, &seal].concat())
    }

    /// The bytes that were sealed for the same use; none when the token is no seal of ours.
    #[must_use]
    pub fn unseal(&self, purpose: &str, token: &str) -> Option<Vec<u8>> {
        let mut bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let seal = bytes.split_off(bytes.len().checked_sub(SEAL)?);
        self.sealed(purpose, &bytes).verify_slice(&seal).is_ok().then_some(bytes)
    }

    /// A secret for one use that is kept nowhere, since the same bytes give it again.
    #[must_use]
    pub fn derive(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        self.sealed(purpose, bytes).finalize().into_bytes().into()
    }

    fn sealed(&self, purpose: &str, bytes: &[u8]) -> Hmac<Sha256> {
        keyed(&self.seal_key).chain_update(purpose).chain_update(b"\0").chain_update(bytes)
    }

    /// The keyed hash under which a personal identifier is kept: `<key id>:<hex>`.
    #[must_use]
    pub fn hash_identifier(&self, scheme: &str, value: &str) -> String {
        let mac = keyed(&self.identifier_key).chain_update(scheme).chain_update(b"\0").chain_update(value);
        format!("{}:{}", self.identifier_key_id, hex(&mac.finalize().into_bytes()))
    }
}

fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"))
}

/// A new key as the file holds it.
fn fresh() -> Result<String, getrandom::Error> {
    Ok(URL_SAFE_NO_PAD.encode(random()?))
}

pub(super) fn random() -> Result<[u8; 32], getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

fn short_hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..8])
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        use std::fmt::Write as _;
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::{Claim, Keys};
    use chrono::{DateTime, TimeDelta};
    use uuid::Uuid;

    #[test]
    fn a_token_is_good_for_the_keys_that_signed_it_and_for_no_others() {
        let (ours, theirs) = (Keys::ephemeral().expect("keys"), Keys::ephemeral().expect("keys"));
        let claim = Claim { account: Uuid::from_u128(1), session: Uuid::from_u128(2) };
        let token = ours.sign(claim, DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH + TimeDelta::hours(1)).expect("signs");
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(ours.verify(&token, now), Some(claim));
        assert_eq!(theirs.verify(&token, now), None);
        assert_eq!(ours.verify(&format!("{token}x"), now), None);
        assert_eq!(ours.verify(&token, now + TimeDelta::hours(1)), None, "its time is over");
    }

    #[test]
    fn a_seal_is_good_for_its_use_and_its_keys_alone() {
        let (ours, theirs) = (Keys::ephemeral().expect("keys"), Keys::ephemeral().expect("keys"));
        let token = ours.seal("link", b"bytes");
        assert_eq!(ours.unseal("link", &token).as_deref(), Some(b"bytes".as_slice()));
        assert_eq!(ours.unseal("refresh", &token), None);
        assert_eq!(theirs.unseal("link", &token), None);
        for other in ["", "AAAA", "not base64!", &token[1..], &format!("{token}A")] {
            assert_eq!(ours.unseal("link", other), None, "{other}");
        }
    }

    #[test]
    fn a_key_is_published_before_it_signs_and_still_verifies_after_it_did() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = Keys::load_or_make(folder.path()).expect("makes");
        let claim = Claim { account: Uuid::from_u128(1), session: Uuid::from_u128(2) };
        let now = DateTime::UNIX_EPOCH;
        let sign = |keys: &Keys| keys.sign(claim, now, now + TimeDelta::hours(1)).expect("signs");
        let second = Keys::rotate(folder.path()).expect("rotates");
        assert_ne!(first.kid(), second.kid());
        assert_eq!(first.verify(&sign(&second), now), Some(claim), "a process that was not started again knows the key already");
        assert_eq!(second.verify(&sign(&first), now), Some(claim), "nobody is signed out");
        let third = Keys::rotate(folder.path()).expect("rotates");
        assert_eq!(third.verify(&sign(&second), now), Some(claim));
        assert_eq!(third.verify(&sign(&first), now), None, "two rotations ago");
        assert_eq!(third.published()["keys"].as_array().map(Vec::len), Some(3));
        assert_eq!(first.hash_identifier("UA-RNOKPP", "1"), third.hash_identifier("UA-RNOKPP", "1"), "what is kept by the other key stays");
    }

    #[test]
    fn of_keys_that_leaked_nothing_holds_but_the_hashes_of_identifiers() {
        let folder = tempfile::tempdir().expect("a folder");
        let leaked = Keys::load_or_make(folder.path()).expect("makes");
        let foreseen = Keys::rotate(folder.path()).expect("rotates");
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
        assert_eq!(super::hex(&keys.derive("use", b"bytes")), "42f36f97d7c1f3d532d57e2563c6eaf1df20f75a00f3f4d2ca2ddde292153dc4");
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
}
