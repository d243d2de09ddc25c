//! How wide a territory is, so that a list begins with the widest.

use sea_orm_migration::schema::integer;

use crate::step::AddColumns;

/// The categories of the rows that are there as `reference::lists` has them.
const FILL: &str =
    "UPDATE territory SET level = CASE category WHEN 'O' THEN 1 WHEN 'K' THEN 1 WHEN 'P' THEN 2 WHEN 'H' THEN 3 WHEN 'M' THEN 4 WHEN 'X' THEN 5 WHEN 'C' THEN 6 ELSE 7 END";

/// Adds `territory.level`.
pub(crate) fn step() -> AddColumns {
    AddColumns::new("m0038_territory.level", "territory", vec![integer("level").default(7).to_owned()]).filled(FILL).index(&["level", "name_key"])
}
