//! Which work packages a call offers.

use sea_orm_migration::schema::uuid;
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `call_work_package`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table.table("call_work_package").col(uuid("call_id")).col(uuid("work_package_id"));
    CreateTable::new("m0021_call_work_package", "call_work_package", table)
        .primary_key(&["call_id", "work_package_id"])
        .references("call_id", "call", "id")
        .references("work_package_id", "work_package", "id")
        .index(&["work_package_id"])
}
