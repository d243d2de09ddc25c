//! A programme that funds initiatives of municipalities.

use crate::Codes;
use sea_orm::entity::prelude::*;

/// A programme that funds initiatives of municipalities.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "programme")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Readable reference, `PR-2026-000001`.
    pub reference: String,
    /// Name in Ukrainian.
    #[sea_orm(column_type = "Text", nullable)]
    pub name_uk: Option<String>,
    /// Name in English.
    #[sea_orm(column_type = "Text", nullable)]
    pub name_en: Option<String>,
    /// Folded names.
    #[sea_orm(column_type = "Text")]
    pub name_key: String,
    /// Who gives the money.
    pub funder_id: Uuid,
    /// Who runs it.
    pub implementer_id: Option<Uuid>,
    /// Which association is its partner.
    pub association_id: Option<Uuid>,
    /// Envelope, minor units.
    pub envelope: Option<i64>,
    /// ISO 4217 currency of the envelope.
    pub currency: Option<String>,
    /// KATOTTG codes of the eligible territories; empty means the whole country.
    #[sea_orm(column_type = "JsonBinary")]
    pub territories: Codes,
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
