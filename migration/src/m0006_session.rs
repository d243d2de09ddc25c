//! A sign-in that a token names; revoking it holds at once.

use sea_orm_migration::schema::{timestamp_with_time_zone, timestamp_with_time_zone_null, uuid};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `session`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("session")
        .col(uuid("id"))
        .col(uuid("account_id"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("revoked_at"));
    CreateTable::new("m0006_session", "session", table).primary_key(&["id"]).references("account_id", "account", "id").index(&["account_id"])
}
