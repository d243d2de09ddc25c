//! One fact of the journal: append only, written in the transaction of its use case.

use sea_orm::entity::prelude::*;

/// One fact of the journal: append only, written in the transaction of its use case.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Gapless place in the journal, given once no older transaction is open.
    #[sea_orm(unique)]
    pub seq: Option<i64>,
    /// Hash of the chain up to this event, given with its place.
    pub hash: Option<Vec<u8>>,
    /// Digest of salt and event, written with it; none in what was written before there was a chain, until the next start.
    pub digest: Option<Vec<u8>>,
    /// Random bytes without which nobody finds an event out by its digest; none where the body was erased.
    pub salt: Option<Vec<u8>>,
    /// What happened, such as `NEED_SUBMITTED`.
    pub kind: String,
    /// Which kind of entity changed, such as `NEED`.
    pub entity_kind: String,
    /// The entity.
    pub entity_id: Uuid,
    /// The entity's version after the change.
    pub entity_version: i32,
    /// Common to the events of one use case.
    pub operation_id: Uuid,
    /// The person who did it; none for the system and for a program.
    pub account_id: Option<Uuid>,
    /// The API token with which a program did it.
    pub api_token_id: Option<Uuid>,
    /// The organisation that owns the entity.
    pub organisation_id: Option<Uuid>,
    /// The organisation on the other side, where there is one.
    pub counterpart_id: Option<Uuid>,
    /// Whether the public may learn of it.
    pub public: bool,
    /// When it happened.
    pub occurred_at: DateTimeUtc,
    /// The detail as canonical JSON (RFC 8785); none where the body was erased.
    pub payload: Option<Vec<u8>>,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
