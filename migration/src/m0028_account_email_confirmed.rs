//! When a person showed that their address is theirs.

use sea_orm_migration::schema::timestamp_with_time_zone_null;

use crate::step::AddColumns;

/// Adds `account.email_confirmed_at`.
pub(crate) fn step() -> AddColumns {
    AddColumns::new("m0028_account.email_confirmed_at", "account", vec![timestamp_with_time_zone_null("email_confirmed_at")])
}
