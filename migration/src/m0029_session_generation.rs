//! Which refresh token of a sign-in is good.

use sea_orm_migration::schema::integer;

use crate::step::AddColumns;

/// Adds `session.generation`.
pub(crate) fn step() -> AddColumns {
    AddColumns::new("m0029_session.generation", "session", vec![integer("generation").default(0).to_owned()])
}
