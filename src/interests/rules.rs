//! States of an interest, and what its values must be.

use chrono::{DateTime, TimeDelta, Utc};
use entity::interest::State;

use crate::error::{Error, Result};
use crate::locale::Said;

/// How long before something falls due those whom it concerns are reminded.
const REMINDER: TimeDelta = TimeDelta::days(3);
/// Most characters of an offer.
pub const LONGEST_OFFER: usize = 10_000;

/// A step that somebody takes on an interest's way.
#[derive(Clone, Debug)]
pub enum Step {
    /// Hand it to the caller.
    Submit,
    /// The caller has it in hand.
    Acknowledge,
    /// The caller refuses it, with the reason.
    Decline(String),
    /// The business takes it back; it may say why.
    Withdraw(Option<String>),
}

/// What this is about, in a refusal.
pub(super) const SUBJECT: (&str, &str) = ("Відгук", "The interest");

/// What people call a state.
#[must_use]
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

/// The state after a step.
///
/// # Errors
/// When the interest is not in a state that allows it; the remedy says which would.
pub fn after(state: State, step: &Step) -> Result<State> {
    let (from, to): (&[State], State) = match step {
        Step::Submit => (&[State::Draft], State::Submitted),
        Step::Acknowledge => (&[State::Submitted], State::Acknowledged),
        Step::Decline(_) => (&[State::Submitted, State::Acknowledged], State::Declined),
        Step::Withdraw(_) => (&[State::Draft, State::Submitted, State::Acknowledged], State::Withdrawn),
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

/// When those are reminded who have from `now` until `end`: three days before it, or at half time of less than six days.
#[must_use]
pub fn remind_at(now: DateTime<Utc>, end: DateTime<Utc>) -> DateTime<Utc> {
    end - REMINDER.min((end - now) / 2)
}

#[cfg(test)]
mod tests {
    use super::{Step, after, is_live, remind_at};
    use chrono::{DateTime, TimeDelta};
    use entity::interest::State;

    #[test]
    fn an_interest_is_answered_once() {
        assert_eq!(after(State::Draft, &Step::Submit).expect("a draft is handed in"), State::Submitted);
        assert_eq!(after(State::Submitted, &Step::Acknowledge).expect("is taken in hand"), State::Acknowledged);
        assert!(after(State::Acknowledged, &Step::Acknowledge).is_err());
        assert!(after(State::Declined, &Step::Withdraw(None)).is_err());
    }

    #[test]
    fn a_reminder_comes_three_days_before_the_end_or_at_half_time() {
        let now = DateTime::UNIX_EPOCH;
        for (hours, after) in [(240, 168), (144, 72), (24, 12), (1, 0)] {
            assert_eq!((remind_at(now, now + TimeDelta::hours(hours)) - now).num_hours(), after, "{hours} hours");
        }
    }

    #[test]
    fn what_is_over_leaves_its_place() {
        assert!(is_live(State::Acknowledged));
        assert!(!is_live(State::Declined) && !is_live(State::Withdrawn));
    }
}
