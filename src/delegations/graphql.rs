//! Delegations in the schema.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::organisation::Kind;
use entity::{delegation, organisation};

use super::{service, store};
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::loader::ById;
use crate::graphql::page::{List, arguments, connection};
use crate::ids::{Id, NodeKind, encode};
use crate::organisations::graphql::Organisation;
use crate::{load_by_id, load_pages, payload};

load_by_id!(delegation::Entity, delegation::Model, store::by_ids);
load_pages!(GivenBy, delegation::Model, store::given_by);
load_pages!(GivenTo, delegation::Model, store::given_to);

/// Leave for an association to act on behalf of an organisation; seen by the members of both, every association and the administrator.
#[derive(Clone)]
pub struct Delegation(pub delegation::Model);

/// Leave for an association to act on behalf of an organisation; seen by the members of both, every association and the administrator.
#[Object]
impl Delegation {
    /// Its id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Delegation, self.0.id)
    }

    /// On whose behalf.
    async fn organisation(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        Ok(ctx.loaders().load_one(ById::<organisation::Entity>::new(self.0.organisation_id)).await?.map(Organisation))
    }

    /// The association that acts.
    async fn association(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        Ok(ctx.loaders().load_one(ById::<organisation::Entity>::new(self.0.association_id)).await?.map(Organisation))
    }

    /// The decision on which it rests.
    async fn basis(&self) -> &str {
        &self.0.basis
    }

    /// When it ends by itself.
    async fn valid_until(&self) -> DateTime<Utc> {
        self.0.valid_until
    }

    /// When it was revoked; none where it ended by itself.
    async fn revoked_at(&self) -> Option<DateTime<Utc>> {
        self.0.revoked_at
    }

    /// Whether it holds now.
    async fn holds(&self, ctx: &Context<'_>) -> bool {
        service::holds(ctx.app(), &self.0)
    }

    /// When it was granted.
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

/// A page of the delegations that an organisation gave, or that an association was given; none for whoever may not see them.
///
/// # Errors
/// When the page or its cursor is wrong, or the database cannot be read.
pub async fn delegations_of(ctx: &Context<'_>, row: &organisation::Model, first: Option<i32>, after: Option<String>) -> Result<Option<List<Delegation>>> {
    let page = arguments(ctx, first, after)?;
    if !service::shows(ctx.actor(), row.id) {
        return Ok(None);
    }
    let rows = match row.kind {
        Kind::Association => ctx.loaders().load_one(GivenTo(row.id, page)).await?,
        _ => ctx.loaders().load_one(GivenBy(row.id, page)).await?,
    };
    Ok(Some(connection(rows.unwrap_or_default(), Delegation)))
}

/// What is granted.
#[derive(InputObject)]
struct GrantDelegationInput {
    /// On whose behalf: a municipality, utility or public body.
    organisation_id: Id<organisation::Entity>,
    /// The association that acts.
    association_id: Id<organisation::Entity>,
    /// When it ends by itself; within three years.
    until: DateTime<Utc>,
    /// The decision on which it rests, 1 to 1,000 characters, such as its number and date.
    basis: String,
}

/// Which delegation ends.
#[derive(InputObject)]
struct RevokeDelegationInput {
    /// The delegation.
    id: Id<delegation::Entity>,
    /// The version that was read; when absent, whichever stands.
    expected_version: Option<i32>,
}

payload! {
    /// The delegation that was granted.
    GrantDelegationPayload { delegation: Delegation }
}
payload! {
    /// The delegation, which holds no more.
    RevokeDelegationPayload { delegation: Delegation }
}

/// Mutations of this slice.
#[derive(Default)]
pub struct DelegationMutation;

#[Object]
impl DelegationMutation {
    /// Lets an association act on behalf of an organisation: its editors draft, edit, submit and withdraw needs of it, and set up and
    /// run its projects. An owner does it. What is done so names the delegation in the journal.
    async fn grant_delegation(&self, ctx: &Context<'_>, input: GrantDelegationInput) -> Result<GrantDelegationPayload> {
        let GrantDelegationInput { organisation_id, association_id, until, basis } = input;
        let grant = service::Grant { organisation: organisation_id.0, association: association_id.0, until, basis };
        GrantDelegationPayload::answer(ctx, service::grant(ctx.app(), ctx.actor(), grant).await, Delegation).await
    }

    /// Ends a delegation, from the next call on; an owner of the organisation or of the association does it. One that holds no more stays
    /// as it is.
    async fn revoke_delegation(&self, ctx: &Context<'_>, input: RevokeDelegationInput) -> Result<RevokeDelegationPayload> {
        let RevokeDelegationInput { id, expected_version } = input;
        RevokeDelegationPayload::answer(ctx, service::revoke(ctx.app(), ctx.actor(), id.0, expected_version).await, Delegation).await
    }
}
