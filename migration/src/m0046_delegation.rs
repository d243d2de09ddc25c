//! An organisation lets an association act on its behalf for a time.

use sea_orm_migration::schema::{boolean_null, integer, text, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `delegation`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("delegation")
        .col(uuid("id"))
        .col(uuid("organisation_id"))
        .col(uuid("association_id"))
        .col(uuid("granted_by"))
        .col(text("basis"))
        .col(timestamp_with_time_zone("valid_until"))
        .col(timestamp_with_time_zone_null("revoked_at"))
        .col(boolean_null("live"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(integer("version"));
    CreateTable::new("m0046_delegation", "delegation", table)
        .primary_key(&["id"])
        .references("organisation_id", "organisation", "id")
        .references("association_id", "organisation", "id")
        .references("granted_by", "account", "id")
        .unique(&["organisation_id", "association_id", "live"])
        .index(&["organisation_id", "created_at"])
        .index(&["association_id", "live"])
}
