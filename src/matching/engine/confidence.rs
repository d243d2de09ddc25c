//! How much of what matters is known of a business. It stands beside the score and never enters it.

use super::index::{Entry, Index};
use super::query::Query;
use super::work::NOTHING;

/// What is worth knowing, and how much, in parts of the whole.
const WORKS: f64 = 0.25;
const TITLES: f64 = 0.1;
const VALUES: f64 = 0.1;
const PLACE: f64 = 0.15;
const TRADE: f64 = 0.15;
const SIZE: f64 = 0.05;
const DATES: f64 = 0.05;
const GATES: f64 = 0.15;

/// From 0, nothing is known, to 1, everything is. `open` is the part of the gates that ended unknown.
pub fn confidence(index: &Index, query: &Query, entry: &Entry, open: f64) -> f64 {
    let works = || entry.works.iter().map(|&work| index.works.get(work));
    let told = entry.capability.as_deref();
    let facts = [
        (WORKS, !entry.works.is_empty()),
        (TITLES, works().any(|work| work.title != NOTHING)),
        (VALUES, works().any(|work| query.budget.is_none_or(|(currency, _)| work.currency == currency))),
        (PLACE, entry.seat.is_known() || told.is_some_and(|told| !told.service_area.is_empty())),
        (TRADE, !entry.declared.is_empty() || !entry.active.is_empty()),
        (SIZE, told.is_some_and(|told| told.largest_contract.is_some())),
        (DATES, told.is_some_and(|told| told.free_from.is_some() || told.free_to.is_some())),
    ];
    facts.into_iter().filter(|(_, known)| *known).map(|(part, _)| part).sum::<f64>() + GATES * (1.0 - open)
}
