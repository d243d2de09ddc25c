//! A person's claim to an organisation that has no owner yet.

use crate::organisation::Kind;
use crate::text_enum::text_enum;
use sea_orm::entity::prelude::*;

text_enum! {
    /// Where a claim stands.
    State {
        /// Waiting for the association.
        Pending = "PENDING",
        /// Found true: the claimant became the owner.
        Confirmed = "CONFIRMED",
        /// Refused with a reason.
        Declined = "DECLINED",
        /// Another claim to the same organisation was confirmed.
        Overtaken = "OVERTAKEN",
        /// The claimant erased their account.
        Withdrawn = "WITHDRAWN",
    }
}

/// A person's claim to an organisation that has no owner yet.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "claim")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What is claimed.
    pub organisation_id: Uuid,
    /// Whose it is to become.
    pub account_id: Uuid,
    /// What it is, where the record does not know.
    pub kind: Option<Kind>,
    /// The municipality that owns it, if it is a utility.
    pub owner_municipality_id: Option<Uuid>,
    /// What shows that the claimant may speak for it; empty once they erased their account.
    #[sea_orm(column_type = "Text")]
    pub evidence: String,
    /// Where it stands.
    pub state: State,
    /// True while pending; none once it is decided: with the unique index, one pending claim for each person and organisation.
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
