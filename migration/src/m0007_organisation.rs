//! A municipality, utility, business or any other party.

use sea_orm_migration::schema::{integer, json_binary, text, text_null, timestamp_with_time_zone, uuid, uuid_null};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `organisation`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("organisation")
        .col(uuid("id"))
        .col(text("kind"))
        .col(text_null("name_uk"))
        .col(text_null("name_en"))
        .col(text("name_key"))
        .col(text_null("territory"))
        .col(text_null("oblast"))
        .col(json_binary("activities"))
        .col(text_null("scale"))
        .col(text("verification"))
        .col(uuid_null("owner_municipality_id"))
        .col(text_null("contact_email"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(integer("version"));
    CreateTable::new("m0007_organisation", "organisation", table)
        .primary_key(&["id"])
        .references("owner_municipality_id", "organisation", "id")
        .index(&["kind", "name_key"])
        .index(&["oblast"])
        .index(&["owner_municipality_id"])
}
