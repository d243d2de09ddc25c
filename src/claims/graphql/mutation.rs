//! Mutations of claims: inputs, payloads and resolvers.

use async_graphql::{Context, InputObject, Object};
use entity::{claim, organisation};

use super::super::service::{self, Decision};
use super::Claim;
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::ids::Id;
use crate::organisations::graphql::OrganisationKind;
use crate::payload;

/// What a person claims.
#[derive(InputObject)]
struct ClaimOrganisationInput {
    /// The organisation; one that is `claimable`.
    organisation_id: Id<organisation::Entity>,
    /// What it is; needed where the record knows it only as a public body: `MUNICIPALITY`, `UTILITY` or `PUBLIC_BODY`.
    kind: Option<OrganisationKind>,
    /// The municipality that owns it; for a utility.
    owner_municipality_id: Option<Id<organisation::Entity>>,
    /// What shows that the claimant may speak for it, 1 to 4,000 characters: their position, an order, how the association can ask.
    evidence: String,
    /// Whose it becomes, when the administrator claims it for somebody who has signed up and confirmed their address.
    owner_email: Option<String>,
}

/// A decision on a claim.
#[derive(InputObject)]
struct ClaimDecisionInput {
    /// Which claim.
    id: Id<claim::Entity>,
    /// The version that was read.
    expected_version: i32,
    /// Why, 1 to 2,000 characters; the claimant reads it.
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
    /// Claims an organisation that is `claimable`: an import recorded it, or the association refused its members. The association decides.
    async fn claim_organisation(&self, ctx: &Context<'_>, input: ClaimOrganisationInput) -> Result<ClaimOrganisationPayload> {
        let ClaimOrganisationInput { organisation_id, kind, owner_municipality_id, evidence, owner_email } = input;
        let input = service::Claim { organisation: organisation_id.0, kind: kind.map(Into::into), owner_municipality: owner_municipality_id.map(|id| id.0), evidence, owner_email };
        ClaimOrganisationPayload::answer(ctx, service::claim(ctx.app(), ctx.actor(), input).await, Claim).await
    }

    /// The association believes a claim: the claimant becomes owner and signer of the organisation, which is verified thereby.
    /// Refused with `STEP_UP_REQUIRED` unless the caller proved within five minutes who they are.
    async fn confirm_claim(&self, ctx: &Context<'_>, input: ClaimDecisionInput) -> Result<ConfirmClaimPayload> {
        let ClaimDecisionInput { id, expected_version, reason } = input;
        ConfirmClaimPayload::answer(ctx, service::decide(ctx.app(), ctx.actor(), Decision::Confirm, id.0, expected_version, &reason).await, Claim).await
    }

    /// The association refuses a claim.
    async fn decline_claim(&self, ctx: &Context<'_>, input: ClaimDecisionInput) -> Result<DeclineClaimPayload> {
        let ClaimDecisionInput { id, expected_version, reason } = input;
        DeclineClaimPayload::answer(ctx, service::decide(ctx.app(), ctx.actor(), Decision::Decline, id.0, expected_version, &reason).await, Claim).await
    }
}
