//! Something that happened and concerns one person.

use sea_orm_migration::schema::{json_binary, text, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null};
use sea_orm_migration::sea_query::{ColumnDef, Table};

use crate::step::CreateTable;

/// Up to where the journal counts as heard: what happened before there were notifications is told to nobody.
const BEGIN: &str = "INSERT INTO setting (\"key\", value)
    SELECT 'notifications.heard', CAST(MAX(seq) AS TEXT) FROM event WHERE seq IS NOT NULL HAVING COUNT(*) > 0
    ON CONFLICT (\"key\") DO UPDATE SET value = excluded.value";

/// Creates `notification`.
pub(crate) fn step() -> CreateTable {
    table(uuid("organisation_id")).then(BEGIN)
}

/// The table with the column of the organisation that it is about.
pub(crate) fn table(organisation: ColumnDef) -> CreateTable {
    let mut table = Table::create();
    table
        .table("notification")
        .col(uuid("id"))
        .col(uuid("account_id"))
        .col(text("cause"))
        .col(text("kind"))
        .col(text("node_kind"))
        .col(uuid("node_id"))
        .col(organisation)
        .col(text("reach"))
        .col(json_binary("roles"))
        .col(timestamp_with_time_zone("occurred_at"))
        .col(timestamp_with_time_zone_null("read_at"))
        .col(uuid_null("digest_id"))
        .col(timestamp_with_time_zone("created_at"));
    CreateTable::new("m0042_notification", "notification", table)
        .primary_key(&["id"])
        .references("account_id", "account", "id")
        .references("organisation_id", "organisation", "id")
        .references("digest_id", "digest", "id")
        .unique(&["account_id", "cause"])
        .index(&["account_id", "created_at"])
        .index(&["account_id", "read_at"])
        .index(&["digest_id"])
        .index(&["created_at"])
}
