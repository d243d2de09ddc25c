//! A file of an organisation: the evidence of who it is, or a certificate.

use sea_orm_migration::schema::{integer, text, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `attachment`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("attachment")
        .col(uuid("id"))
        .col(uuid("organisation_id"))
        .col(text("purpose"))
        .col(text("file_name"))
        .col(text("media_type"))
        .col(integer("size"))
        .col(text("sha256"))
        .col(text("state"))
        .col(uuid_null("object_id"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("uploaded_at"))
        .col(timestamp_with_time_zone_null("evidence_since"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(integer("version"));
    CreateTable::new("m0044_attachment", "attachment", table)
        .primary_key(&["id"])
        .references("organisation_id", "organisation", "id")
        .unique(&["object_id"])
        .index(&["organisation_id", "created_at"])
        .index(&["state", "expires_at"])
}
