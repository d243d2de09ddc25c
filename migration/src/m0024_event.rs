//! One fact of the journal: append only, written in the transaction of its use case.

use sea_orm_migration::schema::{big_integer_null, blob, blob_null, boolean, integer, text, timestamp_with_time_zone, uuid, uuid_null};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `event`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("event")
        .col(uuid("id"))
        .col(big_integer_null("seq").unique_key())
        .col(blob_null("prev"))
        .col(blob_null("hash"))
        .col(text("kind"))
        .col(text("entity_kind"))
        .col(uuid("entity_id"))
        .col(integer("entity_version"))
        .col(uuid("operation_id"))
        .col(uuid_null("account_id"))
        .col(uuid_null("organisation_id"))
        .col(uuid_null("counterpart_id"))
        .col(boolean("public"))
        .col(timestamp_with_time_zone("occurred_at"))
        .col(blob("payload"));
    CreateTable::new("m0024_event", "event", table)
        .primary_key(&["id"])
        .index(&["entity_id", "entity_version"])
        .index(&["kind"])
        .on_postgres("ALTER TABLE event ADD COLUMN xact xid8 NOT NULL DEFAULT pg_current_xact_id()")
}
