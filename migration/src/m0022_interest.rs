//! A business's non-binding expression of interest in a call.

use sea_orm_migration::schema::{boolean_null, integer, text, text_null, text_uniq, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `interest`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("interest")
        .col(uuid("id"))
        .col(text_uniq("reference"))
        .col(uuid("call_id"))
        .col(uuid("caller_id"))
        .col(uuid("organisation_id"))
        .col(text("offer"))
        .col(text("state"))
        .col(boolean_null("live"))
        .col(timestamp_with_time_zone_null("submitted_at"))
        .col(timestamp_with_time_zone_null("answer_due_at"))
        .col(timestamp_with_time_zone_null("answered_at"))
        .col(text_null("state_comment"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(integer("version"));
    CreateTable::new("m0022_interest", "interest", table)
        .primary_key(&["id"])
        .references("call_id", "call", "id")
        .references("organisation_id", "organisation", "id")
        .references("caller_id", "organisation", "id")
        .unique(&["call_id", "organisation_id", "live"])
        .index(&["organisation_id"])
        .index(&["caller_id", "state"])
}
