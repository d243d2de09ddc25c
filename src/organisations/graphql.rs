//! Organisations in the schema.

mod capability;
pub mod mutation;
mod past_work;

pub use capability::{Capability, Certificate};
pub use mutation::{ContributionKind, OrganisationMutation, ProcurementCategory};
pub use past_work::{PastWork, PastWorkOutcome};

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::{identifier, organisation};
use uuid::Uuid;

use self::capability::CapabilityOf;
use self::past_work::PastWorksOf;
use super::filter::{OrganisationFilter, OrganisationOrder};
use super::{service, store};
use crate::attachments::graphql::{Attachment, attachments_of};
use crate::delegations::graphql::{Delegation, delegations_of};
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::filter::meaning;
use crate::graphql::loader::ById;
use crate::graphql::page::{List, arguments, connection};
use crate::graphql::scalars::{LocaleCode, Translation, translations};
use crate::ids::{Id, NodeKind, encode};
use crate::locale::Translations;
use crate::matching::graphql::MatchConnection;
use crate::members::graphql::{self as members, Invitation, Membership};
use crate::reference::graphql::{Classification, ClassificationScheme, Territory};
use crate::tokens::graphql::{ApiToken, tokens_of};
use crate::verification::graphql::{VerificationRequest, requests_of};
use crate::{accounts, load_by_id, load_parts, matching};

load_by_id!(organisation::Entity, organisation::Model, store::by_ids);

/// What an organisation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "organisation::Kind")]
pub enum OrganisationKind {
    /// A territorial community's council.
    Municipality,
    /// A communal enterprise that holds assets.
    Utility,
    /// A company or a sole trader.
    Business,
    /// An executive authority or other public body.
    PublicBody,
    /// An association of municipalities that watches over a programme.
    Association,
    /// Who gives the money.
    Donor,
    /// Who runs a programme for a donor.
    ImplementingAgency,
    /// A civil society organisation.
    Cso,
}

/// Size class of an enterprise (Commission Recommendation 2003/361/EC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "organisation::Scale")]
pub enum OrganisationScale {
    /// Fewer than 10 people.
    Micro,
    /// Fewer than 50.
    Small,
    /// Fewer than 250.
    Medium,
    /// 250 and more.
    Large,
}

/// Whether somebody has checked who an organisation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "organisation::Verification")]
pub enum OrganisationVerification {
    /// Nobody has looked.
    Unverified,
    /// Its owner asked for a verification, or it was verified, then changed its name or seat, and is to be checked anew.
    Pending,
    /// Checked. What an import recorded without a name or seat stays so when it first gives them.
    Verified,
    /// Checked and refused by the association.
    Rejected,
}

/// A municipality, utility, business or any other party.
#[derive(Clone)]
pub struct Organisation(pub organisation::Model);

impl Organisation {
    /// One that the caller has just registered: they are its owner from now on, and see it as such.
    fn founded(ctx: &Context<'_>, row: organisation::Model) -> Self {
        ctx.found(row.id);
        Self(row)
    }

    fn names(&self) -> Translations {
        Translations { uk: self.0.name_uk.clone(), en: self.0.name_en.clone() }
    }
}

/// A municipality, utility, business or any other party.
#[Object]
impl Organisation {
    /// Its id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Organisation, self.0.id)
    }

    /// What it is.
    async fn kind(&self) -> OrganisationKind {
        self.0.kind.into()
    }

    /// Its name in the wanted language, else in the other.
    async fn name(&self, ctx: &Context<'_>, locale: Option<LocaleCode>) -> String {
        self.names().in_locale(locale.map_or(ctx.locale(), Into::into)).to_owned()
    }

    /// Its name in each language there is.
    async fn name_translations(&self) -> Vec<Translation> {
        translations(&self.names())
    }

    /// The numbers by which registers know it; a sole trader's is masked.
    async fn identifiers(&self, ctx: &Context<'_>) -> Result<Vec<Identifier>> {
        let rows = ctx.loaders().load_one(IdentifiersOf(self.0.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(Identifier::from).collect())
    }

    /// Where its seat is.
    async fn territory(&self, ctx: &Context<'_>) -> Result<Option<Territory>> {
        Territory::load(ctx, self.0.territory.as_deref()).await
    }

    /// What it does (KVED), the primary activity first.
    async fn activities(&self, ctx: &Context<'_>) -> Result<Vec<Classification>> {
        Classification::load_many(ctx, ClassificationScheme::Kved, &self.0.activities.0).await
    }

    /// Its size class.
    async fn scale(&self) -> Option<OrganisationScale> {
        self.0.scale.map(Into::into)
    }

    /// Whether somebody has checked who it is.
    async fn verification(&self) -> OrganisationVerification {
        self.0.verification.into()
    }

    /// Whether `claimOrganisation` may ask for it: an import recorded it and nobody looks after it yet, or the association
    /// refused whoever registered it.
    async fn claimable(&self, ctx: &Context<'_>) -> Result<bool> {
        if self.0.verification == organisation::Verification::Rejected {
            return Ok(true);
        }
        Ok(!ctx.founded(self.0.id) && ctx.loaders().load_one(MembersOf(self.0.id)).await?.is_none())
    }

    /// The municipality that owns it, if it is a utility; before the utility was checked, only what it says.
    async fn owner_municipality(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        let Some(owner) = self.0.owner_municipality_id else { return Ok(None) };
        Ok(ctx.loaders().load_one(ById::<entity::organisation::Entity>::new(owner)).await?.map(Organisation))
    }

    /// How to reach it; for its members and the association.
    async fn contact_email(&self, ctx: &Context<'_>) -> Option<String> {
        if ctx.founded(self.0.id) { self.0.contact_email.clone() } else { service::contact(ctx.actor(), &self.0).map(str::to_owned) }
    }

    /// Its members, those who came first before the others; for its members, the administrator and the association.
    async fn members(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<Option<List<Membership>>> {
        members::members_of(ctx, self.0.id, first, after).await
    }

    /// Whom it invited, the newest first; for its owners, the administrator and the association.
    async fn invitations(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<Option<List<Invitation>>> {
        members::invitations_of(ctx, self.0.id, first, after).await
    }

    /// Its files, the newest first; for its members, the administrator and the association.
    async fn attachments(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<Option<List<Attachment>>> {
        attachments_of(ctx, self.0.id, first, after).await
    }

    /// When it asked to be verified and what was found, the newest first; for its members, the administrator and the association.
    async fn verification_requests(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<Option<List<VerificationRequest>>> {
        requests_of(ctx, self.0.id, first, after).await
    }

    /// Which associations it lets act on its behalf, or for whom an association may act, the newest first; for its members, the
    /// administrator and the association.
    async fn delegations(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<Option<List<Delegation>>> {
        delegations_of(ctx, &self.0, first, after).await
    }

    /// What it says it can do; none when it has not said.
    async fn capability(&self, ctx: &Context<'_>) -> Result<Option<Capability>> {
        Ok(ctx.loaders().load_one(CapabilityOf(self.0.id)).await?.map(|(row, papers)| Capability { row, papers }))
    }

    /// What it has done, newest record first.
    async fn past_works(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<List<PastWork>> {
        let page = arguments(ctx, first, after)?;
        let rows = ctx.loaders().load_one(PastWorksOf(self.0.id, page)).await?.unwrap_or_default();
        Ok(connection(rows, PastWork))
    }

    /// The tokens with which programs act for it, the newest first; for its owners and the administrator.
    async fn api_tokens(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<Option<List<ApiToken>>> {
        tokens_of(ctx, self.0.id, first, after).await
    }

    /// The open work packages that suit it, best first, each with its reasons; none for what is no business. Those of the 2,000 newest open
    /// projects are looked at. The work packages for which it fails a gate are left out and counted as `excluded`; `whyNot` tells why.
    async fn matches(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<MatchConnection> {
        matching::graphql::matches_of_business(ctx, &self.0, first, after).await
    }

    /// When it was registered or recorded.
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

/// A number by which a register knows an organisation.
#[derive(SimpleObject)]
pub struct Identifier {
    /// org-id.guide scheme, such as `UA-EDR`; `UA-RNOKPP` for sole traders; `X-<source>` for another publisher's hash.
    scheme: String,
    /// The number, masked where it is personal data.
    id: String,
    /// Whether the check digit is right; none where the scheme has none.
    checksum_valid: Option<bool>,
}

impl From<identifier::Model> for Identifier {
    fn from(row: identifier::Model) -> Self {
        Self { scheme: row.scheme, id: row.shown, checksum_valid: row.checksum_valid }
    }
}

load_parts!(IdentifiersOf, identifier::Model, |reader, _, ids| store::identifiers(reader, ids), |row| row.organisation_id);
load_parts!(MembersOf, Uuid, |reader, _, ids| accounts::store::with_members(reader, ids), |organisation| *organisation);

/// A number and the register that gave it.
#[derive(InputObject)]
pub struct IdentifierInput {
    /// org-id.guide scheme, such as `UA-EDR`.
    pub scheme: String,
    /// The number.
    pub id: String,
}

/// Queries of this slice.
#[derive(Default)]
pub struct OrganisationQuery;

#[Object]
impl OrganisationQuery {
    /// One organisation, by its id or by the number a register gave it.
    async fn organisation(&self, ctx: &Context<'_>, id: Option<Id<organisation::Entity>>, identifier: Option<IdentifierInput>) -> Result<Option<Organisation>> {
        let found = match (id, identifier) {
            (Some(id), None) => ctx.loaders().load_one(ById::<entity::organisation::Entity>::new(id.0)).await?,
            (None, Some(IdentifierInput { scheme, id })) => service::find(ctx.app(), ctx.actor(), &scheme, &id).await?,
            _ => return Err(crate::graphql::one_of("id", "identifier")),
        };
        Ok(found.map(Organisation))
    }

    /// Organisations.
    async fn organisations(
        &self,
        ctx: &Context<'_>,
        filter: Option<OrganisationFilter>,
        order_by: Option<Vec<OrganisationOrder>>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<List<Organisation>> {
        let page = arguments(ctx, first, after)?;
        let terms = crate::graphql::order(order_by)?;
        let condition = meaning(ctx, filter, OrganisationFilter::condition).await?;
        let rows = store::list(ctx.app().db.reader(), ctx.actor(), condition, terms, &page).await?;
        Ok(connection(rows, Organisation))
    }
}
