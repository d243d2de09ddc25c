//! A token with which a program acts for an organisation; its secret is kept as a digest.

use sea_orm_migration::schema::{integer, json_binary, text, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `api_token`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("api_token")
        .col(uuid("id"))
        .col(uuid("organisation_id"))
        .col(uuid("account_id"))
        .col(text("name"))
        .col(text("digest"))
        .col(json_binary("scopes"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("last_used_at"))
        .col(timestamp_with_time_zone_null("revoked_at"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(integer("version"));
    CreateTable::new("m0036_api_token", "api_token", table)
        .primary_key(&["id"])
        .references("organisation_id", "organisation", "id")
        .references("account_id", "account", "id")
        .unique(&["digest"])
        .index(&["organisation_id", "created_at"])
}
