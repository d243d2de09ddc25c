//! Past works in the schema.

use async_graphql::{Context, Enum, ID, Object};
use entity::past_work;

use super::{Organisation, ProcurementCategory};
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::loader::ById;
use crate::graphql::scalars::{Date, Money};
use crate::ids::{NodeKind, encode};
use crate::organisations::store;
use crate::reference::graphql::{Classification, ClassificationScheme, Territory};
use crate::{load_by_id, load_pages, money};

load_by_id!(past_work::Entity, past_work::Model, store::past_works_by_ids);
load_pages!(PastWorksOf, past_work::Model, store::past_works);

/// How a bid ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "past_work::Outcome")]
pub enum PastWorkOutcome {
    /// The business won the award.
    Won,
    /// It bid and did not win.
    Bid,
}

/// A past work of a business: an award it won or bid for, or a reference it gave.
#[derive(Clone)]
pub struct PastWork(pub past_work::Model);

/// A past work of a business: an award it won or bid for, or a reference it gave.
#[Object]
impl PastWork {
    /// Its id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::PastWork, self.0.id)
    }

    /// What the work was, as its source wrote it.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Language of the title, where known (BCP 47).
    async fn language(&self) -> Option<&str> {
        self.0.language.as_deref()
    }

    /// What kind of work (CPV).
    async fn cpv(&self, ctx: &Context<'_>) -> Result<Option<Classification>> {
        Classification::load(ctx, ClassificationScheme::Cpv, self.0.cpv.as_deref()).await
    }

    /// Works, services or goods.
    async fn category(&self) -> Option<ProcurementCategory> {
        self.0.category.as_deref().and_then(ProcurementCategory::of)
    }

    /// Where it was.
    async fn territory(&self, ctx: &Context<'_>) -> Result<Option<Territory>> {
        Territory::load(ctx, self.0.territory.as_deref()).await
    }

    /// For whom, as an organisation here.
    async fn buyer(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        let Some(buyer) = self.0.buyer_id else { return Ok(None) };
        Ok(ctx.loaders().load_one(ById::<entity::organisation::Entity>::new(buyer)).await?.map(Organisation))
    }

    /// For whom, as the source names them.
    async fn buyer_name(&self) -> Option<&str> {
        self.0.buyer_name.as_deref()
    }

    /// For how much.
    async fn value(&self) -> Option<Money> {
        money::Money::from_columns(self.0.value, self.0.currency.as_deref()).map(Into::into)
    }

    /// When it was awarded.
    async fn awarded_on(&self) -> Option<Date> {
        self.0.awarded_on.map(Date)
    }

    /// Whether it was won.
    async fn outcome(&self) -> PastWorkOutcome {
        self.0.outcome.into()
    }

    /// Who says so: `SELF`, or the source of an import.
    async fn source(&self) -> &str {
        &self.0.source
    }

    /// Whose past work it is.
    async fn organisation(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        Ok(ctx.loaders().load_one(ById::<entity::organisation::Entity>::new(self.0.organisation_id)).await?.map(Organisation))
    }
}
