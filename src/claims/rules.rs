//! States of a claim, and what its values must be.

use entity::claim::State;
use entity::organisation::Kind;

use crate::error::{Error, Result};
use crate::locale::Said;
use crate::organisations::rules as organisations;
use crate::text;

/// Most characters of the evidence and of the reason.
const LONGEST_TEXT: usize = 4_000;

/// What people call a state.
fn said(state: State) -> Said {
    let (uk, en) = match state {
        State::Pending => ("на розгляді", "pending"),
        State::Confirmed => ("підтверджено", "confirmed"),
        State::Declined => ("відхилено", "declined"),
        State::Overtaken => ("підтверджено іншу заявку", "overtaken"),
    };
    Said::coded(uk, en, state.as_str())
}

/// Only a pending claim is decided.
///
/// # Errors
/// When it is decided already.
pub(super) fn is_pending(state: State) -> Result<()> {
    if state == State::Pending { Ok(()) } else { Err(Error::not_now(("Заявка", "The claim"), state, &[State::Pending], said)) }
}

/// Takes what shows that a person may speak for an organisation.
///
/// # Errors
/// When it is empty or too long.
pub(super) fn evidence(words: &str) -> Result<String> {
    text::prose("evidence", words, LONGEST_TEXT)
}

/// What the organisation is. An import knows a buyer only as a public body, and there the claimant says what it is; a
/// business is one.
///
/// # Errors
/// When the claimant says that something else is recorded than what is, or the owner municipality of a utility is missing.
pub(super) fn kind(recorded: Kind, claimed: Option<Kind>, has_owner: bool) -> Result<()> {
    if let Some(claimed) = claimed.filter(|claimed| recorded != Kind::PublicBody && *claimed != recorded) {
        let (now, other) = (organisations::said(recorded), organisations::said(claimed));
        return Err(Error::bad_input(
            "kind",
            Said::new(format!("Вид цієї організації – {}, а не {}.", now.uk, other.uk), format!("This organisation is of the kind {}, not {}.", now.en, other.en)),
            Said::new("Приберіть це поле.", "Leave this field out."),
        ));
    }
    organisations::owner_fits(claimed.unwrap_or(recorded), has_owner)
}
