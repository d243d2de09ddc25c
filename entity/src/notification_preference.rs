//! How a person wants to hear of what is new; without a row, daily.

use crate::text_enum::text_enum;
use sea_orm::entity::prelude::*;

text_enum! {
    /// How often letters go out.
    Rhythm {
        /// As soon as something happens.
        Instant = "INSTANT",
        /// Each morning on which there is something.
        Daily = "DAILY",
        /// On Monday mornings.
        Weekly = "WEEKLY",
        /// Not at all.
        Never = "NEVER",
    }
}

/// How a person wants to hear of what is new; without a row, daily.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notification_preference")]
pub struct Model {
    /// The person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    /// How often letters go out.
    pub email: Rhythm,
    /// When the row last changed.
    pub updated_at: DateTimeUtc,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
