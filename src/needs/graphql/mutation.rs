//! Mutations of needs: inputs, payloads and resolvers.

use async_graphql::{Context, InputObject, Object};
use entity::{need, organisation};

use super::super::rules::Step;
use super::super::service;
use super::{Need, NeedUrgency};
use crate::auth::signed_in;
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::scalars::{CpvCode, KatottgCode, MoneyInput, TranslationsInput};
use crate::ids::Id;
use crate::locale::Translations;
use crate::payload;

/// What a need says.
#[derive(InputObject)]
struct NeedContentInput {
    /// Its title, 1 to 300 characters in each language.
    title: TranslationsInput,
    /// What is broken, who suffers, what would mend it; up to 10,000 characters in each language.
    description: Option<TranslationsInput>,
    /// OC4IDS project sector, such as `waterAndWaste`.
    sector: String,
    /// What kind of works or goods it takes.
    #[graphql(default)]
    cpv: Vec<CpvCode>,
    /// Where it is.
    territory: KatottgCode,
    /// How urgent it is.
    #[graphql(default_with = "NeedUrgency::Medium")]
    urgency: NeedUrgency,
    /// Businesses that depend on the asset.
    businesses_affected: Option<i32>,
    /// People who depend on it.
    people_affected: Option<i32>,
    /// Lower end of the estimated cost.
    cost_min: Option<MoneyInput>,
    /// Upper end of the estimated cost.
    cost_max: Option<MoneyInput>,
    /// What is not funded yet.
    funding_gap: Option<MoneyInput>,
    /// Whether it is critical infrastructure, of which the public sees the hromada only.
    #[graphql(default)]
    critical: bool,
}

impl NeedContentInput {
    fn content(self) -> service::Content {
        let Self { title, description, sector, cpv, territory, urgency, businesses_affected, people_affected, cost_min, cost_max, funding_gap, critical } = self;
        service::Content {
            title: title.into(),
            description: description.map_or(Translations { uk: None, en: None }, Into::into),
            sector,
            cpv: cpv.into_iter().map(|code| code.0).collect(),
            territory: territory.0,
            urgency: urgency.into(),
            businesses_affected,
            people_affected,
            cost_min: cost_min.map(Into::into),
            cost_max: cost_max.map(Into::into),
            funding_gap: funding_gap.map(Into::into),
            critical,
        }
    }
}

/// A need to draft.
#[derive(InputObject)]
struct CreateNeedInput {
    /// Whose need it is.
    organisation_id: Id<organisation::Entity>,
    /// What it says.
    need: NeedContentInput,
}

/// What a draft or returned need says anew.
#[derive(InputObject)]
struct UpdateNeedInput {
    /// Which need.
    id: Id<need::Entity>,
    /// The version that was read.
    expected_version: i32,
    /// All that it says.
    need: NeedContentInput,
}

/// A step of a need's way.
#[derive(InputObject)]
struct NeedStepInput {
    /// Which need.
    id: Id<need::Entity>,
    /// The version that was read.
    expected_version: i32,
}

/// A step of a need's way that says why.
#[derive(InputObject)]
struct NeedReasonInput {
    /// Which need.
    id: Id<need::Entity>,
    /// The version that was read.
    expected_version: i32,
    /// Why, 1 to 2,000 characters.
    reason: String,
}

payload! {
    /// The need that was drafted.
    CreateNeedPayload { need: Need }
}
payload! {
    /// The need as it is now.
    UpdateNeedPayload { need: Need }
}
payload! {
    /// The need as it is now.
    SubmitNeedPayload { need: Need }
}
payload! {
    /// The need as it is now.
    VerifyNeedPayload { need: Need }
}
payload! {
    /// The need as it is now.
    ReturnNeedPayload { need: Need }
}
payload! {
    /// The need as it is now.
    PrioritiseNeedPayload { need: Need }
}
payload! {
    /// The need as it is now.
    WithdrawNeedPayload { need: Need }
}

/// Mutations of this slice.
#[derive(Default)]
pub struct NeedMutation;

#[Object]
impl NeedMutation {
    /// Drafts a need.
    async fn create_need(&self, ctx: &Context<'_>, input: CreateNeedInput) -> Result<CreateNeedPayload> {
        let CreateNeedInput { organisation_id, need } = input;
        signed_in(ctx.actor())?;
        let result = service::create(ctx.app(), ctx.actor(), organisation_id.0, need.content()).await;
        CreateNeedPayload::answer(ctx, result.map_err(|error| error.within_content("need")), Need).await
    }

    /// Changes what a draft or returned need says.
    async fn update_need(&self, ctx: &Context<'_>, input: UpdateNeedInput) -> Result<UpdateNeedPayload> {
        let UpdateNeedInput { id, expected_version, need } = input;
        let result = service::update(ctx.app(), ctx.actor(), id.0, expected_version, need.content()).await;
        UpdateNeedPayload::answer(ctx, result.map_err(|error| error.within_content("need")), Need).await
    }

    /// Hands a need to the association.
    async fn submit_need(&self, ctx: &Context<'_>, input: NeedStepInput) -> Result<SubmitNeedPayload> {
        SubmitNeedPayload::answer(ctx, step(ctx, Step::Submit, input).await, Need).await
    }

    /// Finds a need right; it is public from then on.
    async fn verify_need(&self, ctx: &Context<'_>, input: NeedStepInput) -> Result<VerifyNeedPayload> {
        VerifyNeedPayload::answer(ctx, step(ctx, Step::Verify, input).await, Need).await
    }

    /// Sends a need back to its owner with comments.
    async fn return_need(&self, ctx: &Context<'_>, input: NeedReasonInput) -> Result<ReturnNeedPayload> {
        let NeedReasonInput { id, expected_version, reason } = input;
        ReturnNeedPayload::answer(ctx, service::advance(ctx.app(), ctx.actor(), id.0, expected_version, Step::Return(reason)).await, Need).await
    }

    /// Puts a need forward for its territory.
    async fn prioritise_need(&self, ctx: &Context<'_>, input: NeedStepInput) -> Result<PrioritiseNeedPayload> {
        PrioritiseNeedPayload::answer(ctx, step(ctx, Step::Prioritise, input).await, Need).await
    }

    /// Takes a need back with a reason.
    async fn withdraw_need(&self, ctx: &Context<'_>, input: NeedReasonInput) -> Result<WithdrawNeedPayload> {
        let NeedReasonInput { id, expected_version, reason } = input;
        WithdrawNeedPayload::answer(ctx, service::advance(ctx.app(), ctx.actor(), id.0, expected_version, Step::Withdraw(reason)).await, Need).await
    }
}

async fn step(ctx: &Context<'_>, step: Step, input: NeedStepInput) -> Result<need::Model> {
    let NeedStepInput { id, expected_version } = input;
    service::advance(ctx.app(), ctx.actor(), id.0, expected_version, step).await
}
