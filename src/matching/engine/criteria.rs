//! The criteria: what speaks for a business, as evidence with amounts. The sentences are added later, for those shown.

use super::explanation::{Criterion, CriterionKind, Evidence, EvidenceKind, Sentence};
use super::index::{Entry, Index};
use super::number::{count, exp, ln_1p};
use super::place::{self, Nearness};
use super::profile::Asks;
use super::query::Query;
use super::record::Usual;
use super::requirements::{Finding, meets};
use super::votes::Vote;
use super::weights::{VOTE_FLOOR, of_evidence};

/// Votes that are shown one by one; the others are added up.
const VOTES_SHOWN: usize = 5;
/// Works that are imagined beside those of a category, so that one work is not a habit.
const CATEGORY_PRIOR: f64 = 0.9;
/// Bids that are imagined elsewhere, so that one bid in an area is not a habit.
const AREA_PRIOR: f64 = 0.5;

/// What speaks for a business.
pub fn criteria(index: &Index, query: &Query, entry: &Entry, votes: &[Vote]) -> Vec<Criterion> {
    [
        (CriterionKind::Experience, voted(index, votes, |vote| !vote.same_buyer)),
        (CriterionKind::Incumbency, voted(index, votes, |vote| vote.same_buyer)),
        (CriterionKind::Subject, vec![piece(EvidenceKind::Words, subject(query, entry))]),
        (CriterionKind::TradeName, vec![piece(EvidenceKind::NameWords, name(query, entry))]),
        (CriterionKind::Locality, locality(query, entry)),
        (CriterionKind::Codes, codes(query, entry)),
        (CriterionKind::Category, vec![piece(EvidenceKind::WorksOfCategory, category(query, entry))]),
        (CriterionKind::Value, value(query, entry)),
        (CriterionKind::TrackRecord, vec![piece(EvidenceKind::Buyers, ln_1p(count(entry.record.buyers)))]),
        (CriterionKind::Requirements, wishes(index, query, entry)),
        (CriterionKind::Contributions, contributions(query, entry)),
    ]
    .into_iter()
    .filter_map(|(kind, evidence)| Criterion::new(kind, evidence))
    .collect()
}

/// A piece of evidence of so many units.
fn piece(kind: EvidenceKind, units: f64) -> Evidence {
    Evidence { kind, work: None, similarity: None, amount: units * of_evidence(kind), parts: Vec::new(), reason: Sentence::default() }
}

fn voted(index: &Index, votes: &[Vote], of: impl Fn(&Vote) -> bool) -> Vec<Evidence> {
    let votes: Vec<&Vote> = votes.iter().filter(|vote| of(vote)).collect();
    let mut evidence: Vec<Evidence> = votes
        .iter()
        .take(VOTES_SHOWN)
        .map(|vote| Evidence { work: Some(index.works.get(vote.work).id), similarity: vote.similarity, ..piece(EvidenceKind::PastWork, vote.amount / VOTE_FLOOR) })
        .collect();
    let further: f64 = votes.iter().skip(VOTES_SHOWN).map(|vote| vote.amount).sum();
    evidence.push(piece(EvidenceKind::FurtherWorks, further / VOTE_FLOOR));
    evidence
}

/// The part of the package's words that the works of a business speak of.
fn subject(query: &Query, entry: &Entry) -> f64 {
    let times: Vec<f64> = query.words().map(|word| entry.record.times(word)).collect();
    query.spoken(&times)
}

/// The part of the package's words that the name of a business has.
fn name(query: &Query, entry: &Entry) -> f64 {
    let mut times = vec![0.0; query.len()];
    for place in entry.name.iter().filter_map(|&word| query.place(word)) {
        times[place] = 1.0;
    }
    query.spoken(&times)
}

fn locality(query: &Query, entry: &Entry) -> Vec<Evidence> {
    let here = entry.record.bids_in(query.spot.area());
    let seat = match query.spot.nearness(entry.seat) {
        Nearness::Area => piece(EvidenceKind::SeatInArea, 1.0),
        Nearness::Region => piece(EvidenceKind::SeatInRegion, 1.0),
        Nearness::Apart => piece(EvidenceKind::SeatInRegion, 0.0),
    };
    let served = query.package.place.as_ref().is_some_and(|there| entry.capability.iter().flat_map(|told| &told.service_area).any(|area| place::covers(area, there)));
    vec![piece(EvidenceKind::WorksHere, here / (count(entry.record.bids) + AREA_PRIOR)), seat, piece(EvidenceKind::ServiceArea, if served { 1.0 } else { 0.0 })]
}

fn codes(query: &Query, entry: &Entry) -> Vec<Evidence> {
    let depth =
        |codes: &[super::code::Code]| codes.iter().flat_map(|code| query.codes.iter().map(|asked| f64::from(asked.common(*code)) / f64::from(asked.depth()))).fold(0.0, f64::max);
    let won = entry.record.codes.iter();
    let depths: Vec<(u32, u32)> = won.map(|&(code, times)| (query.codes.iter().map(|asked| asked.common(code)).max().unwrap_or(0), times)).collect();
    let of = |length: u32| ln_1p(f64::from(depths.iter().filter(|(depth, _)| *depth >= length).map(|(_, times)| times).sum::<u32>()));
    vec![
        piece(EvidenceKind::DeclaredCode, depth(&entry.declared)),
        piece(EvidenceKind::Activity, depth(&entry.active)),
        piece(EvidenceKind::WorksOfDivision, of(2)),
        piece(EvidenceKind::WorksOfClass, of(4)),
    ]
}

fn category(query: &Query, entry: &Entry) -> f64 {
    entry.record.wins_of(query.category) / (count(entry.record.bids) + CATEGORY_PRIOR)
}

/// How likely the budget is among the past values of the business: the density of a bell curve over logarithms.
fn value(query: &Query, entry: &Entry) -> Vec<Evidence> {
    let usual = query.budget.and_then(|(currency, ln)| {
        let Usual { mean, variance, .. } = entry.record.values.iter().find(|values| values.currency == currency)?;
        Some(exp(-(ln - mean) * (ln - mean) / (2.0 * variance)) / variance.sqrt())
    });
    let declared = query.package.budget.as_ref().zip(entry.capability.as_ref().and_then(|told| told.largest_contract.as_ref()));
    let carries = declared.is_some_and(|(budget, largest)| budget.currency == largest.currency && budget.amount <= largest.amount);
    vec![piece(EvidenceKind::UsualValue, usual.unwrap_or(0.0)), piece(EvidenceKind::DeclaredSize, if carries { 1.0 } else { 0.0 })]
}

fn wishes(index: &Index, query: &Query, entry: &Entry) -> Vec<Evidence> {
    let wishes: Vec<&Asks> = query.package.requirements.iter().filter(|asked| !asked.must).map(|asked| &asked.asks).collect();
    let share = 1.0 / count(wishes.len()).max(1.0);
    let met = wishes.into_iter().filter(|asks| meets(index, query, entry, asks) == Finding::Met);
    met.map(|_| piece(EvidenceKind::RequirementMet, share)).collect()
}

fn contributions(query: &Query, entry: &Entry) -> Vec<Evidence> {
    let sought = &query.package.contributions;
    let offered = entry.capability.as_ref().map_or(&[][..], |told| &told.contributions);
    let share = 1.0 / count(sought.len()).max(1.0);
    sought.iter().filter(|sought| offered.contains(sought)).map(|_| piece(EvidenceKind::Contribution, share)).collect()
}
