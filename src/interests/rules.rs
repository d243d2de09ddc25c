//! States of an interest, and what its values must be.

use entity::interest::State;

use crate::error::{Error, Result};
use crate::locale::Said;

/// Most characters of an offer.
pub const LONGEST_OFFER: usize = 10_000;

/// What can be done with an interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Change the offer.
    Edit,
    /// Hand it to the caller.
    Submit,
    /// The caller has it in hand.
    Acknowledge,
    /// The caller refuses it.
    Decline,
    /// The business takes it back.
    Withdraw,
}

/// What this is about, in a refusal.
pub(super) const SUBJECT: (&str, &str) = ("Відгук", "The interest");

/// What people call a state.
pub fn said(state: State) -> Said {
    let (uk, en) = match state {
        State::Draft => ("чернетка", "draft"),
        State::Submitted => ("подано", "submitted"),
        State::Acknowledged => ("розглядається", "acknowledged"),
        State::Declined => ("відхилено", "declined"),
        State::Withdrawn => ("відкликано", "withdrawn"),
    };
    Said::coded(uk, en, state.as_str())
}

/// The state after an action.
///
/// # Errors
/// When the interest is not in a state that allows it; the remedy says which would.
pub fn after(state: State, action: Action) -> Result<State> {
    let (from, to): (&[State], State) = match action {
        Action::Edit => (&[State::Draft], State::Draft),
        Action::Submit => (&[State::Draft], State::Submitted),
        Action::Acknowledge => (&[State::Submitted], State::Acknowledged),
        Action::Decline => (&[State::Submitted, State::Acknowledged], State::Declined),
        Action::Withdraw => (&[State::Draft, State::Submitted, State::Acknowledged], State::Withdrawn),
    };
    if from.contains(&state) {
        return Ok(to);
    }
    Err(Error::not_now(SUBJECT, state, from, said))
}

/// Whether an interest in this state takes the one live place of its business in the call.
#[must_use]
pub const fn is_live(state: State) -> bool {
    matches!(state, State::Draft | State::Submitted | State::Acknowledged)
}

#[cfg(test)]
mod tests {
    use super::{Action, after, is_live};
    use entity::interest::State;

    #[test]
    fn an_interest_is_answered_once() {
        assert_eq!(after(State::Draft, Action::Submit).expect("a draft is handed in"), State::Submitted);
        assert_eq!(after(State::Submitted, Action::Acknowledge).expect("is taken in hand"), State::Acknowledged);
        assert!(after(State::Acknowledged, Action::Acknowledge).is_err());
        assert!(after(State::Declined, Action::Withdraw).is_err());
        assert!(after(State::Submitted, Action::Edit).is_err());
    }

    #[test]
    fn what_is_over_leaves_its_place() {
        assert!(is_live(State::Acknowledged));
        assert!(!is_live(State::Declined) && !is_live(State::Withdrawn));
    }
}
