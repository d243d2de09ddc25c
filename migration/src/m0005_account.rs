//! A person who signs in.

use sea_orm_migration::schema::{boolean, integer, text, text_uniq, timestamp_with_time_zone, uuid};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `account`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("account")
        .col(uuid("id"))
        .col(text("email"))
        .col(text_uniq("email_key"))
        .col(text("name"))
        .col(text("password_hash"))
        .col(boolean("administrator"))
        .col(text("locale"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(integer("version"));
    CreateTable::new("m0005_account", "account", table).primary_key(&["id"])
}
