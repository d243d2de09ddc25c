//! What a person did, for whoever asks for all that is held about them.

use crate::step::AddColumns;

/// Adds an index of `event.account_id`.
pub(crate) fn step() -> AddColumns {
    AddColumns::new("m0055_event.account_id", "event", Vec::new()).index(&["account_id"])
}
