//! Work that is due at a time, claimed with a lease and run through the services.

use crate::text_enum::text_enum;
use sea_orm::entity::prelude::*;

text_enum! {
    /// What a job does.
    Kind {
        /// Closes a call at the end it named.
        CloseCall = "CLOSE_CALL",
        /// Sends the letter that carries a one-time link.
        SendLink = "SEND_LINK",
        /// Sends the letter that invites a person to an organisation.
        SendInvitation = "SEND_INVITATION",
        /// Ends an invitation that nobody answered in time.
        ExpireInvitation = "EXPIRE_INVITATION",
        /// Tells a person that their account was erased, and forgets their address.
        SendFarewell = "SEND_FAREWELL",
        /// Reminds those whom an interest concerns of what it awaits.
        RemindOfInterest = "REMIND_OF_INTEREST",
        /// Sends the letter that tells a person what is new.
        SendDigest = "SEND_DIGEST",
        /// Takes the bytes of a file away, unless an attachment has them.
        ForgetObject = "FORGET_OBJECT",
        /// Signs how far the journal goes; about no entity.
        Checkpoint = "CHECKPOINT",
        /// Takes away what nobody needs any more; about no entity.
        Purge = "PURGE",
    }
}

/// Work that is due at a time, claimed with a lease and run through the services.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What to do.
    pub kind: Kind,
    /// With which entity.
    pub entity_id: Uuid,
    /// Not before.
    pub due_at: DateTimeUtc,
    /// Until when a worker holds it.
    pub leased_until: Option<DateTimeUtc>,
    /// How often it was tried.
    pub attempts: i32,
    /// When it was done.
    pub done_at: Option<DateTimeUtc>,
    /// Why the last try failed.
    #[sea_orm(column_type = "Text", nullable)]
    pub last_error: Option<String>,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
