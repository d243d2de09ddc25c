//! Work packages in the schema.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::{requirement, work_package};

use super::Project;
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::loader::ById;
use crate::graphql::scalars::{Date, LocaleCode, Money, Translation, translations};
use crate::ids::{NodeKind, encode};
use crate::locale::Translations;
use crate::matching::graphql::MatchConnection;
use crate::organisations::graphql::{ContributionKind, ProcurementCategory};
use crate::projects::store;
use crate::reference::graphql::{Classification, ClassificationScheme};
use crate::{load_by_id, load_parts, matching, money};

load_by_id!(work_package::Entity, work_package::Model, store::work_packages_by_ids);
load_parts!(RequirementsOf, requirement::Model, |reader, _, ids| store::requirements(reader, ids), |row| row.work_package_id);

/// What a requirement asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "requirement::Kind")]
pub enum RequirementKind {
    /// A valid certificate or licence with this code.
    Certificate,
    /// At least this many won works under this CPV code.
    SimilarWorks,
    /// At least one contract of this size, done or declared.
    LargestContract,
    /// At least this many people.
    Staff,
    /// This working language.
    Language,
}

/// A part of a project that one partner or consortium can carry.
#[derive(Clone)]
pub struct WorkPackage(pub work_package::Model);

impl WorkPackage {
    fn titles(&self) -> Translations {
        Translations { uk: self.0.title_uk.clone(), en: self.0.title_en.clone() }
    }

    fn descriptions(&self) -> Translations {
        Translations { uk: self.0.description_uk.clone(), en: self.0.description_en.clone() }
    }
}

/// A part of a project that one partner or consortium can carry.
#[Object]
impl WorkPackage {
    /// Its id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::WorkPackage, self.0.id)
    }

    /// Its project.
    async fn project(&self, ctx: &Context<'_>) -> Result<Option<Project>> {
        Ok(ctx.loaders().load_one(ById::<entity::project::Entity>::new(self.0.project_id)).await?.map(Project))
    }

    /// Its place in the project, from 1.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// Its title in the wanted language, else in the other.
    async fn title(&self, ctx: &Context<'_>, locale: Option<LocaleCode>) -> String {
        self.titles().in_locale(locale.map_or(ctx.locale(), Into::into)).to_owned()
    }

    /// Its title in each language there is.
    async fn title_translations(&self) -> Vec<Translation> {
        translations(&self.titles())
    }

    /// What is to be done, in the wanted language, else in the other.
    async fn description(&self, ctx: &Context<'_>, locale: Option<LocaleCode>) -> String {
        self.descriptions().in_locale(locale.map_or(ctx.locale(), Into::into)).to_owned()
    }

    /// What is to be done, in each language there is.
    async fn description_translations(&self) -> Vec<Translation> {
        translations(&self.descriptions())
    }

    /// What kind of works (CPV), the main one first.
    async fn cpv(&self, ctx: &Context<'_>) -> Result<Vec<Classification>> {
        Classification::load_many(ctx, ClassificationScheme::Cpv, &self.0.cpv.0).await
    }

    /// Works, services or goods.
    async fn category(&self) -> Option<ProcurementCategory> {
        self.0.category.as_deref().and_then(ProcurementCategory::of)
    }

    /// Its budget.
    async fn budget(&self) -> Option<Money> {
        money::Money::from_columns(self.0.budget, self.0.currency.as_deref()).map(Into::into)
    }

    /// First day of work.
    async fn starts_on(&self) -> Option<Date> {
        self.0.starts_on.map(Date)
    }

    /// Last day of work.
    async fn ends_on(&self) -> Option<Date> {
        self.0.ends_on.map(Date)
    }

    /// Contributions sought from a partner.
    async fn contributions(&self) -> Vec<ContributionKind> {
        self.0.contributions.0.iter().filter_map(|kind| ContributionKind::of(kind)).collect()
    }

    /// What a partner must have, or scores by having.
    async fn requirements(&self, ctx: &Context<'_>) -> Result<Vec<Requirement>> {
        let rows = ctx.loaders().load_one(RequirementsOf(self.0.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(Requirement::from).collect())
    }

    /// The businesses that suit it, best first, each with its reasons. Those that fail a gate are left out and counted
    /// as `excluded`; `whyNot` tells why.
    async fn matches(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<MatchConnection> {
        matching::graphql::matches_of_package(ctx, &self.0, first, after).await
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

/// What a partner must have, or scores by having.
#[derive(SimpleObject)]
pub struct Requirement {
    /// What is asked for.
    kind: RequirementKind,
    /// Certificate code, language or CPV code, by kind.
    code: Option<String>,
    /// How many, by kind.
    count: Option<i32>,
    /// How much, by kind.
    amount: Option<Money>,
    /// Without it a business is no match; otherwise it only scores.
    must: bool,
}

impl From<requirement::Model> for Requirement {
    fn from(row: requirement::Model) -> Self {
        let amount = money::Money::from_columns(row.amount, row.currency.as_deref()).map(Into::into);
        Self { kind: row.kind.into(), code: row.code, count: row.count, amount, must: row.must }
    }
}
