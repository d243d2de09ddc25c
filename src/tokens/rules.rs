//! What a token may be called, do, and for how long.

use chrono::{DateTime, TimeDelta, Utc};
use entity::Codes;

use crate::auth::api_token::Scope;
use crate::error::{Error, Result};
use crate::locale::Said;
use crate::text;

/// Most characters of a name.
const LONGEST_NAME: usize = 100;
/// For how long a token can hold: a year, also one with a 29th of February in it.
const LONGEST_LIFE: TimeDelta = TimeDelta::days(366);

/// Takes a name.
pub(super) fn name(text: &str) -> Result<String> {
    text::required("name", text, LONGEST_NAME)
}

/// Takes scopes, each once.
pub(super) fn scopes(mut given: Vec<Scope>) -> Result<Codes> {
    given.sort_unstable();
    given.dedup();
    if given.is_empty() {
        return Err(Error::bad_input(
            "scopes",
            Said::new("Не сказано, що токен може.", "It is not said what the token may do."),
            Said::new("Дайте READ або WRITE.", "Give READ or WRITE."),
        ));
    }
    Ok(Codes(given.into_iter().map(|scope| scope.as_str().to_owned()).collect()))
}

/// Takes the moment at which a token ends.
pub(super) fn end(expires_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    if expires_at > now && expires_at <= now + LONGEST_LIFE {
        return Ok(expires_at);
    }
    Err(Error::bad_input(
        "expiresAt",
        Said::new("Токен діє від цієї миті щонайбільше рік.", "A token holds from now on for a year at most."),
        Said::new("Дайте час у майбутньому, не пізніше ніж за рік.", "Give a moment in the future, within a year."),
    ))
}

#[cfg(test)]
mod tests {
    use super::{end, scopes};
    use crate::auth::api_token::Scope;
    use chrono::{DateTime, TimeDelta};

    #[test]
    fn a_token_ends_within_a_year() {
        let now = DateTime::UNIX_EPOCH;
        for (days, fits) in [(-1, false), (0, false), (1, true), (366, true), (367, false)] {
            assert_eq!(end(now + TimeDelta::days(days), now).is_ok(), fits, "{days} days");
        }
    }

    #[test]
    fn a_scope_is_kept_once() {
        assert_eq!(scopes(vec![Scope::Write, Scope::Read, Scope::Write]).expect("scopes").0, ["READ", "WRITE"]);
        assert!(scopes(Vec::new()).is_err());
    }
}
