//! An organisation's request to be verified with its evidence, and what was found.

use sea_orm_migration::schema::{boolean_null, integer, json_binary, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `verification_request`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("verification_request")
        .col(uuid("id"))
        .col(uuid("organisation_id"))
        .col(uuid_null("requested_by"))
        .col(text_null("note"))
        .col(json_binary("evidence"))
        .col(text("state"))
        .col(boolean_null("live"))
        .col(text_null("reason"))
        .col(timestamp_with_time_zone_null("decided_at"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(integer("version"));
    CreateTable::new("m0045_verification_request", "verification_request", table)
        .primary_key(&["id"])
        .references("organisation_id", "organisation", "id")
        .references("requested_by", "account", "id")
        .unique(&["organisation_id", "live"])
        .index(&["organisation_id", "created_at"])
        .index(&["state", "created_at"])
}
