//! The second factor of a person's sign-in; its secret is computed from its id and kept nowhere.

use sea_orm_migration::schema::{big_integer, integer, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `second_factor`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("second_factor")
        .col(uuid("id"))
        .col(uuid("account_id"))
        .col(timestamp_with_time_zone_null("enabled_at"))
        .col(big_integer("last_step"))
        .col(integer("recovery_used"))
        .col(integer("failures"))
        .col(timestamp_with_time_zone_null("failed_at"))
        .col(timestamp_with_time_zone("created_at"));
    CreateTable::new("m0030_second_factor", "second_factor", table).primary_key(&["id"]).references("account_id", "account", "id").unique(&["account_id"])
}
