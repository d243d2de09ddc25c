//! A programme that funds initiatives of municipalities.

use sea_orm_migration::schema::{big_integer_null, integer, json_binary, text, text_null, timestamp_with_time_zone, uuid, uuid_null};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `programme`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("programme")
        .col(uuid("id"))
        .col(text("reference"))
        .col(text_null("name_uk"))
        .col(text_null("name_en"))
        .col(text("name_key"))
        .col(uuid("funder_id"))
        .col(uuid_null("implementer_id"))
        .col(uuid_null("association_id"))
        .col(big_integer_null("envelope"))
        .col(text_null("currency"))
        .col(json_binary("territories"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(integer("version"));
    CreateTable::new("m0013_programme", "programme", table)
        .primary_key(&["id"])
        .references("funder_id", "organisation", "id")
        .references("implementer_id", "organisation", "id")
        .references("association_id", "organisation", "id")
        .unique(&["reference"])
        .index(&["name_key"])
}
