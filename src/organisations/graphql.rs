//! Organisations in the schema.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::{capability, certificate, identifier, organisation, past_work};
use uuid::Uuid;

use super::filter::{OrganisationFilter, OrganisationOrder};
use super::rules::{Capability as Profile, Certificate as Paper};
use super::{service, store};
use crate::error::{Error, Result};
use crate::graphql::context::RequestContext as _;
use crate::graphql::loader::{ById, Loaders};
use crate::graphql::page::{List, arguments, connection};
use crate::graphql::scalars::{CpvCode, Date, KatottgCode, KvedCode, LocaleCode, Money, MoneyInput, Translation, TranslationsInput, translations};
use crate::ids::{Id, NodeKind, encode};
use crate::locale::Translations;
use crate::matching::graphql::MatchConnection;
use crate::reference::graphql::{Classification, ClassificationScheme, Territory};
use crate::{load_by_id, matching, money, payload};

load_by_id!(organisation::Entity, organisation::Model, store::by_ids);
load_by_id!(past_work::Entity, past_work::Model, store::past_works_by_ids);

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
    /// A check was asked for.
    Pending,
    /// Checked.
    Verified,
    /// Checked and refused.
    Rejected,
}

/// How a bid ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "past_work::Outcome")]
pub enum PastWorkOutcome {
    /// The business won the award.
    Won,
    /// It bid and did not win.
    Bid,
}

/// A municipality, utility, business or any other party.
#[derive(Clone)]
pub struct Organisation(pub organisation::Model);

impl Organisation {
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

    /// The municipality that owns it, if it is a utility.
    async fn owner_municipality(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        let Some(owner) = self.0.owner_municipality_id else { return Ok(None) };
        Ok(ctx.loaders().load_one(ById::<entity::organisation::Entity>::new(owner)).await?.map(Organisation))
    }

    /// How to reach it; for its members and the association.
    async fn contact_email(&self, ctx: &Context<'_>) -> Option<String> {
        service::contact(ctx.actor(), &self.0).map(str::to_owned)
    }

    /// What it says it can do; none when it has not said.
    async fn capability(&self, ctx: &Context<'_>) -> Result<Option<Capability>> {
        Ok(ctx.loaders().load_one(CapabilityOf(self.0.id)).await?.map(|(row, papers)| Capability { row, papers }))
    }

    /// What it has done, newest record first.
    async fn past_works(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<List<PastWork>> {
        let page = arguments(ctx, first, after)?;
        Ok(connection(store::past_works(ctx.app().db.reader(), self.0.id, &page).await?, PastWork))
    }

    /// The open work packages that suit it, best first, each with its reasons; none for what is no business.
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

/// What a business says it can do.
pub struct Capability {
    row: capability::Model,
    papers: Vec<certificate::Model>,
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
    async fn contributions(&self) -> &[String] {
        &self.row.contributions.0
    }

    /// Licences and certificates.
    async fn certificates(&self) -> Vec<Certificate> {
        self.papers.iter().cloned().map(Certificate::from).collect()
    }
}

/// A licence or certificate.
#[derive(SimpleObject)]
pub struct Certificate {
    /// Code, such as `ISO-9001`.
    code: String,
    /// Name on the paper.
    name: String,
    /// Who issued it.
    issuer: Option<String>,
    /// Last valid day; none when it does not expire.
    valid_to: Option<Date>,
}

impl From<certificate::Model> for Certificate {
    fn from(row: certificate::Model) -> Self {
        Self { code: row.code, name: row.name, issuer: row.issuer, valid_to: row.valid_to.map(Date) }
    }
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

    /// `works`, `services` or `goods`.
    async fn category(&self) -> Option<&str> {
        self.0.category.as_deref()
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

#[derive(Clone, Hash, PartialEq, Eq)]
struct IdentifiersOf(Uuid);

impl async_graphql::dataloader::Loader<IdentifiersOf> for Loaders {
    type Value = Vec<identifier::Model>;
    type Error = Error;

    async fn load(&self, keys: &[IdentifiersOf]) -> Result<std::collections::HashMap<IdentifiersOf, Self::Value>> {
        let rows = store::identifiers(self.app.db.reader(), keys.iter().map(|key| key.0).collect()).await?;
        Ok(crate::db::group(rows, |row| IdentifiersOf(row.organisation_id)))
    }
}

#[derive(Clone, Hash, PartialEq, Eq)]
struct CapabilityOf(Uuid);

impl async_graphql::dataloader::Loader<CapabilityOf> for Loaders {
    type Value = (capability::Model, Vec<certificate::Model>);
    type Error = Error;

    async fn load(&self, keys: &[CapabilityOf]) -> Result<std::collections::HashMap<CapabilityOf, Self::Value>> {
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

/// A number and the register that gave it.
#[derive(InputObject)]
struct IdentifierInput {
    /// org-id.guide scheme, such as `UA-EDR`.
    scheme: String,
    /// The number.
    id: String,
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
        let rows = store::list(ctx.app().db.reader(), ctx.actor(), filter.unwrap_or_default().condition()?, terms, &page).await?;
        Ok(connection(rows, Organisation))
    }
}

/// What an organisation is registered with.
#[derive(InputObject)]
struct RegisterOrganisationInput {
    /// What it is.
    kind: OrganisationKind,
    /// Its name, 1 to 300 characters in each language.
    name: TranslationsInput,
    /// The numbers by which registers know it; one at least.
    identifiers: Vec<IdentifierInput>,
    /// Its seat.
    territory: Option<KatottgCode>,
    /// What it does, the primary activity first.
    #[graphql(default)]
    activities: Vec<KvedCode>,
    /// Its size class.
    scale: Option<OrganisationScale>,
    /// The municipality that owns it; for a utility.
    owner_municipality_id: Option<Id<organisation::Entity>>,
    /// How to reach it; not public.
    contact_email: Option<String>,
    /// Whose it becomes, when the administrator registers it for somebody.
    owner_email: Option<String>,
}

/// What an organisation says of itself anew; what is absent stays as it is.
#[derive(InputObject)]
struct UpdateOrganisationInput {
    /// Which organisation.
    id: Id<organisation::Entity>,
    /// The version that was read.
    expected_version: i32,
    /// Its name.
    name: Option<TranslationsInput>,
    /// Its seat.
    territory: Option<KatottgCode>,
    /// What it does, the primary activity first.
    activities: Option<Vec<KvedCode>>,
    /// Its size class.
    scale: Option<OrganisationScale>,
    /// How to reach it; an empty text removes it.
    contact_email: Option<String>,
}

/// The association's finding on who an organisation is.
#[derive(InputObject)]
struct VerifyOrganisationInput {
    /// Which organisation.
    id: Id<organisation::Entity>,
    /// The version that was read.
    expected_version: i32,
    /// Whether it is who it says.
    #[graphql(default = true)]
    verified: bool,
}

/// A licence or certificate.
#[derive(InputObject)]
struct CertificateInput {
    /// Code, such as `ISO-9001`.
    code: String,
    /// Name on the paper.
    name: String,
    /// Who issued it.
    issuer: Option<String>,
    /// Last valid day; none when it does not expire.
    valid_to: Option<Date>,
}

/// The whole capability profile of a business; it replaces the one before.
#[derive(InputObject)]
struct DeclareCapabilityInput {
    /// Which business.
    organisation_id: Id<organisation::Entity>,
    /// The version of the organisation that was read.
    expected_version: i32,
    /// What it does (CPV); a wider code covers the narrower ones.
    #[graphql(default)]
    cpv: Vec<CpvCode>,
    /// What it does not do (CPV).
    #[graphql(default)]
    excluded_cpv: Vec<CpvCode>,
    /// Where it works; a wider territory covers those within.
    #[graphql(default)]
    service_area: Vec<KatottgCode>,
    /// Whether the oblasts that border the service area count too.
    #[graphql(default)]
    with_neighbours: bool,
    /// The largest contract it can carry.
    largest_contract: Option<MoneyInput>,
    /// First free day.
    free_from: Option<Date>,
    /// Last free day.
    free_to: Option<Date>,
    /// People it can send.
    staff: Option<i32>,
    /// Working languages (BCP 47).
    #[graphql(default)]
    languages: Vec<String>,
    /// What it would add to a partnership.
    #[graphql(default)]
    contributions: Vec<ContributionKind>,
    /// Licences and certificates.
    #[graphql(default)]
    certificates: Vec<CertificateInput>,
}

/// What a partner can add.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ContributionKind {
    /// Money.
    Cash,
    /// Goods or services without payment.
    InKind,
    /// Work.
    Labour,
    /// Land or premises.
    LandOrPremises,
    /// Equipment.
    Equipment,
    /// Materials.
    Materials,
    /// Know-how.
    KnowHow,
    /// A guarantee.
    Guarantee,
}

impl ContributionKind {
    /// The name in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cash => "CASH",
            Self::InKind => "IN_KIND",
            Self::Labour => "LABOUR",
            Self::LandOrPremises => "LAND_OR_PREMISES",
            Self::Equipment => "EQUIPMENT",
            Self::Materials => "MATERIALS",
            Self::KnowHow => "KNOW_HOW",
            Self::Guarantee => "GUARANTEE",
        }
    }
}

/// A past work that a business gives as a reference.
#[derive(InputObject)]
struct AddPastWorkInput {
    /// Which business.
    organisation_id: Id<organisation::Entity>,
    /// What the work was, 1 to 1,000 characters.
    title: String,
    /// Language of the title (BCP 47).
    language: Option<String>,
    /// What kind of work.
    cpv: Option<CpvCode>,
    /// Works, services or goods.
    category: Option<ProcurementCategory>,
    /// Where.
    territory: Option<KatottgCode>,
    /// For whom, as a name.
    buyer_name: Option<String>,
    /// For whom, as an organisation here.
    buyer_id: Option<Id<organisation::Entity>>,
    /// For how much.
    value: Option<MoneyInput>,
    /// When it was awarded.
    awarded_on: Option<Date>,
}

/// What is procured (OCDS procurementCategory).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ProcurementCategory {
    /// Construction, repair and other works.
    Works,
    /// Services.
    Services,
    /// Goods.
    Goods,
}

impl ProcurementCategory {
    /// The OCDS code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Services => "services",
            Self::Goods => "goods",
        }
    }
}

payload! {
    /// The organisation that was registered.
    RegisterOrganisationPayload { organisation: Organisation }
}
payload! {
    /// The organisation as it is now.
    UpdateOrganisationPayload { organisation: Organisation }
}
payload! {
    /// The organisation as it is now.
    VerifyOrganisationPayload { organisation: Organisation }
}
payload! {
    /// The business as it is now.
    DeclareCapabilityPayload { organisation: Organisation }
}
payload! {
    /// The past work that was added.
    AddPastWorkPayload { past_work: PastWork }
}

/// Mutations of this slice.
#[derive(Default)]
pub struct OrganisationMutation;

#[Object]
impl OrganisationMutation {
    /// Registers an organisation; who does it becomes its first owner and signer.
    async fn register_organisation(&self, ctx: &Context<'_>, input: RegisterOrganisationInput) -> Result<RegisterOrganisationPayload> {
        let RegisterOrganisationInput { kind, name, identifiers, territory, activities, scale, owner_municipality_id, contact_email, owner_email } = input;
        let input = service::Register {
            kind: kind.into(),
            name: name.into(),
            identifiers: identifiers.into_iter().map(|IdentifierInput { scheme, id }| (scheme, id)).collect(),
            territory: territory.map(|code| code.0),
            activities: activities.into_iter().map(|code| code.0).collect(),
            scale: scale.map(Into::into),
            owner_municipality: owner_municipality_id.map(|id| id.0),
            contact_email,
            owner_email,
        };
        RegisterOrganisationPayload::answer(ctx, service::register(ctx.app(), ctx.actor(), input).await, Organisation)
    }

    /// Changes what an organisation says of itself.
    async fn update_organisation(&self, ctx: &Context<'_>, input: UpdateOrganisationInput) -> Result<UpdateOrganisationPayload> {
        let UpdateOrganisationInput { id, expected_version, name, territory, activities, scale, contact_email } = input;
        let input = service::Update {
            id: id.0,
            expected_version,
            name: name.map(Into::into),
            territory: territory.map(|code| code.0),
            activities: activities.map(|codes| codes.into_iter().map(|code| code.0).collect()),
            scale: scale.map(Into::into),
            contact_email,
        };
        UpdateOrganisationPayload::answer(ctx, service::update(ctx.app(), ctx.actor(), input).await, Organisation)
    }

    /// Records the association's finding on who an organisation is.
    async fn verify_organisation(&self, ctx: &Context<'_>, input: VerifyOrganisationInput) -> Result<VerifyOrganisationPayload> {
        let VerifyOrganisationInput { id, expected_version, verified } = input;
        VerifyOrganisationPayload::answer(ctx, service::verify(ctx.app(), ctx.actor(), id.0, expected_version, verified).await, Organisation)
    }

    /// Replaces the capability profile of a business.
    async fn declare_capability(&self, ctx: &Context<'_>, input: DeclareCapabilityInput) -> Result<DeclareCapabilityPayload> {
        let result = match declare(input) {
            Ok(input) => service::declare_capability(ctx.app(), ctx.actor(), input).await,
            Err(error) => Err(error),
        };
        DeclareCapabilityPayload::answer(ctx, result, Organisation)
    }

    /// Adds a past work that a business gives as a reference.
    async fn add_past_work(&self, ctx: &Context<'_>, input: AddPastWorkInput) -> Result<AddPastWorkPayload> {
        let result = match past_work(input) {
            Ok(input) => service::add_past_work(ctx.app(), ctx.actor(), input).await,
            Err(error) => Err(error),
        };
        AddPastWorkPayload::answer(ctx, result, PastWork)
    }
}

fn declare(input: DeclareCapabilityInput) -> Result<service::Declare> {
    let DeclareCapabilityInput {
        organisation_id,
        expected_version,
        cpv,
        excluded_cpv,
        service_area,
        with_neighbours,
        largest_contract,
        free_from,
        free_to,
        staff,
        languages,
        contributions,
        certificates,
    } = input;
    let paper = |CertificateInput { code, name, issuer, valid_to }: CertificateInput| Paper { code, name, issuer, valid_to: valid_to.map(|day| day.0) };
    Ok(service::Declare {
        id: organisation_id.0,
        expected_version,
        cpv: cpv.into_iter().map(|code| code.0).collect(),
        excluded_cpv: excluded_cpv.into_iter().map(|code| code.0).collect(),
        service_area: service_area.into_iter().map(|code| code.0).collect(),
        profile: Profile {
            with_neighbours,
            largest_contract: largest_contract.map(|value| value.parse("largestContract")).transpose()?,
            free_from: free_from.map(|day| day.0),
            free_to: free_to.map(|day| day.0),
            staff,
            languages,
            contributions: contributions.into_iter().map(|kind| kind.as_str().to_owned()).collect(),
            certificates: certificates.into_iter().map(paper).collect(),
            ..Profile::default()
        },
    })
}

fn past_work(input: AddPastWorkInput) -> Result<service::AddPastWork> {
    let AddPastWorkInput { organisation_id, title, language, cpv, category, territory, buyer_name, buyer_id, value, awarded_on } = input;
    Ok(service::AddPastWork {
        organisation: organisation_id.0,
        title,
        language,
        cpv: cpv.map(|code| code.0),
        category: category.map(|category| category.as_str().to_owned()),
        territory: territory.map(|code| code.0),
        buyer_name,
        buyer: buyer_id.map(|id| id.0),
        value: value.map(|value| value.parse("value")).transpose()?,
        awarded_on: awarded_on.map(|day| day.0),
    })
}
