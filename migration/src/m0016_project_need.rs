//! Which needs a project answers; a need is answered by one project at a time.

use sea_orm_migration::schema::uuid;
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `project_need`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table.table("project_need").col(uuid("need_id")).col(uuid("project_id"));
    CreateTable::new("m0016_project_need", "project_need", table)
        .primary_key(&["need_id"])
        .references("need_id", "need", "id")
        .references("project_id", "project", "id")
        .index(&["project_id"])
}
