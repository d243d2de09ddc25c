//! An initiative that answers needs.

use crate::text_enum::text_enum;
use sea_orm::entity::prelude::*;

text_enum! {
    /// Where a project stands (OC4IDS status, DREAM detail).
    State {
        /// Identified.
        Idea = "IDEA",
        /// Defined; public from here.
        Defined = "DEFINED",
        /// Appraised.
        Appraised = "APPRAISED",
        /// Structured: ready to look for partners.
        Structured = "STRUCTURED",
        /// A call is open.
        Partnering = "PARTNERING",
        /// Given up with a reason.
        Cancelled = "CANCELLED",
    }
}

/// An initiative that answers needs.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "project")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Readable reference, `P-2026-000001`.
    #[sea_orm(unique)]
    pub reference: String,
    /// Who owns it.
    pub organisation_id: Uuid,
    /// The programme it belongs to.
    pub programme_id: Option<Uuid>,
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
    pub sector: Option<String>,
    /// OC4IDS project type.
    pub project_type: Option<String>,
    /// KATOTTG code or known prefix of the place.
    pub territory: Option<String>,
    /// Where it stands.
    pub state: State,
    /// Why it was cancelled or moved back.
    #[sea_orm(column_type = "Text", nullable)]
    pub state_comment: Option<String>,
    /// A finished project that an import recorded: a reference that no call can open.
    pub finished: bool,
    /// Who says so: `SELF` or the source of an import.
    pub source: String,
    /// The row of the source, unique within it.
    pub source_key: Option<String>,
    /// Budget of its work packages in their one currency, minor units; none while unknown or mixed.
    pub budget: Option<i64>,
    /// ISO 4217 currency of the budget.
    pub currency: Option<String>,
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
