//! Which work packages an interest names.

use sea_orm_migration::schema::uuid;
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `interest_work_package`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table.table("interest_work_package").col(uuid("interest_id")).col(uuid("work_package_id"));
    CreateTable::new("m0023_interest_work_package", "interest_work_package", table)
        .primary_key(&["interest_id", "work_package_id"])
        .references("interest_id", "interest", "id")
        .references("work_package_id", "work_package", "id")
        .index(&["work_package_id"])
}
