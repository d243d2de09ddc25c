//! The id by which DREAM, Prozorro or OC4IDS knows a project.

use sea_orm::entity::prelude::*;

/// The id by which DREAM, Prozorro or OC4IDS knows a project.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "external_id")]
pub struct Model {
    /// DREAM, `PROZORRO`, `OC4IDS` or the source of an import.
    #[sea_orm(primary_key, auto_increment = false)]
    pub scheme: String,
    /// The id there.
    #[sea_orm(primary_key, auto_increment = false)]
    pub value: String,
    /// The project.
    pub project_id: Uuid,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
