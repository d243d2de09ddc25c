//! API tokens: their secrets, their scopes, and a note of when each was used last.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::Role;
use super::token::random;
use crate::error::{Error, Result};
use crate::hash::hex;

/// How every secret begins, so that people and scanners of leaked secrets know one.
pub const PREFIX: &str = "mst_";
/// Hexadecimal digits of a secret's 256 random bits.
const DIGITS: usize = 64;
/// Hexadecimal digits of the sum at its end, by which a mistyped one is told from one of ours.
const SUM: usize = 8;

/// The secret of an API token: `mst_` and 72 hexadecimal digits. It is shown once and kept as a digest; it prints masked.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new one.
    ///
    /// # Errors
    /// When the machine gives no random bytes.
    pub fn fresh() -> Result<Self> {
        let bare = format!("{PREFIX}{}", hex(&random().map_err(|cause| Error::internal(cause.to_string()))?));
        let sum = sum(&bare);
        Ok(Self(bare + &sum))
    }

    /// Takes what may be a secret; none when it cannot be one of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (bare, given) = text.split_at_checked(PREFIX.len() + DIGITS)?;
        (bare.starts_with(PREFIX) && given == sum(bare)).then(|| Self(text.to_owned()))
    }

    /// The whole secret, for the one who made it alone.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept of it: SHA-256 in hexadecimal digits. No salt and no slow hash, since 256 random bits are not guessed.
    #[must_use]
    pub fn digest(&self) -> String {
        hex(&Sha256::digest(&self.0))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{PREFIX}…")
    }
}

fn sum(bare: &str) -> String {
    hex(&Sha256::digest(bare)[..SUM / 2])
}

/// What a program with an API token may do for its organisation. Nothing beyond: no token signs, manages the organisation, acts
/// for the association, or runs the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, async_graphql::Enum)]
#[graphql(name = "ApiTokenScope")]
pub enum Scope {
    /// Reads what a VIEWER of the organisation sees. A VIEWER of the association sees the whole platform, members' addresses and the evidence
    /// of verifications included, and so does its token.
    Read,
    /// Also does what an EDITOR does.
    Write,
}

impl Scope {
    /// The name in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "READ",
            Self::Write => "WRITE",
        }
    }

    /// Reads the name that [`Scope::as_str`] gives.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Read, Self::Write].into_iter().find(|scope| scope.as_str() == text)
    }

    /// The role that does the same.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::Read => Role::Viewer,
            Self::Write => Role::Editor,
        }
    }
}

/// When API tokens were used since that was last written down: noted in memory, so that no request waits for it.
#[derive(Debug, Default)]
pub struct Uses(Mutex<HashMap<Uuid, DateTime<Utc>>>);

impl Uses {
    /// Notes a use.
    pub fn note(&self, token: Uuid, now: DateTime<Utc>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(token, now);
    }

    /// The last uses that were not taken yet.
    pub fn take(&self) -> HashMap<Uuid, DateTime<Utc>> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_secret_is_known_by_its_look_and_prints_masked() {
        let secret = Secret::fresh().expect("random bytes");
        let text = secret.expose();
        assert_eq!((text.len(), Secret::parse(text).as_ref()), (76, Some(&secret)));
        assert_ne!(Secret::fresh().expect("random bytes"), secret);
        let mistyped = format!("mst_{}{}", if text[4..].starts_with('0') { '1' } else { '0' }, &text[5..]);
        for other in ["", "mst_", &text[..75], &text.to_uppercase(), &format!("{text}0"), &text.replacen("mst_", "mst-", 1), &mistyped, "mst_é"] {
            assert_eq!(Secret::parse(other), None, "{other}");
        }
        assert_eq!(format!("{secret:?}"), "mst_…");
        assert!(!secret.digest().contains(&text[4..20]));
    }
}
