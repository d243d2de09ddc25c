//! What a partner must have, or scores by having, for one work package.

use crate::text_enum::text_enum;
use sea_orm::entity::prelude::*;

text_enum! {
    /// What a requirement asks for.
    Kind {
        /// A valid certificate or licence with this code.
        Certificate = "CERTIFICATE",
        /// At least this many won works under this CPV prefix.
        SimilarWorks = "SIMILAR_WORKS",
        /// At least one contract of this size, done or declared.
        LargestContract = "LARGEST_CONTRACT",
        /// At least this many people.
        Staff = "STAFF",
        /// This working language.
        Language = "LANGUAGE",
    }
}

/// What a partner must have, or scores by having, for one work package.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "requirement")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The work package.
    pub work_package_id: Uuid,
    /// What is asked for.
    pub kind: Kind,
    /// Certificate code, language or CPV prefix, by kind.
    pub code: Option<String>,
    /// How many, by kind.
    pub count: Option<i32>,
    /// How much, minor units, by kind.
    pub amount: Option<i64>,
    /// ISO 4217 currency of the amount.
    pub currency: Option<String>,
    /// Without it a business is not a match; otherwise it only scores.
    pub must: bool,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
