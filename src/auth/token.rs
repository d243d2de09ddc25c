//! Access tokens: JWT with `EdDSA` and `kid`. A token names a session; what the session may do is read at each request.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use hmac::{Hmac, Mac as _};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

const ISSUER: &str = "mistok";
const AUDIENCE: &str = "mistok-api";
/// The file of the keys in the data folder.
pub const KEY_FILE: &str = "keys.json";
/// Its access rights: the owner reads and writes, nobody else.
pub const KEY_FILE_MODE: u32 = 0o600;

/// The secrets of one installation, made at the first start in its data folder with mode 0600.
#[derive(Clone)]
pub struct Keys {
    kid: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
    identifier_key: [u8; 32],
    identifier_key_id: String,
}

/// What the key file holds.
#[derive(Serialize, Deserialize)]
struct KeyFile {
    /// Ed25519 seed of the access tokens, base64url.
    token_seed: String,
    /// Key of the hashes of personal identifiers, base64url.
    identifier_key: String,
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
    /// When the file cannot be read or made, or holds no keys.
    pub fn load_or_make(data: &Path) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let path = data.join(KEY_FILE);
        match fs::read(&path) {
            Ok(bytes) => Self::from_file(&serde_json::from_slice(&bytes)?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::make(data, &path),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes the file whole under another name and links it into place, so that of two first starts one wins and both use its keys.
    fn make(data: &Path, path: &Path) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        fs::create_dir_all(data)?;
        let file = KeyFile { token_seed: URL_SAFE_NO_PAD.encode(random()?), identifier_key: URL_SAFE_NO_PAD.encode(random()?) };
        let draft = data.join(format!("{KEY_FILE}.{}", URL_SAFE_NO_PAD.encode(&random()?[..6])));
        let mut out = fs::OpenOptions::new().write(true).create_new(true).mode(KEY_FILE_MODE).open(&draft)?;
        out.write_all(&serde_json::to_vec_pretty(&file)?)?;
        out.sync_all()?;
        let linked = fs::hard_link(&draft, path);
        fs::remove_file(&draft)?;
        match linked {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error.into()),
            _ => Self::from_file(&serde_json::from_slice(&fs::read(path)?)?),
        }
    }

    /// Keys that live as long as the process.
    ///
    /// # Errors
    /// When the machine gives no random bytes.
    pub fn ephemeral() -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Self::from_file(&KeyFile { token_seed: URL_SAFE_NO_PAD.encode(random()?), identifier_key: URL_SAFE_NO_PAD.encode(random()?) })
    }

    fn from_file(file: &KeyFile) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let key32 = |text: &str| -> Result<[u8; 32], Box<dyn std::error::Error + Send + Sync>> {
            URL_SAFE_NO_PAD.decode(text)?.try_into().map_err(|_| "a key in keys.json has not 32 bytes".into())
        };
        let signing = SigningKey::from_bytes(&key32(&file.token_seed)?);
        let public = signing.verifying_key();
        let identifier_key = key32(&file.identifier_key)?;
        Ok(Self {
            kid: short_hash(public.as_bytes()),
            encoding: EncodingKey::from_ed_der(signing.to_pkcs8_der()?.as_bytes()),
            decoding: DecodingKey::from_ed_der(public.as_bytes()),
            identifier_key_id: short_hash(&identifier_key),
            identifier_key,
        })
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

    /// Reads a token that we signed; none when it is anything else. Expiry is the session's, which the caller loads.
    #[must_use]
    pub fn verify(&self, token: &str) -> Option<Claim> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        if header.kid.as_deref() != Some(&self.kid) {
            return None;
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.validate_exp = false;
        let claims = decode::<Claims>(token, &self.decoding, &validation).ok()?.claims;
        Some(Claim { account: claims.sub, session: claims.sid })
    }

    /// The keyed hash under which a personal identifier is kept: `<key id>:<hex>`.
    #[must_use]
    pub fn hash_identifier(&self, scheme: &str, value: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.identifier_key).unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
        mac.update(scheme.as_bytes());
        mac.update(b"\0");
        mac.update(value.as_bytes());
        format!("{}:{}", self.identifier_key_id, hex(&mac.finalize().into_bytes()))
    }
}

fn random() -> Result<[u8; 32], getrandom::Error> {
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
        assert_eq!(ours.verify(&token), Some(claim));
        assert_eq!(theirs.verify(&token), None);
        assert_eq!(ours.verify(&format!("{token}x")), None);
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
