//! The explanation of a match. It *is* the score: the total is computed from it and from nothing else, so that a reason
//! that is shown is a reason that counted, and one that is taken away is missed by its own criterion alone.

use super::digest::Hash;
use super::number::ln_1p;
use super::profile::Id;
use super::weights::{self, Part};

/// Less than this is no evidence: nobody would see it.
const SMALLEST: f64 = 1e-6;

/// What people read, in both languages of the product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentence {
    /// In Ukrainian.
    pub uk: String,
    /// In English.
    pub en: String,
}

/// A condition that a match must meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GateKind {
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

/// How a gate ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GateOutcome {
    /// The condition is met.
    Passed,
    /// It is not: the business is no match.
    Failed,
    /// The business did not say; it is not held against it.
    Unknown,
}

/// One gate and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// The condition.
    pub kind: GateKind,
    /// How it ended.
    pub outcome: GateOutcome,
    /// Why.
    pub reason: Sentence,
    /// What would change a failed or unknown outcome.
    pub cure: Option<Sentence>,
}

/// A reason to score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CriterionKind {
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

impl CriterionKind {
    /// What people call it.
    #[must_use]
    pub fn title(self) -> Sentence {
        super::reasons::criterion(self)
    }
}

/// What a piece of evidence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EvidenceKind {
    /// One past work.
    PastWork,
    /// The further past works, as one.
    FurtherWorks,
    /// Words that its works share with the package.
    Words,
    /// Words that its name shares with the package.
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

/// What of a package a piece of evidence is about, by its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// A word.
    Word(usize),
    /// A requirement.
    Requirement(usize),
}

/// A piece of evidence for a criterion.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// What it is.
    pub kind: EvidenceKind,
    /// The past work, where it is one.
    pub work: Option<Id>,
    /// What of the package it is about.
    pub(super) about: Option<About>,
    /// How alike the titles are, from 0 to 1, where both have one.
    pub similarity: Option<f64>,
    /// What it adds to its criterion before the weight; more than zero.
    pub amount: f64,
    /// Of one past work: the points of its vote by what they are for. The vote grows by e with each point.
    pub parts: Vec<(Part, f64)>,
    /// In words.
    pub reason: Sentence,
}

impl Evidence {
    /// Whether it adds up all that is not shown one by one.
    fn is_sum(&self) -> bool {
        match self.kind {
            EvidenceKind::FurtherWorks => true,
            EvidenceKind::Words | EvidenceKind::NameWords => self.about.is_none(),
            _ => false,
        }
    }
}

/// A criterion, its weight and its evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    /// What is judged.
    pub kind: CriterionKind,
    /// How much it counts.
    pub weight: f64,
    /// What speaks for it, the strongest first, what adds up the rest last.
    pub evidence: Vec<Evidence>,
    /// The strongest evidence in words.
    pub reason: Sentence,
}

impl Criterion {
    /// A criterion that has something to say for it.
    pub(super) fn new(kind: CriterionKind, evidence: Vec<Evidence>) -> Option<Self> {
        let mut evidence: Vec<Evidence> = evidence.into_iter().filter(|piece| piece.amount > SMALLEST).collect();
        evidence.sort_by(|one, other| one.is_sum().cmp(&other.is_sum()).then(other.amount.total_cmp(&one.amount)));
        (!evidence.is_empty()).then(|| Self { kind, weight: weights::of_criterion(kind), evidence, reason: Sentence::default() })
    }

    /// Its points: the weight times the sum of the evidence, or, for votes, which multiply, times its logarithm.
    #[must_use]
    pub fn points(&self) -> f64 {
        let sum: f64 = self.evidence.iter().map(|piece| piece.amount).sum();
        self.weight
            * match self.kind {
                CriterionKind::Experience | CriterionKind::Incumbency => ln_1p(sum),
                _ => sum,
            }
    }
}

/// The points of criteria together; of none they are zero and not the minus zero of an empty sum.
pub(super) fn total(criteria: &[Criterion]) -> f64 {
    criteria.iter().map(Criterion::points).fold(0.0, |sum, points| sum + points)
}

/// Who could tell what is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Turn {
    /// The municipality, in the project or work package.
    Municipality,
    /// The business, in its profile.
    Business,
}

/// Something worth knowing that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Who could tell it.
    pub turn: Turn,
    /// What it is.
    pub reason: Sentence,
    /// What they would do.
    pub cure: Sentence,
}

/// Why a business is, or is not, a match for a package.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// The business.
    pub business: Id,
    /// What must be met.
    pub gates: Vec<Gate>,
    /// What scores; criteria without evidence are left out.
    pub criteria: Vec<Criterion>,
    /// How much of what matters is known, from 0 to 1 in whole hundredths. It says nothing about how good the match is.
    pub confidence: f64,
    /// What is not known of the business and of the package.
    pub unknowns: Vec<Unknown>,
    /// SHA-256 of what was matched: engine, package and business.
    pub inputs_hash: Hash,
}

impl Match {
    /// The score: the points of the criteria and nothing else. It has no upper end; only its order means something.
    #[must_use]
    pub fn total(&self) -> f64 {
        total(&self.criteria)
    }

    /// Whether no gate failed.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.gates.iter().all(|gate| gate.outcome != GateOutcome::Failed)
    }
}

/// The best matches for a package.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranking {
    /// The matches, the best first.
    pub matches: Vec<Match>,
    /// How many there are in all.
    pub passed: usize,
    /// How many more businesses came close and failed a gate.
    pub failed: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(amount: f64) -> Evidence {
        Evidence { kind: EvidenceKind::PastWork, work: None, about: None, similarity: None, amount, parts: Vec::new(), reason: Sentence::default() }
    }

    #[test]
    fn a_criterion_without_evidence_is_none() {
        assert_eq!(Criterion::new(CriterionKind::Value, vec![piece(0.0)]), None);
    }

    #[test]
    fn twice_the_votes_are_not_twice_the_points() {
        let [once, twice] = [1, 2].map(|n| Criterion::new(CriterionKind::Experience, vec![piece(1.0); n]).unwrap().points());
        assert!(once < twice && twice < 2.0 * once);
    }
}
