//! What shows that a sign-in is its person's.

use sea_orm_migration::schema::text;

use crate::step::AddColumns;

/// Adds `session.assurance`. Of the sign-ins that are there, nobody knows more than that the password was given.
pub(crate) fn step() -> AddColumns {
    AddColumns::new("m0034_session.assurance", "session", vec![text("assurance").default("PASSWORD").to_owned()])
}
