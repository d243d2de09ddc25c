//! When the tokens of a sign-in were last renewed.

use sea_orm_migration::schema::timestamp_with_time_zone_null;

use crate::step::AddColumns;

/// Adds `session.refreshed_at`.
pub(crate) fn step() -> AddColumns {
    AddColumns::new("m0054_session.refreshed_at", "session", vec![timestamp_with_time_zone_null("refreshed_at")])
}
