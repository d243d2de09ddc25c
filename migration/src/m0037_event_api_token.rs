//! Which API token did what the journal tells.

use sea_orm_migration::schema::uuid_null;

use crate::step::AddColumns;

/// Adds `event.api_token_id`.
pub(crate) fn step() -> AddColumns {
    AddColumns::new("m0037_event.api_token_id", "event", vec![uuid_null("api_token_id")])
}
