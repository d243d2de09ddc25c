//! Work that is due at a time, claimed with a lease and run through the services.

use sea_orm_migration::schema::{integer, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `job`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("job")
        .col(uuid("id"))
        .col(text("kind"))
        .col(uuid("entity_id"))
        .col(timestamp_with_time_zone("due_at"))
        .col(timestamp_with_time_zone_null("leased_until"))
        .col(integer("attempts"))
        .col(timestamp_with_time_zone_null("done_at"))
        .col(text_null("last_error"));
    CreateTable::new("m0025_job", "job", table).primary_key(&["id"]).unique(&["kind", "entity_id"]).index(&["done_at", "due_at"])
}
