//! The last number given to readable references of one kind in one year.

use sea_orm::entity::prelude::*;

/// The last number given to readable references of one kind in one year.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "counter")]
pub struct Model {
    /// `N`, `P`, `C` and so on.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// Year in Europe/Kyiv.
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    /// Last number given.
    pub value: i32,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
