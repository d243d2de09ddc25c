//! A person's roles in one organisation; one row for each pair.

use crate::Codes;
use sea_orm::entity::prelude::*;

/// A person's roles in one organisation; one row for each pair.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "membership")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The person.
    pub account_id: Uuid,
    /// The organisation.
    pub organisation_id: Uuid,
    /// `OWNER`, `EDITOR`, `SIGNER`, `VIEWER`: one or more.
    #[sea_orm(column_type = "JsonBinary")]
    pub roles: Codes,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When the row last changed.
    pub updated_at: DateTimeUtc,
    /// The lock: 1 at first, one more with each change.
    pub version: i32,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
