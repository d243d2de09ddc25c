//! A person's roles in one organisation; one row for each pair.

use sea_orm_migration::schema::{integer, json_binary, timestamp_with_time_zone, uuid};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `membership`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("membership")
        .col(uuid("id"))
        .col(uuid("account_id"))
        .col(uuid("organisation_id"))
        .col(json_binary("roles"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(integer("version"));
    CreateTable::new("m0008_membership", "membership", table)
        .primary_key(&["id"])
        .references("account_id", "account", "id")
        .references("organisation_id", "organisation", "id")
        .unique(&["account_id", "organisation_id"])
        .index(&["organisation_id"])
}
