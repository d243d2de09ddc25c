//! Notifications in the schema.

pub mod mutation;

pub use mutation::NotificationMutation;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::notification::{self, Kind};
use entity::notification_preference::Rhythm;
use entity::{call, interest, membership, organisation};
use uuid::Uuid;

use super::store::Wanted;
use super::wording::{self, Facts};
use super::{rules, service, store};
use crate::accounts::graphql::{PersonBy, known_name};
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::loader::ById;
use crate::graphql::node::{self, Node};
use crate::graphql::page::{List, arguments, connection};
use crate::graphql::scalars::LocaleCode;
use crate::ids::{NodeKind, encode};
use crate::load_by_id;
use crate::organisations::graphql::Organisation;

load_by_id!(notification::Entity, notification::Model, store::by_ids);

/// What a notification is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Kind")]
pub enum NotificationKind {
    /// A business answered a call of an organisation of the caller's. Its editors, signers and owners are told.
    InterestReceived,
    /// An interest of a business of the caller's is in hand. Its editors, signers and owners are told.
    InterestAcknowledged,
    /// An interest of a business of the caller's was declined. Its editors, signers and owners are told.
    InterestDeclined,
    /// A call closes within three days in which a business of the caller's has a draft. Its editors, signers and owners are told.
    CallClosesSoon,
    /// An organisation of the caller's owes an answer to an interest within three days. Its editors, signers and owners are told.
    AnswerDueSoon,
    /// The association verified an organisation. Its owners are told.
    OrganisationVerified,
    /// The association refused to verify an organisation. Its owners are told.
    OrganisationRejected,
    /// The caller's claim was confirmed.
    ClaimConfirmed,
    /// The caller's claim was declined.
    ClaimDeclined,
    /// Another claim to the organisation that the caller claimed was confirmed.
    ClaimOvertaken,
    /// An organisation asks for its verification. The association's editors, signers and owners are told, but for its own members.
    VerificationRequested,
    /// Somebody claims an organisation. The association's editors, signers and owners are told, but for the claimant and its own members.
    ClaimReceived,
    /// Somebody claims an organisation of the caller's that the association refused to verify. Its owners are told.
    OrganisationClaimed,
    /// The administrator registered an organisation for the caller.
    MembershipGranted,
    /// The caller was given other roles.
    MembershipChanged,
    /// The caller's membership was ended.
    MembershipRevoked,
    /// Somebody accepted an invitation. The owners are told.
    MemberJoined,
    /// The caller has a new password. Told at once, as all that concerns safety.
    PasswordChanged,
    /// The caller's sign-ins ask for a second factor. Told at once.
    SecondFactorEnabled,
    /// The caller's sign-ins ask for no second factor any more. Told at once.
    SecondFactorDisabled,
    /// The caller's recovery codes were replaced. Told at once.
    RecoveryCodesRenewed,
    /// An identity at an OpenID provider was linked to the caller's account. Told at once.
    IdentityLinked,
    /// An identity at an OpenID provider was taken off the caller's account. Told at once.
    IdentityUnlinked,
    /// An API token was made for an organisation of the caller's. All its owners are told, at once.
    ApiTokenCreated,
}

/// How often letters with notifications go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Rhythm")]
pub enum NotificationRhythm {
    /// As soon as something happens.
    Instant,
    /// At 8:00 in Kyiv each day on which there is something.
    Daily,
    /// At 8:00 in Kyiv on Mondays; what falls due before, as `DAILY`.
    Weekly,
    /// Not at all, but for what concerns safety.
    Never,
}

/// How the caller wants to hear of what is new.
#[derive(SimpleObject)]
pub struct NotificationPreferences {
    /// How often letters go out to their confirmed address; `DAILY` until they say otherwise. What concerns the safety of their account or
    /// organisation (a new password, second factor, identity or API token) goes out at once, in a letter of its own, whatever they choose.
    email: NotificationRhythm,
}

impl From<Rhythm> for NotificationPreferences {
    fn from(email: Rhythm) -> Self {
        Self { email: email.into() }
    }
}

/// Which notifications.
#[derive(Clone, Debug, Default, InputObject)]
pub struct NotificationFilter {
    /// Those that were not read, or, if false, those that were.
    unread: Option<bool>,
}

/// Something that happened and concerns the caller; nobody else sees it. It stays for 180 days.
#[derive(Clone)]
pub struct Notification(pub notification::Model);

impl Notification {
    /// What is around it, as far as the caller may see it in this request.
    async fn facts(&self, ctx: &Context<'_>) -> Result<Facts> {
        let (loaders, row) = (ctx.loaders(), &self.0);
        let interest = if rules::is_of_interest(row.kind) { loaders.load_one(ById::<interest::Entity>::new(row.node_id)).await? } else { None };
        let partner = interest.as_ref().map(|interest| rules::partner(row.kind, interest));
        let houses = async { loaders.load_many(row.organisation_id.into_iter().chain(partner).map(ById::<organisation::Entity>::new)).await };
        let call = async {
            match &interest {
                Some(interest) => loaders.load_one(ById::<call::Entity>::new(interest.call_id)).await,
                None => Ok(None),
            }
        };
        let (mut houses, call, person) = futures_util::future::try_join3(houses, call, self.person(ctx)).await?;
        let mut named = |id: Uuid| houses.remove(&ById::new(id)).map(wording::names);
        Ok(Facts { organisation: row.organisation_id.and_then(&mut named), partner: partner.and_then(&mut named), person, interest, call })
    }

    /// What the person is called whom it names.
    async fn person(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        if !rules::names_person(self.0.kind) {
            return Ok(None);
        }
        let Some(membership) = ctx.loaders().load_one(ById::<membership::Entity>::new(self.0.node_id)).await? else { return Ok(None) };
        let found = ctx.loaders().load_one(PersonBy(membership.account_id)).await?.unwrap_or_default();
        Ok(found.into_iter().next().map(|account| known_name(ctx, &account)))
    }
}

/// Something that happened and concerns the caller; nobody else sees it. It stays for 180 days.
#[Object]
impl Notification {
    /// Its id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Notification, self.0.id)
    }

    /// What it is about.
    async fn kind(&self) -> NotificationKind {
        self.0.kind.into()
    }

    /// A few words that name what happened, the same for all of a kind.
    async fn title(&self, ctx: &Context<'_>, locale: Option<LocaleCode>) -> String {
        wording::title(self.0.kind).in_locale(locale.map_or(ctx.locale(), Into::into)).to_owned()
    }

    /// What happened, in a sentence or two, with what the caller may still see of it.
    async fn text(&self, ctx: &Context<'_>, locale: Option<LocaleCode>) -> Result<String> {
        Ok(wording::text(&self.0, &self.facts(ctx).await?).in_locale(locale.map_or(ctx.locale(), Into::into)).to_owned())
    }

    /// The entity that it is about: an interest, an organisation, a request for verification, a claim, a membership, an account or an API token; none when
    /// the caller may no longer see it.
    async fn subject(&self, ctx: &Context<'_>) -> Result<Option<Node>> {
        let Some(kind) = NodeKind::from_journal_name(&self.0.node_kind) else { return Ok(None) };
        node::load(ctx, kind, self.0.node_id).await
    }

    /// The organisation that it is about, if it is about one.
    async fn organisation(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        let Some(id) = self.0.organisation_id else { return Ok(None) };
        Ok(ctx.loaders().load_one(ById::<organisation::Entity>::new(id)).await?.map(Organisation))
    }

    /// When it happened.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at
    }

    /// When the caller said that they have read it.
    async fn read_at(&self) -> Option<DateTime<Utc>> {
        self.0.read_at
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed: when it was read, if it was.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.read_at.unwrap_or(self.0.created_at)
    }

    /// Its version: 1, and 2 once it was read.
    async fn version(&self) -> i32 {
        1 + i32::from(self.0.read_at.is_some())
    }
}

/// A page of the notifications of the caller, whose account this is.
pub(crate) async fn notifications_of(
    ctx: &Context<'_>,
    account: Uuid,
    filter: Option<NotificationFilter>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<List<Notification>> {
    let page = arguments(ctx, first, after)?;
    let NotificationFilter { unread } = filter.unwrap_or_default();
    let wanted = match unread {
        None => Wanted::All,
        Some(true) => Wanted::Unread,
        Some(false) => Wanted::Read,
    };
    Ok(connection(store::list(ctx.app().db.reader(), account, wanted, &page).await?, Notification))
}

/// How many notifications the caller has not read, whose account this is.
pub(crate) async fn unread_of(ctx: &Context<'_>, account: Uuid) -> Result<u64> {
    store::count_unread(ctx.app().db.reader(), account).await
}

/// How the caller wants to hear of what is new, whose account this is.
pub(crate) async fn preferences_of(ctx: &Context<'_>, account: Uuid) -> Result<NotificationPreferences> {
    Ok(service::rhythm(ctx.app(), account).await?.into())
}
