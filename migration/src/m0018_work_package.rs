//! A part of a project that one partner or consortium can carry.

use sea_orm_migration::schema::{big_integer_null, date_null, integer, json_binary, text_null, timestamp_with_time_zone, uuid};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `work_package`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("work_package")
        .col(uuid("id"))
        .col(uuid("project_id"))
        .col(integer("position"))
        .col(text_null("title_uk"))
        .col(text_null("title_en"))
        .col(text_null("description_uk"))
        .col(text_null("description_en"))
        .col(text_null("language"))
        .col(json_binary("cpv"))
        .col(text_null("category"))
        .col(big_integer_null("budget"))
        .col(text_null("currency"))
        .col(date_null("starts_on"))
        .col(date_null("ends_on"))
        .col(json_binary("contributions"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(integer("version"));
    CreateTable::new("m0018_work_package", "work_package", table).primary_key(&["id"]).references("project_id", "project", "id").unique(&["project_id", "position"])
}
