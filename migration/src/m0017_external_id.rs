//! The id by which DREAM, Prozorro or OC4IDS knows a project.

use sea_orm_migration::schema::{text, uuid};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `external_id`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table.table("external_id").col(text("scheme")).col(text("value")).col(uuid("project_id"));
    CreateTable::new("m0017_external_id", "external_id", table).primary_key(&["scheme", "value"]).references("project_id", "project", "id").index(&["project_id"])
}
