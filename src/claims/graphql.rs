//! Claims in the schema.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::{account, claim, organisation};
use sea_orm::{ColumnTrait as _, Condition};

use super::service::{self, Decision};
use super::store;
use crate::accounts::graphql::Account;
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::filter::among;
use crate::graphql::loader::ById;
use crate::graphql::page::{List, arguments, connection};
use crate::ids::{Id, NodeKind, encode};
use crate::organisations::graphql::{IdentifierInput, Organisation, OrganisationKind};
use crate::{load_by_id, payload};

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
}

/// A person's claim to an organisation that has no owner yet; seen by the claimant and the association.
#[derive(Clone)]
pub struct Claim(pub claim::Model);

/// A person's claim to an organisation that has no owner yet; seen by the claimant and the association.
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

    /// Whose it is to become.
    async fn claimant(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        Ok(ctx.loaders().load_one(ById::<account::Entity>::new(self.0.account_id)).await?.map(Account))
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

/// Which claims.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ClaimFilter {
    /// In one of these states.
    state: Option<Vec<ClaimState>>,
    /// To this organisation.
    organisation_id: Option<Id<organisation::Entity>>,
}

impl ClaimFilter {
    fn condition(&self) -> Result<Condition> {
        let Self { state, organisation_id } = self;
        Ok(Condition::all()
            .add_option(state.as_ref().map(|states| among("filter.state", states.iter().map(|state| claim::State::from(*state)), claim::Column::State)).transpose()?)
            .add_option(organisation_id.map(|id| claim::Column::OrganisationId.eq(id.0))))
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

/// What a person claims.
#[derive(InputObject)]
struct ClaimOrganisationInput {
    /// The number by which a register knows the organisation.
    identifier: IdentifierInput,
    /// What it is, where the record knows it only as a public body.
    kind: Option<OrganisationKind>,
    /// The municipality that owns it; for a utility.
    owner_municipality_id: Option<Id<organisation::Entity>>,
    /// What shows that the claimant may speak for it, 1 to 4,000 characters: their position, an order, how the association can ask.
    evidence: String,
    /// Whose it becomes, when the administrator claims it for somebody.
    owner_email: Option<String>,
}

/// A decision on a claim.
#[derive(InputObject)]
struct ClaimDecisionInput {
    /// Which claim.
    id: Id<claim::Entity>,
    /// The version that was read.
    expected_version: i32,
    /// Why, 1 to 4,000 characters; the claimant reads it.
    reason: String,
}

payload! {
    /// The claim that was made.
    ClaimOrganisationPayload { claim: Claim }
}
payload! {
    /// The claim as it is now.
    ConfirmClaimPayload { claim: Claim }
}
payload! {
    /// The claim as it is now.
    DeclineClaimPayload { claim: Claim }
}

/// Mutations of this slice.
#[derive(Default)]
pub struct ClaimMutation;

#[Object]
impl ClaimMutation {
    /// Claims an organisation that an import recorded and that has no owner (`claimable`); the association decides.
    async fn claim_organisation(&self, ctx: &Context<'_>, input: ClaimOrganisationInput) -> Result<ClaimOrganisationPayload> {
        let ClaimOrganisationInput { identifier: IdentifierInput { scheme, id }, kind, owner_municipality_id, evidence, owner_email } = input;
        let input = service::Claim { identifier: (scheme, id), kind: kind.map(Into::into), owner_municipality: owner_municipality_id.map(|id| id.0), evidence, owner_email };
        ClaimOrganisationPayload::answer(ctx, service::claim(ctx.app(), ctx.actor(), input).await, Claim)
    }

    /// The association believes a claim: the claimant becomes owner and signer of the organisation, which is verified thereby.
    async fn confirm_claim(&self, ctx: &Context<'_>, input: ClaimDecisionInput) -> Result<ConfirmClaimPayload> {
        let ClaimDecisionInput { id, expected_version, reason } = input;
        ConfirmClaimPayload::answer(ctx, service::decide(ctx.app(), ctx.actor(), Decision::Confirm, id.0, expected_version, &reason).await, Claim)
    }

    /// The association refuses a claim.
    async fn decline_claim(&self, ctx: &Context<'_>, input: ClaimDecisionInput) -> Result<DeclineClaimPayload> {
        let ClaimDecisionInput { id, expected_version, reason } = input;
        DeclineClaimPayload::answer(ctx, service::decide(ctx.app(), ctx.actor(), Decision::Decline, id.0, expected_version, &reason).await, Claim)
    }
}
