//! Something that happened and concerns one person.

use crate::Codes;
use crate::text_enum::text_enum;
use sea_orm::entity::prelude::*;

text_enum! {
    /// What it is about.
    Kind {
        /// A business answered a call of the person's organisation.
        InterestReceived = "INTEREST_RECEIVED",
        /// The caller has an interest of the person's business in hand.
        InterestAcknowledged = "INTEREST_ACKNOWLEDGED",
        /// The caller declined an interest of the person's business.
        InterestDeclined = "INTEREST_DECLINED",
        /// A call closes soon in which the person's business has a draft.
        CallClosesSoon = "CALL_CLOSES_SOON",
        /// The person's organisation soon owes an answer to an interest.
        AnswerDueSoon = "ANSWER_DUE_SOON",
        /// The association verified the person's organisation.
        OrganisationVerified = "ORGANISATION_VERIFIED",
        /// The association refused to verify the person's organisation.
        OrganisationRejected = "ORGANISATION_REJECTED",
        /// The person's claim was confirmed.
        ClaimConfirmed = "CLAIM_CONFIRMED",
        /// The person's claim was declined.
        ClaimDeclined = "CLAIM_DECLINED",
        /// Another claim to the same organisation was confirmed.
        ClaimOvertaken = "CLAIM_OVERTAKEN",
        /// An organisation asks the association, of which the person is a member, to verify it.
        VerificationRequested = "VERIFICATION_REQUESTED",
        /// Somebody claims an organisation, and the person's association decides.
        ClaimReceived = "CLAIM_RECEIVED",
        /// Somebody claims the person's organisation.
        OrganisationClaimed = "ORGANISATION_CLAIMED",
        /// Somebody else made the person a member.
        MembershipGranted = "MEMBERSHIP_GRANTED",
        /// Somebody else gave the person other roles.
        MembershipChanged = "MEMBERSHIP_CHANGED",
        /// Somebody else ended the person's membership.
        MembershipRevoked = "MEMBERSHIP_REVOKED",
        /// Somebody became a member of the person's organisation by an invitation.
        MemberJoined = "MEMBER_JOINED",
        /// A new password holds for the person's account.
        PasswordChanged = "PASSWORD_CHANGED",
        /// The person's sign-ins ask for a second factor.
        SecondFactorEnabled = "SECOND_FACTOR_ENABLED",
        /// The person's sign-ins ask for no second factor any more.
        SecondFactorDisabled = "SECOND_FACTOR_DISABLED",
        /// The person has new recovery codes.
        RecoveryCodesRenewed = "RECOVERY_CODES_RENEWED",
        /// A provider's word signs the person in.
        IdentityLinked = "IDENTITY_LINKED",
        /// A provider's word signs the person in no more.
        IdentityUnlinked = "IDENTITY_UNLINKED",
        /// A program can act for the person's organisation.
        ApiTokenCreated = "API_TOKEN_CREATED",
    }
}

text_enum! {
    /// How it reached the person.
    Reach {
        /// As a member of the organisation: it is seen for as long as they are one.
        Member = "MEMBER",
        /// As a member of an association that was checked: it is seen for as long as they are one.
        Association = "ASSOCIATION",
        /// In person: it is theirs whatever becomes of a membership.
        Person = "PERSON",
    }
}

/// Something that happened and concerns one person.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notification")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The person.
    pub account_id: Uuid,
    /// What gave rise to it: an event's id, or what falls due and when. With the unique index, one for each person and cause.
    pub cause: String,
    /// What it is about.
    pub kind: Kind,
    /// The kind of the entity it is about, as the journal names it.
    pub node_kind: String,
    /// The entity it is about.
    pub node_id: Uuid,
    /// The organisation it is about; none where it is about the person's account.
    pub organisation_id: Option<Uuid>,
    /// How it reached the person.
    pub reach: Reach,
    /// The roles it speaks of, if any.
    #[sea_orm(column_type = "JsonBinary")]
    pub roles: Codes,
    /// When it happened.
    pub occurred_at: DateTimeUtc,
    /// When the person said that they have read it.
    pub read_at: Option<DateTimeUtc>,
    /// The letter it goes into; none for whom no letters are wanted.
    pub digest_id: Option<Uuid>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
