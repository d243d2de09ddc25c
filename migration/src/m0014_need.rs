//! An infrastructure need that a municipality or a utility states.

use sea_orm_migration::schema::{big_integer_null, boolean, integer, integer_null, json_binary, text, text_null, text_uniq, timestamp_with_time_zone, uuid};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `need`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("need")
        .col(uuid("id"))
        .col(text_uniq("reference"))
        .col(uuid("organisation_id"))
        .col(text_null("title_uk"))
        .col(text_null("title_en"))
        .col(text_null("description_uk"))
        .col(text_null("description_en"))
        .col(text("text_key"))
        .col(text("sector"))
        .col(json_binary("cpv"))
        .col(text("territory"))
        .col(text("urgency"))
        .col(integer_null("businesses_affected"))
        .col(integer_null("people_affected"))
        .col(big_integer_null("cost_min"))
        .col(big_integer_null("cost_max"))
        .col(big_integer_null("funding_gap"))
        .col(text_null("currency"))
        .col(text("state"))
        .col(text_null("state_comment"))
        .col(boolean("critical"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(integer("version"));
    CreateTable::new("m0014_need", "need", table)
        .primary_key(&["id"])
        .references("organisation_id", "organisation", "id")
        .index(&["organisation_id"])
        .index(&["state"])
        .index(&["territory"])
}
