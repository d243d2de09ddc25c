//! Time and ids as arguments: what runs in production and what a test sets.

use std::sync::Mutex;

use chrono::{DateTime, Datelike as _, DurationRound, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};
use uuid::{ContextV7, Timestamp, Uuid};

use crate::error::{Error, Result};
use crate::locale::Said;

/// Years that a day or a moment may lie in: beyond them PostgreSQL holds no such time, and SQLite sorts it wrongly.
pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// Takes a moment that lies, in UTC, in the years that are held.
///
/// # Errors
/// When it is before 1900 or after 2200.
pub fn moment(field: &str, moment: DateTime<Utc>) -> Result<DateTime<Utc>> {
    if YEARS.contains(&moment.year()) {
        return Ok(moment);
    }
    let (first, last) = (YEARS.start(), YEARS.end());
    Err(Error::bad_input(
        field,
        Said::new(format!("Рік не від {first} до {last}."), format!("The year is not from {first} to {last}.")),
        Said::new(format!("Перевірте рік: за UTC він має бути від {first} до {last}."), format!("Check the year: in UTC it must be from {first} to {last}.")),
    ))
}

/// What the clock on the wall shows in Kyiv: UTC+2, and UTC+3 from the last Sunday of March to the last of October, 01:00 UTC each
/// (resolution 509 of the Cabinet of Ministers of 13 May 1996).
#[must_use]
pub fn in_kyiv(moment: DateTime<Utc>) -> NaiveDateTime {
    let turns = |month| last_sunday(moment.year(), month).map(|day| day.and_time(NaiveTime::MIN) + TimeDelta::hours(1));
    let utc = moment.naive_utc();
    let summer = turns(3).is_some_and(|begins| begins <= utc) && turns(10).is_some_and(|ends| utc < ends);
    utc + TimeDelta::hours(if summer { 3 } else { 2 })
}

/// The moment at which the clock on the wall shows `local` in Kyiv; of an hour that comes twice, the later one.
#[must_use]
pub fn from_kyiv(local: NaiveDateTime) -> DateTime<Utc> {
    let winter = (local - TimeDelta::hours(2)).and_utc();
    let summer = winter - TimeDelta::hours(1);
    if in_kyiv(winter) == local { winter } else { summer }
}

fn last_sunday(year: i32, month: u32) -> Option<NaiveDate> {
    let last = NaiveDate::from_ymd_opt(year, month, 31)?;
    last.checked_sub_signed(TimeDelta::days(i64::from(last.weekday().days_since(Weekday::Sun))))
}

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The moment now, in whole microseconds.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> DateTime<Utc> {
        whole_microseconds(Utc::now())
    }
}

/// A clock that stands until it is moved.
pub struct FixedClock(Mutex<DateTime<Utc>>);

impl FixedClock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn new(now: DateTime<Utc>) -> Self {
        Self(Mutex::new(whole_microseconds(now)))
    }

    /// Moves the clock on.
    pub fn advance(&self, by: TimeDelta) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) += by;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn whole_microseconds(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(moment)
}

/// Gives `UUIDv7` ids that rise with the clock.
#[derive(Default)]
pub struct Ids(Mutex<ContextV7>);

impl Ids {
    /// The next id at a moment.
    #[must_use]
    pub fn next(&self, now: DateTime<Utc>) -> Uuid {
        let context = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(Timestamp::from_unix(&*context, seconds, now.timestamp_subsec_nanos()))
    }
}

#[cfg(test)]
mod tests {
    use super::{from_kyiv, in_kyiv, moment};

    #[test]
    fn the_clock_in_kyiv_turns_on_the_last_sundays_of_march_and_october() {
        for (utc, local) in [
            ("2026-03-29T00:59:59Z", "2026-03-29T02:59:59"),
            ("2026-03-29T01:00:00Z", "2026-03-29T04:00:00"),
            ("2026-10-25T00:59:59Z", "2026-10-25T03:59:59"),
            ("2026-10-25T01:00:00Z", "2026-10-25T03:00:00"),
            ("2027-03-28T01:00:00Z", "2027-03-28T04:00:00"),
            ("2027-10-31T01:00:00Z", "2027-10-31T03:00:00"),
        ] {
            assert_eq!(in_kyiv(utc.parse().expect("a moment")), local.parse().expect("a time"), "{utc}");
        }
        for (local, utc) in [("2026-11-25T08:00:00", "2026-11-25T06:00:00Z"), ("2026-07-01T08:00:00", "2026-07-01T05:00:00Z")] {
            assert_eq!(from_kyiv(local.parse().expect("a time")), utc.parse::<chrono::DateTime<chrono::Utc>>().expect("a moment"), "{local}");
        }
    }

    #[test]
    fn a_moment_lies_in_the_years_that_are_held_in_utc() {
        for (text, taken) in [
            ("1900-01-01T00:00:00Z", true),
            ("2200-12-31T23:59:59Z", true),
            ("1900-01-01T00:00:00+02:00", false),
            ("2200-12-31T23:59:59-01:00", false),
            ("+12345-01-01T00:00:00Z", false),
        ] {
            assert_eq!(moment("closesAt", text.parse().expect("a moment")).is_ok(), taken, "{text}");
        }
    }
}
