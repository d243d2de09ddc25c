//! A sign-in that a token names; revoking it holds at once.

use crate::text_enum::text_enum;
use sea_orm::entity::prelude::*;

text_enum! {
    /// What shows that a sign-in is its person's.
    Assurance {
        /// The password alone.
        Password = "PASSWORD",
        /// A code of the second factor too.
        SecondFactor = "SECOND_FACTOR",
        /// The word of an OpenID provider alone.
        Provider = "PROVIDER",
        /// The word of whoever owns the machine: the command line opened it.
        Operator = "OPERATOR",
    }
}

/// A sign-in that a token names; revoking it holds at once.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    pub account_id: Uuid,
    /// When it was opened.
    pub created_at: DateTimeUtc,
    /// When it ends by itself.
    pub expires_at: DateTimeUtc,
    /// When it was ended by hand, or because a refresh token of it was used twice.
    pub revoked_at: Option<DateTimeUtc>,
    /// Which of its refresh tokens is good: 0 for the first, one more with each use.
    pub generation: i32,
    /// What shows that it is its person's.
    pub assurance: Assurance,
    /// When the person last proved anew who they are, with all that a sign-in asks for.
    pub stepped_up_at: Option<DateTimeUtc>,
    /// When its tokens were last renewed.
    pub refreshed_at: Option<DateTimeUtc>,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
