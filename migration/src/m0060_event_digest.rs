//! What proves an event: its salt and its digest.

use sea_orm_migration::schema::blob_null;

use crate::step::AddColumns;

/// A hash without digests, as it is left where these columns were taken back, proves nothing.
const UNPROVEN: &str = "UPDATE event SET hash = NULL WHERE hash IS NOT NULL";

/// Adds `event.salt` and `event.digest`; the program fills them in for the events that are there.
pub(crate) fn step() -> AddColumns {
    AddColumns::new("m0060_event.digest", "event", vec![blob_null("salt"), blob_null("digest")]).filled(UNPROVEN)
}
