//! A unit of KATOTTG, the codifier of Ukraine's territories.

use sea_orm_migration::schema::{date_null, text, text_null};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `territory`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("territory")
        .col(text("code"))
        .col(text_null("parent"))
        .col(text("category"))
        .col(text_null("iso"))
        .col(text("name_uk"))
        .col(text_null("name_en"))
        .col(text("name_key"))
        .col(date_null("valid_to"));
    CreateTable::new("m0003_territory", "territory", table).primary_key(&["code"]).index(&["parent"]).index(&["name_key"])
}
