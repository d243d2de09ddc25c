//! States of a call, and what its values must be.

use chrono::{DateTime, TimeDelta, Utc};
use entity::call::State;
use serde::{Deserialize, Serialize};

use crate::clock::moment;
use crate::error::{Code, Error, Result, Together as _};
use crate::locale::Said;
use crate::text;

/// Most characters of what is asked.
pub const LONGEST_TEXT: usize = 10_000;
/// Most criteria of a call.
pub const MOST_CRITERIA: usize = 20;
/// Longest a call stays open.
const LONGEST: TimeDelta = TimeDelta::days(366);

/// A step on a call's way.
#[derive(Clone, Debug)]
pub enum Step {
    /// Ask the owner municipality of a calling utility.
    AskConsent,
    /// The municipality agrees.
    Consent,
    /// Open it.
    Publish,
    /// End it.
    Close,
    /// Take it back, with the reason.
    Withdraw(String),
}

/// What this is about, in a refusal.
pub(super) const SUBJECT: (&str, &str) = ("Конкурс", "The call");

/// What people call a state.
#[must_use]
pub fn said(state: State) -> Said {
    let (uk, en) = match state {
        State::Draft => ("чернетка", "draft"),
        State::Consent => ("на погодженні громади", "consent"),
        State::Published => ("відкрито", "published"),
        State::Closed => ("закрито", "closed"),
        State::Withdrawn => ("відкликано", "withdrawn"),
    };
    Said::coded(uk, en, state.as_str())
}

/// The state after a step.
///
/// # Errors
/// When the call is not in a state that allows it; the remedy says which would.
pub fn after(state: State, step: &Step) -> Result<State> {
    let (from, to): (&[State], State) = match step {
        Step::AskConsent => (&[State::Draft], State::Consent),
        Step::Consent => (&[State::Consent], State::Consent),
        Step::Publish => (&[State::Draft, State::Consent], State::Published),
        Step::Close => (&[State::Published], State::Closed),
        Step::Withdraw(_) => (&[State::Draft, State::Consent, State::Published], State::Withdrawn),
    };
    if from.contains(&state) {
        return Ok(to);
    }
    Err(Error::not_now(SUBJECT, state, from, said))
}

/// The states in which everybody may see a call.
pub(super) const PUBLIC: [State; 2] = [State::Published, State::Closed];

/// Whether everybody may see a call in this state.
#[must_use]
pub fn is_public(state: State) -> bool {
    PUBLIC.contains(&state)
}

/// What interests are judged by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// Its name.
    pub name: String,
    /// Its weight, 1 to 100.
    pub weight: i32,
}

/// Takes criteria whose weights sum to 100; a call may have none.
///
/// # Errors
/// When they are too many, unnamed, or sum to something else.
pub fn criteria(criteria: Vec<Criterion>) -> Result<Vec<Criterion>> {
    text::at_most("criteria", criteria.len(), MOST_CRITERIA)?;
    let taken = criteria.into_iter().enumerate().map(|(place, criterion)| criterion_at(place, criterion)).collect::<Vec<_>>().together()?;
    let sum: i32 = taken.iter().map(|criterion| criterion.weight).sum();
    if !taken.is_empty() && sum != 100 {
        return Err(Error::refused(
            Code::WeightsNot100,
            "criteria",
            Said::new(format!("Сума ваг критеріїв — {sum}."), format!("The criteria's weights sum to {sum}.")),
            Said::new("Змініть ваги так, щоб разом було 100.", "Change the weights so that they sum to 100."),
        ));
    }
    Ok(taken)
}

fn criterion_at(place: usize, Criterion { name, weight }: Criterion) -> Result<Criterion> {
    let weight = (1..=100).contains(&weight).then_some(weight).ok_or_else(|| {
        Error::bad_input(&format!("criteria.{place}.weight"), Said::new("Вага поза межами.", "The weight is out of range."), Said::new("Дайте від 1 до 100.", "Give 1 to 100."))
    });
    let (name, weight) = (text::required(&format!("criteria.{place}.name"), &name, 300), weight).together()?;
    Ok(Criterion { name, weight })
}

/// Takes when a call opens and closes.
///
/// # Errors
/// When it closes before it opens, in the past, or after more than a year.
pub fn period(now: DateTime<Utc>, opens_at: Option<DateTime<Utc>>, closes_at: DateTime<Utc>) -> Result<()> {
    let (closes_at, opens) = (moment("closesAt", closes_at), opens_at.map_or(Ok(now), |opens| moment("opensAt", opens))).together()?;
    let refuse = |uk: &str, en: &str| {
        Err(Error::refused(Code::OutOfTime, "closesAt", Said::new(uk, en), Said::new("Дайте пізніший час, щонайбільше за рік.", "Give a later time, a year ahead at most.")))
    };
    if closes_at <= now {
        refuse("Цей час уже минув.", "That time has passed.")
    } else if closes_at <= opens {
        refuse("Конкурс закривається раніше, ніж відкривається.", "The call closes before it opens.")
    } else if closes_at - now > LONGEST {
        refuse("Конкурс триває понад рік.", "The call is open for more than a year.")
    } else {
        Ok(())
    }
}

/// Takes the days within which each interest is answered.
///
/// # Errors
/// When it is not from 1 to 90.
pub fn response_days(days: i32) -> Result<i32> {
    if (1..=90).contains(&days) {
        return Ok(days);
    }
    Err(Error::bad_input(
        "responseDays",
        Said::new("Строк відповіді поза межами.", "The response deadline is out of range."),
        Said::new("Дайте від 1 до 90 днів.", "Give 1 to 90 days."),
    ))
}

#[cfg(test)]
mod tests {
    use super::{Criterion, Step, after, criteria, period};
    use chrono::{DateTime, TimeDelta};
    use entity::call::State;

    #[test]
    fn a_call_opens_once_and_ends_once() {
        assert_eq!(after(State::Draft, &Step::Publish).expect("a draft opens"), State::Published);
        assert_eq!(after(State::Published, &Step::Close).expect("an open call closes"), State::Closed);
        assert!(after(State::Closed, &Step::Withdraw("Запізно".to_owned())).is_err());
        assert!(after(State::Published, &Step::Publish).is_err());
    }

    #[test]
    fn weights_sum_to_one_hundred() {
        let criterion = |weight| Criterion { name: "Досвід".to_owned(), weight };
        assert!(criteria(vec![criterion(60), criterion(40)]).is_ok());
        assert!(criteria(vec![criterion(60), criterion(39)]).is_err());
        assert!(criteria(vec![criterion(0), criterion(100)]).is_err());
        assert!(criteria(Vec::new()).is_ok());
    }

    #[test]
    fn a_call_ends_after_it_begins_and_within_a_year() {
        let now = DateTime::UNIX_EPOCH;
        assert!(period(now, None, now + TimeDelta::days(1)).is_ok());
        assert!(period(now, None, now).is_err());
        assert!(period(now, Some(now + TimeDelta::days(2)), now + TimeDelta::days(1)).is_err());
        assert!(period(now, None, now + TimeDelta::days(400)).is_err());
    }
}
