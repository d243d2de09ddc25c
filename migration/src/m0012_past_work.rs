//! A past work of a business: an award it won or bid for, or a reference it gave.

use sea_orm_migration::schema::{big_integer_null, date_null, integer_null, text, text_null, timestamp_with_time_zone, uuid, uuid_null};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `past_work`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("past_work")
        .col(uuid("id"))
        .col(uuid("organisation_id"))
        .col(text("title"))
        .col(text_null("language"))
        .col(text_null("cpv"))
        .col(text_null("category"))
        .col(text_null("territory"))
        .col(uuid_null("buyer_id"))
        .col(text_null("buyer_name"))
        .col(big_integer_null("value"))
        .col(text_null("currency"))
        .col(date_null("awarded_on"))
        .col(text("outcome"))
        .col(integer_null("bidders"))
        .col(text("source"))
        .col(text_null("source_key"))
        .col(timestamp_with_time_zone("created_at"));
    CreateTable::new("m0012_past_work", "past_work", table)
        .primary_key(&["id"])
        .references("organisation_id", "organisation", "id")
        .references("buyer_id", "organisation", "id")
        .index(&["organisation_id"])
        .index(&["buyer_id"])
        .unique(&["source", "source_key"])
}
