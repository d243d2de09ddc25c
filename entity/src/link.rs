//! A one-time link that a letter or the first start carries; its token is computed from its id and kept nowhere.

use crate::text_enum::text_enum;
use sea_orm::entity::prelude::*;

text_enum! {
    /// What whoever opens a link may do, once.
    Purpose {
        /// Confirm that the address is theirs.
        ConfirmEmail = "CONFIRM_EMAIL",
        /// Choose a new password.
        ResetPassword = "RESET_PASSWORD",
        /// Take up an invitation.
        Invitation = "INVITATION",
        /// Make the account of the first administrator.
        FirstAdministrator = "FIRST_ADMINISTRATOR",
    }
}

/// A one-time link that a letter or the first start carries; its token is computed from its id and kept nowhere.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What it is good for.
    pub purpose: Purpose,
    /// The account that it is about, or whatever else its purpose is about; none leads nowhere, but for the first administrator's.
    pub subject_id: Option<Uuid>,
    /// The moment from which it is worth nothing.
    pub expires_at: DateTimeUtc,
    /// When it was used, or made worthless by a newer one.
    pub used_at: Option<DateTimeUtc>,
    /// When whoever opened it did what it is good for.
    pub taken_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
