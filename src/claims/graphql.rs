//! Claims in the schema.

pub mod mutation;

pub use mutation::ClaimMutation;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::{claim, organisation};

use super::filter::ClaimFilter;
use super::{service, store};
use crate::accounts::graphql::{PersonBy, known_email, known_name};
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::loader::ById;
use crate::graphql::page::{List, arguments, connection};
use crate::ids::{Id, NodeKind, encode};
use crate::load_by_id;
use crate::organisations::graphql::{Organisation, OrganisationKind};

load_by_id!(claim::Entity, claim::Model, store::by_ids);

/// Where a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "claim::State")]
pub enum ClaimState {
    /// Waiting for the association.
    Pending,
    /// Found true: the claimant became the owner.
    Confirmed,
    /// Refused with a reason.
    Declined,
    /// Another claim to the same organisation was confirmed.
    Overtaken,
    /// The claimant erased their account.
    Withdrawn,
}

/// The person whose an organisation is to become.
#[derive(SimpleObject)]
struct Claimant {
    /// How they want to be called.
    name: String,
    /// Their e-mail address; none once their account is erased.
    email: Option<String>,
}

/// A person's claim to an organisation that nobody speaks for; seen by the claimant and the association.
#[derive(Clone)]
pub struct Claim(pub claim::Model);

/// A person's claim to an organisation that nobody speaks for; seen by the claimant and the association.
#[Object]
impl Claim {
    /// Its id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Claim, self.0.id)
    }

    /// What is claimed.
    async fn organisation(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        Ok(ctx.loaders().load_one(ById::<organisation::Entity>::new(self.0.organisation_id)).await?.map(Organisation))
    }

    /// Whose it is to become; for themselves, the administrator, and while the claim is pending for those of the association who decide.
    async fn claimant(&self, ctx: &Context<'_>) -> Result<Option<Claimant>> {
        if !service::shows_claimant(ctx.actor(), &self.0) {
            return Ok(None);
        }
        let found = ctx.loaders().load_one(PersonBy(self.0.account_id)).await?.unwrap_or_default();
        Ok(found.into_iter().next().map(|account| Claimant { name: known_name(ctx, &account), email: known_email(&account).map(str::to_owned) }))
    }

    /// What the claimant says that it is, where the record knows it only as a public body.
    async fn kind(&self) -> Option<OrganisationKind> {
        self.0.kind.map(Into::into)
    }

    /// The municipality that owns it, if the claimant says that it is a utility.
    async fn owner_municipality(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        let Some(owner) = self.0.owner_municipality_id else { return Ok(None) };
        Ok(ctx.loaders().load_one(ById::<organisation::Entity>::new(owner)).await?.map(Organisation))
    }

    /// What shows that the claimant may speak for it.
    async fn evidence(&self) -> &str {
        &self.0.evidence
    }

    /// Where it stands.
    async fn state(&self) -> ClaimState {
        self.0.state.into()
    }

    /// Why it was decided so.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// When it was decided.
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

/// Queries of this slice.
#[derive(Default)]
pub struct ClaimQuery;

#[Object]
impl ClaimQuery {
    /// One claim.
    async fn claim(&self, ctx: &Context<'_>, id: Id<claim::Entity>) -> Result<Option<Claim>> {
        Ok(ctx.loaders().load_one(ById::<claim::Entity>::new(id.0)).await?.map(Claim))
    }

    /// Claims that the caller may see, oldest first: their own, or all for the association.
    async fn claims(&self, ctx: &Context<'_>, filter: Option<ClaimFilter>, first: Option<i32>, after: Option<String>) -> Result<List<Claim>> {
        let page = arguments(ctx, first, after)?;
        Ok(connection(store::list(ctx.app().db.reader(), ctx.actor(), filter.unwrap_or_default().condition()?, &page).await?, Claim))
    }
}
