//! A number by which a register knows an organisation; never two organisations with one.

use sea_orm::entity::prelude::*;

/// A number by which a register knows an organisation; never two organisations with one.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identifier")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    pub organisation_id: Uuid,
    /// org-id.guide scheme such as `UA-EDR`, `UA-RNOKPP` for sole traders, `X-<source>` for another publisher's hash.
    pub scheme: String,
    /// The number in clear, or its keyed hash (`<key id>:<hex>`) where it is personal data.
    pub value: String,
    /// What people may see of it.
    pub shown: String,
    /// Whether its check digit is right; none where the scheme has none.
    pub checksum_valid: Option<bool>,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
