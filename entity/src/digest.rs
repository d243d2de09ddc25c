//! A letter to be: what is new for one person, gathered until it goes out.

use sea_orm::entity::prelude::*;

/// A letter to be: what is new for one person, gathered until it goes out.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "digest")]
pub struct Model {
    /// UUIDv7; the letter is known by it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The person.
    pub account_id: Uuid,
    /// True while it gathers; none once it is closed, or where it never gathers: with the unique index, one open digest for each person.
    pub open: Option<bool>,
    /// When it goes out.
    pub due_at: DateTimeUtc,
    /// When it was closed: nothing comes into it any more.
    pub closed_at: Option<DateTimeUtc>,
    /// When its letter went out, or was found to say nothing.
    pub sent_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
