//! The body of an event can be erased and leaves its digest.

use crate::step::Statements;

/// Lets `event.payload` be null. SQLite takes no condition off a column, so it gets another.
pub(crate) fn step() -> Statements {
    Statements {
        name: "m0062_event.payload",
        up_sqlite: &[
            "ALTER TABLE event ADD COLUMN body blob",
            "UPDATE event SET body = payload",
            "ALTER TABLE event DROP COLUMN payload",
            "ALTER TABLE event RENAME COLUMN body TO payload",
        ],
        up_postgres: &["ALTER TABLE event ALTER COLUMN payload DROP NOT NULL"],
        down_sqlite: &[
            "ALTER TABLE event ADD COLUMN body blob NOT NULL DEFAULT x'7b7d'",
            "UPDATE event SET body = payload WHERE payload IS NOT NULL",
            "ALTER TABLE event DROP COLUMN payload",
            "ALTER TABLE event RENAME COLUMN body TO payload",
        ],
        down_postgres: &["UPDATE event SET payload = '\\x7b7d' WHERE payload IS NULL", "ALTER TABLE event ALTER COLUMN payload SET NOT NULL"],
    }
}
