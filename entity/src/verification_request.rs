//! An organisation's request to be verified with its evidence, and what was found.

use crate::Codes;
use crate::text_enum::text_enum;
use sea_orm::entity::prelude::*;

text_enum! {
    /// Where a request stands.
    State {
        /// Waiting for the association.
        Pending = "PENDING",
        /// The organisation is who it says.
        Verified = "VERIFIED",
        /// It is not, or did not show it.
        Rejected = "REJECTED",
        /// The organisation went to somebody else, or all have left it.
        Overtaken = "OVERTAKEN",
    }
}

/// An organisation's request to be verified with its evidence, and what was found.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "verification_request")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who is to be verified.
    pub organisation_id: Uuid,
    /// The owner who asks; none where the association looked without being asked.
    pub requested_by: Option<Uuid>,
    /// What the owner adds.
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    /// Ids of the attachments that are the evidence.
    #[sea_orm(column_type = "JsonBinary")]
    pub evidence: Codes,
    /// Where it stands.
    pub state: State,
    /// True while pending; none once it is decided: with the unique index, one pending request for each organisation.
    pub live: Option<bool>,
    /// Why it was decided so.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// When it was decided.
    pub decided_at: Option<DateTimeUtc>,
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
