//! Tries at something that can be guessed, such as a password, counted for a while.

use sea_orm::entity::prelude::*;

/// Tries at something that can be guessed, such as a password, counted for a while.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "guess")]
pub struct Model {
    /// What is guessed, as a keyed hash: the addresses that somebody tries are nobody else's business.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub key: String,
    /// How many there were.
    pub tries: i32,
    /// The moment of the first.
    pub since: DateTimeUtc,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
