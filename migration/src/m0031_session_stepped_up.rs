//! When a person last proved anew who they are.

use sea_orm_migration::schema::timestamp_with_time_zone_null;

use crate::step::AddColumns;

/// Adds `session.stepped_up_at`.
pub(crate) fn step() -> AddColumns {
    AddColumns::new("m0031_session.stepped_up_at", "session", vec![timestamp_with_time_zone_null("stepped_up_at")])
}
