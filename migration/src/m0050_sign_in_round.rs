//! A person on their way to an OpenID provider and back.

use sea_orm_migration::schema::{text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `sign_in_round`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table
        .table("sign_in_round")
        .col(uuid("id"))
        .col(text("purpose"))
        .col(text_null("return_to"))
        .col(text_null("challenge"))
        .col(timestamp_with_time_zone_null("answered_at"))
        .col(uuid_null("account_id"))
        .col(text_null("issuer"))
        .col(text_null("subject"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone("created_at"));
    CreateTable::new("m0050_sign_in_round", "sign_in_round", table).primary_key(&["id"]).index(&["expires_at"]).index(&["account_id"])
}
