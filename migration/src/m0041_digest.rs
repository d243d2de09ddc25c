//! A letter to be: what is new for one person, gathered until it goes out.

use sea_orm_migration::schema::{boolean_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `digest`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("digest")
        .col(uuid("id"))
        .col(uuid("account_id"))
        .col(boolean_null("open"))
        .col(timestamp_with_time_zone("due_at"))
        .col(timestamp_with_time_zone_null("closed_at"))
        .col(timestamp_with_time_zone_null("sent_at"))
        .col(timestamp_with_time_zone("created_at"));
    CreateTable::new("m0041_digest", "digest", table).primary_key(&["id"]).references("account_id", "account", "id").unique(&["account_id", "open"]).index(&["closed_at"])
}
