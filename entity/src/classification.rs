//! A code of DK 021 (CPV) or KVED (NACE) with its names.

use sea_orm::entity::prelude::*;

/// A code of DK 021 (CPV) or KVED (NACE) with its names.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "classification")]
pub struct Model {
    /// `CPV` or `KVED`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub scheme: String,
    /// The code as the list writes it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// The nearest wider code of the list.
    pub parent: Option<String>,
    /// Ukrainian name.
    #[sea_orm(column_type = "Text", nullable)]
    pub name_uk: Option<String>,
    /// English name.
    #[sea_orm(column_type = "Text", nullable)]
    pub name_en: Option<String>,
    /// Folded names, for search.
    #[sea_orm(column_type = "Text")]
    pub name_key: String,
    /// The day from which the list no longer holds it.
    pub valid_to: Option<Date>,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
