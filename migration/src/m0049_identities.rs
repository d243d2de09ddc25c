//! A person as an OpenID provider knows them.

use sea_orm_migration::schema::{text, timestamp_with_time_zone, uuid};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `identity`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("identity")
        .col(uuid("id"))
        .col(uuid("account_id"))
        .col(text("issuer"))
        .col(text("subject"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("last_used_at"));
    CreateTable::new("m0049_identity", "identity", table)
        .primary_key(&["id"])
        .references("account_id", "account", "id")
        .unique(&["issuer", "subject"])
        .unique(&["account_id", "issuer"])
}
