//! When a link did what it is good for, apart from when it was made worthless.

use sea_orm_migration::schema::timestamp_with_time_zone_null;

use crate::step::AddColumns;

/// Adds `link.taken_at`.
pub(crate) fn step() -> AddColumns {
    AddColumns::new("m0057_link.taken_at", "link", vec![timestamp_with_time_zone_null("taken_at")])
}
