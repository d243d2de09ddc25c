//! A unit of KATOTTG, the codifier of Ukraine's territories.

use sea_orm::entity::prelude::*;

/// A unit of KATOTTG, the codifier of Ukraine's territories.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "territory")]
pub struct Model {
    /// 19 characters, `UA` and 17 digits.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// The nearest unit that contains it.
    pub parent: Option<String>,
    /// `O K P H M X C B`, as in the codifier.
    pub category: String,
    /// ISO 3166-2, for the 27 units of the first level.
    pub iso: Option<String>,
    /// Official name.
    pub name_uk: String,
    /// Official English name, where there is one.
    pub name_en: Option<String>,
    /// Folded name, for search and order.
    pub name_key: String,
    /// How wide it is by its category: 1 for a unit of the first level, 2 for a rayon and so on to 7.
    pub level: i32,
    /// The day from which the codifier no longer lists it.
    pub valid_to: Option<Date>,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
