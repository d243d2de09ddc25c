//! What the journal was at a moment, signed.

use sea_orm_migration::schema::{big_integer, blob, text, timestamp_with_time_zone};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `checkpoint`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table.table("checkpoint").col(big_integer("seq")).col(blob("hash")).col(timestamp_with_time_zone("time")).col(text("key_id")).col(text("signature"));
    CreateTable::new("m0063_checkpoint", "checkpoint", table).primary_key(&["seq"]).index(&["time", "seq"])
}
