//! Mutations of organisations: their inputs, payloads and resolvers.

use async_graphql::resolver_utils::EnumType as _;
use async_graphql::{Context, Enum, InputObject, Object};
use entity::{attachment, organisation, past_work};

use super::super::rules::{Capability as Profile, Certificate as Paper};
use super::super::service;
use super::{IdentifierInput, Organisation, OrganisationKind, OrganisationScale, PastWork};
use crate::auth::signed_in;
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::scalars::{CpvCode, Date, KatottgCode, KvedCode, MoneyInput, TranslationsInput};
use crate::ids::Id;
use crate::payload;

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
    /// Whose it becomes, when the administrator registers it for somebody who has signed up and confirmed their address.
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
    /// The paper: a stored attachment of the business with the purpose `CERTIFICATE`.
    attachment_id: Option<Id<attachment::Entity>>,
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
    /// What it does not do (CPV); none of the codes in `cpv`.
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

    /// The kind that a row names.
    #[must_use]
    pub fn of(row: &str) -> Option<Self> {
        Self::items().iter().map(|item| item.value).find(|kind| kind.as_str() == row)
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

/// A past work to take back.
#[derive(InputObject)]
struct RemovePastWorkInput {
    /// Which past work.
    id: Id<past_work::Entity>,
    /// The version that was read; a past work never changes, so it is 1.
    expected_version: Option<i32>,
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

    /// The category that a row names.
    #[must_use]
    pub fn of(row: &str) -> Option<Self> {
        Self::items().iter().map(|item| item.value).find(|category| category.as_str() == row)
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
    /// The business as it is now.
    DeclareCapabilityPayload { organisation: Organisation }
}
payload! {
    /// The past work that was added.
    AddPastWorkPayload { past_work: PastWork }
}
payload! {
    /// The past work that was removed, as it was.
    RemovePastWorkPayload { past_work: PastWork }
}

/// Mutations of this slice.
#[derive(Default)]
pub struct OrganisationMutation;

#[Object]
impl OrganisationMutation {
    /// Registers an organisation; who does it becomes its first owner and signer. Refused while they have not confirmed their address.
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
        let result = service::register(ctx.app(), ctx.actor(), input).await;
        RegisterOrganisationPayload::answer(ctx, result, |made| Organisation::founded(ctx, made)).await
    }

    /// Changes what an organisation says of itself. A `VERIFIED` one that changes its `name` or `territory` becomes `PENDING`: it
    /// submits, publishes and answers again once the association has checked it anew. The first name and the first seat of an
    /// organisation that an import recorded without them change nothing of that (but for a municipality's seat that is wider than a hromada).
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
        UpdateOrganisationPayload::answer(ctx, service::update(ctx.app(), ctx.actor(), input).await, Organisation).await
    }

    /// Replaces the capability profile of a business.
    async fn declare_capability(&self, ctx: &Context<'_>, input: DeclareCapabilityInput) -> Result<DeclareCapabilityPayload> {
        signed_in(ctx.actor())?;
        DeclareCapabilityPayload::answer(ctx, service::declare_capability(ctx.app(), ctx.actor(), declare(input)).await, Organisation).await
    }

    /// Adds a past work that a business gives as a reference; an equal one is refused.
    async fn add_past_work(&self, ctx: &Context<'_>, input: AddPastWorkInput) -> Result<AddPastWorkPayload> {
        signed_in(ctx.actor())?;
        AddPastWorkPayload::answer(ctx, service::add_past_work(ctx.app(), ctx.actor(), past_work(input)).await, PastWork).await
    }

    /// Takes back a past work that the business added itself; one that an import recorded stays.
    async fn remove_past_work(&self, ctx: &Context<'_>, input: RemovePastWorkInput) -> Result<RemovePastWorkPayload> {
        signed_in(ctx.actor())?;
        let RemovePastWorkInput { id, expected_version } = input;
        RemovePastWorkPayload::answer(ctx, service::remove_past_work(ctx.app(), ctx.actor(), id.0, expected_version).await, PastWork).await
    }
}

fn declare(input: DeclareCapabilityInput) -> service::Declare {
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
    let paper = |CertificateInput { code, name, issuer, valid_to, attachment_id }: CertificateInput| Paper {
        code,
        name,
        issuer,
        valid_to: valid_to.map(|day| day.0),
        attachment: attachment_id.map(|id| id.0),
    };
    service::Declare {
        id: organisation_id.0,
        expected_version,
        cpv: cpv.into_iter().map(|code| code.0).collect(),
        excluded_cpv: excluded_cpv.into_iter().map(|code| code.0).collect(),
        service_area: service_area.into_iter().map(|code| code.0).collect(),
        largest_contract: largest_contract.map(Into::into),
        profile: Profile {
            with_neighbours,
            free_from: free_from.map(|day| day.0),
            free_to: free_to.map(|day| day.0),
            staff,
            languages,
            contributions: contributions.into_iter().map(|kind| kind.as_str().to_owned()).collect(),
            certificates: certificates.into_iter().map(paper).collect(),
            ..Profile::default()
        },
    }
}

fn past_work(input: AddPastWorkInput) -> service::AddPastWork {
    let AddPastWorkInput { organisation_id, title, language, cpv, category, territory, buyer_name, buyer_id, value, awarded_on } = input;
    service::AddPastWork {
        organisation: organisation_id.0,
        title,
        language,
        cpv: cpv.map(|code| code.0),
        category: category.map(|category| category.as_str().to_owned()),
        territory: territory.map(|code| code.0),
        buyer_name,
        buyer: buyer_id.map(|id| id.0),
        value: value.map(Into::into),
        awarded_on: awarded_on.map(|day| day.0),
    }
}
