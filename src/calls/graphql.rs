//! Calls in the schema.

pub mod mutation;

pub use mutation::CallMutation;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::{call, call_work_package, work_package};
use uuid::Uuid;

use super::filter::{CallFilter, CallOrder};
use super::rules::Criterion as Weighted;
use super::store;
use crate::error::{Error, Result};
use crate::graphql::context::RequestContext as _;
use crate::graphql::loader::ById;
use crate::graphql::page::{List, arguments, connection};
use crate::graphql::scalars::{LocaleCode, Translation, translations};
use crate::ids::{Id, NodeKind, encode};
use crate::interests::graphql::Interest;
use crate::locale::Translations;
use crate::organisations::graphql::Organisation;
use crate::page::Page;
use crate::projects::graphql::{Project, WorkPackage};
use crate::{interests, load_by_id, load_pages, load_parts};

load_by_id!(call::Entity, call::Model, store::by_ids);

/// Where a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "call::State")]
pub enum CallState {
    /// Being written.
    Draft,
    /// Waiting for the owner municipality of the calling utility.
    Consent,
    /// Open for interest.
    Published,
    /// Past its end.
    Closed,
    /// Taken back with a reason.
    Withdrawn,
}

/// Who sees whom in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "call::Visibility")]
pub enum CallVisibility {
    /// Businesses are named to the caller.
    Open,
}

/// A call that invites expressions of interest for work packages of one project.
#[derive(Clone)]
pub struct Call(pub call::Model);

impl Call {
    fn texts(&self) -> Translations {
        Translations { uk: self.0.text_uk.clone(), en: self.0.text_en.clone() }
    }
}

/// A call that invites expressions of interest for work packages of one project.
#[Object]
impl Call {
    /// Its id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Call, self.0.id)
    }

    /// Its readable reference, such as `C-2026-000001`.
    async fn reference(&self) -> &str {
        &self.0.reference
    }

    /// The project.
    async fn project(&self, ctx: &Context<'_>) -> Result<Option<Project>> {
        Ok(ctx.loaders().load_one(ById::<entity::project::Entity>::new(self.0.project_id)).await?.map(Project))
    }

    /// Who calls.
    async fn organisation(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        Ok(ctx.loaders().load_one(ById::<entity::organisation::Entity>::new(self.0.organisation_id)).await?.map(Organisation))
    }

    /// What is asked, in the wanted language, else in the other.
    async fn text(&self, ctx: &Context<'_>, locale: Option<LocaleCode>) -> String {
        self.texts().in_locale(locale.map_or(ctx.locale(), Into::into)).to_owned()
    }

    /// What is asked, in each language there is.
    async fn text_translations(&self) -> Vec<Translation> {
        translations(&self.texts())
    }

    /// The work packages it offers.
    async fn work_packages(&self, ctx: &Context<'_>) -> Result<Vec<WorkPackage>> {
        let links = ctx.loaders().load_one(PackagesOf(self.0.id)).await?.unwrap_or_default();
        let mut rows = ctx.loaders().load_many(links.iter().map(|link| ById::<work_package::Entity>::new(link.work_package_id))).await?;
        Ok(links.iter().filter_map(|link| rows.remove(&ById::new(link.work_package_id))).map(WorkPackage).collect())
    }

    /// Where it stands.
    async fn state(&self) -> CallState {
        self.0.state.into()
    }

    /// Why it was withdrawn.
    async fn state_comment(&self) -> Option<&str> {
        self.0.state_comment.as_deref()
    }

    /// Who sees whom.
    async fn visibility(&self) -> CallVisibility {
        self.0.visibility.into()
    }

    /// When it opens.
    async fn opens_at(&self) -> Option<DateTime<Utc>> {
        self.0.opens_at
    }

    /// When it closes by itself.
    async fn closes_at(&self) -> DateTime<Utc> {
        self.0.closes_at
    }

    /// Days within which each interest is answered.
    async fn response_days(&self) -> i32 {
        self.0.response_days
    }

    /// What interests are judged by; the weights sum to 100.
    #[expect(clippy::unused_async, reason = "resolvers are async")]
    async fn criteria(&self) -> Result<Vec<Criterion>> {
        let criteria: Vec<Weighted> = serde_json::from_value(self.0.criteria.clone()).map_err(Error::internal)?;
        Ok(criteria.into_iter().map(|Weighted { name, weight }| Criterion { name, weight }).collect())
    }

    /// Whether the owner municipality of a calling utility has consented.
    async fn consented(&self) -> bool {
        self.0.consented
    }

    /// The interests in it that the caller may see, oldest first.
    async fn interests(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<List<Interest>> {
        interests::graphql::of_call(ctx, self.0.id, first, after).await
    }

    /// When it was drafted.
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

/// What interests are judged by.
#[derive(SimpleObject)]
pub struct Criterion {
    /// Its name.
    name: String,
    /// Its weight, 1 to 100.
    weight: i32,
}

load_parts!(PackagesOf, call_work_package::Model, |reader, _, ids| store::work_packages(reader, ids), |row| row.call_id);
load_pages!(CallsOf, call::Model, store::of_projects);

/// The newest calls of a project that the caller may see.
///
/// # Errors
/// When `first` is not from 1 to 100, or the database cannot be read.
pub async fn of_project(ctx: &Context<'_>, project: Uuid, first: i32) -> Result<Vec<Call>> {
    let rows = ctx.loaders().load_one(CallsOf(project, Page::new(Some(first), None, false)?)).await?.unwrap_or_default();
    Ok(rows.rows.into_iter().map(|(_, row)| Call(row)).collect())
}

/// Queries of this slice.
#[derive(Default)]
pub struct CallQuery;

#[Object]
impl CallQuery {
    /// One call.
    async fn call(&self, ctx: &Context<'_>, id: Id<call::Entity>) -> Result<Option<Call>> {
        Ok(ctx.loaders().load_one(ById::<entity::call::Entity>::new(id.0)).await?.map(Call))
    }

    /// Calls.
    async fn calls(&self, ctx: &Context<'_>, filter: Option<CallFilter>, order_by: Option<Vec<CallOrder>>, first: Option<i32>, after: Option<String>) -> Result<List<Call>> {
        let page = arguments(ctx, first, after)?;
        let terms = crate::graphql::order(order_by)?;
        let rows = store::list(ctx.app().db.reader(), ctx.actor(), filter.unwrap_or_default().condition()?, terms, &page).await?;
        Ok(connection(rows, Call))
    }
}
