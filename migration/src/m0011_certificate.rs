//! A licence or certificate of a business.

use sea_orm_migration::schema::{date_null, text, text_null, uuid};
use sea_orm_migration::sea_query::Table;

use crate::step::CreateTable;

/// Creates `certificate`.
pub(crate) fn step() -> CreateTable {
    let mut table = Table::create();
    table.table("certificate").col(uuid("id")).col(uuid("organisation_id")).col(text("code")).col(text("name")).col(text_null("issuer")).col(date_null("valid_to"));
    CreateTable::new("m0011_certificate", "certificate", table).primary_key(&["id"]).references("organisation_id", "organisation", "id").index(&["organisation_id"])
}
