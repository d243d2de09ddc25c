//! A call that invites expressions of interest for work packages of one project.

use crate::text_enum::text_enum;
use sea_orm::entity::prelude::*;

text_enum! {
    /// Where a call stands.
    State {
        /// Being written.
        Draft = "DRAFT",
        /// Waiting for the owner municipality of the calling utility.
        Consent = "CONSENT",
        /// Open for interest.
        Published = "PUBLISHED",
        /// Past its end.
        Closed = "CLOSED",
        /// Taken back with a reason.
        Withdrawn = "WITHDRAWN",
    }
}

text_enum! {
    /// Who sees whom in a call.
    Visibility {
        /// Businesses are named to the caller.
        Open = "OPEN",
    }
}

/// A call that invites expressions of interest for work packages of one project.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "call")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Readable reference, `C-2026-000001`.
    #[sea_orm(unique)]
    pub reference: String,
    /// The project.
    pub project_id: Uuid,
    /// Who calls: the project's owner.
    pub organisation_id: Uuid,
    /// What is asked in Ukrainian.
    #[sea_orm(column_type = "Text", nullable)]
    pub text_uk: Option<String>,
    /// What is asked in English.
    #[sea_orm(column_type = "Text", nullable)]
    pub text_en: Option<String>,
    /// Where it stands.
    pub state: State,
    /// Who sees whom.
    pub visibility: Visibility,
    /// When it opens.
    pub opens_at: Option<DateTimeUtc>,
    /// When it closes by itself.
    pub closes_at: DateTimeUtc,
    /// Days within which each interest is answered.
    pub response_days: i32,
    /// The criteria and their weights, a JSON array of `{name, weight}` that sums to 100.
    #[sea_orm(column_type = "JsonBinary")]
    pub criteria: Json,
    /// Whether the owner municipality of a calling utility has consented.
    pub consented: bool,
    /// When it was published.
    pub published_at: Option<DateTimeUtc>,
    /// When it was closed.
    pub closed_at: Option<DateTimeUtc>,
    /// Why it was withdrawn.
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
