//! A person's claim to an organisation that has no owner yet.

use sea_orm_migration::schema::{boolean_null, integer, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `claim`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("claim")
        .col(uuid("id"))
        .col(uuid("organisation_id"))
        .col(uuid("account_id"))
        .col(text_null("kind"))
        .col(uuid_null("owner_municipality_id"))
        .col(text("evidence"))
        .col(text("state"))
        .col(boolean_null("live"))
        .col(text_null("reason"))
        .col(timestamp_with_time_zone_null("decided_at"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(integer("version"));
    CreateTable::new("m0026_claim", "claim", table)
        .primary_key(&["id"])
        .references("organisation_id", "organisation", "id")
        .references("account_id", "account", "id")
        .references("owner_municipality_id", "organisation", "id")
        .unique(&["organisation_id", "account_id", "live"])
        .index(&["account_id"])
        .index(&["state", "created_at"])
}
