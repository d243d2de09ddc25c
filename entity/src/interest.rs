//! A business's non-binding expression of interest in a call.

use crate::text_enum::text_enum;
use sea_orm::entity::prelude::*;

text_enum! {
    /// Where an interest stands.
    State {
        /// Being written; seen by the business alone.
        Draft = "DRAFT",
        /// Waiting for the caller.
        Submitted = "SUBMITTED",
        /// The caller has it in hand.
        Acknowledged = "ACKNOWLEDGED",
        /// Refused with a reason.
        Declined = "DECLINED",
        /// Taken back.
        Withdrawn = "WITHDRAWN",
    }
}

/// A business's non-binding expression of interest in a call.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "interest")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Readable reference, `I-2026-000001`.
    #[sea_orm(unique)]
    pub reference: String,
    /// The call it answers.
    pub call_id: Uuid,
    /// Who calls, kept here so that its inbox is one index.
    pub caller_id: Uuid,
    /// The business.
    pub organisation_id: Uuid,
    /// What it offers.
    #[sea_orm(column_type = "Text")]
    pub offer: String,
    /// Where it stands.
    pub state: State,
    /// True while live; none once it is over: with the unique index, one live interest for each business and call.
    pub live: Option<bool>,
    /// When it was submitted.
    pub submitted_at: Option<DateTimeUtc>,
    /// Until when the caller owes an answer.
    pub answer_due_at: Option<DateTimeUtc>,
    /// When the caller answered.
    pub answered_at: Option<DateTimeUtc>,
    /// Why it was declined or withdrawn.
    #[sea_orm(column_type = "Text", nullable)]
    pub state_comment: Option<String>,
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
