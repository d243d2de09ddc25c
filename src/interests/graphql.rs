//! Interests in the schema.

pub mod mutation;

pub use mutation::InterestMutation;

use std::collections::HashMap;

use async_graphql::{Context, Enum, ID, Object};
use chrono::{DateTime, Utc};
use entity::{interest, interest_work_package, work_package};
use uuid::Uuid;

use super::filter::InterestFilter;
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
use crate::{load_by_id, load_pages, load_parts};

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
