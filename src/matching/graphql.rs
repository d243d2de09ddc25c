//! Matches in the schema: a score that says why.

mod found;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::connection::{Connection, EmptyFields};
use async_graphql::{Context, Enum, Object, SimpleObject};
use entity::{organisation, past_work, project, work_package};
use uuid::Uuid;

use super::engine::{self, CriterionKind, ENGINE_VERSION, EvidenceKind, GateKind, GateOutcome, Rank, Sentence};
use super::page::{Counts, page_of, rank_after, ranked};
use super::service::{self, Wanted};
use crate::error::{Error, Result};
use crate::graphql::context::RequestContext as _;
use crate::graphql::loader::ById;
use crate::graphql::loader::Loaders;
use crate::graphql::page::arguments;
use crate::graphql::scalars::LocaleCode;
use crate::hash::hex;
use crate::ids::Id;
use crate::locale::Locale;
use crate::organisations::graphql::{Organisation, PastWork};
use crate::projects::graphql::{RequirementsOf, WorkPackage};

pub use found::{MOST_FOUND, MatchingSubscription};

/// Matches, best first.
pub type MatchConnection = Connection<String, Match, Ranked, EmptyFields>;

/// What a list of matches has beside its edges.
#[derive(SimpleObject)]
pub struct Ranked {
    /// How many there are in all.
    pub(super) total_count: Option<u64>,
    /// How many more a gate rules out: businesses that came close, or open work packages. `whyNot` tells which gate and what would cure it.
    pub(super) excluded: usize,
}

/// How well one business suits one work package, and why.
pub struct Match {
    found: engine::Match,
    package: work_package::Model,
}

/// How well one business suits one work package, and why.
#[Object]
impl Match {
    /// The business.
    async fn business(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        Ok(ctx.loaders().load_one(ById::<organisation::Entity>::new(Uuid::from_u128(self.found.business))).await?.map(Organisation))
    }

    /// The work package.
    async fn work_package(&self) -> WorkPackage {
        WorkPackage(self.package.clone())
    }

    /// The sum of the points of all criteria. It orders businesses for one work package; totals of different work packages are not to be compared.
    async fn total(&self) -> f64 {
        self.found.total()
    }

    /// How much of what matters is known, from 0 to 1 in whole hundredths. What is unknown lowers this and not the total.
    async fn confidence(&self) -> f64 {
        self.found.confidence
    }

    /// What is not known of the business and of the work package, and who could tell it. Gates that are left open are among `gates`.
    async fn unknowns(&self) -> Vec<Unknown> {
        self.found.unknowns.iter().cloned().map(Unknown).collect()
    }

    /// Conditions without which there is no match.
    async fn gates(&self) -> Vec<Gate> {
        self.found.gates.iter().cloned().map(Gate).collect()
    }

    /// What the total is made of, most points first.
    async fn criteria(&self) -> Vec<Criterion> {
        let mut criteria = self.found.criteria.clone();
        criteria.sort_by(|one, other| other.points().total_cmp(&one.points()));
        criteria.into_iter().map(Criterion).collect()
    }

    /// Version of the engine that made it.
    async fn engine_version(&self) -> &str {
        ENGINE_VERSION
    }

    /// SHA-256, in hexadecimal, of the engine's version, the work package and the business: while it is the same, a change of
    /// the total comes from what the other businesses did, since the more titles have a word, the less it tells.
    async fn inputs_hash(&self) -> String {
        hex(&self.found.inputs_hash)
    }
}

fn said(sentence: &Sentence, locale: Locale) -> String {
    match locale {
        Locale::Uk => sentence.uk.clone(),
        Locale::En => sentence.en.clone(),
    }
}

/// A condition without which a business is no match.
pub struct Gate(engine::Gate);

/// A condition without which a business is no match.
#[Object(name = "MatchGate")]
impl Gate {
    /// Which condition.
    async fn kind(&self) -> MatchGateKind {
        self.0.kind.into()
    }

    /// Whether it is met, as far as that is known.
    async fn outcome(&self) -> MatchGateOutcome {
        self.0.outcome.into()
    }

    /// Why.
    async fn reason(&self, ctx: &Context<'_>, locale: Option<LocaleCode>) -> String {
        said(&self.0.reason, locale.map_or(ctx.locale(), Into::into))
    }

    /// What would cure it, where it is not met or not known.
    async fn cure(&self, ctx: &Context<'_>, locale: Option<LocaleCode>) -> Option<String> {
        self.0.cure.as_ref().map(|cure| said(cure, locale.map_or(ctx.locale(), Into::into)))
    }
}

/// Something worth knowing that is not known.
pub struct Unknown(engine::Unknown);

/// Something worth knowing that is not known.
#[Object(name = "MatchUnknown")]
impl Unknown {
    /// Who could tell it.
    async fn turn(&self) -> MatchTurn {
        self.0.turn.into()
    }

    /// What it is.
    async fn reason(&self, ctx: &Context<'_>, locale: Option<LocaleCode>) -> String {
        said(&self.0.reason, locale.map_or(ctx.locale(), Into::into))
    }

    /// What they would do.
    async fn cure(&self, ctx: &Context<'_>, locale: Option<LocaleCode>) -> String {
        said(&self.0.cure, locale.map_or(ctx.locale(), Into::into))
    }
}

/// One reason of a match, with its points and its evidence.
pub struct Criterion(engine::Criterion);

/// One reason of a match, with its points and its evidence.
#[Object(name = "MatchCriterion")]
impl Criterion {
    /// Which reason.
    async fn kind(&self) -> MatchCriterionKind {
        self.0.kind.into()
    }

    /// Its name, for people.
    async fn title(&self, ctx: &Context<'_>, locale: Option<LocaleCode>) -> String {
        said(&self.0.kind.title(), locale.map_or(ctx.locale(), Into::into))
    }

    /// What its evidence is multiplied by: the sum of the amounts, or, of `EXPERIENCE` and `INCUMBENCY`, where works vote,
    /// the natural logarithm of one more than that sum.
    async fn weight(&self) -> f64 {
        self.0.weight
    }

    /// What it adds to the total.
    async fn points(&self) -> f64 {
        self.0.points()
    }

    /// Its strongest evidence in a sentence.
    async fn reason(&self, ctx: &Context<'_>, locale: Option<LocaleCode>) -> Result<String> {
        let sentence = said(&self.0.reason, locale.map_or(ctx.locale(), Into::into));
        let Some(work) = self.0.evidence.first().and_then(|evidence| evidence.work) else { return Ok(sentence) };
        let work = ctx.loaders().load_one(ById::<past_work::Entity>::new(Uuid::from_u128(work))).await?;
        Ok(match work {
            Some(work) if !work.title.is_empty() => format!("{}: «{}».", sentence.trim_end_matches('.'), shortened(&work.title)),
            _ => sentence,
        })
    }

    /// What it rests on, the weightiest first; one piece may stand for all further works or words together, and comes last.
    async fn evidence(&self) -> Vec<Evidence> {
        self.0.evidence.iter().cloned().map(Evidence).collect()
    }
}

const LONGEST_QUOTE: usize = 120;

fn shortened(title: &str) -> String {
    if title.chars().count() <= LONGEST_QUOTE {
        return title.to_owned();
    }
    let cut: String = title.chars().take(LONGEST_QUOTE).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words))
}

/// A fact that a reason rests on.
pub struct Evidence(engine::Evidence);

/// A fact that a reason rests on.
#[Object(name = "MatchEvidence")]
impl Evidence {
    /// What kind of fact.
    async fn kind(&self) -> MatchEvidenceKind {
        self.0.kind.into()
    }

    /// The past work, where the fact is one.
    async fn past_work(&self, ctx: &Context<'_>) -> Result<Option<PastWork>> {
        let Some(work) = self.0.work else { return Ok(None) };
        Ok(ctx.loaders().load_one(ById::<past_work::Entity>::new(Uuid::from_u128(work))).await?.map(PastWork))
    }

    /// How alike the titles are, from 0 to 1, where both have one.
    async fn similarity(&self) -> Option<f64> {
        self.0.similarity
    }

    /// What it adds to the sum that the weight of its criterion applies to.
    async fn amount(&self) -> f64 {
        self.0.amount
    }

    /// Of one past work: the points behind its share by what they are for. The share grows by e with each point.
    async fn parts(&self) -> Vec<Part> {
        self.0.parts.iter().map(|(group, points)| Part { group: (*group).into(), points: *points }).collect()
    }

    /// The fact in a sentence.
    async fn reason(&self, ctx: &Context<'_>, locale: Option<LocaleCode>) -> String {
        said(&self.0.reason, locale.map_or(ctx.locale(), Into::into))
    }
}

/// Points of one group.
#[derive(SimpleObject)]
#[graphql(name = "MatchEvidencePart")]
pub struct Part {
    /// What they are for.
    group: MatchEvidenceGroup,
    /// Points, below or above zero.
    points: f64,
}

/// How a business stands to a work package, and what it would take.
pub struct WhyNot {
    standing: service::Standing,
    package: work_package::Model,
}

/// How a business stands to a work package, and what it would take.
#[Object]
impl WhyNot {
    /// The match as it would be, gates and points included.
    #[graphql(name = "match")]
    async fn found(&self) -> Match {
        Match { found: self.standing.found.clone(), package: self.package.clone() }
    }

    /// Whether it passes every gate.
    async fn passes(&self) -> bool {
        self.standing.found.passes()
    }

    /// Its place among the businesses that pass, from 1; none when it fails a gate or too little speaks for it.
    async fn rank(&self) -> Option<usize> {
        self.standing.rank
    }

    /// What would cure the gates that it fails.
    async fn cures(&self, ctx: &Context<'_>, locale: Option<LocaleCode>) -> Vec<String> {
        let locale = locale.map_or(ctx.locale(), Into::into);
        let failed = self.standing.found.gates.iter().filter(|gate| gate.outcome == GateOutcome::Failed);
        failed.filter_map(|gate| gate.cure.as_ref()).map(|cure| said(cure, locale)).collect()
    }
}

/// Who could tell what is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::Turn")]
pub enum MatchTurn {
    /// The municipality, in the project or work package.
    Municipality,
    /// The business, in its profile.
    Business,
}

/// Which condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "GateKind")]
pub enum MatchGateKind {
    /// The business has not said that it does not do this.
    Exclusions,
    /// The place lies within the area it serves.
    ServiceArea,
    /// It is free at the time.
    Availability,
    /// The budget is no more than it can carry.
    ContractSize,
    /// It holds a certificate that is asked for.
    Certificate,
    /// It has done as many similar works as are asked for.
    SimilarWorks,
    /// It has done or can carry a contract as large as is asked for.
    LargestContract,
    /// It has as many people as are asked for.
    Staff,
    /// It works in the language that is asked for.
    Language,
}

/// How a condition ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "GateOutcome")]
pub enum MatchGateOutcome {
    /// Met.
    Passed,
    /// Not met: the business is no match.
    Failed,
    /// Not known: the business has not said, and it is not held against it.
    Unknown,
}

/// Which reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "CriterionKind")]
pub enum MatchCriterionKind {
    /// Similar past works for others.
    Experience,
    /// Past works for the same buyer.
    Incumbency,
    /// All its works together speak of the same things.
    Subject,
    /// Its name does.
    TradeName,
    /// It works or sits there, counted as far as it does such works.
    Locality,
    /// It does works of this classification.
    Codes,
    /// Its works are of this category.
    Category,
    /// Its works are of this size, counted as far as it does such works, or it can carry it.
    Value,
    /// It has worked for many buyers, counted as far as it does such works.
    TrackRecord,
    /// It has what is wished for though not demanded.
    Requirements,
    /// It adds what is sought.
    Contributions,
}

/// What kind of fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "EvidenceKind")]
pub enum MatchEvidenceKind {
    /// One past work.
    PastWork,
    /// The further past works, as one.
    FurtherWorks,
    /// A word that its works share with the work package.
    Words,
    /// A word that its name shares with the work package.
    NameWords,
    /// The part of its works that were in the area.
    WorksHere,
    /// Its seat in the area.
    SeatInArea,
    /// Its seat in the region.
    SeatInRegion,
    /// The area it says it serves.
    ServiceArea,
    /// Works won of the same division of the classification.
    WorksOfDivision,
    /// Works won of the same class.
    WorksOfClass,
    /// A code it says it does.
    DeclaredCode,
    /// An activity it is registered for.
    Activity,
    /// The part of its works that are of the category.
    WorksOfCategory,
    /// What its contracts are usually worth.
    UsualValue,
    /// The largest contract it says it can carry.
    DeclaredSize,
    /// How many buyers it bid for.
    Buyers,
    /// A wish that it meets.
    RequirementMet,
    /// A contribution that is sought.
    Contribution,
}

/// What the points of a past work's vote are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::Part")]
pub enum MatchEvidenceGroup {
    /// How alike the titles are.
    Title,
    /// Whose work it was.
    Buyer,
    /// Where it was.
    Place,
    /// How near the values are.
    Value,
    /// How long ago it was.
    Age,
    /// How much the business has done in all.
    Size,
    /// Whether it was won.
    Outcome,
    /// Whether the category is the same.
    Category,
    /// How alike the classification codes are.
    Code,
}

/// Queries of this slice.
#[derive(Default)]
pub struct MatchingQuery;

#[Object]
impl MatchingQuery {
    /// Why a business is not (or not higher) among the matches of a work package; none when it is no business that the caller may see.
    async fn why_not(&self, ctx: &Context<'_>, organisation: Id<organisation::Entity>, work_package: Id<work_package::Entity>) -> Result<Option<WhyNot>> {
        let wanted = match service::wanted(ctx.app(), ctx.actor(), work_package.0).await {
            Err(error) if error.code() == crate::error::Code::NotFound => return Ok(None),
            other => other?,
        };
        let standing = service::stand(ctx.app(), &wanted, organisation.0).await?;
        Ok(standing.map(|standing| WhyNot { standing, package: wanted.package }))
    }
}

/// The businesses that suit a work package.
///
/// # Errors
/// When the arguments are wrong or the index is not loaded yet.
pub async fn matches_of_package(ctx: &Context<'_>, package: &work_package::Model, first: Option<i32>, after: Option<String>) -> Result<MatchConnection> {
    let page = arguments(ctx, first, after)?;
    let Some(project) = ctx.loaders().load_one(ById::<project::Entity>::new(package.project_id)).await? else { return Err(Error::not_found("id")) };
    let requirements = ctx.loaders().load_one(RequirementsOf(package.id)).await?.unwrap_or_default();
    let wanted = Wanted { package: package.clone(), project, requirements };
    let found = service::rank(ctx.app(), &wanted, ranked(&page), rank_after(&page)?).await?;
    let matches = found.matches.into_iter().map(|found| (Rank { total: found.total(), id: found.business }, Match { found, package: package.clone() }));
    Ok(page_of(matches, &page, Counts { passed: found.passed, excluded: found.failed }))
}

/// The open work packages that suit a business.
///
/// # Errors
/// When the arguments are wrong, the index is not loaded yet, or the database cannot be read.
pub async fn matches_of_business(ctx: &Context<'_>, business: &organisation::Model, first: Option<i32>, after: Option<String>) -> Result<MatchConnection> {
    let page = arguments(ctx, first, after)?;
    let Some(open) = ctx.loaders().load_one(OpenPackages).await? else { return Err(Error::not_found("id")) };
    let found = service::suitable(ctx.app(), business.id, &open, ranked(&page), rank_after(&page)?).await?;
    let matches = found.best.into_iter().map(|(rank, package, found)| (rank, Match { found, package }));
    Ok(page_of(matches, &page, Counts { passed: found.passed, excluded: found.failed }))
}

/// The key of the open work packages: all businesses of an answer are held against the same ones, which are read once.
#[derive(Clone, PartialEq, Eq, Hash)]
struct OpenPackages;

impl async_graphql::dataloader::Loader<OpenPackages> for Loaders {
    type Value = Arc<service::Open>;
    type Error = Error;

    async fn load(&self, _: &[OpenPackages]) -> Result<HashMap<OpenPackages, Arc<service::Open>>> {
        Ok(HashMap::from([(OpenPackages, service::open(&self.app).await?)]))
    }
}
