//! Calls that were made under an `Idempotency-Key`, and what they did.

use sea_orm_migration::schema::{json_binary, text, timestamp_with_time_zone};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `idempotency_key`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table.table("idempotency_key").col(text("key")).col(text("input")).col(json_binary("changed")).col(timestamp_with_time_zone("created_at"));
    CreateTable::new("m0051_idempotency_key", "idempotency_key", table).primary_key(&["key"]).index(&["created_at"])
}
