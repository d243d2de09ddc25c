//! Needs in the schema.

pub mod mutation;

pub use mutation::NeedMutation;

use async_graphql::{Context, Enum, ID, Object};
use chrono::{DateTime, Utc};
use entity::need;

use super::filter::{NeedFilter, NeedOrder};
use super::{service, store};
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::filter::meaning;
use crate::graphql::loader::ById;
use crate::graphql::page::{List, arguments, connection};
use crate::graphql::scalars::{LocaleCode, Money, Translation, translations};
use crate::ids::{Id, NodeKind, encode};
use crate::locale::Translations;
use crate::organisations::graphql::Organisation;
use crate::projects::graphql::Project;
use crate::reference::graphql::{Classification, ClassificationScheme, Sector, Territory};
use crate::{load_by_id, money, projects, text};

load_by_id!(need::Entity, need::Model, store::by_ids);

/// Where a need stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "need::State")]
pub enum NeedState {
    /// Being written.
    Draft,
    /// Waiting for the association.
    Submitted,
    /// Sent back with comments.
    Returned,
    /// Checked by the association; public from here.
    Verified,
    /// Put forward by the municipality of its territory.
    Prioritised,
    /// Answered by a project.
    InProject,
    /// Taken back with a reason.
    Withdrawn,
}

/// How urgent a need is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "need::Urgency")]
pub enum NeedUrgency {
    /// Can wait a year.
    Low,
    /// Within the year.
    Medium,
    /// Within the season.
    High,
    /// Now: people or businesses are without service.
    Critical,
}

/// An infrastructure need that a municipality or a utility states.
#[derive(Clone)]
pub struct Need(pub need::Model);

impl Need {
    fn titles(&self) -> Translations {
        Translations { uk: self.0.title_uk.clone(), en: self.0.title_en.clone() }
    }

    fn descriptions(&self) -> Translations {
        Translations { uk: self.0.description_uk.clone(), en: self.0.description_en.clone() }
    }

    fn amount(&self, minor: Option<i64>) -> Option<Money> {
        money::Money::from_columns(minor, self.0.currency.as_deref()).map(Into::into)
    }
}

/// An infrastructure need that a municipality or a utility states.
#[Object]
impl Need {
    /// Its id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Need, self.0.id)
    }

    /// Its readable reference, such as `N-2026-000123`.
    async fn reference(&self) -> &str {
        &self.0.reference
    }

    /// Whose need it is.
    async fn organisation(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        Ok(ctx.loaders().load_one(ById::<entity::organisation::Entity>::new(self.0.organisation_id)).await?.map(Organisation))
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
    async fn sector(&self) -> Sector {
        Sector(self.0.sector.clone())
    }

    /// What kind of works or goods it takes (CPV).
    async fn cpv(&self, ctx: &Context<'_>) -> Result<Vec<Classification>> {
        Classification::load_many(ctx, ClassificationScheme::Cpv, &self.0.cpv.0).await
    }

    /// Where it is; of critical infrastructure the public sees the hromada only.
    async fn territory(&self, ctx: &Context<'_>) -> Result<Option<Territory>> {
        Territory::load(ctx, Some(&service::place(ctx.actor(), ctx.known().await?, &self.0))).await
    }

    /// How urgent it is.
    async fn urgency(&self) -> NeedUrgency {
        self.0.urgency.into()
    }

    /// Businesses that depend on the asset.
    async fn businesses_affected(&self) -> Option<i32> {
        self.0.businesses_affected
    }

    /// People who depend on it.
    async fn people_affected(&self) -> Option<i32> {
        self.0.people_affected
    }

    /// Lower end of the estimated cost.
    async fn cost_min(&self) -> Option<Money> {
        self.amount(self.0.cost_min)
    }

    /// Upper end of the estimated cost.
    async fn cost_max(&self) -> Option<Money> {
        self.amount(self.0.cost_max)
    }

    /// What is not funded yet.
    async fn funding_gap(&self) -> Option<Money> {
        self.amount(self.0.funding_gap)
    }

    /// Whether it is critical infrastructure.
    async fn critical(&self) -> bool {
        self.0.critical
    }

    /// Where it stands.
    async fn state(&self) -> NeedState {
        self.0.state.into()
    }

    /// Why it was returned or withdrawn, or why the project that answered it was cancelled.
    async fn state_comment(&self) -> Option<&str> {
        self.0.state_comment.as_deref()
    }

    /// The project that answers it; while none does, the cancelled one that last did, for those who may see it.
    async fn project(&self, ctx: &Context<'_>) -> Result<Option<Project>> {
        projects::graphql::of_need(ctx, self.0.id).await
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

/// Queries of this slice.
#[derive(Default)]
pub struct NeedQuery;

#[Object]
impl NeedQuery {
    /// One need, by its id or its readable reference.
    async fn need(&self, ctx: &Context<'_>, id: Option<Id<need::Entity>>, reference: Option<String>) -> Result<Option<Need>> {
        let found = match (id, reference) {
            (Some(id), None) => ctx.loaders().load_one(ById::<entity::need::Entity>::new(id.0)).await?,
            (None, Some(reference)) => store::by_reference(ctx.app().db.reader(), ctx.actor(), &text::sought("reference", &reference)?).await?,
            _ => return Err(crate::graphql::one_of("id", "reference")),
        };
        Ok(found.map(Need))
    }

    /// Needs.
    async fn needs(&self, ctx: &Context<'_>, filter: Option<NeedFilter>, order_by: Option<Vec<NeedOrder>>, first: Option<i32>, after: Option<String>) -> Result<List<Need>> {
        let page = arguments(ctx, first, after)?;
        let terms = crate::graphql::order(order_by)?;
        let condition = meaning(ctx, filter, NeedFilter::condition).await?;
        let rows = store::list(ctx.app().db.reader(), ctx.actor(), condition, terms, &page).await?;
        Ok(connection(rows, Need))
    }
}
