//! Which needs a project answers; a need is answered by one project at a time.

use sea_orm::entity::prelude::*;

/// Which needs a project answers; a need is answered by one project at a time.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "project_need")]
pub struct Model {
    /// The need.
    #[sea_orm(primary_key, auto_increment = false)]
    pub need_id: Uuid,
    /// The project.
    pub project_id: Uuid,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
