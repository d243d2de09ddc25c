//! A code of DK 021 (CPV) or KVED (NACE) with its names.

use sea_orm_migration::schema::{date_null, text, text_null};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `classification`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("classification")
        .col(text("scheme"))
        .col(text("code"))
        .col(text_null("parent"))
        .col(text_null("name_uk"))
        .col(text_null("name_en"))
        .col(text("name_key"))
        .col(date_null("valid_to"));
    CreateTable::new("m0004_classification", "classification", table).primary_key(&["scheme", "code"]).index(&["scheme", "parent"])
}
