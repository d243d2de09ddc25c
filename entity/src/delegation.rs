//! An organisation lets an association act on its behalf for a time.

use sea_orm::entity::prelude::*;

/// An organisation lets an association act on its behalf for a time.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delegation")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// On whose behalf.
    pub organisation_id: Uuid,
    /// The association that acts.
    pub association_id: Uuid,
    /// The owner who granted it.
    pub granted_by: Uuid,
    /// The decision on which it rests.
    #[sea_orm(column_type = "Text")]
    pub basis: String,
    /// The moment from which it holds no more.
    pub valid_until: DateTimeUtc,
    /// When it was revoked.
    pub revoked_at: Option<DateTimeUtc>,
    /// True until it is revoked, or another takes its place after its end; none afterwards: with the unique index, one for each pair at a time.
    pub live: Option<bool>,
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
