//! What a business says it can do: one row for each business that said so.

use sea_orm_migration::schema::{big_integer_null, boolean, date_null, integer_null, json_binary, text_null, uuid};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `capability`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("capability")
        .col(uuid("organisation_id"))
        .col(json_binary("cpv"))
        .col(json_binary("excluded_cpv"))
        .col(json_binary("service_area"))
        .col(boolean("with_neighbours"))
        .col(big_integer_null("largest_contract"))
        .col(text_null("currency"))
        .col(date_null("free_from"))
        .col(date_null("free_to"))
        .col(integer_null("staff"))
        .col(json_binary("languages"))
        .col(json_binary("contributions"));
    CreateTable::new("m0010_capability", "capability", table).primary_key(&["organisation_id"]).references("organisation_id", "organisation", "id")
}
