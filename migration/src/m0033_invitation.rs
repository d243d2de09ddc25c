//! An invitation of a person, by their address, to become a member of an organisation.

use sea_orm_migration::schema::{boolean_null, integer, json_binary, text, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `invitation`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("invitation")
        .col(uuid("id"))
        .col(uuid("organisation_id"))
        .col(text("email"))
        .col(text("email_key"))
        .col(json_binary("roles"))
        .col(text("locale"))
        .col(text("state"))
        .col(boolean_null("live"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("decided_at"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(integer("version"));
    CreateTable::new("m0033_invitation", "invitation", table)
        .primary_key(&["id"])
        .references("organisation_id", "organisation", "id")
        .unique(&["organisation_id", "email_key", "live"])
        .index(&["organisation_id", "created_at"])
        .index(&["email_key", "state"])
}
