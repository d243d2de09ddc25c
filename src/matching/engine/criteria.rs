//! The criteria: what speaks for a business, as evidence with amounts. The sentences are added later, for those shown.
//!
//! To be near, to be known and to work at such values speak for a business only as far as it does such works: these amounts
//! are reckoned with the fit of the business from the start, so that a local roofer stands behind a water firm from afar.
//! What its works and its name speak of, and that fit, count only as far as it may carry a work of this size.

use super::explanation::{About, Criterion, CriterionKind, Evidence, EvidenceKind, Sentence};
use super::index::{Entry, Index};
use super::number::{count, exp, ln_1p};
use super::place::{self, Nearness};
use super::profile::Requirement;
use super::query::Query;
use super::record::Usual;
use super::requirements::{Finding, meets};
use super::votes::Vote;
use super::weights::{CLOSE, NEXT_VOTE, OTHER_TRADE, ROOM, UNTOLD_FIT, VOTE_FLOOR, of_evidence};

/// Votes that are shown one by one; the others are added up.
const VOTES_SHOWN: usize = 5;
/// Words that are shown one by one; the others are added up.
const WORDS_SHOWN: usize = 4;
/// Works that are imagined beside those of a category, so that one work is not a habit.
const CATEGORY_PRIOR: f64 = 0.9;
/// Bids that are imagined elsewhere, so that one bid in an area is not a habit.
const AREA_PRIOR: f64 = 0.5;

/// What speaks for a business.
pub fn criteria(index: &Index, query: &Query, entry: &Entry, votes: &[Vote]) -> Vec<Criterion> {
    let size = size(query, entry);
    let fit = size * fit(query, entry, votes);
    [
        (CriterionKind::Experience, voted(index, votes, |vote| !vote.same_buyer)),
        (CriterionKind::Incumbency, voted(index, votes, |vote| vote.same_buyer)),
        (CriterionKind::Subject, words(EvidenceKind::Words, size * trade(query, entry), &subject(index, query, entry))),
        (CriterionKind::TradeName, words(EvidenceKind::NameWords, size, &name(query, entry))),
        (CriterionKind::Locality, locality(query, entry, fit)),
        (CriterionKind::Codes, codes(query, entry)),
        (CriterionKind::Category, vec![piece(EvidenceKind::WorksOfCategory, category(query, entry))]),
        (CriterionKind::Value, value(query, entry, fit)),
        (CriterionKind::TrackRecord, vec![piece(EvidenceKind::Buyers, fit * ln_1p(count(entry.record.buyers)))]),
        (CriterionKind::Requirements, wishes(index, query, entry)),
        (CriterionKind::Contributions, contributions(query, entry)),
    ]
    .into_iter()
    .filter_map(|(kind, evidence)| Criterion::new(kind, evidence))
    .collect()
}

/// How much the words of a business count by its codes, all that it did, declares or is registered for: less when none is
/// of a division that is asked for, so that a firm of pipe chambers is not taken for one of cameras.
fn trade(query: &Query, entry: &Entry) -> f64 {
    let done = entry.record.codes.iter().map(|&(code, _)| code);
    let mut codes = done.chain(entry.declared.iter().copied()).chain(entry.active.iter().copied()).peekable();
    let told = codes.peek().is_some() && !query.codes.is_empty();
    if told && codes.all(|code| query.depth(code) == 0) { OTHER_TRADE } else { 1.0 }
}

/// A piece of evidence of so many units.
fn piece(kind: EvidenceKind, units: f64) -> Evidence {
    Evidence { kind, work: None, about: None, similarity: None, amount: units * of_evidence(kind), parts: Vec::new(), reason: Sentence::default() }
}

/// How far what a business did, declares or is registered for is of the kind that is asked for, from 0 to 1.
fn fit(query: &Query, entry: &Entry, votes: &[Vote]) -> f64 {
    let record = &entry.record;
    let told_by_titles = query.has_words() && !record.words.is_empty();
    let has_codes = !record.codes.is_empty() || !entry.declared.is_empty() || !entry.active.is_empty();
    let told_by_codes = has_codes && !query.codes.is_empty();
    if !told_by_titles && !told_by_codes {
        return UNTOLD_FIT;
    }
    let said = entry.declared.iter().chain(&entry.active).map(|&code| query.code_fit(code));
    votes.iter().map(|vote| vote.fit).chain(said).fold(0.0, f64::max)
}

/// The works that voted, the strongest first; each counts less than the one before, so that many weak ones do not make a good one.
fn voted(index: &Index, votes: &[Vote], of: impl Fn(&Vote) -> bool) -> Vec<Evidence> {
    let mut part = 1.0;
    let votes = votes.iter().filter(|vote| of(vote)).map(|vote| {
        let counted = Vote { amount: vote.amount * part, ..*vote };
        part *= NEXT_VOTE;
        counted
    });
    let votes: Vec<Vote> = votes.collect();
    let mut evidence: Vec<Evidence> = votes
        .iter()
        .take(VOTES_SHOWN)
        .map(|vote| Evidence { work: Some(index.works.get(vote.work).id), similarity: vote.similarity, ..piece(EvidenceKind::PastWork, vote.amount / VOTE_FLOOR) })
        .collect();
    let further: f64 = votes.iter().skip(VOTES_SHOWN).map(|vote| vote.amount).sum();
    evidence.push(piece(EvidenceKind::FurtherWorks, further / VOTE_FLOOR));
    evidence
}

/// How far a business may carry a work of this size, from 0 to 1, by the largest that is known of it. One that declares
/// its largest contract is judged by a gate instead.
pub fn size(query: &Query, entry: &Entry) -> f64 {
    let (Some(budget), Some((currency, _))) = (&query.package.budget, query.budget) else { return 1.0 };
    let declared = entry.capability.as_ref().and_then(|told| told.largest_contract.as_ref()).is_some_and(|largest| largest.currency == budget.currency);
    match entry.record.values_in(currency) {
        Some(values) if !declared && values.largest > 0.0 => (ROOM * values.largest / budget.amount).min(1.0),
        _ => 1.0,
    }
}

/// The words of the package that the works of a business have.
fn subject(index: &Index, query: &Query, entry: &Entry) -> Vec<(usize, f64)> {
    query.spoken(query.words().map(|word| entry.record.times(word)), index.length(entry))
}

/// The words of the package that the name of a business has.
fn name(query: &Query, entry: &Entry) -> Vec<(usize, f64)> {
    query.spoken(query.words().map(|word| f64::from(u8::from(entry.name.contains(&word)))), 1.0)
}

/// Words as evidence: one piece each for those that say the most, and one for all others together.
fn words(kind: EvidenceKind, size: f64, spoken: &[(usize, f64)]) -> Vec<Evidence> {
    let (shown, further) = spoken.split_at(WORDS_SHOWN.min(spoken.len()));
    let mut evidence: Vec<Evidence> = shown.iter().map(|&(place, part)| Evidence { about: Some(About::Word(place)), ..piece(kind, size * part) }).collect();
    evidence.push(piece(kind, size * further.iter().map(|(_, part)| part).sum::<f64>()));
    evidence
}

fn locality(query: &Query, entry: &Entry, fit: f64) -> Vec<Evidence> {
    let here = entry.record.bids_in(query.spot.area());
    let seat = match query.spot.nearness(entry.seat) {
        Nearness::Area => piece(EvidenceKind::SeatInArea, fit),
        Nearness::Region => piece(EvidenceKind::SeatInRegion, fit),
        Nearness::Apart => piece(EvidenceKind::SeatInRegion, 0.0),
    };
    let served = query.package.place.as_ref().is_some_and(|there| entry.capability.iter().flat_map(|told| &told.service_area).any(|area| place::covers(area, there)));
    vec![piece(EvidenceKind::WorksHere, fit * here / (count(entry.record.bids) + AREA_PRIOR)), seat, piece(EvidenceKind::ServiceArea, if served { fit } else { 0.0 })]
}

fn codes(query: &Query, entry: &Entry) -> Vec<Evidence> {
    let depths: Vec<(u32, u32)> = entry.record.codes.iter().map(|&(code, times)| (query.depth(code), times)).collect();
    let of = |length: u32| ln_1p(f64::from(depths.iter().filter(|(depth, _)| *depth >= length).map(|(_, times)| times).sum::<u32>()));
    vec![
        piece(EvidenceKind::DeclaredCode, query.told_of(&entry.declared).map_or(0.0, |(_, fit)| fit)),
        piece(EvidenceKind::Activity, query.told_of(&entry.active).map_or(0.0, |(_, fit)| fit)),
        piece(EvidenceKind::WorksOfDivision, of(2)),
        piece(EvidenceKind::WorksOfClass, of(4)),
    ]
}

fn category(query: &Query, entry: &Entry) -> f64 {
    entry.record.wins_of(query.category) / (count(entry.record.bids) + CATEGORY_PRIOR)
}

/// How likely the budget is among the past values of the business: the density of a bell curve over logarithms.
fn value(query: &Query, entry: &Entry, fit: f64) -> Vec<Evidence> {
    let usual = query.budget.and_then(|(currency, ln)| {
        let Usual { mean, variance, .. } = entry.record.values_in(currency).filter(|usual| (ln - usual.mean).abs() < CLOSE)?;
        Some(exp(-(ln - mean) * (ln - mean) / (2.0 * variance)) / variance.sqrt())
    });
    let declared = query.package.budget.as_ref().zip(entry.capability.as_ref().and_then(|told| told.largest_contract.as_ref()));
    let carries = declared.is_some_and(|(budget, largest)| budget.currency == largest.currency && budget.amount <= largest.amount);
    vec![piece(EvidenceKind::UsualValue, fit * usual.unwrap_or(0.0)), piece(EvidenceKind::DeclaredSize, if carries { 1.0 } else { 0.0 })]
}

fn wishes(index: &Index, query: &Query, entry: &Entry) -> Vec<Evidence> {
    let wishes: Vec<(usize, &Requirement)> = query.package.requirements.iter().enumerate().filter(|(_, asked)| !asked.must).collect();
    let share = 1.0 / count(wishes.len()).max(1.0);
    let met = wishes.into_iter().filter(|(_, wish)| meets(index, query, entry, &wish.asks) == Finding::Met);
    met.map(|(place, _)| Evidence { about: Some(About::Requirement(place)), ..piece(EvidenceKind::RequirementMet, share) }).collect()
}

fn contributions(query: &Query, entry: &Entry) -> Vec<Evidence> {
    let sought = &query.package.contributions;
    let offered = entry.capability.as_ref().map_or(&[][..], |told| &told.contributions);
    let share = 1.0 / count(sought.len()).max(1.0);
    sought.iter().filter(|sought| offered.contains(sought)).map(|_| piece(EvidenceKind::Contribution, share)).collect()
}
