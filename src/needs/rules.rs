//! States of a need, and what its values must be.

use entity::need::State;
use iso_currency::Currency;

use crate::error::{Error, Result};
use crate::locale::Said;
use crate::money::Money;

/// Most characters of a title.
pub const LONGEST_TITLE: usize = 300;
/// Most characters of a description.
pub const LONGEST_DESCRIPTION: usize = 10_000;
/// Most people or businesses that depend on an asset.
const MOST_AFFECTED: i32 = 50_000_000;

/// What can be done with a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Change its text and figures.
    Edit,
    /// Hand it to the association.
    Submit,
    /// The association finds it right.
    Verify,
    /// The association sends it back.
    Return,
    /// The municipality of its territory puts it forward.
    Prioritise,
    /// A project answers it.
    Adopt,
    /// The project that answered it was cancelled.
    Release,
    /// Its owner takes it back.
    Withdraw,
}

/// A step that somebody takes on a need's way; what is not done without a reason has one.
#[derive(Clone, Debug)]
pub enum Step {
    /// Hand it to the association.
    Submit,
    /// The association finds it right.
    Verify,
    /// The association sends it back.
    Return(String),
    /// The municipality of its territory puts it forward.
    Prioritise,
    /// Its owner takes it back.
    Withdraw(String),
}

/// What this is about, in a refusal.
pub(super) const SUBJECT: (&str, &str) = ("Потреба", "The need");

/// What people call a state.
#[must_use]
pub fn said(state: State) -> Said {
    let (uk, en) = match state {
        State::Draft => ("чернетка", "draft"),
        State::Submitted => ("подано", "submitted"),
        State::Returned => ("повернуто на доопрацювання", "returned"),
        State::Verified => ("перевірено", "verified"),
        State::Prioritised => ("визнано пріоритетом", "prioritised"),
        State::InProject => ("у проєкті", "in a project"),
        State::Withdrawn => ("відкликано", "withdrawn"),
    };
    Said::coded(uk, en, state.as_str())
}

/// The state after an action.
///
/// # Errors
/// When the need is not in a state that allows it; the remedy says which would.
pub fn after(state: State, action: Action) -> Result<State> {
    let allowed: (&[State], State) = match action {
        Action::Edit => (&[State::Draft, State::Returned], state),
        Action::Submit => (&[State::Draft, State::Returned], State::Submitted),
        Action::Verify => (&[State::Submitted], State::Verified),
        Action::Return => (&[State::Submitted], State::Returned),
        Action::Prioritise => (&[State::Verified], State::Prioritised),
        Action::Adopt => (&[State::Verified, State::Prioritised], State::InProject),
        Action::Release => (&[State::InProject], State::Verified),
        Action::Withdraw => (&[State::Draft, State::Submitted, State::Returned, State::Verified, State::Prioritised], State::Withdrawn),
    };
    let (from, to) = allowed;
    if from.contains(&state) {
        return Ok(to);
    }
    Err(Error::not_now(SUBJECT, state, from, said))
}

/// The states in which everybody may see a need.
pub(super) const PUBLIC: [State; 3] = [State::Verified, State::Prioritised, State::InProject];

/// Whether everybody may see a need in this state.
#[must_use]
pub fn is_public(state: State) -> bool {
    PUBLIC.contains(&state)
}

/// Takes a number of people or businesses.
///
/// # Errors
/// When it is negative or too large.
pub fn affected(field: &str, number: Option<i32>) -> Result<Option<i32>> {
    match number {
        Some(number) if !(0..=MOST_AFFECTED).contains(&number) => Err(Error::bad_input(
            field,
            Said::new(format!("Число {number} поза межами."), format!("The number {number} is out of range.")),
            Said::new(format!("Дайте від 0 до {MOST_AFFECTED}."), format!("Give 0 to {MOST_AFFECTED}.")),
        )),
        other => Ok(other),
    }
}

/// Amounts that are compared with each other are of one currency.
///
/// # Errors
/// When they are not, with the field that differs from the others; of two, the later.
pub fn one_currency(amounts: &[(&str, Option<Money>)]) -> Result<()> {
    let given: Vec<(&str, Currency)> = amounts.iter().filter_map(|(field, amount)| amount.map(|amount| (*field, amount.currency))).collect();
    let others = |currency: Currency| given.iter().filter(|(_, other)| *other != currency).count();
    let Some((field, currency)) = given.iter().max_by_key(|(_, currency)| others(*currency)).filter(|(_, currency)| others(*currency) > 0) else { return Ok(()) };
    let shown = given.iter().find(|(_, other)| other != currency).map_or("", |(_, other)| other.code());
    Err(Error::bad_input(
        &format!("{field}.currency"),
        Said::new(
            format!("Суми потреби в різних валютах: тут {}, в інших {shown}.", currency.code()),
            format!("The amounts of the need are in different currencies: {} here, {shown} elsewhere.", currency.code()),
        ),
        Said::new("Дайте всі суми потреби в одній валюті.", "Give all amounts of a need in one currency."),
    ))
}

#[cfg(test)]
mod tests {
    use super::{Action, after, is_public, one_currency};
    use crate::error::Error;
    use crate::money::Money;
    use entity::need::State;

    #[test]
    fn a_need_goes_from_draft_to_its_project_in_five_steps() {
        let steps = [Action::Submit, Action::Verify, Action::Prioritise, Action::Adopt];
        let end = steps.into_iter().try_fold(State::Draft, after).expect("each step is allowed");
        assert_eq!(end, State::InProject);
    }

    #[test]
    fn nothing_is_skipped_and_nothing_ends_twice() {
        assert!(after(State::Draft, Action::Verify).is_err());
        assert!(after(State::Withdrawn, Action::Withdraw).is_err());
        assert!(after(State::InProject, Action::Withdraw).is_err());
        assert!(after(State::Submitted, Action::Edit).is_err());
    }

    #[test]
    fn a_need_whose_project_was_cancelled_is_free_again() {
        let freed = after(State::InProject, Action::Release).expect("is freed");
        assert_eq!(after(freed, Action::Adopt).expect("another project takes it"), State::InProject);
    }

    #[test]
    fn the_amount_whose_currency_differs_is_named() {
        let money = |code: &str| Money::parse("x", rust_decimal::Decimal::ONE, code).ok();
        for (currencies, named) in [
            (["EUR", "UAH", "UAH"], "min"),
            (["UAH", "EUR", "UAH"], "max"),
            (["UAH", "UAH", "EUR"], "gap"),
            (["UAH", "", "EUR"], "gap"),
            (["UAH", "EUR", ""], "max"),
            (["UAH", "UAH", ""], ""),
        ] {
            let [min, max, gap] = currencies.map(money);
            let told = match one_currency(&[("min", min), ("max", max), ("gap", gap)]) {
                Err(Error::Refused(refusal)) => refusal.field[0].clone(),
                _ => String::new(),
            };
            assert_eq!(told, named, "{currencies:?}");
        }
    }

    #[test]
    fn the_public_sees_what_was_verified() {
        assert!(!is_public(State::Submitted));
        assert!(is_public(State::Verified));
    }
}
