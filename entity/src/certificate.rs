//! A licence or certificate of a business.

use sea_orm::entity::prelude::*;

/// A licence or certificate of a business.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "certificate")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    pub organisation_id: Uuid,
    /// Code such as `ISO-9001` or `CC2-LICENCE`, upper case.
    pub code: String,
    /// Name as it is written on the paper.
    pub name: String,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Last valid day; none when it does not expire.
    pub valid_to: Option<Date>,
    /// The paper, as a file.
    pub attachment_id: Option<Uuid>,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
