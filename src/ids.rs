//! Opaque, typed ids: what a client holds is `base64url(kind byte + UUID)`, so an id of another type is seen at once.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use async_graphql::{ID, InputType, InputValueError, InputValueResult, Value};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::locale::Said;

/// The kinds of entity that `node` can return. The number is part of the id and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// A person who signs in.
    Account = 1,
    /// Any party.
    Organisation = 2,
    /// A programme.
    Programme = 3,
    /// A need.
    Need = 4,
    /// A project.
    Project = 5,
    /// A work package.
    WorkPackage = 6,
    /// A call.
    Call = 7,
    /// An interest.
    Interest = 8,
    /// A past work.
    PastWork = 9,
    /// A membership.
    Membership = 10,
    /// A claim to an organisation.
    Claim = 11,
    /// An invitation to become a member.
    Invitation = 12,
    /// An API token.
    ApiToken = 13,
    /// A sign-in.
    Session = 19,
    /// A notification.
    Notification = 14,
    /// A file of an organisation.
    Attachment = 15,
    /// A request to be verified.
    VerificationRequest = 16,
    /// Leave to act on behalf of an organisation.
    Delegation = 17,
}

impl NodeKind {
    const ALL: [Self; 18] = [
        Self::Account,
        Self::Organisation,
        Self::Programme,
        Self::Need,
        Self::Project,
        Self::WorkPackage,
        Self::Call,
        Self::Interest,
        Self::PastWork,
        Self::Membership,
        Self::Claim,
        Self::Invitation,
        Self::ApiToken,
        Self::Session,
        Self::Notification,
        Self::Attachment,
        Self::VerificationRequest,
        Self::Delegation,
    ];

    /// Its GraphQL type name.
    #[must_use]
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::Account => "Account",
            Self::Organisation => "Organisation",
            Self::Programme => "Programme",
            Self::Need => "Need",
            Self::Project => "Project",
            Self::WorkPackage => "WorkPackage",
            Self::Call => "Call",
            Self::Interest => "Interest",
            Self::PastWork => "PastWork",
            Self::Membership => "Membership",
            Self::Claim => "Claim",
            Self::Invitation => "Invitation",
            Self::ApiToken => "ApiToken",
            Self::Session => "Session",
            Self::Notification => "Notification",
            Self::Attachment => "Attachment",
            Self::VerificationRequest => "VerificationRequest",
            Self::Delegation => "Delegation",
        }
    }

    /// Its name in the journal.
    #[must_use]
    pub const fn journal_name(self) -> &'static str {
        match self {
            Self::Account => "ACCOUNT",
            Self::Organisation => "ORGANISATION",
            Self::Programme => "PROGRAMME",
            Self::Need => "NEED",
            Self::Project => "PROJECT",
            Self::WorkPackage => "WORK_PACKAGE",
            Self::Call => "CALL",
            Self::Interest => "INTEREST",
            Self::PastWork => "PAST_WORK",
            Self::Membership => "MEMBERSHIP",
            Self::Claim => "CLAIM",
            Self::Invitation => "INVITATION",
            Self::ApiToken => "API_TOKEN",
            Self::Session => "SESSION",
            Self::Notification => "NOTIFICATION",
            Self::Attachment => "ATTACHMENT",
            Self::VerificationRequest => "VERIFICATION_REQUEST",
            Self::Delegation => "DELEGATION",
        }
    }

    /// Reads the name that [`NodeKind::journal_name`] gives.
    #[must_use]
    pub fn from_journal_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.journal_name() == name)
    }
}

/// Writes an opaque id.
#[must_use]
pub fn encode(kind: NodeKind, id: Uuid) -> ID {
    let mut bytes = [0_u8; 17];
    bytes[0] = kind as u8;
    bytes[1..].copy_from_slice(id.as_bytes());
    ID(URL_SAFE_NO_PAD.encode(bytes))
}

/// Reads an opaque id of any kind; none when it is none of ours.
#[must_use]
pub fn decode(id: &str) -> Option<(NodeKind, Uuid)> {
    let bytes: [u8; 17] = URL_SAFE_NO_PAD.decode(id).ok()?.try_into().ok()?;
    let kind = NodeKind::ALL.into_iter().find(|kind| *kind as u8 == bytes[0])?;
    Some((kind, Uuid::from_slice(&bytes[1..]).ok()?))
}

/// An entity that has an opaque id.
pub trait Node: Send + Sync + 'static {
    /// The kind in its ids.
    const KIND: NodeKind;
}

macro_rules! nodes {
    ($($table:ident => $kind:ident,)+) => {
        $(impl Node for entity::$table::Entity { const KIND: NodeKind = NodeKind::$kind; })+
    };
}

nodes! {
    account => Account,
    organisation => Organisation,
    programme => Programme,
    need => Need,
    project => Project,
    work_package => WorkPackage,
    call => Call,
    interest => Interest,
    past_work => PastWork,
    membership => Membership,
    claim => Claim,
    invitation => Invitation,
    api_token => ApiToken,
    session => Session,
    notification => Notification,
    attachment => Attachment,
    verification_request => VerificationRequest,
    delegation => Delegation,
}

/// The extension under which a refused id travels to where its field is found; it does not reach the caller.
pub const GIVEN: &str = "given";
/// The extension under which the type of the wanted id travels with it.
pub const WANTED: &str = "wanted";

/// What is wrong with an id where one of the type `wanted` is, and what would mend it.
#[must_use]
pub fn refusal(given: &str, wanted: &str) -> (Said, Said) {
    let message = match decode(given) {
        Some((kind, _)) => Said::new(format!("Це id запису типу {}.", kind.type_name()), format!("This is an id of the type {}.", kind.type_name())),
        None => Said::new("Такого id тут немає.", "There is no such id here."),
    };
    (message, Said::new(format!("Дайте id типу {wanted} таким, яким його повернув запит."), format!("Give an id of the type {wanted} as a query returned it.")))
}

/// The id of an entity of one kind, as an argument: an id of another kind does not parse.
pub struct Id<T: Node>(pub Uuid, PhantomData<fn() -> T>);

impl<T: Node> Id<T> {
    /// A typed id.
    #[must_use]
    pub const fn new(id: Uuid) -> Self {
        Self(id, PhantomData)
    }
}

impl<T: Node> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Node> Copy for Id<T> {}

impl<T: Node> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T: Node> Eq for Id<T> {}

impl<T: Node> fmt::Debug for Id<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", T::KIND.type_name(), self.0)
    }
}

impl<T: Node> InputType for Id<T> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        <ID as InputType>::type_name()
    }

    fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
        <ID as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let text = match value {
            Some(Value::String(text)) => text,
            other => return Err(InputValueError::expected_type(other.unwrap_or_default())),
        };
        let wanted = T::KIND.type_name();
        match decode(&text) {
            Some((kind, id)) if kind == T::KIND => Ok(Self::new(id)),
            _ => Err(InputValueError::custom("no id of the type that is wanted").with_extension(GIVEN, text).with_extension(WANTED, wanted)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(encode(T::KIND, self.0).0)
    }

    fn as_raw_value(&self) -> Option<&Self::RawValueType> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::{NodeKind, decode, encode};
    use uuid::Uuid;

    #[test]
    fn an_id_reads_back_as_what_was_written() {
        let id = Uuid::from_u128(7);
        let text = encode(NodeKind::Need, id);
        assert_eq!(decode(&text), Some((NodeKind::Need, id)));
    }

    #[test]
    fn anything_else_is_no_id() {
        for text in ["", "1", "AAAA", "\0", "Bg==", &"A".repeat(100_000)] {
            assert_eq!(decode(text), None);
        }
    }
}
