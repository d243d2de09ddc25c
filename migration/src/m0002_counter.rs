//! The last number given to readable references of one kind in one year.

use sea_orm_migration::schema::{integer, text};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `counter`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table.table("counter").col(text("kind")).col(integer("year")).col(integer("value"));
    CreateTable::new("m0002_counter", "counter", table).primary_key(&["kind", "year"])
}
