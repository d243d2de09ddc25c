//! The gates: what must hold whatever the score. A gate that fails says why and what would cure it.

use super::code::Code;
use super::explanation::{Gate, GateKind, GateOutcome, Sentence};
use super::index::{Entry, Index};
use super::place::{borders, covers};
use super::profile::{Asks, Capability, Package};
use super::query::Query;
use super::requirements::{Finding, meets};
use super::sentences as say;

/// How a gate ended, before anything is said about it.
#[derive(Clone, Copy, Debug)]
pub struct Check<'a> {
    kind: GateKind,
    finding: Finding,
    asks: Option<&'a Asks>,
}

impl Check<'_> {
    /// Whether the business is no match.
    pub fn fails(&self) -> bool {
        self.outcome() == GateOutcome::Failed
    }

    /// How the gate ended.
    pub const fn outcome(&self) -> GateOutcome {
        match self.finding {
            Finding::Met => GateOutcome::Passed,
            Finding::Missing | Finding::Expires(_) => GateOutcome::Failed,
            Finding::Unknown => GateOutcome::Unknown,
        }
    }
}

/// Every gate of a package that asks something of a business.
pub fn check<'a>(index: &Index, query: &Query<'a>, entry: &Entry) -> Vec<Check<'a>> {
    let package = query.package;
    let told = entry.capability.as_deref();
    let own = [
        (GateKind::Exclusions, exclusions(package, told)),
        (GateKind::ServiceArea, service_area(index, package, told)),
        (GateKind::Availability, availability(package, told)),
        (GateKind::ContractSize, contract_size(package, told)),
    ];
    let own = own.into_iter().filter_map(|(kind, finding)| Some(Check { kind, finding: finding?, asks: None }));
    let asked = package.requirements.iter().filter(|asked| asked.must).map(|asked| Check {
        kind: kind_of(&asked.asks),
        finding: meets(index, query, entry, &asked.asks),
        asks: Some(&asked.asks),
    });
    own.chain(asked).collect()
}

const fn kind_of(asks: &Asks) -> GateKind {
    match asks {
        Asks::Certificate(_) => GateKind::Certificate,
        Asks::SimilarWorks { .. } => GateKind::SimilarWorks,
        Asks::LargestContract(_) => GateKind::LargestContract,
        Asks::Staff(_) => GateKind::Staff,
        Asks::Language(_) => GateKind::Language,
    }
}

/// Says how a gate ended.
pub fn tell(query: &Query, entry: &Entry, check: &Check) -> Gate {
    let (reason, cure) = match (check.asks, check.kind) {
        (Some(asks), _) => say::requirement(asks, check.finding),
        (None, GateKind::Exclusions) => say::exclusions(check.finding),
        (None, GateKind::ServiceArea) => say::service_area(check.finding),
        (None, GateKind::Availability) => say::availability(check.finding, query.package, entry.capability.as_deref()),
        (None, _) => {
            let largest = query.budget.and_then(|(currency, _)| entry.record.values_in(currency)).map(|values| values.largest).filter(|largest| *largest > 0.0);
            say::contract_size(check.finding, query.package, entry.capability.as_deref(), largest)
        }
    };
    let outcome = check.outcome();
    Gate { kind: check.kind, outcome, reason, cure: (outcome != GateOutcome::Passed).then_some(cure).filter(|cure| *cure != Sentence::default()) }
}

/// A package without codes cannot be excluded by one.
fn exclusions(package: &Package, told: Option<&Capability>) -> Option<Finding> {
    let asked: Vec<Code> = package.codes.iter().filter_map(|code| Code::read(code)).collect();
    if asked.is_empty() {
        return None;
    }
    let Some(told) = told else { return Some(Finding::Unknown) };
    let excluded = told.excluded_codes.iter().filter_map(|code| Code::read(code));
    let hit = excluded.into_iter().any(|excluded| asked.iter().any(|asked| excluded.covers(*asked)));
    Some(if hit { Finding::Missing } else { Finding::Met })
}

fn service_area(index: &Index, package: &Package, told: Option<&Capability>) -> Option<Finding> {
    let there = package.place.as_ref()?;
    let Some(told) = told.filter(|told| !told.service_area.is_empty()) else { return Some(Finding::Unknown) };
    let serves = told.service_area.iter().any(|area| covers(area, there) || told.with_neighbours && borders(&index.neighbours, area, there));
    Some(if serves { Finding::Met } else { Finding::Missing })
}

fn availability(package: &Package, told: Option<&Capability>) -> Option<Finding> {
    if package.starts.is_none() && package.ends.is_none() {
        return None;
    }
    let (from, to) = told.map_or((None, None), |told| (told.free_from, told.free_to));
    let busy = package.starts.zip(from).is_some_and(|(starts, from)| starts < from)
        || package.ends.zip(to).is_some_and(|(ends, to)| ends > to)
        || package.starts.zip(to).is_some_and(|(starts, to)| starts > to)
        || package.ends.zip(from).is_some_and(|(ends, from)| ends < from);
    Some(match (busy, from.or(to)) {
        (true, _) => Finding::Missing,
        (false, None) => Finding::Unknown,
        (false, Some(_)) => Finding::Met,
    })
}

/// Amounts in different currencies are not compared.
fn contract_size(package: &Package, told: Option<&Capability>) -> Option<Finding> {
    let budget = package.budget.as_ref()?;
    let largest = told.and_then(|told| told.largest_contract.as_ref()).filter(|largest| largest.currency == budget.currency);
    Some(largest.map_or(Finding::Unknown, |largest| if budget.amount <= largest.amount { Finding::Met } else { Finding::Missing }))
}
