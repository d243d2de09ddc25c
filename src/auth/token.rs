//! The secrets of an installation, and the access tokens that they sign: JWT with `EdDSA` and `kid`. A token names a session;
//! what the session may do is read at each request.
//!
//! Keys rotate without anybody being signed out: the key that comes next is published before it signs, and the one that
//! signed before still verifies.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac as _};
use jsonwebtoken::{Algorithm, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::checkpoint::{Signer, Trust, Verifying, key_set};
use crate::hash::hex;

const ISSUER: &str = "mistok";
const AUDIENCE: &str = "mistok-api";
/// Bytes of a seal.
const SEAL: usize = 32;

/// Why keys cannot be had.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// The secrets of one installation, made at the first start in its data folder with mode 0600.
#[derive(Clone)]
pub struct Keys {
    pub(super) kid: String,
    pub(super) encoding: EncodingKey,
    /// The key that signs, the one that will, and the one that did.
    pub(super) verifying: Vec<Verifying>,
    pub(super) identifier_key: [u8; 32],
    pub(super) identifier_key_id: String,
    pub(super) seal_key: [u8; 32],
    /// The key that signs checkpoints of the journal.
    pub(super) signer: Signer,
    /// That key, the one that will sign them, and all that ever did.
    pub(super) trust: Trust,
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
    /// The public keys of access tokens as a JSON Web Key Set (RFC 7517, RFC 8037): what signs, and what will or did.
    #[must_use]
    pub fn published(&self) -> Value {
        key_set(&self.verifying)
    }

    /// The name of the signing key, as tokens bear it.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The key that signs checkpoints of the journal.
    #[must_use]
    pub fn checkpoints(&self) -> &Signer {
        &self.signer
    }

    /// The keys by which checkpoints of this installation are believed: what signs, what will, and all that ever did.
    #[must_use]
    pub fn trust(&self) -> &Trust {
        &self.trust
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

pub(super) fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"))
}

/// Random bytes of the machine.
///
/// # Errors
/// When the machine gives none.
pub fn random() -> Result<[u8; 32], getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

pub(super) fn short_hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..8])
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
}
