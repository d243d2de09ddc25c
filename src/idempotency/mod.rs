//! Calls that can be repeated: what is done under an `Idempotency-Key` is done once.
//!
//! The use case claims the caller's key in its own transaction and notes there what it changed. Whoever comes with the same key
//! meanwhile waits at the claim; once it stands, they are told what was done then and do nothing. A use case that is refused
//! leaves its key free, also where it wrote that somebody tried. Keys are kept for a day.
//!
//! As the draft of the IETF on the header `Idempotency-Key` has it: <https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/>.

mod store;

pub use store::{claim, done, note, purge, release};

use chrono::TimeDelta;
use serde_json::Value;
use uuid::Uuid;

use crate::auth::token::Keys;
use crate::auth::{Actor, Who};
use crate::error::{Code, Error};
use crate::hash::hex;
use crate::locale::Said;

/// How long it is kept what was done under a key.
pub const KEPT: TimeDelta = TimeDelta::hours(24);

/// A caller's name for one call, and what the call asks. It holds hashes alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    key: String,
    input: String,
}

impl Key {
    /// The key that a person or program sent, for themselves or for an organisation, with a mutation and its input. None for
    /// whoever is nobody: nothing would keep their key apart from others'.
    #[must_use]
    pub fn new(keys: &Keys, actor: &Actor, organisation: Option<Uuid>, sent: &str, mutation: &str, input: &Value) -> Option<Self> {
        let caller = match actor.who {
            Who::Account { id, .. } | Who::ApiToken { id } => id,
            Who::Public | Who::System => return None,
        };
        let key = [caller.as_bytes(), organisation.unwrap_or_default().as_bytes(), sent.as_bytes()].concat();
        let asked = Value::from(vec![Value::from(mutation), input.clone()]).to_string();
        Some(Self { key: hex(&keys.derive("idempotency key", &key)), input: hex(&keys.derive("input under an idempotency key", asked.as_bytes())) })
    }
}

/// The same key came with something else.
fn conflict() -> Error {
    Error::refused(
        Code::IdempotencyConflict,
        "Idempotency-Key",
        Said::new("Під цим ключем уже зроблено інший виклик.", "Another call was made under this key."),
        Said::new(
            "Дайте кожному виклику власний ключ; той самий – лише коли повторюєте виклик без змін.",
            "Give each call a key of its own; the same one only when you repeat a call unchanged.",
        ),
    )
}
