//! What the works of a business add up to, counted once when it is taken in, so that a query need not read them again.

use std::collections::{BTreeMap, BTreeSet};

use super::code::Code;
use super::number::{count, ln_1p};
use super::profile::Day;
use super::title::Titles;
use super::vocabulary::Word;
use super::work::{NOTHING, Work};

/// Past values that the spread of values of a business leans on before it has its own.
const PRIOR_VALUES: f64 = 1.5;
/// The usual spread of the logarithm of the values of one business.
const PRIOR_VARIANCE: f64 = 1.5;
/// A work that was won counts twice what one that was only bid for does.
const WON: u32 = 2;

/// What the works of a business add up to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// Bids, won or not.
    pub bids: usize,
    /// Bids won.
    pub wins: usize,
    /// Different buyers it bid for.
    pub buyers: usize,
    /// The logarithm of one more than its bids.
    pub ln_bids: f64,
    /// The logarithm of one more than its bids won.
    pub ln_wins: f64,
    /// Day of its latest work.
    pub last: Option<Day>,
    /// Usual values by currency.
    pub values: Box<[Usual]>,
    /// Bids by area.
    pub areas: Box<[(u32, u32)]>,
    /// Works won by category.
    pub categories: Box<[(u32, u32)]>,
    /// Works won by code.
    pub codes: Box<[(Code, u32)]>,
    /// Words of the titles and how often it has each: a won work counts two, another bid one.
    pub words: Box<[(Word, u32)]>,
    /// All of these together.
    pub spoken: u64,
}

/// The usual values of a business in one currency.
#[derive(Clone, Debug, PartialEq)]
pub struct Usual {
    /// The currency.
    pub currency: u32,
    /// The mean of their logarithms.
    pub mean: f64,
    /// The variance of their logarithms.
    pub variance: f64,
    /// The largest of those that were won; zero where there is none.
    pub largest: f64,
}

impl Record {
    /// Adds up works.
    pub fn of<'a>(works: impl Iterator<Item = &'a Work>, titles: &Titles) -> Self {
        let mut record = Self::default();
        let mut buyers = BTreeSet::new();
        let mut values: BTreeMap<u32, Values> = BTreeMap::new();
        let (mut areas, mut categories, mut codes, mut vocabulary) = (Tally::new(), Tally::new(), Tally::new(), Tally::new());
        for work in works {
            record.bids += 1;
            record.wins += usize::from(work.won);
            record.last = record.last.max(work.day);
            buyers.extend((work.buyer != NOTHING).then_some(work.buyer));
            if work.currency != NOTHING {
                let values = values.entry(work.currency).or_default();
                values.logarithms.push(work.ln_amount);
                values.largest = if work.won { values.largest.max(work.amount) } else { values.largest };
            }
            *areas.entry(work.spot.area()).or_default() += 1;
            for &word in titles.words(work.title) {
                *vocabulary.entry(word).or_default() += if work.won { WON } else { 1 };
            }
            if work.won {
                *categories.entry(work.category).or_default() += 1;
                if let Some(code) = work.code {
                    *codes.entry(code).or_default() += 1;
                }
            }
        }
        record.ln_bids = ln_1p(count(record.bids));
        record.ln_wins = ln_1p(count(record.wins));
        record.buyers = buyers.len();
        record.values = values.into_iter().map(|(currency, values)| usual(currency, values)).collect();
        record.areas = areas.into_iter().collect();
        record.categories = categories.into_iter().collect();
        record.codes = codes.into_iter().collect();
        record.spoken = vocabulary.values().map(|&times| u64::from(times)).sum();
        record.words = vocabulary.into_iter().collect();
        record
    }

    /// Its usual values in a currency.
    pub fn values_in(&self, currency: u32) -> Option<&Usual> {
        self.values.iter().find(|values| values.currency == currency)
    }

    /// How often the business has a word: once for a work that was won, half as much for a bid.
    pub fn times(&self, word: Word) -> f64 {
        f64::from(tallied(&self.words, word)) / f64::from(WON)
    }

    /// How many bids were in an area.
    pub fn bids_in(&self, area: u32) -> f64 {
        if area == NOTHING { 0.0 } else { f64::from(tallied(&self.areas, area)) }
    }

    /// How many works of a category were won.
    pub fn wins_of(&self, category: u32) -> f64 {
        if category == NOTHING { 0.0 } else { f64::from(tallied(&self.categories, category)) }
    }
}

type Tally<K> = BTreeMap<K, u32>;

fn tallied(tally: &[(u32, u32)], key: u32) -> u32 {
    tally.binary_search_by_key(&key, |&(key, _)| key).map_or(0, |place| tally[place].1)
}

/// The values of a business in one currency.
#[derive(Default)]
struct Values {
    logarithms: Vec<f64>,
    largest: f64,
}

/// The order of the works does not matter: sums run in ascending order.
fn usual(currency: u32, Values { mut logarithms, largest }: Values) -> Usual {
    logarithms.sort_by(f64::total_cmp);
    let n = count(logarithms.len());
    let mean = logarithms.iter().sum::<f64>() / n;
    let squares = logarithms.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
    Usual { currency, mean, variance: (squares + PRIOR_VALUES * PRIOR_VARIANCE) / (n + PRIOR_VALUES), largest }
}
