//! Which work packages an interest names.

use sea_orm::entity::prelude::*;

/// Which work packages an interest names.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "interest_work_package")]
pub struct Model {
    /// The interest.
    #[sea_orm(primary_key, auto_increment = false)]
    pub interest_id: Uuid,
    /// The work package.
    #[sea_orm(primary_key, auto_increment = false)]
    pub work_package_id: Uuid,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
