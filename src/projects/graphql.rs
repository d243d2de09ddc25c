//! Projects in the schema; `work_package` is what they are made of.

pub mod mutation;
mod work_package;

pub use mutation::ProjectMutation;
pub use work_package::{Requirement, RequirementKind, RequirementsOf, WorkPackage};

use std::collections::HashMap;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::{external_id, need, project};
use uuid::Uuid;

use super::filter::{ProjectFilter, ProjectOrder};
use super::{access, store};
use crate::calls::graphql::Call;
use crate::error::{Error, Result};
use crate::graphql::context::RequestContext as _;
use crate::graphql::filter::meaning;
use crate::graphql::loader::{ById, Loaders};
use crate::graphql::page::{List, arguments, connection};
use crate::graphql::scalars::{LocaleCode, Money, Translation, translations};
use crate::ids::{Id, NodeKind, encode};
use crate::interests::graphql::Interest;
use crate::locale::Translations;
use crate::needs::graphql::Need;
use crate::organisations::graphql::Organisation;
use crate::page::Page;
use crate::programmes::graphql::Programme;
use crate::reference::graphql::{Sector, Territory};
use crate::{calls, interests, load_by_id, load_parts, money, needs, text};

load_by_id!(project::Entity, project::Model, store::by_ids);

/// Where a project stands (OC4IDS status, DREAM detail).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "project::State")]
pub enum ProjectState {
    /// Identified (OC4IDS `identification`).
    Idea,
    /// Defined; public from here. A finished tender that an import recorded stays in this state.
    Defined,
    /// Appraised (OC4IDS `preparation`).
    Appraised,
    /// Structured: ready to look for partners.
    Structured,
    /// A call was published on it.
    Partnering,
    /// Given up with a reason (OC4IDS `cancelled`).
    Cancelled,
}

/// An initiative that answers needs.
#[derive(Clone)]
pub struct Project(pub project::Model);

impl Project {
    async fn answered(&self, ctx: &Context<'_>) -> Result<Vec<need::Model>> {
        Ok(ctx.loaders().load_one(NeedsOf(self.0.id)).await?.unwrap_or_default().into_iter().map(|(_, need)| need).collect())
    }

    fn titles(&self) -> Translations {
        Translations { uk: self.0.title_uk.clone(), en: self.0.title_en.clone() }
    }

    fn descriptions(&self) -> Translations {
        Translations { uk: self.0.description_uk.clone(), en: self.0.description_en.clone() }
    }
}

/// An initiative that answers needs.
#[Object]
impl Project {
    /// Its id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Project, self.0.id)
    }

    /// Its readable reference, such as `P-2026-000123`.
    async fn reference(&self) -> &str {
        &self.0.reference
    }

    /// Who owns it: a municipality, a utility or a public body.
    async fn organisation(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        Ok(ctx.loaders().load_one(ById::<entity::organisation::Entity>::new(self.0.organisation_id)).await?.map(Organisation))
    }

    /// The programme it belongs to.
    async fn programme(&self, ctx: &Context<'_>) -> Result<Option<Programme>> {
        let Some(id) = self.0.programme_id else { return Ok(None) };
        Ok(ctx.loaders().load_one(ById::<entity::programme::Entity>::new(id)).await?.map(Programme))
    }

    /// Its title in the wanted language, else in the other.
    async fn title(&self, ctx: &Context<'_>, locale: Option<LocaleCode>) -> String {
        self.titles().in_locale(locale.map_or(ctx.locale(), Into::into)).to_owned()
    }

    /// Its title in each language there is.
    async fn title_translations(&self) -> Vec<Translation> {
        translations(&self.titles())
    }

    /// Its description in the wanted language, else in the other.
    async fn description(&self, ctx: &Context<'_>, locale: Option<LocaleCode>) -> String {
        self.descriptions().in_locale(locale.map_or(ctx.locale(), Into::into)).to_owned()
    }

    /// Its description in each language there is.
    async fn description_translations(&self) -> Vec<Translation> {
        translations(&self.descriptions())
    }

    /// OC4IDS project sector.
    async fn sector(&self) -> Option<Sector> {
        self.0.sector.clone().map(Sector)
    }

    /// OC4IDS project type.
    async fn project_type(&self) -> Option<&str> {
        self.0.project_type.as_deref()
    }

    /// Where it is. Where it answers a need for critical infrastructure, or is cancelled and may have, those who are not of its owner see
    /// the hromada only.
    async fn territory(&self, ctx: &Context<'_>) -> Result<Option<Territory>> {
        let Some(exact) = &self.0.territory else { return Ok(None) };
        let answered = self.answered(ctx).await?;
        if access::sees_exact_place(ctx.actor(), &self.0, &answered) {
            return Territory::load(ctx, Some(exact)).await;
        }
        Territory::load(ctx, Some(&ctx.known().await?.hromada_of(exact))).await
    }

    /// Where it stands.
    async fn state(&self) -> ProjectState {
        self.0.state.into()
    }

    /// Why it was cancelled or moved back.
    async fn state_comment(&self) -> Option<&str> {
        self.0.state_comment.as_deref()
    }

    /// Whether it is a tender that ended with a contract and that an import recorded as a reference: it stays DEFINED, since
    /// nothing of how it went on is known here, and no call can open it.
    async fn finished(&self) -> bool {
        self.0.finished
    }

    /// Who says so: `SELF`, or the source of an import.
    async fn source(&self) -> &str {
        &self.0.source
    }

    /// The sum of its work packages' budgets, where all are in one currency.
    async fn budget(&self) -> Option<Money> {
        money::Money::from_columns(self.0.budget, self.0.currency.as_deref()).map(Into::into)
    }

    /// The needs it answers, as far as the caller may see them; once it is cancelled, those that no other project has taken since.
    async fn needs(&self, ctx: &Context<'_>) -> Result<Vec<Need>> {
        let answered = self.answered(ctx).await?;
        Ok(answered.into_iter().filter(|need| needs::service::sees(ctx.actor(), need)).map(Need).collect())
    }

    /// The first of its work packages, in their order; there are 50 at most.
    async fn work_packages(&self, ctx: &Context<'_>, #[graphql(default = 50)] first: i32) -> Result<Vec<WorkPackage>> {
        let Page { first, .. } = Page::new(Some(first), None, false)?;
        let rows = ctx.loaders().load_one(WorkPackagesOf(self.0.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().take(usize::try_from(first).unwrap_or_default()).map(WorkPackage).collect())
    }

    /// The ids by which DREAM, Prozorro, OC4IDS or a source of an import knows it.
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        let rows = ctx.loaders().load_one(ExternalIdsOf(self.0.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(|row| ExternalId { scheme: row.scheme, id: row.value }).collect())
    }

    /// The first of its calls that the caller may see, newest first; 100 at most.
    async fn calls(&self, ctx: &Context<'_>, #[graphql(default = 20)] first: i32) -> Result<Vec<Call>> {
        calls::graphql::of_project(ctx, self.0.id, first).await
    }

    /// The first interests in its calls that the caller may see, oldest first; 100 at most.
    async fn interests(&self, ctx: &Context<'_>, #[graphql(default = 20)] first: i32) -> Result<Vec<Interest>> {
        interests::graphql::of_project(ctx, self.0.id, first).await
    }

    /// When it was set up.
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

/// The id by which another system knows a project.
#[derive(SimpleObject)]
pub struct ExternalId {
    /// `DREAM`, `PROZORRO`, `OC4IDS` or the source of an import.
    scheme: String,
    /// The id there.
    id: String,
}

load_parts!(WorkPackagesOf, entity::work_package::Model, |reader, _, ids| store::work_packages(reader, ids), |row| row.project_id);
load_parts!(ExternalIdsOf, external_id::Model, |reader, _, ids| store::external_ids(reader, ids), |row| row.project_id);
load_parts!(NeedsOf, (Uuid, need::Model), |reader, _, ids| store::needs(reader, ids), |(project, _)| *project);

#[derive(Clone, Hash, PartialEq, Eq)]
struct ProjectOfNeed(Uuid);

impl async_graphql::dataloader::Loader<ProjectOfNeed> for Loaders {
    type Value = Uuid;
    type Error = Error;

    async fn load(&self, keys: &[ProjectOfNeed]) -> Result<HashMap<ProjectOfNeed, Uuid>> {
        let rows = store::of_needs(self.app.db.reader(), keys.iter().map(|key| key.0).collect()).await?;
        Ok(rows.into_iter().map(|row| (ProjectOfNeed(row.need_id), row.project_id)).collect())
    }
}

/// The project that answers a need, as far as the caller may see it.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_need(ctx: &Context<'_>, need: Uuid) -> Result<Option<Project>> {
    let Some(id) = ctx.loaders().load_one(ProjectOfNeed(need)).await? else { return Ok(None) };
    Ok(ctx.loaders().load_one(ById::<entity::project::Entity>::new(id)).await?.map(Project))
}

/// An id by which another system knows a project.
#[derive(InputObject)]
struct ExternalIdInput {
    /// `DREAM`, `PROZORRO`, `OC4IDS` or the source of an import.
    scheme: String,
    /// The id there.
    id: String,
}

/// Queries of this slice.
#[derive(Default)]
pub struct ProjectQuery;

#[Object]
impl ProjectQuery {
    /// One project, by its id, its readable reference or the id another system gave it.
    async fn project(&self, ctx: &Context<'_>, id: Option<Id<project::Entity>>, reference: Option<String>, external_id: Option<ExternalIdInput>) -> Result<Option<Project>> {
        let reader = ctx.app().db.reader();
        let found = match (id, reference, external_id) {
            (Some(id), None, None) => ctx.loaders().load_one(ById::<entity::project::Entity>::new(id.0)).await?,
            (None, Some(reference), None) => store::by_reference(reader, ctx.actor(), &text::sought("reference", &reference)?).await?,
            (None, None, Some(ExternalIdInput { scheme, id })) => {
                store::by_external_id(reader, ctx.actor(), &text::sought("externalId.scheme", &scheme)?, &text::sought("externalId.id", &id)?).await?
            }
            _ => return Err(crate::graphql::one_of("id", "reference, externalId")),
        };
        Ok(found.map(Project))
    }

    /// Projects.
    async fn projects(
        &self,
        ctx: &Context<'_>,
        filter: Option<ProjectFilter>,
        order_by: Option<Vec<ProjectOrder>>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<List<Project>> {
        let page = arguments(ctx, first, after)?;
        let terms = crate::graphql::order(order_by)?;
        let condition = meaning(ctx, filter, ProjectFilter::condition).await?;
        let rows = store::list(ctx.app().db.reader(), ctx.actor(), condition, terms, &page).await?;
        Ok(connection(rows, Project))
    }

    /// One work package.
    async fn work_package(&self, ctx: &Context<'_>, id: Id<entity::work_package::Entity>) -> Result<Option<WorkPackage>> {
        Ok(ctx.loaders().load_one(ById::<entity::work_package::Entity>::new(id.0)).await?.map(WorkPackage))
    }
}
