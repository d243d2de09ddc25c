//! How a person wants to hear of what is new.

use sea_orm_migration::schema::{text, timestamp_with_time_zone, uuid};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `notification_preference`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table.table("notification_preference").col(uuid("account_id")).col(text("email")).col(timestamp_with_time_zone("updated_at"));
    CreateTable::new("m0043_notification_preference", "notification_preference", table).primary_key(&["account_id"]).references("account_id", "account", "id")
}
