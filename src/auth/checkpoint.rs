//! The keys that sign checkpoints of the journal, and the keys by which a checkpoint is believed.
//!
//! A checkpoint is a compact JWS (RFC 7515) with `EdDSA` and `kid`; its payload is `{"seq": 120, "hash": "<hex>", "time": "<moment>", "iss": "<address>"}`:
//! at that moment the event at that place was the newest of the journal at that address, and the hash of the chain was this.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::token::{Fault, short_hash};
use crate::hash::hex;

/// The `typ` of a checkpoint, by which it is no token of any other kind.
const TYPE: &str = "mistok-checkpoint";

/// What a checkpoint says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The place of the newest event.
    pub seq: i64,
    /// The hash of the chain there.
    pub hash: [u8; 32],
    /// When that was.
    pub time: DateTime<Utc>,
    /// Where the journal is.
    pub issuer: String,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    seq: i64,
    hash: String,
    time: DateTime<Utc>,
    iss: String,
}

/// The public half of a key that signs with `EdDSA`.
#[derive(Clone)]
pub(super) struct Verifying {
    pub(super) kid: String,
    pub(super) decoding: DecodingKey,
    public: [u8; 32],
}

impl Verifying {
    pub(super) fn of(signing: &SigningKey) -> Self {
        Self::new(signing.verifying_key().to_bytes())
    }

    pub(super) fn new(public: [u8; 32]) -> Self {
        Self { kid: short_hash(&public), decoding: DecodingKey::from_ed_der(&public), public }
    }
}

/// Public keys as a JSON Web Key Set (RFC 7517, RFC 8037).
pub(super) fn key_set(keys: &[Verifying]) -> Value {
    let key = |key: &Verifying| json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.kid, "x": URL_SAFE_NO_PAD.encode(key.public) });
    json!({ "keys": keys.iter().map(key).collect::<Vec<_>>() })
}

/// Why a checkpoint is not believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unbelieved {
    /// It is no checkpoint at all.
    Unreadable,
    /// It names a key that is not trusted, or that key did not sign it.
    Signature {
        /// The name of the key.
        kid: String,
    },
}

/// Keys by which checkpoints are believed.
#[derive(Clone)]
pub struct Trust(Vec<Verifying>);

impl Trust {
    pub(super) fn new(keys: Vec<Verifying>) -> Self {
        Self(keys)
    }

    /// Reads a JSON Web Key Set, as `/.well-known/mistok-checkpoint-keys.json` gives it.
    ///
    /// # Errors
    /// When it is none, or has no Ed25519 key.
    pub fn read(text: &str) -> Result<Self, Fault> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Key>,
        }
        #[derive(Deserialize)]
        struct Key {
            kty: String,
            crv: Option<String>,
            x: Option<String>,
        }
        let mut keys = Vec::new();
        for Key { kty, crv, x } in serde_json::from_str::<Set>(text)?.keys {
            if kty == "OKP" && crv.as_deref() == Some("Ed25519") {
                let public = URL_SAFE_NO_PAD.decode(x.unwrap_or_default())?.try_into().map_err(|_| "a key in it has not 32 bytes")?;
                keys.push(Verifying::new(public));
            }
        }
        if keys.is_empty() { Err("it has no key of the kind Ed25519".into()) } else { Ok(Self(keys)) }
    }

    /// The keys as a JSON Web Key Set.
    #[must_use]
    pub fn published(&self) -> Value {
        key_set(&self.0)
    }

    /// What a checkpoint says.
    ///
    /// # Errors
    /// When it is none, or none of the keys signed it.
    pub fn believe(&self, checkpoint: &str) -> Result<Checkpoint, Unbelieved> {
        let kid = named_key(checkpoint).ok_or(Unbelieved::Unreadable)?;
        let Some(key) = self.0.iter().find(|key| key.kid == kid) else { return Err(Unbelieved::Signature { kid }) };
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.required_spec_claims.clear();
        (validation.validate_exp, validation.validate_aud) = (false, false);
        let Ok(read) = decode::<Claims>(checkpoint, &key.decoding, &validation) else { return Err(Unbelieved::Signature { kid }) };
        let Claims { seq, hash, time, iss } = read.claims;
        let hash = from_hex(&hash).filter(|_| seq > 0).ok_or(Unbelieved::Unreadable)?;
        Ok(Checkpoint { seq, hash, time, issuer: iss })
    }
}

/// The key that a checkpoint names, whoever signed it.
#[must_use]
pub fn named_key(checkpoint: &str) -> Option<String> {
    decode_header(checkpoint).ok().filter(|header| header.typ.as_deref() == Some(TYPE))?.kid
}

/// The key that signs checkpoints.
#[derive(Clone)]
pub struct Signer {
    kid: String,
    encoding: EncodingKey,
}

impl Signer {
    pub(super) fn new(signing: &SigningKey) -> Result<Self, Fault> {
        Ok(Self { kid: Verifying::of(signing).kid, encoding: EncodingKey::from_ed_der(signing.to_pkcs8_der()?.as_bytes()) })
    }

    /// The name of the key.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Signs a checkpoint.
    ///
    /// # Errors
    /// When signing fails.
    pub fn sign(&self, Checkpoint { seq, hash, time, issuer }: &Checkpoint) -> Result<String, jsonwebtoken::errors::Error> {
        let mut header = Header::new(Algorithm::EdDSA);
        (header.typ, header.kid) = (Some(TYPE.to_owned()), Some(self.kid.clone()));
        encode(&header, &Claims { seq: *seq, hash: hex(hash), time: *time, iss: issuer.clone() }, &self.encoding)
    }
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;

    use super::{Checkpoint, Signer, Trust, Unbelieved, Verifying};

    fn statement() -> Checkpoint {
        Checkpoint { seq: 120, hash: [7; 32], time: "2026-11-24T09:00:00.000120Z".parse().expect("a moment"), issuer: "https://mistok.example".to_owned() }
    }

    #[test]
    fn a_checkpoint_is_believed_by_the_key_that_signed_it_and_by_no_other() {
        let (ours, theirs) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        let signer = Signer::new(&ours).expect("a key");
        let jws = signer.sign(&statement()).expect("signs");
        let published = Trust::new(vec![Verifying::of(&theirs), Verifying::of(&ours)]).published().to_string();
        assert_eq!(Trust::read(&published).expect("keys").believe(&jws), Ok(statement()));
        let kid = signer.kid().to_owned();
        assert_eq!(Trust::new(vec![Verifying::of(&theirs)]).believe(&jws), Err(Unbelieved::Signature { kid: kid.clone() }));
        let (head, _) = jws.rsplit_once('.').expect("parts");
        let other = Signer { kid: kid.clone(), ..Signer::new(&theirs).expect("a key") }.sign(&statement()).expect("signs");
        for forged in [other, format!("{head}.AAAA")] {
            assert_eq!(Trust::read(&published).expect("keys").believe(&forged), Err(Unbelieved::Signature { kid: kid.clone() }));
        }
        let nowhere = signer.sign(&Checkpoint { seq: 0, ..statement() }).expect("signs");
        for none in ["a.b.c", &nowhere] {
            assert_eq!(Trust::read(&published).expect("keys").believe(none), Err(Unbelieved::Unreadable));
        }
    }

    #[test]
    fn a_set_without_a_key_of_ours_is_refused() {
        for text in ["", "{}", r#"{"keys":[]}"#, r#"{"keys":[{"kty":"RSA","n":"AQAB"}]}"#, r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AQAB"}]}"#] {
            assert!(Trust::read(text).is_err(), "{text}");
        }
    }
}
