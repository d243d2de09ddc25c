//! An invitation of a person, by their address, to become a member of an organisation.

use crate::Codes;
use crate::text_enum::text_enum;
use sea_orm::entity::prelude::*;

text_enum! {
    /// Where an invitation stands.
    State {
        /// Waiting for the person.
        Pending = "PENDING",
        /// The person became a member.
        Accepted = "ACCEPTED",
        /// The person does not want to.
        Declined = "DECLINED",
        /// The organisation took it back.
        Revoked = "REVOKED",
        /// Its time was over before the person answered.
        Expired = "EXPIRED",
    }
}

/// An invitation of a person, by their address, to become a member of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Where they are to become a member.
    pub organisation_id: Uuid,
    /// Their address as the owner wrote it; empty once its person erased their account.
    pub email: String,
    /// The address folded as that of an account is; empty likewise.
    pub email_key: String,
    /// `OWNER`, `EDITOR`, `SIGNER`, `VIEWER`: one or more.
    #[sea_orm(column_type = "JsonBinary")]
    pub roles: Codes,
    /// The language of the letter: `uk` or `en`.
    pub locale: String,
    /// Where it stands.
    pub state: State,
    /// True while pending; none afterwards: with the unique index, one pending invitation for each organisation and address.
    pub live: Option<bool>,
    /// The moment from which it is worth nothing.
    pub expires_at: DateTimeUtc,
    /// When it was answered, taken back or found to be over.
    pub decided_at: Option<DateTimeUtc>,
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
