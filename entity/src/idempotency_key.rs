//! A call that was made under an `Idempotency-Key`, and what it did.

use sea_orm::entity::prelude::*;

use crate::Codes;

/// A call that was made under an `Idempotency-Key`, and what it did.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_key")]
pub struct Model {
    /// The caller, their organisation and the key they sent, as a keyed hash.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub key: String,
    /// The mutation and its input, as a keyed hash: an input may hold a password.
    #[sea_orm(column_type = "Text")]
    pub input: String,
    /// The opaque ids of the entities that changed, in the order of their events.
    pub changed: Codes,
    /// When it was done.
    pub created_at: DateTimeUtc,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
