//! An infrastructure need that a municipality or a utility states.

use crate::Codes;
use crate::text_enum::text_enum;
use sea_orm::entity::prelude::*;

text_enum! {
    /// Where a need stands.
    State {
        /// Being written.
        Draft = "DRAFT",
        /// Waiting for the association.
        Submitted = "SUBMITTED",
        /// Sent back with comments.
        Returned = "RETURNED",
        /// Checked by the association; public from here.
        Verified = "VERIFIED",
        /// Put forward by the municipality of its territory.
        Prioritised = "PRIORITISED",
        /// Answered by a project.
        InProject = "IN_PROJECT",
        /// Taken back with a reason.
        Withdrawn = "WITHDRAWN",
    }
}

text_enum! {
    /// How urgent a need is.
    Urgency {
        /// Can wait a year.
        Low = "LOW",
        /// Within the year.
        Medium = "MEDIUM",
        /// Within the season.
        High = "HIGH",
        /// Now: people or businesses are without service.
        Critical = "CRITICAL",
    }
}

/// An infrastructure need that a municipality or a utility states.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "need")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Readable reference, `N-2026-000001`.
    #[sea_orm(unique)]
    pub reference: String,
    /// Whose need it is.
    pub organisation_id: Uuid,
    /// Title in Ukrainian.
    #[sea_orm(column_type = "Text", nullable)]
    pub title_uk: Option<String>,
    /// Title in English.
    #[sea_orm(column_type = "Text", nullable)]
    pub title_en: Option<String>,
    /// Description in Ukrainian.
    #[sea_orm(column_type = "Text", nullable)]
    pub description_uk: Option<String>,
    /// Description in English.
    #[sea_orm(column_type = "Text", nullable)]
    pub description_en: Option<String>,
    /// Folded texts, for search.
    #[sea_orm(column_type = "Text")]
    pub text_key: String,
    /// OC4IDS project sector.
    pub sector: String,
    /// CPV codes.
    #[sea_orm(column_type = "JsonBinary")]
    pub cpv: Codes,
    /// KATOTTG code of the place.
    pub territory: String,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Businesses that depend on the asset.
    pub businesses_affected: Option<i32>,
    /// People who depend on it.
    pub people_affected: Option<i32>,
    /// Lower end of the estimated cost, minor units.
    pub cost_min: Option<i64>,
    /// Upper end of the estimated cost, minor units.
    pub cost_max: Option<i64>,
    /// What is not funded yet, minor units.
    pub funding_gap: Option<i64>,
    /// ISO 4217 currency of the amounts.
    pub currency: Option<String>,
    /// Where it stands.
    pub state: State,
    /// Why it was returned or withdrawn.
    #[sea_orm(column_type = "Text", nullable)]
    pub state_comment: Option<String>,
    /// Whether the place is critical infrastructure, of which the public sees the hromada only.
    pub critical: bool,
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
