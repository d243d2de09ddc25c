//! States of a request, and what its values must be.

use std::collections::HashSet;

use entity::organisation::Verification;
use entity::verification_request::State;
use uuid::Uuid;

use crate::error::{Code, Error, Result};
use crate::locale::Said;
use crate::organisations::service::Finding;
use crate::text;

/// Most attachments of one request.
pub const MOST_EVIDENCE: usize = 20;
/// Most characters of a note.
const LONGEST_NOTE: usize = 4_000;

/// What people call a state.
fn said(state: State) -> Said {
    let (uk, en) = match state {
        State::Pending => ("на розгляді", "pending"),
        State::Verified => ("підтверджено", "verified"),
        State::Rejected => ("відмовлено", "rejected"),
        State::Overtaken => ("знято, бо організація змінила власників", "overtaken"),
    };
    Said::coded(uk, en, state.as_str())
}

/// Only a pending request is decided.
///
/// # Errors
/// When it is decided already.
pub(super) fn is_pending(state: State) -> Result<()> {
    if state == State::Pending { Ok(()) } else { Err(Error::not_now(("Запит на перевірку", "The request for verification"), state, &[State::Pending], said)) }
}

/// An organisation that is verified has nothing to ask for.
///
/// # Errors
/// When it is.
pub(super) fn is_unverified(verification: Verification) -> Result<()> {
    if verification != Verification::Verified {
        return Ok(());
    }
    Err(Error::refused(
        Code::InvalidState,
        "organisationId",
        Said::new("Цю організацію вже перевірено.", "This organisation is verified already."),
        Said::new("Просити про перевірку не треба.", "There is nothing to ask for."),
    ))
}

/// Takes the attachments that are the evidence, each once.
///
/// # Errors
/// When there is none, or there are too many.
pub(super) fn evidence(given: &[Uuid]) -> Result<Vec<Uuid>> {
    text::at_most("attachmentIds", given.len(), MOST_EVIDENCE)?;
    if given.is_empty() {
        return Err(Error::bad_input(
            "attachmentIds",
            Said::new("Немає жодного доказу.", "There is no evidence."),
            Said::new(
                "Завантажте документ (requestUpload з purpose EVIDENCE), наприклад наказ про призначення, і назвіть його тут.",
                "Upload a document (requestUpload with the purpose EVIDENCE), such as an order of appointment, and name it here.",
            ),
        ));
    }
    let mut seen = HashSet::new();
    Ok(given.iter().copied().filter(|id| seen.insert(*id)).collect())
}

/// Takes what an owner adds.
///
/// # Errors
/// When it is too long.
pub(super) fn note(words: Option<&str>) -> Result<Option<String>> {
    text::optional_prose("note", words, LONGEST_NOTE)
}

/// Takes the reason of a decision: who is refused reads why.
///
/// # Errors
/// When it is missing where it is needed, or too long.
pub(super) fn reason(finding: Finding, words: Option<&str>) -> Result<Option<String>> {
    match finding {
        Finding::Verified => text::optional_prose("reason", words, text::LONGEST_REASON),
        Finding::Rejected => text::reason(words.unwrap_or_default()).map(Some),
    }
}

/// How a request ends by a finding.
pub(super) const fn decided(finding: Finding) -> State {
    match finding {
        Finding::Verified => State::Verified,
        Finding::Rejected => State::Rejected,
    }
}
