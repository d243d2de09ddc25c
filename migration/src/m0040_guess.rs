//! Tries at something that can be guessed, such as a password, counted for a while.

use sea_orm_migration::schema::{integer, text, timestamp_with_time_zone};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `guess`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table.table("guess").col(text("key")).col(integer("tries")).col(timestamp_with_time_zone("since"));
    CreateTable::new("m0040_guess", "guess", table).primary_key(&["key"])
}
