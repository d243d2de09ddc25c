//! What a business says it can do, in the schema.

use std::collections::HashMap;

use async_graphql::{ComplexObject, Context, Object, SimpleObject};
use entity::{capability, certificate};
use uuid::Uuid;

use super::ContributionKind;
use crate::attachments::graphql::Attachment;
use crate::error::{Error, Result};
use crate::graphql::context::RequestContext as _;
use crate::graphql::loader::{ById, Loaders};
use crate::graphql::scalars::{Date, Money};
use crate::money;
use crate::organisations::store;
use crate::reference::graphql::{Classification, ClassificationScheme, Territory};

/// What a business says it can do.
pub struct Capability {
    pub(super) row: capability::Model,
    pub(super) papers: Vec<certificate::Model>,
}

/// What a business says it can do.
#[Object]
impl Capability {
    /// What it does (CPV).
    async fn cpv(&self, ctx: &Context<'_>) -> Result<Vec<Classification>> {
        Classification::load_many(ctx, ClassificationScheme::Cpv, &self.row.cpv.0).await
    }

    /// What it does not do (CPV).
    async fn excluded_cpv(&self, ctx: &Context<'_>) -> Result<Vec<Classification>> {
        Classification::load_many(ctx, ClassificationScheme::Cpv, &self.row.excluded_cpv.0).await
    }

    /// Where it works; empty when it has not said.
    async fn service_area(&self, ctx: &Context<'_>) -> Result<Vec<Territory>> {
        Territory::load_many(ctx, &self.row.service_area.0).await
    }

    /// Whether the oblasts that border its service area count too.
    async fn with_neighbours(&self) -> bool {
        self.row.with_neighbours
    }

    /// The largest contract it can carry.
    async fn largest_contract(&self) -> Option<Money> {
        money::Money::from_columns(self.row.largest_contract, self.row.currency.as_deref()).map(Into::into)
    }

    /// First free day.
    async fn free_from(&self) -> Option<Date> {
        self.row.free_from.map(Date)
    }

    /// Last free day.
    async fn free_to(&self) -> Option<Date> {
        self.row.free_to.map(Date)
    }

    /// People it can send.
    async fn staff(&self) -> Option<i32> {
        self.row.staff
    }

    /// Working languages (BCP 47).
    async fn languages(&self) -> &[String] {
        &self.row.languages.0
    }

    /// What it would add to a partnership.
    async fn contributions(&self) -> Vec<ContributionKind> {
        self.row.contributions.0.iter().filter_map(|kind| ContributionKind::of(kind)).collect()
    }

    /// Licences and certificates.
    async fn certificates(&self) -> Vec<Certificate> {
        self.papers.iter().cloned().map(Certificate::from).collect()
    }
}

/// A licence or certificate.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Certificate {
    /// Code, such as `ISO-9001`.
    code: String,
    /// Name on the paper.
    name: String,
    /// Who issued it.
    issuer: Option<String>,
    /// Last valid day; none when it does not expire.
    valid_to: Option<Date>,
    #[graphql(skip)]
    attachment: Option<Uuid>,
}

#[ComplexObject]
impl Certificate {
    /// The paper, as a file; for the members of the business, the administrator and the association.
    async fn attachment(&self, ctx: &Context<'_>) -> Result<Option<Attachment>> {
        let Some(id) = self.attachment else { return Ok(None) };
        Ok(ctx.loaders().load_one(ById::<entity::attachment::Entity>::new(id)).await?.map(Attachment))
    }
}

impl From<certificate::Model> for Certificate {
    fn from(row: certificate::Model) -> Self {
        Self { code: row.code, name: row.name, issuer: row.issuer, valid_to: row.valid_to.map(Date), attachment: row.attachment_id }
    }
}

#[derive(Clone, Hash, PartialEq, Eq)]
pub(super) struct CapabilityOf(pub(super) Uuid);

impl async_graphql::dataloader::Loader<CapabilityOf> for Loaders {
    type Value = (capability::Model, Vec<certificate::Model>);
    type Error = Error;

    async fn load(&self, keys: &[CapabilityOf]) -> Result<HashMap<CapabilityOf, Self::Value>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let reader = self.app.db.reader();
        let rows = store::capabilities(reader, ids.clone()).await?;
        let mut papers = crate::db::group(store::certificates(reader, ids).await?, |row| row.organisation_id);
        Ok(rows
            .into_iter()
            .map(|row| (CapabilityOf(row.organisation_id), (papers.remove(&row.organisation_id).unwrap_or_default(), row)))
            .map(|(key, (papers, row))| (key, (row, papers)))
            .collect())
    }
}
