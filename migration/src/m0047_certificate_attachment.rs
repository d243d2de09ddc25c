//! The paper of a certificate, as a file.

use sea_orm_migration::schema::uuid_null;

use crate::step::AddColumns;

/// Adds `certificate.attachment_id`.
pub(crate) fn step() -> AddColumns {
    AddColumns::new("m0047_certificate.attachment_id", "certificate", vec![uuid_null("attachment_id")]).index(&["attachment_id"])
}
