//! An initiative that answers needs.

use sea_orm_migration::schema::{big_integer_null, boolean, integer, text, text_null, text_uniq, timestamp_with_time_zone, uuid, uuid_null};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `project`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("project")
        .col(uuid("id"))
        .col(text_uniq("reference"))
        .col(uuid("organisation_id"))
        .col(uuid_null("programme_id"))
        .col(text_null("title_uk"))
        .col(text_null("title_en"))
        .col(text_null("description_uk"))
        .col(text_null("description_en"))
        .col(text("text_key"))
        .col(text_null("sector"))
        .col(text_null("project_type"))
        .col(text_null("territory"))
        .col(text("state"))
        .col(text_null("state_comment"))
        .col(boolean("finished"))
        .col(text("source"))
        .col(text_null("source_key"))
        .col(big_integer_null("budget"))
        .col(text_null("currency"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(integer("version"));
    CreateTable::new("m0015_project", "project", table)
        .primary_key(&["id"])
        .references("organisation_id", "organisation", "id")
        .references("programme_id", "programme", "id")
        .index(&["organisation_id"])
        .index(&["state"])
        .index(&["programme_id"])
        .index(&["territory"])
        .unique(&["source", "source_key"])
}
