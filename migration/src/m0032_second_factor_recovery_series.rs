//! Which recovery codes of a second factor are good.

use sea_orm_migration::schema::integer;

use crate::step::AddColumns;

/// Adds `second_factor.recovery_series`.
pub(crate) fn step() -> AddColumns {
    AddColumns::new("m0032_second_factor.recovery_series", "second_factor", vec![integer("recovery_series").default(0).to_owned()])
}
