//! A past work of a business: an award it won or bid for, or a reference it gave.

use crate::text_enum::text_enum;
use sea_orm::entity::prelude::*;

text_enum! {
    /// How a bid ended.
    Outcome {
        /// The business won the award.
        Won = "WON",
        /// It bid and did not win.
        Bid = "BID",
    }
}

/// The version of every past work: it is recorded once and never changed.
pub const VERSION: i32 = 1;

/// A past work of a business: an award it won or bid for, or a reference it gave.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "past_work")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The business.
    pub organisation_id: Uuid,
    /// What the work was.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// Language of the title, where known.
    pub language: Option<String>,
    /// CPV code.
    pub cpv: Option<String>,
    /// `works`, `services` or `goods`.
    pub category: Option<String>,
    /// KATOTTG code of the place, or the prefix that is known.
    pub territory: Option<String>,
    /// The buyer, where it is an organisation here.
    pub buyer_id: Option<Uuid>,
    /// The buyer's name, where it is not.
    pub buyer_name: Option<String>,
    /// Value, minor units.
    pub value: Option<i64>,
    /// ISO 4217 currency of the value.
    pub currency: Option<String>,
    /// Day of the award.
    pub awarded_on: Option<Date>,
    /// Whether it was won.
    pub outcome: Outcome,
    /// How many bid, where known.
    pub bidders: Option<i32>,
    /// Who says so: `SELF` or the source of an import.
    pub source: String,
    /// The row of the source, unique within it.
    pub source_key: Option<String>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
