//! The second factor of a person's sign-in; its secret is computed from its id and kept nowhere.

use sea_orm::entity::prelude::*;

/// The second factor of a person's sign-in; its secret is computed from its id and kept nowhere.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "second_factor")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    #[sea_orm(unique)]
    pub account_id: Uuid,
    /// When a code of it was given for the first time; before that no sign-in asks for it.
    pub enabled_at: Option<DateTimeUtc>,
    /// The half-minute of the last code that was taken: each is good once.
    pub last_step: i64,
    /// Which recovery codes are good: 0 for the first ones, one more each time they are renewed.
    pub recovery_series: i32,
    /// The recovery codes of this series that were used, a bit each.
    pub recovery_used: i32,
    /// Wrong codes in a row.
    pub failures: i32,
    /// When the last wrong code was given.
    pub failed_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
