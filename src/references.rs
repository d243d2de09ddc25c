//! Readable references such as `N-2026-000123`: unique, not gapless, from a counter for each kind and year in Europe/Kyiv.

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use entity::counter;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use crate::app::UseCase;
use crate::error::Result;

/// The next reference of a kind, in the transaction that uses it.
///
/// # Errors
/// When the database refuses.
pub async fn next(case: &UseCase<'_>, kind: &str) -> Result<String> {
    let (year, last) = take(case, kind, 1).await?;
    Ok(reference(kind, year, last))
}

/// The next `count` references of a kind, in their order.
///
/// # Errors
/// When the database refuses.
pub async fn next_many(case: &UseCase<'_>, kind: &str, count: i32) -> Result<Vec<String>> {
    if count < 1 {
        return Ok(Vec::new());
    }
    let (year, last) = take(case, kind, count).await?;
    Ok((last - count + 1..=last).map(|number| reference(kind, year, number)).collect())
}

/// Takes `count` numbers of a kind in this year; returns the year and the last of them.
async fn take(case: &UseCase<'_>, kind: &str, count: i32) -> Result<(i32, i32)> {
    let year = year_in_kyiv(case.now);
    let row = counter::ActiveModel { kind: Set(kind.to_owned()), year: Set(year), value: Set(count) };
    let more = OnConflict::columns([counter::Column::Kind, counter::Column::Year])
        .value(counter::Column::Value, Expr::col((counter::Entity, counter::Column::Value)).add(count))
        .to_owned();
    let held = counter::Entity::insert(row).on_conflict(more).exec_with_returning(&**case).await?;
    Ok((year, held.value))
}

fn reference(kind: &str, year: i32, number: i32) -> String {
    format!("{kind}-{year}-{number:06}")
}

/// The year on the wall in Kyiv: UTC+2 in winter, which is what matters when a year ends.
fn year_in_kyiv(now: DateTime<Utc>) -> i32 {
    (now + TimeDelta::hours(2)).year()
}

#[cfg(test)]
mod tests {
    use super::year_in_kyiv;

    #[test]
    fn the_year_turns_at_midnight_in_kyiv() {
        let moment = |text: &str| text.parse().expect("a moment");
        assert_eq!(year_in_kyiv(moment("2026-12-31T21:59:59Z")), 2026);
        assert_eq!(year_in_kyiv(moment("2026-12-31T22:00:00Z")), 2027);
    }
}
