//! Members and invitations in the schema.

pub mod mutation;

pub use mutation::MemberMutation;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::{account, invitation, membership, organisation};
use uuid::Uuid;

use super::{service, store};
use crate::accounts::graphql::{PersonBy, known_email, known_name};
use crate::auth::Role;
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::loader::ById;
use crate::graphql::page::{List, arguments, connection};
use crate::ids::{NodeKind, encode};
use crate::organisations::graphql::Organisation;
use crate::{load_by_id, load_pages};

load_by_id!(membership::Entity, membership::Model, store::by_ids);
load_by_id!(invitation::Entity, invitation::Model, store::invitations_by_ids);
load_pages!(MembersOf, membership::Model, store::members);
load_pages!(InvitationsOf, invitation::Model, store::invitations);

/// The person who is a member.
#[derive(SimpleObject)]
struct Member {
    /// How they want to be called.
    name: String,
    /// Their e-mail address; none once their account is erased.
    email: Option<String>,
}

/// A person's roles in one organisation; seen by its members, the association and the administrator.
pub struct Membership(pub membership::Model);

/// A person's roles in one organisation; seen by its members, the association and the administrator.
#[Object]
impl Membership {
    /// Its id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Membership, self.0.id)
    }

    /// The organisation.
    async fn organisation(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        Ok(ctx.loaders().load_one(ById::<organisation::Entity>::new(self.0.organisation_id)).await?.map(Organisation))
    }

    /// The person.
    async fn member(&self, ctx: &Context<'_>) -> Result<Option<Member>> {
        let found = ctx.loaders().load_one(PersonBy(self.0.account_id)).await?.unwrap_or_default();
        Ok(found.into_iter().next().map(|account| Member { name: known_name(ctx, &account), email: known_email(&account).map(str::to_owned) }))
    }

    /// Their roles there.
    async fn roles(&self) -> Vec<Role> {
        Role::of(&self.0.roles)
    }

    /// When they became a member.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// Its version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// Where an invitation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "invitation::State")]
pub enum InvitationState {
    /// Waiting for the person.
    Pending,
    /// The person became a member.
    Accepted,
    /// The person does not want to.
    Declined,
    /// The organisation took it back.
    Revoked,
    /// Its time was over before the person answered.
    Expired,
}

/// An invitation to become a member of an organisation; seen by its owners, the invited, the association and the administrator.
pub struct Invitation(pub invitation::Model);

/// An invitation to become a member of an organisation; seen by its owners, the invited, the association and the administrator.
#[Object]
impl Invitation {
    /// Its id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Invitation, self.0.id)
    }

    /// The organisation.
    async fn organisation(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        Ok(ctx.loaders().load_one(ById::<organisation::Entity>::new(self.0.organisation_id)).await?.map(Organisation))
    }

    /// The address that is invited; none once its person erased their account.
    async fn email(&self) -> Option<&str> {
        Some(self.0.email.as_str()).filter(|email| !email.is_empty())
    }

    /// What the person is to do there.
    async fn roles(&self) -> Vec<Role> {
        Role::of(&self.0.roles)
    }

    /// Where it stands.
    async fn state(&self, ctx: &Context<'_>) -> InvitationState {
        service::standing(ctx.app(), &self.0).into()
    }

    /// The moment from which it is worth nothing.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }

    /// When it was answered, taken back or found to be over.
    async fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.0.decided_at
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// Its version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// A page of the members of an organisation; none for those who may not know them.
pub(crate) async fn members_of(ctx: &Context<'_>, organisation: Uuid, first: Option<i32>, after: Option<String>) -> Result<Option<List<Membership>>> {
    let page = arguments(ctx, first, after)?;
    if !ctx.founded(organisation) && !service::shows_members(ctx.actor(), organisation)? {
        return Ok(None);
    }
    let rows = ctx.loaders().load_one(MembersOf(organisation, page)).await?.unwrap_or_default();
    Ok(Some(connection(rows, Membership)))
}

/// A page of the invitations of an organisation; none for those who may not know them.
pub(crate) async fn invitations_of(ctx: &Context<'_>, organisation: Uuid, first: Option<i32>, after: Option<String>) -> Result<Option<List<Invitation>>> {
    let page = arguments(ctx, first, after)?;
    if !ctx.founded(organisation) && !service::shows_invitations(ctx.actor(), organisation)? {
        return Ok(None);
    }
    let rows = ctx.loaders().load_one(InvitationsOf(organisation, page)).await?.unwrap_or_default();
    Ok(Some(connection(rows, Invitation)))
}

/// A page of what a person is a member of.
pub(crate) async fn memberships_of(ctx: &Context<'_>, account: Uuid, first: Option<i32>, after: Option<String>) -> Result<List<Membership>> {
    let page = arguments(ctx, first, after)?;
    Ok(connection(store::memberships(ctx.app().db.reader(), account, &page).await?, Membership))
}

/// A page of the invitations that await the answer of the caller, whose account this is.
pub(crate) async fn invitations_to(ctx: &Context<'_>, account: &account::Model, first: Option<i32>, after: Option<String>) -> Result<List<Invitation>> {
    let page = arguments(ctx, first, after)?;
    if account.email_confirmed_at.is_none() {
        return Ok(connection(crate::page::Rows::default(), Invitation));
    }
    let rows = store::awaiting(ctx.app().db.reader(), ctx.actor(), &account.email_key, ctx.app().clock.now(), &page).await?;
    Ok(connection(rows, Invitation))
}
