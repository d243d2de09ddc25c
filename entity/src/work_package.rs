//! A part of a project that one partner or consortium can carry.

use crate::Codes;
use sea_orm::entity::prelude::*;

/// A part of a project that one partner or consortium can carry.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "work_package")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Its project.
    pub project_id: Uuid,
    /// Place in the project, from 1.
    pub position: i32,
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
    /// Language of the text where it is only known to be one.
    pub language: Option<String>,
    /// CPV codes, the main one first.
    #[sea_orm(column_type = "JsonBinary")]
    pub cpv: Codes,
    /// `works`, `services` or `goods`.
    pub category: Option<String>,
    /// Budget, minor units.
    pub budget: Option<i64>,
    /// ISO 4217 currency of the budget.
    pub currency: Option<String>,
    /// First day of work.
    pub starts_on: Option<Date>,
    /// Last day of work.
    pub ends_on: Option<Date>,
    /// Contributions sought from a partner.
    #[sea_orm(column_type = "JsonBinary")]
    pub contributions: Codes,
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
