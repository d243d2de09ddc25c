//! The journal: every change of an entity is an event, written in the transaction that makes the change.
//!
//! Events are appended, never changed, and [`chain`] proves it: each event has a salted digest, each place a hash of all before it, and
//! signed checkpoints say what the hash was. A body can be erased; of such an event the digest alone is proven, so readers leave it out.
//! Nothing else can change unseen. Readers (the matcher's index, `changes`) see sequenced events only, so none can be skipped: on SQLite
//! the one writer gives the sequence as it writes; on PostgreSQL [`sequencer`] gives it to an event once no older transaction is open.

pub mod audit;
pub mod chain;
mod checkpoint;
mod fill;
mod follower;
pub mod graphql;
mod journal;
mod newest;
pub mod sequencer;

pub use follower::{Heard, Turn, follow, turn};
pub use newest::Newest;

pub use audit::audit;
pub use checkpoint::{checkpoint, list as checkpoints};
pub use fill::fill;
pub use journal::{Feed, append, backlog, bodies_for, entries, feed, last_sequence, rows};

use sea_orm::prelude::Uuid;
use serde_json::Value;

use crate::ids::NodeKind;

macro_rules! event_kinds {
    ($($(#[$meta:meta])* $variant:ident = $text:literal,)+) => {
        /// What can happen. Closed: a reader that matches it hears of every new kind from the compiler.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, async_graphql::Enum)]
        #[graphql(name = "ChangeType")]
        pub enum EventKind {
            $($(#[$meta])* $variant,)+
        }

        impl EventKind {
            /// The name in the journal and on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// Reads the name that [`EventKind::as_str`] gives.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

event_kinds! {
    /// A person signed up.
    AccountCreated = "ACCOUNT_CREATED",
    /// A person's name or language changed.
    AccountUpdated = "ACCOUNT_UPDATED",
    /// A person showed that their address is theirs.
    EmailConfirmed = "EMAIL_CONFIRMED",
    /// A person chose another password.
    PasswordChanged = "PASSWORD_CHANGED",
    /// A person's sign-ins ask for a second factor from here on.
    SecondFactorEnabled = "SECOND_FACTOR_ENABLED",
    /// A person's sign-ins ask for no second factor any more.
    SecondFactorDisabled = "SECOND_FACTOR_DISABLED",
    /// A person's recovery codes were replaced by new ones.
    RecoveryCodesRenewed = "RECOVERY_CODES_RENEWED",
    /// A person linked what an OpenID provider knows them by to their account.
    IdentityLinked = "IDENTITY_LINKED",
    /// A person took an identity at an OpenID provider off their account.
    IdentityUnlinked = "IDENTITY_UNLINKED",
    /// A person had their account erased; its id stays for what the journal tells of it.
    AccountErased = "ACCOUNT_ERASED",
    /// A person became a member of an organisation.
    MembershipGranted = "MEMBERSHIP_GRANTED",
    /// A member got other roles.
    MembershipChanged = "MEMBERSHIP_CHANGED",
    /// A person is a member no longer.
    MembershipRevoked = "MEMBERSHIP_REVOKED",
    /// A person was invited to become a member of an organisation.
    MemberInvited = "MEMBER_INVITED",
    /// The invited person became a member.
    InvitationAccepted = "INVITATION_ACCEPTED",
    /// The invited person does not want to.
    InvitationDeclined = "INVITATION_DECLINED",
    /// The organisation took an invitation back.
    InvitationRevoked = "INVITATION_REVOKED",
    /// An invitation ended unanswered.
    InvitationExpired = "INVITATION_EXPIRED",
    /// A token was made with which a program acts for an organisation.
    ApiTokenCreated = "API_TOKEN_CREATED",
    /// An API token was ended by hand.
    ApiTokenRevoked = "API_TOKEN_REVOKED",
    /// A file was described; its bytes are awaited.
    UploadRequested = "UPLOAD_REQUESTED",
    /// The bytes of a file came, and are what was described.
    AttachmentStored = "ATTACHMENT_STORED",
    /// An attachment was removed.
    AttachmentRemoved = "ATTACHMENT_REMOVED",
    /// An organisation was registered.
    OrganisationRegistered = "ORGANISATION_REGISTERED",
    /// An organisation was recorded by an import.
    OrganisationImported = "ORGANISATION_IMPORTED",
    /// An organisation's names, seat or activities changed.
    OrganisationUpdated = "ORGANISATION_UPDATED",
    /// The association checked who an organisation is.
    OrganisationVerified = "ORGANISATION_VERIFIED",
    /// An owner asked the association to verify their organisation.
    VerificationRequested = "VERIFICATION_REQUESTED",
    /// The association answered a request for verification, or looked without being asked.
    VerificationDecided = "VERIFICATION_DECIDED",
    /// An organisation let an association act on its behalf.
    DelegationGranted = "DELEGATION_GRANTED",
    /// A delegation was revoked, or replaced after it had ended.
    DelegationRevoked = "DELEGATION_REVOKED",
    /// A person claimed an organisation that nobody speaks for.
    OrganisationClaimed = "ORGANISATION_CLAIMED",
    /// A claim was confirmed: the claimant became the owner.
    ClaimConfirmed = "CLAIM_CONFIRMED",
    /// A claim was refused with a reason.
    ClaimDeclined = "CLAIM_DECLINED",
    /// Another claim to the same organisation was confirmed.
    ClaimOvertaken = "CLAIM_OVERTAKEN",
    /// The claimant of an organisation erased their account.
    ClaimWithdrawn = "CLAIM_WITHDRAWN",
    /// A business said what it can do.
    CapabilityDeclared = "CAPABILITY_DECLARED",
    /// A past work was recorded.
    PastWorkRecorded = "PAST_WORK_RECORDED",
    /// A business took back a past work that it had added itself.
    PastWorkRemoved = "PAST_WORK_REMOVED",
    /// A programme was set up.
    ProgrammeCreated = "PROGRAMME_CREATED",
    /// A programme changed.
    ProgrammeUpdated = "PROGRAMME_UPDATED",
    /// A need was drafted.
    NeedDrafted = "NEED_DRAFTED",
    /// A need was edited.
    NeedUpdated = "NEED_UPDATED",
    /// A need was submitted to the association.
    NeedSubmitted = "NEED_SUBMITTED",
    /// A need was sent back with comments.
    NeedReturned = "NEED_RETURNED",
    /// A need was verified.
    NeedVerified = "NEED_VERIFIED",
    /// A need was put forward by the municipality of its territory.
    NeedPrioritised = "NEED_PRIORITISED",
    /// A need was adopted by a project.
    NeedAdopted = "NEED_ADOPTED",
    /// The project that answered a need was cancelled; the need is VERIFIED again, also where it was PRIORITISED.
    NeedReleased = "NEED_RELEASED",
    /// A need was withdrawn.
    NeedWithdrawn = "NEED_WITHDRAWN",
    /// A project was set up.
    ProjectCreated = "PROJECT_CREATED",
    /// A project was recorded by an import.
    ProjectImported = "PROJECT_IMPORTED",
    /// A project was edited, or one of its work packages was added or changed.
    ProjectUpdated = "PROJECT_UPDATED",
    /// A work package was added to a project, with it or later.
    WorkPackageAdded = "WORK_PACKAGE_ADDED",
    /// A work package was edited.
    WorkPackageUpdated = "WORK_PACKAGE_UPDATED",
    /// A project moved on.
    ProjectAdvanced = "PROJECT_ADVANCED",
    /// A project was cancelled.
    ProjectCancelled = "PROJECT_CANCELLED",
    /// A call was drafted.
    CallDrafted = "CALL_DRAFTED",
    /// A call was edited.
    CallUpdated = "CALL_UPDATED",
    /// A utility asked its municipality to consent to a call.
    CallConsentRequested = "CALL_CONSENT_REQUESTED",
    /// The municipality consented.
    CallConsented = "CALL_CONSENTED",
    /// A call was published.
    CallPublished = "CALL_PUBLISHED",
    /// A call closed.
    CallClosed = "CALL_CLOSED",
    /// A call was withdrawn.
    CallWithdrawn = "CALL_WITHDRAWN",
    /// An interest was drafted.
    InterestDrafted = "INTEREST_DRAFTED",
    /// An interest was edited.
    InterestUpdated = "INTEREST_UPDATED",
    /// An interest was submitted.
    InterestSubmitted = "INTEREST_SUBMITTED",
    /// The caller has an interest in hand.
    InterestAcknowledged = "INTEREST_ACKNOWLEDGED",
    /// An interest was declined.
    InterestDeclined = "INTEREST_DECLINED",
    /// An interest was withdrawn.
    InterestWithdrawn = "INTEREST_WITHDRAWN",
}

/// Who may learn of an event beside those who see everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audience {
    /// The organisation that owns the entity.
    pub organisation: Option<Uuid>,
    /// The organisation on the other side.
    pub counterpart: Option<Uuid>,
    /// Everybody.
    pub public: bool,
}

impl Audience {
    /// Everybody; `organisation` owns the entity.
    #[must_use]
    pub const fn everybody(organisation: Uuid) -> Self {
        Self { organisation: Some(organisation), counterpart: None, public: true }
    }

    /// The members of one organisation.
    #[must_use]
    pub const fn members(organisation: Uuid) -> Self {
        Self { organisation: Some(organisation), counterpart: None, public: false }
    }

    /// The members of both sides.
    #[must_use]
    pub const fn both(organisation: Uuid, counterpart: Uuid) -> Self {
        Self { organisation: Some(organisation), counterpart: Some(counterpart), public: false }
    }

    /// Nobody but those who see everything.
    #[must_use]
    pub const fn nobody() -> Self {
        Self { organisation: None, counterpart: None, public: false }
    }
}

/// One change of one entity.
#[derive(Clone, Debug)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// What kind of entity changed.
    pub node: NodeKind,
    /// The entity.
    pub id: Uuid,
    /// Its version after the change.
    pub version: i32,
    /// Who may learn of it.
    pub audience: Audience,
    /// What a reader needs beside the entity itself, as a JSON object of ids, codes, days and moments; never a name, an address or words
    /// of somebody, since it stays for good. Numbers above 2^53 as strings.
    pub detail: Value,
}
