//! A number by which a register knows an organisation; never two organisations with one.

use sea_orm_migration::schema::{boolean_null, text, uuid};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `identifier`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table.table("identifier").col(uuid("id")).col(uuid("organisation_id")).col(text("scheme")).col(text("value")).col(text("shown")).col(boolean_null("checksum_valid"));
    CreateTable::new("m0009_identifier", "identifier", table)
        .primary_key(&["id"])
        .references("organisation_id", "organisation", "id")
        .unique(&["scheme", "value"])
        .index(&["organisation_id"])
}
