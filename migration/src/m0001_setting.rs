//! A fact about this database itself, such as that it holds the demonstration.

use sea_orm_migration::schema::text;
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `setting`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table.table("setting").col(text("key")).col(text("value"));
    CreateTable::new("m0001_setting", "setting", table).primary_key(&["key"])
}
