//! Mutations of interests: inputs, payloads and resolvers.

use async_graphql::{Context, InputObject, Object};
use entity::{call, interest, organisation, work_package};

use super::super::rules::Step;
use super::super::service::{self, Offer, Submit};
use super::Interest;
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::ids::Id;
use crate::payload;

/// What a business offers in a call.
#[derive(InputObject)]
struct ExpressInterestInput {
    /// The business.
    organisation_id: Id<organisation::Entity>,
    /// The open call.
    call_id: Id<call::Entity>,
    /// The work packages it is interested in; all that the call offers, if absent.
    #[graphql(default)]
    work_package_ids: Vec<Id<work_package::Entity>>,
    /// What it offers, 1 to 10,000 characters.
    offer: String,
}

/// What a draft offers anew.
#[derive(InputObject)]
struct UpdateInterestInput {
    /// Which interest.
    id: Id<interest::Entity>,
    /// The version that was read.
    expected_version: i32,
    /// The work packages it is interested in; all that the call offers, if absent.
    #[graphql(default)]
    work_package_ids: Vec<Id<work_package::Entity>>,
    /// What it offers, 1 to 10,000 characters.
    offer: String,
}

/// A step of an interest's way.
#[derive(InputObject)]
struct InterestStepInput {
    /// Which interest.
    id: Id<interest::Entity>,
    /// The version that was read.
    expected_version: i32,
}

/// The caller's refusal.
#[derive(InputObject)]
struct DeclineInterestInput {
    /// Which interest.
    id: Id<interest::Entity>,
    /// The version that was read.
    expected_version: i32,
    /// Why, 1 to 2,000 characters; the business sees it.
    reason: String,
}

/// An interest to take back.
#[derive(InputObject)]
struct WithdrawInterestInput {
    /// Which interest.
    id: Id<interest::Entity>,
    /// The version that was read.
    expected_version: i32,
    /// Why.
    reason: Option<String>,
}

payload! {
    /// The interest that was handed in.
    ExpressInterestPayload { interest: Interest }
}
payload! {
    /// The interest that was drafted.
    DraftInterestPayload { interest: Interest }
}
payload! {
    /// The interest as it is now.
    UpdateInterestPayload { interest: Interest }
}
payload! {
    /// The interest as it is now.
    SubmitInterestPayload { interest: Interest }
}
payload! {
    /// The interest as it is now.
    AcknowledgeInterestPayload { interest: Interest }
}
payload! {
    /// The interest as it is now.
    DeclineInterestPayload { interest: Interest }
}
payload! {
    /// The interest as it is now.
    WithdrawInterestPayload { interest: Interest }
}

/// Mutations of this slice.
#[derive(Default)]
pub struct InterestMutation;

#[Object]
impl InterestMutation {
    /// Expresses interest in an open call and hands it in at once.
    async fn express_interest(&self, ctx: &Context<'_>, input: ExpressInterestInput) -> Result<ExpressInterestPayload> {
        ExpressInterestPayload::answer(ctx, express(ctx, input, Submit::Now).await, Interest).await
    }

    /// Drafts an interest in an open call; `submitInterest` hands it in.
    async fn draft_interest(&self, ctx: &Context<'_>, input: ExpressInterestInput) -> Result<DraftInterestPayload> {
        DraftInterestPayload::answer(ctx, express(ctx, input, Submit::Later).await, Interest).await
    }

    /// Changes a draft.
    async fn update_interest(&self, ctx: &Context<'_>, input: UpdateInterestInput) -> Result<UpdateInterestPayload> {
        let UpdateInterestInput { id, expected_version, work_package_ids, offer } = input;
        let offer = Offer { work_packages: work_package_ids.into_iter().map(|id| id.0).collect(), text: offer };
        UpdateInterestPayload::answer(ctx, service::update(ctx.app(), ctx.actor(), id.0, expected_version, offer).await, Interest).await
    }

    /// Hands a draft in while the call is open.
    async fn submit_interest(&self, ctx: &Context<'_>, input: InterestStepInput) -> Result<SubmitInterestPayload> {
        SubmitInterestPayload::answer(ctx, step(ctx, Step::Submit, input).await, Interest).await
    }

    /// Tells the business that the caller has its interest in hand.
    async fn acknowledge_interest(&self, ctx: &Context<'_>, input: InterestStepInput) -> Result<AcknowledgeInterestPayload> {
        AcknowledgeInterestPayload::answer(ctx, step(ctx, Step::Acknowledge, input).await, Interest).await
    }

    /// Refuses an interest with a reason.
    async fn decline_interest(&self, ctx: &Context<'_>, input: DeclineInterestInput) -> Result<DeclineInterestPayload> {
        let DeclineInterestInput { id, expected_version, reason } = input;
        DeclineInterestPayload::answer(ctx, service::advance(ctx.app(), ctx.actor(), id.0, expected_version, Step::Decline(reason)).await, Interest).await
    }

    /// Takes an interest back.
    async fn withdraw_interest(&self, ctx: &Context<'_>, input: WithdrawInterestInput) -> Result<WithdrawInterestPayload> {
        let WithdrawInterestInput { id, expected_version, reason } = input;
        WithdrawInterestPayload::answer(ctx, service::advance(ctx.app(), ctx.actor(), id.0, expected_version, Step::Withdraw(reason)).await, Interest).await
    }
}

async fn express(ctx: &Context<'_>, input: ExpressInterestInput, submit: Submit) -> Result<interest::Model> {
    let ExpressInterestInput { organisation_id, call_id, work_package_ids, offer } = input;
    let offer = Offer { work_packages: work_package_ids.into_iter().map(|id| id.0).collect(), text: offer };
    service::express(ctx.app(), ctx.actor(), organisation_id.0, call_id.0, offer, submit).await
}

async fn step(ctx: &Context<'_>, step: Step, input: InterestStepInput) -> Result<interest::Model> {
    let InterestStepInput { id, expected_version } = input;
    service::advance(ctx.app(), ctx.actor(), id.0, expected_version, step).await
}
