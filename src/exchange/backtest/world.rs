//! Columns of the bench as values of the engine: an award becomes a past work of each of its bidders, a case a package.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};

use super::files::{Asked, Award, Protocol, Supplier};
use crate::matching::engine::{Business, Day, Id, Index, Neighbours, Outcome, Package, PastWork, Place, Text, Value};

/// The currency of the column `value_eur`.
const CURRENCY: &str = "EUR";
/// Days from the first day of the common era to 1970-01-01.
const EPOCH: i32 = 719_163;

/// The suppliers of one track, ready to be ranked.
pub struct World {
    index: Index,
    ids: Vec<String>,
}

impl World {
    /// Takes in the suppliers of a track as a protocol knows them: warm with their past works, cold without.
    pub fn new<'a>(suppliers: impl Iterator<Item = &'a Supplier>, awards: impl Iterator<Item = &'a Award>, protocol: Protocol) -> Self {
        let mut suppliers: Vec<&Supplier> = suppliers.collect();
        suppliers.sort_by(|left, right| left.id.cmp(&right.id));
        let mut works: BTreeMap<&str, Vec<PastWork>> = BTreeMap::new();
        for (place, award) in awards.enumerate() {
            for bidder in &award.answer.bidders {
                works.entry(bidder).or_default().push(past_work(id(place), award, bidder));
            }
        }
        let mut index = Index::new(Neighbours::default());
        let mut ids = Vec::new();
        for supplier in suppliers {
            let works = works.remove(supplier.id.as_str()).unwrap_or_default();
            if protocol == Protocol::Warm && works.is_empty() {
                continue;
            }
            index.put(Business {
                id: id(ids.len()),
                name: text(&supplier.name),
                seat: place(&supplier.region, &supplier.area),
                activities: Vec::new(),
                capability: None,
                certificates: Vec::new(),
                works: if protocol == Protocol::Warm { works } else { Vec::new() },
            });
            ids.push(supplier.id.clone());
        }
        Self { index, ids }
    }

    /// The suppliers that fit best, the best first.
    pub fn rank(&self, asked: &Asked, most: usize) -> Vec<String> {
        let ranking = self.index.rank(&package(asked), most, None);
        let place = |id: Id| usize::try_from(id).ok().and_then(|place| self.ids.get(place));
        ranking.matches.iter().filter_map(|found| place(found.business)).cloned().collect()
    }

    /// The suppliers by the ids they have in the index.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }
}

/// A case as a package.
pub fn package(asked: &Asked) -> Package {
    Package {
        id: asked.id.bytes().fold(0, |id: Id, byte| id.wrapping_mul(257).wrapping_add(Id::from(byte))),
        titles: text(&asked.text).into_iter().collect(),
        descriptions: Vec::new(),
        codes: known(&asked.code).into_iter().collect(),
        category: known(&asked.kind),
        sector: None,
        place: place(&asked.region, &asked.area),
        buyer: known(&asked.buyer),
        budget: value(asked),
        starts: None,
        ends: None,
        today: day(asked.date),
        requirements: Vec::new(),
        contributions: Vec::new(),
    }
}

fn past_work(id: Id, award: &Award, bidder: &str) -> PastWork {
    let asked = &award.asked;
    PastWork {
        id,
        title: Text { words: asked.text.clone(), language: None },
        code: known(&asked.code),
        category: known(&asked.kind),
        place: place(&asked.region, &asked.area),
        buyer: known(&asked.buyer),
        value: value(asked),
        day: Some(day(asked.date)),
        outcome: if award.answer.winners.contains(bidder) { Outcome::Won } else { Outcome::Bid },
        bidders: u32::try_from(award.answer.bidders.len()).ok(),
    }
}

fn id(place: usize) -> Id {
    place as Id
}

fn known(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn text(words: &str) -> Option<Text> {
    known(words).map(|words| Text { words, language: None })
}

fn place(region: &str, area: &str) -> Option<Place> {
    let parts: Vec<String> = [region, area].into_iter().filter_map(known).collect();
    (!parts.is_empty()).then_some(Place(parts))
}

fn value(asked: &Asked) -> Option<Value> {
    asked.value.map(|amount| Value { amount, currency: CURRENCY.to_owned() })
}

fn day(date: NaiveDate) -> Day {
    date.num_days_from_ce() - EPOCH
}
