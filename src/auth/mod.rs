//! Who is calling: the actor of a use case, passwords, tokens. Knows nothing of the domain.

pub mod api_token;
pub mod checkpoint;
pub mod key_file;
pub mod password;
pub mod second_factor;
pub mod token;

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use entity::Codes;
use entity::organisation::{Kind, Verification};
use uuid::Uuid;

use crate::error::{Code, Error, Result};
use crate::idempotency::Key;
use crate::locale::Said;

/// How long it holds that a person proved anew who they are.
pub const STEPPED_UP: TimeDelta = TimeDelta::minutes(5);

/// What a member may do in their organisation; a member holds one or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, async_graphql::Enum)]
pub enum Role {
    /// Reads what the organisation sees.
    Viewer,
    /// Also creates, edits, submits and answers.
    Editor,
    /// Also publishes calls and signs.
    Signer,
    /// Also manages members, tokens and the profile; signs only when also a signer.
    Owner,
}

impl Role {
    /// The name in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "VIEWER",
            Self::Editor => "EDITOR",
            Self::Signer => "SIGNER",
            Self::Owner => "OWNER",
        }
    }

    /// Reads the name that [`Role::as_str`] gives.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Viewer, Self::Editor, Self::Signer, Self::Owner].into_iter().find(|role| role.as_str() == text)
    }

    /// Several, as a row holds them.
    #[must_use]
    pub fn codes(roles: &[Self]) -> Codes {
        Codes(roles.iter().map(|role| role.as_str().to_owned()).collect())
    }

    /// Those that a row holds.
    #[must_use]
    pub fn of(codes: &Codes) -> Vec<Self> {
        codes.0.iter().filter_map(|code| Self::parse(code)).collect()
    }

    /// Whether who holds `self` may do what asks for `asked`.
    #[must_use]
    pub const fn covers(self, asked: Self) -> bool {
        match asked {
            Self::Viewer => true,
            Self::Editor => !matches!(self, Self::Viewer),
            Self::Signer => matches!(self, Self::Signer),
            Self::Owner => matches!(self, Self::Owner),
        }
    }
}

/// One organisation that the actor is a member of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The organisation.
    pub organisation: Uuid,
    /// What it is.
    pub kind: Kind,
    /// Whether somebody has checked that it is who it says; without that it has no say over others.
    pub verification: Verification,
    /// KATOTTG code of its seat.
    pub territory: Option<String>,
    /// What the member may do there.
    pub roles: Vec<Role>,
    /// Those who let it act on their behalf now; an association alone has any.
    pub delegations: Vec<Delegated>,
}

/// An organisation that lets an association act on its behalf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delegated {
    /// The delegation.
    pub id: Uuid,
    /// The organisation.
    pub organisation: Uuid,
    /// Whether somebody has checked that it is who it says.
    pub verification: Verification,
}

impl Membership {
    /// Whether the organisation is verified now.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.verification == Verification::Verified
    }
}

/// Which of their rights a person can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All of them.
    Full,
    /// Not those that ask for a second factor: to sign, to act for the association, to run the platform.
    WithoutSecondFactor,
}

/// Who is behind a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Nobody signed in.
    Public,
    /// A person.
    Account {
        /// The person.
        id: Uuid,
        /// The sign-in the token named.
        session: Uuid,
        /// Whether they run the platform.
        administrator: bool,
        /// When they last proved to this sign-in who they are, with all that a sign-in asks for.
        stepped_up_at: Option<DateTime<Utc>>,
        /// Which of their rights they can use in this sign-in.
        reach: Reach,
    },
    /// A program that acts for an organisation.
    ApiToken {
        /// The token it sent.
        id: Uuid,
    },
    /// The service itself, for work that falls due.
    System,
}

/// The caller of a use case with all they are members of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who it is.
    pub who: Who,
    /// Their organisations.
    pub memberships: Vec<Membership>,
    /// The key under which they make this call, so that it is done once.
    pub key: Option<Key>,
    /// From where they call, as far as that is known: an address, or of IPv6 its network.
    pub from: Option<IpAddr>,
}

impl Actor {
    /// Somebody with what they are members of.
    #[must_use]
    pub const fn new(who: Who, memberships: Vec<Membership>) -> Self {
        Self { who, memberships, key: None, from: None }
    }

    /// Nobody signed in.
    #[must_use]
    pub const fn public() -> Self {
        Self { who: Who::Public, memberships: Vec::new(), key: None, from: None }
    }

    /// The service itself.
    #[must_use]
    pub const fn system() -> Self {
        Self { who: Who::System, memberships: Vec::new(), key: None, from: None }
    }

    /// The person, if somebody signed in.
    #[must_use]
    pub const fn account(&self) -> Option<Uuid> {
        match self.who {
            Who::Account { id, .. } => Some(id),
            Who::Public | Who::ApiToken { .. } | Who::System => None,
        }
    }

    /// The person's sign-in, if somebody signed in.
    #[must_use]
    pub const fn session(&self) -> Option<Uuid> {
        match self.who {
            Who::Account { session, .. } => Some(session),
            Who::Public | Who::ApiToken { .. } | Who::System => None,
        }
    }

    /// The API token, if a program calls.
    #[must_use]
    pub const fn api_token(&self) -> Option<Uuid> {
        match self.who {
            Who::ApiToken { id } => Some(id),
            Who::Public | Who::Account { .. } | Who::System => None,
        }
    }

    /// Whether the call came with a token, a person's or a program's.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        matches!(self.who, Who::Account { .. } | Who::ApiToken { .. })
    }

    /// They proved who they are within the last five minutes: asked of whoever does what a stolen sign-in must not.
    ///
    /// # Errors
    /// When nobody is signed in, or that is longer ago.
    pub fn stepped_up(&self, now: DateTime<Utc>) -> Result<()> {
        person(self)?;
        let Who::Account { stepped_up_at, .. } = self.who else { return Err(step_up_required()) };
        proved(stepped_up_at, now)
    }

    /// Until when it holds that they proved anew who they are, if they did.
    #[must_use]
    pub fn stepped_up_until(&self) -> Option<DateTime<Utc>> {
        let Who::Account { stepped_up_at, .. } = self.who else { return None };
        stepped_up_at.map(|moment| moment + STEPPED_UP)
    }

    /// The same person, if a second factor would let them use more of their rights.
    fn with_second_factor(&self) -> Option<Self> {
        let Who::Account { id, session, administrator, stepped_up_at, reach: Reach::WithoutSecondFactor } = self.who else { return None };
        Some(Self { who: Who::Account { id, session, administrator, stepped_up_at, reach: Reach::Full }, ..self.clone() })
    }

    /// Whether they can use rights that ask for a second factor; no program can.
    const fn has_full_reach(&self) -> bool {
        match self.who {
            Who::Account { reach, .. } => matches!(reach, Reach::Full),
            Who::ApiToken { .. } => false,
            Who::Public | Who::System => true,
        }
    }

    /// Whether they may change something as who runs the platform.
    #[must_use]
    pub const fn acts_as_administrator(&self) -> bool {
        self.is_administrator() && self.has_full_reach()
    }

    /// Whether they run the platform, which lets them see all.
    #[must_use]
    pub const fn is_administrator(&self) -> bool {
        matches!(self.who, Who::Account { administrator: true, .. })
    }

    /// Whether they see everything: the administrator, the service itself, and members of the association.
    #[must_use]
    pub fn sees_all(&self) -> bool {
        matches!(self.who, Who::System) || self.is_administrator() || self.is_association()
    }

    /// Whether they see also what is people's: their addresses, and the documents that show who they are. Who sees everything and signed in
    /// without the second factor that their rights ask for does not.
    #[must_use]
    pub fn sees_people(&self) -> bool {
        self.sees_all() && !matches!(self.who, Who::Account { reach: Reach::WithoutSecondFactor, .. })
    }

    /// Whether they act for an association of municipalities that was checked.
    #[must_use]
    pub fn is_association(&self) -> bool {
        self.associations().next().is_some()
    }

    /// Whether they may change something as an association that was checked: its editors.
    #[must_use]
    pub fn acts_for_association(&self) -> bool {
        self.has_full_reach() && self.associations().any(|membership| membership.roles.iter().any(|held| held.covers(Role::Editor)))
    }

    /// What lets them act on behalf of an organisation, as editors of an association that was checked.
    fn delegated(&self, organisation: Uuid) -> Option<&Delegated> {
        let held = self.associations().filter(|_| self.has_full_reach()).filter(|membership| membership.roles.iter().any(|held| held.covers(Role::Editor)));
        held.flat_map(|membership| &membership.delegations).find(|delegated| delegated.organisation == organisation)
    }

    /// Whether they may prepare and submit for an organisation: as its editors, or on its behalf by a delegation.
    #[must_use]
    pub fn edits_for(&self, organisation: Uuid) -> bool {
        self.may(organisation, Role::Editor) || self.delegated(organisation).is_some()
    }

    /// The delegation by which they act for an organisation; none for its own editors.
    #[must_use]
    pub fn by_delegation(&self, organisation: Uuid) -> Option<Uuid> {
        self.delegated(organisation).filter(|_| !self.may(organisation, Role::Editor)).map(|delegated| delegated.id)
    }

    /// The associations that were checked and that they are members of.
    fn associations(&self) -> impl Iterator<Item = &Membership> {
        self.memberships.iter().filter(|membership| membership.kind == Kind::Association && membership.is_verified())
    }

    /// Whether they may do in `organisation` what asks for `role`.
    #[must_use]
    pub fn may(&self, organisation: Uuid, role: Role) -> bool {
        (role != Role::Signer || self.has_full_reach()) && self.membership(organisation).is_some_and(|membership| membership.roles.iter().any(|held| held.covers(role)))
    }

    /// Their membership in an organisation.
    #[must_use]
    pub fn membership(&self, organisation: Uuid) -> Option<&Membership> {
        self.memberships.iter().find(|membership| membership.organisation == organisation)
    }

    /// The same person with the rights alone that they have in one of their organisations; none where they are no member.
    #[must_use]
    pub fn acting_for(self, organisation: Uuid) -> Option<Self> {
        let membership = self.membership(organisation)?.clone();
        let who = match self.who {
            Who::Account { id, session, reach, stepped_up_at, .. } => Who::Account { id, session, reach, stepped_up_at, administrator: false },
            who @ (Who::Public | Who::System | Who::ApiToken { .. }) => who,
        };
        Some(Self { who, memberships: vec![membership], ..self })
    }

    /// Whether they are who `before` was, with the same rights.
    #[must_use]
    pub fn has_rights_of(&self, before: &Self) -> bool {
        let rights = |actor: &Self| match actor.who {
            Who::Account { id, session, administrator, reach, stepped_up_at: _ } => Who::Account { id, session, administrator, reach, stepped_up_at: None },
            who @ (Who::Public | Who::ApiToken { .. } | Who::System) => who,
        };
        rights(self) == rights(before) && self.memberships == before.memberships
    }

    /// The organisations they are members of.
    #[must_use]
    pub fn organisations(&self) -> Vec<Uuid> {
        self.memberships.iter().map(|membership| membership.organisation).collect()
    }
}

/// What a sign-in proved at that moment still counts.
///
/// # Errors
/// When it is too long ago, or it proved nothing.
pub fn proved(stepped_up_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<()> {
    if stepped_up_at.is_some_and(|moment| now < moment + STEPPED_UP) { Ok(()) } else { Err(step_up_required()) }
}

fn step_up_required() -> Error {
    Error::refused(
        Code::StepUpRequired,
        "",
        Said::new("Для цього треба ще раз підтвердити, що це ви.", "For this, prove once more that it is you."),
        Said::new(
            "Викличте stepUp з паролем (або з identityCode провайдера) і, якщо є другий чинник, кодом; після цього повторіть дію протягом п’яти хвилин.",
            "Call stepUp with your password (or the identityCode of your provider) and, where you have a second factor, a code; then repeat this within five minutes.",
        ),
    )
}

/// Somebody has to be signed in before anything they give is looked at.
///
/// # Errors
/// When nobody is.
pub fn signed_in(actor: &Actor) -> Result<()> {
    if actor.is_known() { Ok(()) } else { Err(Error::unauthenticated()) }
}

/// The person who is signed in, for what concerns people and not organisations: accounts, founding, claiming.
///
/// # Errors
/// When nobody is, or a program calls.
pub fn person(actor: &Actor) -> Result<Uuid> {
    match actor.who {
        Who::Account { id, .. } => Ok(id),
        Who::ApiToken { .. } => Err(Error::forbidden(for_people(&Said::new("", "")))),
        Who::Public | Who::System => Err(Error::unauthenticated()),
    }
}

/// Whether somebody is shown a thing.
///
/// # Errors
/// When they would be with a second factor.
pub fn shown(actor: &Actor, allowed: impl Fn(&Actor) -> bool) -> Result<bool> {
    match actor.with_second_factor() {
        _ if allowed(actor) => Ok(true),
        Some(stronger) if allowed(&stronger) => Err(second_factor_required()),
        _ => Ok(false),
    }
}

/// What every check of rights ends with: allowed, not signed in, allowed with a second factor, or not allowed with who would be.
///
/// # Errors
/// When it is not allowed.
pub fn allow(actor: &Actor, allowed: impl Fn(&Actor) -> bool, remedy: Said) -> Result<()> {
    if shown(actor, &allowed)? {
        Ok(())
    } else if !actor.is_known() {
        Err(Error::unauthenticated())
    } else {
        Err(Error::forbidden(if actor.api_token().is_some() { for_program(actor, allowed, remedy) } else { remedy }))
    }
}

/// What mends it for who runs a program: another token, a person, or what mends it for anybody.
fn for_program(actor: &Actor, allowed: impl Fn(&Actor) -> bool, remedy: Said) -> Said {
    let with = |who: Who, more: &[Role]| {
        let memberships = actor.memberships.iter().cloned().map(|held| Membership { roles: [held.roles.as_slice(), more].concat(), ..held }).collect();
        Actor::new(who, memberships)
    };
    let person = Who::Account { id: Uuid::nil(), session: Uuid::nil(), administrator: false, stepped_up_at: None, reach: Reach::Full };
    if allowed(&with(actor.who, &[Role::Editor])) {
        Said::new(
            "Цей токен лише читає. Попросіть власника (OWNER) організації створити інший, з областю дії WRITE (createApiToken).",
            "This token only reads. Have an OWNER of the organisation make another, with the scope WRITE (createApiToken).",
        )
    } else if allowed(&with(person, &[Role::Editor, Role::Signer, Role::Owner])) {
        for_people(&remedy)
    } else {
        remedy
    }
}

/// That no token does what a person does, and who that is.
fn for_people(remedy: &Said) -> Said {
    Said::new(
        format!("API-токен цього не робить: нехай це зробить людина, яка ввійшла у власний обліковий запис. {}", remedy.uk).trim_end().to_owned(),
        format!("No API token does this: have a person do it who signs in themselves. {}", remedy.en).trim_end().to_owned(),
    )
}

fn second_factor_required() -> Error {
    Error::refused(
        Code::SecondFactorRequired,
        "",
        Said::new("Це право діє лише з другим чинником.", "This right can be used only with a second factor."),
        Said::new(
            "Увімкніть його: prepareSecondFactor, потім enableSecondFactor. Якщо він уже є, підтвердьте цей вхід кодом: stepUp.",
            "Turn it on: prepareSecondFactor, then enableSecondFactor. If you have one already, give this sign-in a code of it: stepUp.",
        ),
    )
}

/// What goes out to others (a submitted need, a published call, an interest) goes out only from an organisation that was
/// checked, also when an association acts on its behalf.
///
/// # Errors
/// When `organisation` is the actor's own, or let them act, and is not verified; it says why not.
pub fn allow_verified(actor: &Actor, organisation: Uuid) -> Result<()> {
    let own = actor.membership(organisation).map(|membership| membership.verification);
    match (own, actor.delegated(organisation)) {
        (Some(own), _) => verified(own),
        (None, Some(delegated)) if delegated.verification != Verification::Verified => Err(principal_not_verified()),
        (None, _) => Ok(()),
    }
}

fn principal_not_verified() -> Error {
    Error::refused(
        Code::NotVerified,
        "",
        Said::new("Організацію, від імені якої ви дієте, не перевірено.", "The organisation for which you act is not verified."),
        Said::new(
            "Хай її власник попросить про перевірку (requestVerification); коли її підтвердять, повторіть цю дію.",
            "Have its OWNER ask for the verification (requestVerification); once it is verified, repeat this.",
        ),
    )
}

fn verified(verification: Verification) -> Result<()> {
    let (message, remedy) = match verification {
        Verification::Verified => return Ok(()),
        Verification::Unverified => (
            Said::new("Вашу організацію ще не перевірено.", "Your organisation has not been verified yet."),
            Said::new(
                "Підготуйте все зараз і попросіть асоціацію перевірити організацію (requestVerification); після цього повторіть цю дію.",
                "Prepare everything now and ask the association to verify the organisation (requestVerification); then repeat this.",
            ),
        ),
        Verification::Pending => (
            Said::new("Ваша організація ще чекає на перевірку.", "Your organisation still awaits its verification."),
            Said::new(
                "Дочекайтеся рішення асоціації; якщо про перевірку ще не просили, попросіть (requestVerification). Після цього повторіть цю дію.",
                "Wait for the association's decision; where nobody has asked for it yet, ask (requestVerification). Then repeat this.",
            ),
        ),
        Verification::Rejected => (
            Said::new("Асоціація відмовила вашій організації в підтвердженні.", "The association has refused to verify your organisation."),
            Said::new(
                "Прочитайте причину (verificationRequests), виправте дані (updateOrganisation) і попросіть перевірити їх знову (requestVerification).",
                "Read why (verificationRequests), correct what you say of it (updateOrganisation), and ask to have it verified again (requestVerification).",
            ),
        ),
    };
    Err(Error::refused(Code::NotVerified, "", message, remedy))
}
