//! The hash of the event before, which is the `hash` of that event and never was written twice.

use crate::step::Statements;

/// Drops `event.prev`.
pub(crate) fn step() -> Statements {
    Statements {
        name: "m0061_event.prev",
        up_sqlite: &["ALTER TABLE event DROP COLUMN prev"],
        up_postgres: &["ALTER TABLE event DROP COLUMN prev"],
        down_sqlite: &["ALTER TABLE event ADD COLUMN prev blob"],
        down_postgres: &["ALTER TABLE event ADD COLUMN prev bytea"],
    }
}
