//! What a partner must have, or scores by having, for one work package.

use sea_orm_migration::schema::{big_integer_null, boolean, integer_null, text, text_null, uuid};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `requirement`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("requirement")
        .col(uuid("id"))
        .col(uuid("work_package_id"))
        .col(text("kind"))
        .col(text_null("code"))
        .col(integer_null("count"))
        .col(big_integer_null("amount"))
        .col(text_null("currency"))
        .col(boolean("must"));
    CreateTable::new("m0019_requirement", "requirement", table).primary_key(&["id"]).references("work_package_id", "work_package", "id").index(&["work_package_id"])
}
