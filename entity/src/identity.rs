//! A person as an OpenID provider knows them.

use sea_orm::entity::prelude::*;

/// A person as an OpenID provider knows them; one row for each person and provider.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identity")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The person.
    pub account_id: Uuid,
    /// The provider, by the address that it calls itself.
    pub issuer: String,
    /// What the provider calls the person; it never gives the name to another.
    pub subject: String,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When the provider last vouched for the person here.
    pub last_used_at: DateTimeUtc,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
