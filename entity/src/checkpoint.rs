//! What the journal was at a moment, signed: whoever keeps it can tell later whether history was changed.

use sea_orm::entity::prelude::*;

/// What the journal was at a moment, signed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "checkpoint")]
pub struct Model {
    /// The place of the newest event that it covers.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// Hash of the chain up to that event.
    pub hash: Vec<u8>,
    /// When it was signed.
    pub time: DateTimeUtc,
    /// The key that signed.
    #[sea_orm(column_type = "Text")]
    pub key_id: String,
    /// All of it as a compact JWS (RFC 7515).
    #[sea_orm(column_type = "Text")]
    pub signature: String,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
