//! Interests in the schema.

use std::collections::HashMap;

use async_graphql::{Context, Enum, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::{call, interest, interest_work_package, organisation, work_package};
use uuid::Uuid;

use super::filter::InterestFilter;
use super::rules::Action;
use super::service::{self, Offer, Submit};
use super::store;
use crate::calls::graphql::Call;
use crate::error::{Error, Result};
use crate::graphql::context::RequestContext as _;
use crate::graphql::loader::{ById, Loaders};
use crate::graphql::page::{List, arguments, connection};
use crate::ids::{Id, NodeKind, encode};
use crate::organisations::graphql::Organisation;
use crate::page::Page;
use crate::projects::graphql::WorkPackage;
use crate::{load_by_id, load_pages, load_parts, payload};

load_by_id!(interest::Entity, interest::Model, store::by_ids);

/// Where an interest stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "interest::State")]
pub enum InterestState {
    /// Being written; seen by the business alone.
    Draft,
    /// Waiting for the caller.
    Submitted,
    /// The caller has it in hand.
    Acknowledged,
    /// Refused with a reason.
    Declined,
    /// Taken back.
    Withdrawn,
}

/// A business's non-binding expression of interest in a call.
#[derive(Clone)]
pub struct Interest(pub interest::Model);

/// A business's non-binding expression of interest in a call.
#[Object]
impl Interest {
    /// Its id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Interest, self.0.id)
    }

    /// Its readable reference, such as `I-2026-000001`.
    async fn reference(&self) -> &str {
        &self.0.reference
    }

    /// The call it answers.
    async fn call(&self, ctx: &Context<'_>) -> Result<Option<Call>> {
        Ok(ctx.loaders().load_one(ById::<entity::call::Entity>::new(self.0.call_id)).await?.map(Call))
    }

    /// The business.
    async fn organisation(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        Ok(ctx.loaders().load_one(ById::<entity::organisation::Entity>::new(self.0.organisation_id)).await?.map(Organisation))
    }

    /// The work packages it names.
    async fn work_packages(&self, ctx: &Context<'_>) -> Result<Vec<WorkPackage>> {
        let links = ctx.loaders().load_one(PackagesOf(self.0.id)).await?.unwrap_or_default();
        let mut rows = ctx.loaders().load_many(links.iter().map(|link| ById::<work_package::Entity>::new(link.work_package_id))).await?;
        Ok(links.iter().filter_map(|link| rows.remove(&ById::new(link.work_package_id))).map(WorkPackage).collect())
    }

    /// What the business offers, in its own words.
    async fn offer(&self) -> &str {
        &self.0.offer
    }

    /// Where it stands.
    async fn state(&self) -> InterestState {
        self.0.state.into()
    }

    /// Why it was declined or withdrawn.
    async fn state_comment(&self) -> Option<&str> {
        self.0.state_comment.as_deref()
    }

    /// When it was handed in.
    async fn submitted_at(&self) -> Option<DateTime<Utc>> {
        self.0.submitted_at
    }

    /// Until when the caller owes an answer.
    async fn answer_due_at(&self) -> Option<DateTime<Utc>> {
        self.0.answer_due_at
    }

    /// When the caller answered.
    async fn answered_at(&self) -> Option<DateTime<Utc>> {
        self.0.answered_at
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

load_parts!(PackagesOf, interest_work_package::Model, |reader, _, ids| store::work_packages(reader, ids), |row| row.interest_id);
load_pages!(InterestsOf, interest::Model, store::of_calls);

/// The first interests of a project, and how many.
#[derive(Clone, Hash, PartialEq, Eq)]
struct FirstOf(Uuid, i32);

impl async_graphql::dataloader::Loader<FirstOf> for Loaders {
    type Value = Vec<interest::Model>;
    type Error = Error;

    async fn load(&self, keys: &[FirstOf]) -> Result<HashMap<FirstOf, Self::Value>> {
        let mut found: HashMap<FirstOf, Vec<interest::Model>> = HashMap::new();
        for (first, keys) in crate::db::group(keys.iter(), |key| key.1) {
            let projects = keys.into_iter().map(|key| key.0).collect();
            for (project, row) in store::first_of_projects(self.app.db.reader(), &self.actor, projects, first).await? {
                found.entry(FirstOf(project, first)).or_default().push(row);
            }
        }
        Ok(found)
    }
}

/// The first interests in a project's calls that the caller may see.
///
/// # Errors
/// When `first` is not from 1 to 100, or the database cannot be read.
pub async fn of_project(ctx: &Context<'_>, project: Uuid, first: i32) -> Result<Vec<Interest>> {
    Page::new(Some(first), None, false)?;
    Ok(ctx.loaders().load_one(FirstOf(project, first)).await?.unwrap_or_default().into_iter().map(Interest).collect())
}

/// The interests in a call that the caller may see.
///
/// # Errors
/// When the arguments are wrong, or the database cannot be read.
pub async fn of_call(ctx: &Context<'_>, call: Uuid, first: Option<i32>, after: Option<String>) -> Result<List<Interest>> {
    let page = arguments(ctx, first, after)?;
    let rows = ctx.loaders().load_one(InterestsOf(call, page)).await?.unwrap_or_default();
    Ok(connection(rows, Interest))
}

/// Queries of this slice.
#[derive(Default)]
pub struct InterestQuery;

#[Object]
impl InterestQuery {
    /// One interest.
    async fn interest(&self, ctx: &Context<'_>, id: Id<interest::Entity>) -> Result<Option<Interest>> {
        Ok(ctx.loaders().load_one(ById::<entity::interest::Entity>::new(id.0)).await?.map(Interest))
    }

    /// Interests that the caller may see, oldest first.
    async fn interests(&self, ctx: &Context<'_>, filter: Option<InterestFilter>, first: Option<i32>, after: Option<String>) -> Result<List<Interest>> {
        let page = arguments(ctx, first, after)?;
        Ok(connection(store::list(ctx.app().db.reader(), ctx.actor(), filter.unwrap_or_default().condition()?, &page).await?, Interest))
    }
}

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
        ExpressInterestPayload::answer(ctx, express(ctx, input, Submit::Now).await, Interest)
    }

    /// Drafts an interest in an open call; `submitInterest` hands it in.
    async fn draft_interest(&self, ctx: &Context<'_>, input: ExpressInterestInput) -> Result<DraftInterestPayload> {
        DraftInterestPayload::answer(ctx, express(ctx, input, Submit::Later).await, Interest)
    }

    /// Changes a draft.
    async fn update_interest(&self, ctx: &Context<'_>, input: UpdateInterestInput) -> Result<UpdateInterestPayload> {
        let UpdateInterestInput { id, expected_version, work_package_ids, offer } = input;
        let offer = Offer { work_packages: work_package_ids.into_iter().map(|id| id.0).collect(), text: offer };
        UpdateInterestPayload::answer(ctx, service::update(ctx.app(), ctx.actor(), id.0, expected_version, offer).await, Interest)
    }

    /// Hands a draft in while the call is open.
    async fn submit_interest(&self, ctx: &Context<'_>, input: InterestStepInput) -> Result<SubmitInterestPayload> {
        let InterestStepInput { id, expected_version } = input;
        SubmitInterestPayload::answer(ctx, service::advance(ctx.app(), ctx.actor(), Action::Submit, id.0, expected_version, None).await, Interest)
    }

    /// Tells the business that the caller has its interest in hand.
    async fn acknowledge_interest(&self, ctx: &Context<'_>, input: InterestStepInput) -> Result<AcknowledgeInterestPayload> {
        let InterestStepInput { id, expected_version } = input;
        AcknowledgeInterestPayload::answer(ctx, service::advance(ctx.app(), ctx.actor(), Action::Acknowledge, id.0, expected_version, None).await, Interest)
    }

    /// Refuses an interest with a reason.
    async fn decline_interest(&self, ctx: &Context<'_>, input: DeclineInterestInput) -> Result<DeclineInterestPayload> {
        let DeclineInterestInput { id, expected_version, reason } = input;
        DeclineInterestPayload::answer(ctx, service::advance(ctx.app(), ctx.actor(), Action::Decline, id.0, expected_version, Some(reason)).await, Interest)
    }

    /// Takes an interest back.
    async fn withdraw_interest(&self, ctx: &Context<'_>, input: WithdrawInterestInput) -> Result<WithdrawInterestPayload> {
        let WithdrawInterestInput { id, expected_version, reason } = input;
        WithdrawInterestPayload::answer(ctx, service::advance(ctx.app(), ctx.actor(), Action::Withdraw, id.0, expected_version, reason).await, Interest)
    }
}

async fn express(ctx: &Context<'_>, input: ExpressInterestInput, submit: Submit) -> Result<interest::Model> {
    let ExpressInterestInput { organisation_id, call_id, work_package_ids, offer } = input;
    let offer = Offer { work_packages: work_package_ids.into_iter().map(|id| id.0).collect(), text: offer };
    service::express(ctx.app(), ctx.actor(), organisation_id.0, call_id.0, offer, submit).await
}
