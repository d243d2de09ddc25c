//! What a delegation must say.

use chrono::{DateTime, TimeDelta, Utc};
use entity::organisation::{Kind, Verification};

use crate::error::{Code, Error, Result};
use crate::locale::Said;
use crate::organisations::rules::{HOLDERS, kind_fits};
use crate::text;

/// How long one may hold.
const LONGEST: TimeDelta = TimeDelta::days(3 * 366);
/// Most characters of its basis.
const LONGEST_BASIS: usize = 1_000;

/// Takes the moment at which it ends.
///
/// # Errors
/// When it is past, or too far away.
pub(super) fn end(until: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    if until > now && until <= now + LONGEST {
        return Ok(until);
    }
    Err(Error::bad_input(
        "until",
        Said::new("Кінець доручення поза межами.", "The end of the delegation is out of range."),
        Said::new("Дайте момент у майбутньому, не далі ніж за три роки.", "Give a moment to come, within three years."),
    ))
}

/// Takes the decision on which it rests.
///
/// # Errors
/// When it is missing or too long.
pub(super) fn basis(words: &str) -> Result<String> {
    text::prose("basis", words, LONGEST_BASIS)
}

/// Those who hold assets delegate.
///
/// # Errors
/// When the organisation is of another kind.
pub(super) fn delegates(kind: Kind) -> Result<()> {
    kind_fits("organisationId", kind, &HOLDERS)
}

/// An association that was checked acts for others.
///
/// # Errors
/// When it is something else, or nobody has checked it.
pub(super) fn acts(kind: Kind, verification: Verification) -> Result<()> {
    kind_fits("associationId", kind, &[Kind::Association])?;
    if verification == Verification::Verified {
        return Ok(());
    }
    Err(Error::refused(
        Code::InvalidState,
        "associationId",
        Said::new("Цю асоціацію ще не перевірено.", "This association has not been verified."),
        Said::new("Дочекайтеся, доки її перевірить адміністратор.", "Wait until the administrator has verified it."),
    ))
}
