//! A token with which a program acts for an organisation; its secret is kept as a digest.

use crate::Codes;
use sea_orm::entity::prelude::*;

/// A token with which a program acts for an organisation; its secret is kept as a digest.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_token")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// For which organisation it acts.
    pub organisation_id: Uuid,
    /// The person who made it.
    pub account_id: Uuid,
    /// What it is for, in the words of who made it.
    pub name: String,
    /// SHA-256 of the secret, in hexadecimal digits.
    #[sea_orm(unique)]
    pub digest: String,
    /// `READ`, `WRITE`: one or more.
    #[sea_orm(column_type = "JsonBinary")]
    pub scopes: Codes,
    /// The moment from which it is worth nothing.
    pub expires_at: DateTimeUtc,
    /// When it was last used, to the minute or so.
    pub last_used_at: Option<DateTimeUtc>,
    /// When it was ended by hand.
    pub revoked_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When the row last changed, but for its use.
    pub updated_at: DateTimeUtc,
    /// The lock: 1 at first, one more with each change, but for its use.
    pub version: i32,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
