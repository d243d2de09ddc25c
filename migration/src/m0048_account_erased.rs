//! When an account was erased.

use sea_orm_migration::schema::timestamp_with_time_zone_null;

use crate::step::AddColumns;

/// Adds `account.erased_at`.
pub(crate) fn step() -> AddColumns {
    AddColumns::new("m0048_account.erased_at", "account", vec![timestamp_with_time_zone_null("erased_at")])
}
