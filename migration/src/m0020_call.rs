//! A call that invites expressions of interest for work packages of one project.

use sea_orm_migration::schema::{boolean, integer, json_binary, text, text_null, text_uniq, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `call`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("call")
        .col(uuid("id"))
        .col(text_uniq("reference"))
        .col(uuid("project_id"))
        .col(uuid("organisation_id"))
        .col(text_null("text_uk"))
        .col(text_null("text_en"))
        .col(text("state"))
        .col(text("visibility"))
        .col(timestamp_with_time_zone_null("opens_at"))
        .col(timestamp_with_time_zone("closes_at"))
        .col(integer("response_days"))
        .col(json_binary("criteria"))
        .col(boolean("consented"))
        .col(timestamp_with_time_zone_null("published_at"))
        .col(timestamp_with_time_zone_null("closed_at"))
        .col(text_null("state_comment"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(integer("version"));
    CreateTable::new("m0020_call", "call", table)
        .primary_key(&["id"])
        .references("project_id", "project", "id")
        .references("organisation_id", "organisation", "id")
        .index(&["project_id"])
        .index(&["state"])
        .index(&["organisation_id"])
}
