//! What a business says it can do: one row for each business that said so.

use crate::Codes;
use sea_orm::entity::prelude::*;

/// What a business says it can do: one row for each business that said so.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "capability")]
pub struct Model {
    /// The business.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// CPV codes of what it does.
    #[sea_orm(column_type = "JsonBinary")]
    pub cpv: Codes,
    /// CPV codes of what it does not do.
    #[sea_orm(column_type = "JsonBinary")]
    pub excluded_cpv: Codes,
    /// KATOTTG codes where it works; empty when it did not say.
    #[sea_orm(column_type = "JsonBinary")]
    pub service_area: Codes,
    /// Whether the oblasts that border its service area count too.
    pub with_neighbours: bool,
    /// Largest contract it can carry, minor units.
    pub largest_contract: Option<i64>,
    /// ISO 4217 currency of the largest contract.
    pub currency: Option<String>,
    /// First free day.
    pub free_from: Option<Date>,
    /// Last free day.
    pub free_to: Option<Date>,
    /// People it can send.
    pub staff: Option<i32>,
    /// Working languages, BCP 47.
    #[sea_orm(column_type = "JsonBinary")]
    pub languages: Codes,
    /// What it would add: co-finance or kind, codes of contributions.
    #[sea_orm(column_type = "JsonBinary")]
    pub contributions: Codes,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
