//! States of a claim, and what its values must be.

use entity::claim::State;
use entity::organisation::Kind;

use crate::error::{Error, Result};
use crate::locale::Said;
use crate::organisations::rules as organisations;
use crate::text;

/// Most characters of the evidence.
const LONGEST_EVIDENCE: usize = 4_000;
/// Most pending claims of one person.
const MOST_PENDING: u64 = 20;

/// What people call a state.
fn said(state: State) -> Said {
    let (uk, en) = match state {
        State::Pending => ("на розгляді", "pending"),
        State::Confirmed => ("підтверджено", "confirmed"),
        State::Declined => ("відхилено", "declined"),
        State::Overtaken => ("підтверджено іншу заявку", "overtaken"),
        State::Withdrawn => ("відкликано", "withdrawn"),
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
    text::prose("evidence", words, LONGEST_EVIDENCE)
}

/// One more claim fits beside so many of the same person that are pending.
///
/// # Errors
/// When there are as many as one person may have.
pub(super) fn one_more(pending: u64) -> Result<()> {
    if pending < MOST_PENDING {
        return Ok(());
    }
    Err(Error::bad_input(
        "organisationId",
        Said::new(
            format!("Заявок цієї людини на розгляді вже {pending}, найбільше можна {MOST_PENDING}."),
            format!("This person has {pending} pending claims; at most {MOST_PENDING} are taken."),
        ),
        Said::new(
            "Зачекайте на рішення щодо них: їх показує claims(filter: { state: [PENDING] }).",
            "Wait until some are decided: claims(filter: { state: [PENDING] }) shows them.",
        ),
    ))
}

/// What the organisation is. An import knows a buyer only as a public body, and there the claimant says what it is: one of
/// those that may hold the projects which the import recorded for it. Of what else is recorded, the kind is known.
///
/// # Errors
/// When the claimant says that it is of a kind that it cannot be, or does not say of which where an import does not know, or
/// the owner municipality of a utility is missing.
pub(super) fn kind(recorded: Kind, claimed: Option<Kind>, has_owner: bool) -> Result<()> {
    let possible = if recorded == Kind::PublicBody { organisations::HOLDERS.as_slice() } else { &[recorded] };
    let choice = Said::any_of(possible.iter().map(|kind| organisations::said(*kind)));
    let remedy = Said::new(format!("Дайте вид {}.", choice.uk), format!("Give {}.", choice.en));
    if let Some(claimed) = claimed.filter(|claimed| !possible.contains(claimed)) {
        let (now, other) = (organisations::said(recorded), organisations::said(claimed));
        let message = Said::new(
            format!("Цю організацію записано з видом {}; вид {} їй не підходить.", now.uk, other.uk),
            format!("This organisation is recorded as {}; it cannot be {}.", now.en, other.en),
        );
        return Err(Error::bad_input("kind", message, remedy));
    }
    if recorded == Kind::PublicBody && claimed.is_none() {
        let message = Said::new("Імпорт знає лише, що це орган влади чи комунальна установа.", "An import knows only that this is a public body of some kind.");
        return Err(Error::bad_input("kind", message, remedy));
    }
    organisations::owner_fits(claimed.unwrap_or(recorded), has_owner)
}
