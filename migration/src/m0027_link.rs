//! A one-time link; its token is computed from its id and kept nowhere.

use sea_orm_migration::schema::{text, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `link`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("link")
        .col(uuid("id"))
        .col(text("purpose"))
        .col(uuid_null("subject_id"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("used_at"))
        .col(timestamp_with_time_zone("created_at"));
    CreateTable::new("m0027_link", "link", table).primary_key(&["id"]).index(&["subject_id", "purpose"])
}
