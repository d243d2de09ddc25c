//! Whether a business has what is asked for. What it never told is unknown, not missing.

use super::code::Code;
use super::index::{Entry, Index};
use super::number::at;
use super::profile::{Asks, Day, Value};
use super::query::Query;

/// What is known of one thing that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The business has it.
    Met,
    /// It said what it has, and this is not among it.
    Missing,
    /// It has it, but not for long enough.
    Expires(Day),
    /// It did not say.
    Unknown,
}

/// Whether a business has what is asked for.
pub fn meets(index: &Index, query: &Query, entry: &Entry, asks: &Asks) -> Finding {
    let told = entry.capability.as_deref();
    match asks {
        Asks::Certificate(code) => certificate(query, entry, code),
        Asks::SimilarWorks { code, count } => similar_works(index, entry, code, *count),
        Asks::LargestContract(value) => largest_contract(index, entry, value),
        Asks::Staff(people) => told.and_then(|told| told.staff).map_or(Finding::Unknown, |staff| found(staff >= *people)),
        Asks::Language(tag) => match told.map(|told| told.languages.as_slice()) {
            None | Some([]) => Finding::Unknown,
            Some(languages) => found(languages.iter().any(|known| primary(known).eq_ignore_ascii_case(primary(tag)))),
        },
    }
}

fn found(has: bool) -> Finding {
    if has { Finding::Met } else { Finding::Missing }
}

fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// A certificate must last through the end of the package, or, where that is not known, through today.
fn certificate(query: &Query, entry: &Entry, code: &str) -> Finding {
    if entry.certificates.is_empty() {
        return Finding::Unknown;
    }
    let until = query.package.ends.unwrap_or(query.package.today).max(query.package.today);
    let held = entry.certificates.iter().filter(|held| held.code.eq_ignore_ascii_case(code));
    // One that does not expire lasts longest.
    match held.map(|held| held.valid_to.unwrap_or(Day::MAX)).max() {
        None => Finding::Missing,
        Some(last) if last >= until => Finding::Met,
        Some(last) => Finding::Expires(last),
    }
}

/// Nobody tells all that they have done, so that fewer works than asked for leave the answer open.
fn similar_works(index: &Index, entry: &Entry, code: &str, count: u32) -> Finding {
    let asked = Code::read(code);
    let won = entry.works.iter().map(|&work| index.works.get(work)).filter(|work| work.won);
    let similar = won.filter(|work| asked.is_none_or(|asked| work.code.is_some_and(|code| asked.covers(code)))).take(at(count)).count();
    if similar == at(count) { Finding::Met } else { Finding::Unknown }
}

/// What was done in the same currency, or declared. Without a declaration smaller works do not say what else it can carry.
fn largest_contract(index: &Index, entry: &Entry, asked: &Value) -> Finding {
    let currency = index.find_name("currency", Some(&asked.currency));
    let works = entry.works.iter().map(|&work| index.works.get(work));
    if works.filter(|work| work.won && work.currency == currency).any(|work| work.amount >= asked.amount) {
        return Finding::Met;
    }
    let declared = entry.capability.as_deref().and_then(|told| told.largest_contract.as_ref());
    let declared = declared.filter(|declared| declared.currency == asked.currency);
    declared.map_or(Finding::Unknown, |declared| found(declared.amount >= asked.amount))
}
