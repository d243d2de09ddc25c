//! Mutations of calls: inputs, payloads and resolvers.

use async_graphql::{Context, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::{call, project, work_package};

use super::super::rules::{Criterion as Weighted, Step};
use super::super::service;
use super::Call;
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::scalars::TranslationsInput;
use crate::ids::Id;
use crate::locale::Translations;
use crate::payload;

/// What interests are judged by.
#[derive(InputObject)]
struct CriterionInput {
    /// Its name, 1 to 300 characters.
    name: String,
    /// Its weight, 1 to 100.
    weight: i32,
}

/// What a call says.
#[derive(InputObject)]
struct CallContentInput {
    /// What is asked, up to 10,000 characters in each language.
    text: Option<TranslationsInput>,
    /// The work packages of the project that it offers; one at least.
    work_package_ids: Vec<Id<work_package::Entity>>,
    /// When it opens; when it is published, if absent.
    opens_at: Option<DateTime<Utc>>,
    /// When it closes by itself; a year ahead at most.
    closes_at: DateTime<Utc>,
    /// Days within which each interest is answered, 1 to 90.
    #[graphql(default = 10)]
    response_days: i32,
    /// What interests are judged by; none, or weights that sum to 100.
    #[graphql(default)]
    criteria: Vec<CriterionInput>,
}

impl From<CallContentInput> for service::Content {
    fn from(input: CallContentInput) -> Self {
        let CallContentInput { text, work_package_ids, opens_at, closes_at, response_days, criteria } = input;
        Self {
            text: text.map_or(Translations { uk: None, en: None }, Into::into),
            work_packages: work_package_ids.into_iter().map(|id| id.0).collect(),
            opens_at,
            closes_at,
            response_days,
            criteria: criteria.into_iter().map(|CriterionInput { name, weight }| Weighted { name, weight }).collect(),
        }
    }
}

/// A call to draft.
#[derive(InputObject)]
struct CreateCallInput {
    /// On which project.
    project_id: Id<project::Entity>,
    /// What it says.
    call: CallContentInput,
}

/// What a draft says anew.
#[derive(InputObject)]
struct UpdateCallInput {
    /// Which call.
    id: Id<call::Entity>,
    /// The version that was read.
    expected_version: i32,
    /// All that it says.
    call: CallContentInput,
}

/// A step of a call's way.
#[derive(InputObject)]
struct CallStepInput {
    /// Which call.
    id: Id<call::Entity>,
    /// The version that was read.
    expected_version: i32,
}

/// A call to take back.
#[derive(InputObject)]
struct WithdrawCallInput {
    /// Which call.
    id: Id<call::Entity>,
    /// The version that was read.
    expected_version: i32,
    /// Why, 1 to 2,000 characters.
    reason: String,
}

payload! {
    /// The call that was drafted.
    CreateCallPayload { call: Call }
}
payload! {
    /// The call as it is now.
    UpdateCallPayload { call: Call }
}
payload! {
    /// The call as it is now.
    RequestCallConsentPayload { call: Call }
}
payload! {
    /// The call as it is now.
    ConsentToCallPayload { call: Call }
}
payload! {
    /// The call as it is now.
    PublishCallPayload { call: Call }
}
payload! {
    /// The call as it is now.
    CloseCallPayload { call: Call }
}
payload! {
    /// The call as it is now.
    WithdrawCallPayload { call: Call }
}

/// Mutations of this slice.
#[derive(Default)]
pub struct CallMutation;

#[Object]
impl CallMutation {
    /// Drafts a call on a project.
    async fn create_call(&self, ctx: &Context<'_>, input: CreateCallInput) -> Result<CreateCallPayload> {
        let CreateCallInput { project_id, call } = input;
        let result = service::create(ctx.app(), ctx.actor(), project_id.0, call.into()).await;
        CreateCallPayload::answer(ctx, result.map_err(|error| error.within_content("call")), Call).await
    }

    /// Changes what a draft says.
    async fn update_call(&self, ctx: &Context<'_>, input: UpdateCallInput) -> Result<UpdateCallPayload> {
        let UpdateCallInput { id, expected_version, call } = input;
        let result = service::update(ctx.app(), ctx.actor(), id.0, expected_version, call.into()).await;
        UpdateCallPayload::answer(ctx, result.map_err(|error| error.within_content("call")), Call).await
    }

    /// Asks the municipality that owns a calling utility to consent.
    async fn request_call_consent(&self, ctx: &Context<'_>, input: CallStepInput) -> Result<RequestCallConsentPayload> {
        RequestCallConsentPayload::answer(ctx, step(ctx, Step::AskConsent, input).await, Call).await
    }

    /// Consents to the call of a utility that the municipality owns.
    async fn consent_to_call(&self, ctx: &Context<'_>, input: CallStepInput) -> Result<ConsentToCallPayload> {
        ConsentToCallPayload::answer(ctx, step(ctx, Step::Consent, input).await, Call).await
    }

    /// Opens a call; its project looks for partners from then on. None of its work packages may be offered by another open call.
    async fn publish_call(&self, ctx: &Context<'_>, input: CallStepInput) -> Result<PublishCallPayload> {
        PublishCallPayload::answer(ctx, step(ctx, Step::Publish, input).await, Call).await
    }

    /// Closes a call before the end it named.
    async fn close_call(&self, ctx: &Context<'_>, input: CallStepInput) -> Result<CloseCallPayload> {
        CloseCallPayload::answer(ctx, step(ctx, Step::Close, input).await, Call).await
    }

    /// Takes a call back with a reason.
    async fn withdraw_call(&self, ctx: &Context<'_>, input: WithdrawCallInput) -> Result<WithdrawCallPayload> {
        let WithdrawCallInput { id, expected_version, reason } = input;
        let result = service::advance(ctx.app(), ctx.actor(), id.0, expected_version, Step::Withdraw(reason)).await;
        WithdrawCallPayload::answer(ctx, result, Call).await
    }
}

async fn step(ctx: &Context<'_>, step: Step, input: CallStepInput) -> Result<call::Model> {
    let CallStepInput { id, expected_version } = input;
    service::advance(ctx.app(), ctx.actor(), id.0, expected_version, step).await
}
