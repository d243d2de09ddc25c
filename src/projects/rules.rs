//! States of a project, and what its work packages must be.

use chrono::NaiveDate;
use entity::project::State;
use entity::requirement::Kind;

use crate::error::{Error, Result, Together as _};
use crate::locale::Said;
use crate::money::{self, Money, Stated};
use crate::organisations::rules::language_tag;
use crate::reference::codes::CpvCode;
use crate::text;

/// Most characters of a title.
pub const LONGEST_TITLE: usize = 1_000;
/// Most characters of a description.
pub const LONGEST_DESCRIPTION: usize = 10_000;
/// Most work packages of a project.
pub const MOST_WORK_PACKAGES: usize = 50;
/// Most needs that a project is set up to answer.
pub const MOST_NEEDS: usize = 50;
/// Most ids by which other registers know a project.
pub const MOST_EXTERNAL_IDS: usize = 20;
/// Most characters of a requirement's code.
const LONGEST_CODE: usize = 60;
/// Most requirements of a work package.
pub const MOST_REQUIREMENTS: usize = 50;

/// What can be done with a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Change its text or work packages.
    Edit,
    /// Say what it is; public from here.
    Define,
    /// Appraise it.
    Appraise,
    /// Structure it for partners.
    Structure,
    /// Publish a call on it.
    Call,
    /// Give it up.
    Cancel,
}

/// A step that somebody takes on a project's way.
#[derive(Clone, Debug)]
pub enum Step {
    /// Say what it is; public from here.
    Define,
    /// Appraise it.
    Appraise,
    /// Structure it for partners.
    Structure,
    /// Give it up, with the reason.
    Cancel(String),
}

/// What this is about, in a refusal.
pub(super) const SUBJECT: (&str, &str) = ("Проєкт", "The project");

/// What people call a state.
#[must_use]
pub fn said(state: State) -> Said {
    let (uk, en) = match state {
        State::Idea => ("ідея", "idea"),
        State::Defined => ("визначено", "defined"),
        State::Appraised => ("оцінено", "appraised"),
        State::Structured => ("підготовлено до партнерства", "structured"),
        State::Partnering => ("пошук партнерів", "partnering"),
        State::Cancelled => ("скасовано", "cancelled"),
    };
    Said::coded(uk, en, state.as_str())
}

/// The state after an action.
///
/// # Errors
/// When the project is not in a state that allows it; the remedy says which would.
pub fn after(state: State, action: Action) -> Result<State> {
    let (from, to): (&[State], State) = match action {
        Action::Edit => (&[State::Idea, State::Defined, State::Appraised, State::Structured], state),
        Action::Define => (&[State::Idea], State::Defined),
        Action::Appraise => (&[State::Defined], State::Appraised),
        Action::Structure => (&[State::Appraised], State::Structured),
        Action::Call => (&[State::Structured, State::Partnering], State::Partnering),
        Action::Cancel => (&[State::Idea, State::Defined, State::Appraised, State::Structured, State::Partnering], State::Cancelled),
    };
    if from.contains(&state) {
        return Ok(to);
    }
    Err(Error::not_now(SUBJECT, state, from, said))
}

/// The state an association moves a project back to.
///
/// # Errors
/// When `to` is not before `state`.
pub fn back(state: State, to: State) -> Result<State> {
    const WAY: [State; 5] = [State::Idea, State::Defined, State::Appraised, State::Structured, State::Partnering];
    let place = |wanted: State| WAY.iter().position(|state| *state == wanted);
    match (place(to), place(state)) {
        (Some(to_place), Some(from_place)) if to_place < from_place => Ok(to),
        _ => Err(Error::invalid_state(
            Said::new(
                format!("Зі стану {} не можна повернутися в стан {}.", said(state).uk, said(to).uk),
                format!("From the state {} there is no way back to {}.", said(state).en, said(to).en),
            ),
            Said::new("Оберіть ранніший стан.", "Choose an earlier state."),
        )),
    }
}

/// The states in which everybody may see a project.
pub(super) const PUBLIC: [State; 4] = [State::Defined, State::Appraised, State::Structured, State::Partnering];

/// Whether everybody may see a project in this state.
#[must_use]
pub fn is_public(state: State) -> bool {
    PUBLIC.contains(&state)
}

/// What a partner must have, or scores by having.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// What is asked for.
    pub kind: Kind,
    /// Certificate code, language or CPV code, by kind.
    pub code: Option<String>,
    /// How many, by kind.
    pub count: Option<i32>,
    /// How much, by kind.
    pub amount: Option<Money>,
    /// Without it a business is no match; otherwise it only scores.
    pub must: bool,
}

/// A requirement as somebody asks it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What is asked for.
    pub kind: Kind,
    /// Certificate code, language or CPV code, by kind.
    pub code: Option<String>,
    /// How many, by kind.
    pub count: Option<i32>,
    /// How much, by kind.
    pub amount: Option<Stated>,
    /// Without it a business is no match; otherwise it only scores.
    pub must: bool,
}

/// Takes a requirement that says what its kind needs and nothing else.
///
/// # Errors
/// With the field that is missing.
pub fn requirement(field: &str, asked: &Asked) -> Result<Requirement> {
    let missing = |name: &str| {
        Error::bad_input(
            &format!("{field}.{name}"),
            Said::new(format!("Вимога виду {} без поля {name}.", asked.kind.as_str()), format!("A requirement of kind {} without {name}.", asked.kind.as_str())),
            Said::new("Заповніть це поле.", "Fill this field in."),
        )
    };
    let field_of_code = format!("{field}.code");
    let code = || text::optional(&field_of_code, asked.code.as_deref(), LONGEST_CODE);
    let count = || match asked.count {
        Some(count) if (1..=1_000_000).contains(&count) => Ok(count),
        Some(count) => Err(Error::bad_input(
            &format!("{field}.count"),
            Said::new(format!("Кількість {count} поза межами."), format!("The count {count} is out of range.")),
            Said::new("Дайте від 1 до 1000000.", "Give 1 to 1000000."),
        )),
        None => Err(missing("count")),
    };
    let nothing = Requirement { kind: asked.kind, code: None, count: None, amount: None, must: asked.must };
    Ok(match asked.kind {
        Kind::Certificate => Requirement { code: Some(code()?.ok_or_else(|| missing("code"))?.to_uppercase()), ..nothing },
        Kind::Language => Requirement { code: Some(language_tag(&field_of_code, &code()?.ok_or_else(|| missing("code"))?)?), ..nothing },
        Kind::SimilarWorks => {
            let cpv = code().and_then(|code| code.map(|code| CpvCode::parse(&code).map_err(|error| error.refuse(&field_of_code))).transpose());
            let (cpv, count) = (cpv, count()).together()?;
            Requirement { code: cpv.map(|code| code.to_string()), count: Some(count), ..nothing }
        }
        Kind::Staff => Requirement { count: Some(count()?), ..nothing },
        Kind::LargestContract => {
            let amount = money::optional(&format!("{field}.amount"), asked.amount)?;
            Requirement { amount: Some(amount.ok_or_else(|| missing("amount"))?), ..nothing }
        }
    })
}

/// The first day of work is not after the last.
///
/// # Errors
/// When it is.
pub fn period(field: &str, starts_on: Option<NaiveDate>, ends_on: Option<NaiveDate>) -> Result<()> {
    if matches!((starts_on, ends_on), (Some(first), Some(last)) if first > last) {
        return Err(Error::bad_input(
            field,
            Said::new("Роботи закінчуються раніше, ніж починаються.", "The work ends before it begins."),
            Said::new("Поміняйте дні місцями.", "Swap the days."),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Action, after, back};
    use entity::project::State;

    #[test]
    fn a_project_reaches_its_call_step_by_step() {
        let steps = [Action::Define, Action::Appraise, Action::Structure, Action::Call];
        assert_eq!(steps.into_iter().try_fold(State::Idea, after).expect("each step is allowed"), State::Partnering);
        assert!(after(State::Defined, Action::Structure).is_err());
        assert!(after(State::Cancelled, Action::Edit).is_err());
    }

    #[test]
    fn the_way_back_goes_back() {
        assert_eq!(back(State::Structured, State::Idea).expect("earlier"), State::Idea);
        assert!(back(State::Defined, State::Structured).is_err());
        assert_eq!(back(State::Partnering, State::Structured).expect("earlier"), State::Structured);
        assert!(back(State::Cancelled, State::Idea).is_err());
    }
}
