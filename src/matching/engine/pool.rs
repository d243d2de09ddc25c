//! Which past works have a say on a package, and which businesses are looked at because of what they say of themselves.
//!
//! Every loop is bounded, and every cut is by what an item says, so that neither a large index nor the order of its
//! changes shows in the answer.

use super::hash::{NumberMap, NumberSet};
use super::index::{Index, PROFILE_LENGTHS};
use super::place::Spot;
use super::query::{Query, Similarity};
use super::title::Rough;
use super::vocabulary::{Weight, Word, mixed};
use super::work::{NOTHING, Width};

/// Titles that are compared word by word, taken by the rough sum of what they share.
const TITLES_COMPARED: usize = 500;
/// Titles whose works vote.
const TITLES_VOTING: usize = 200;
/// Works for the same buyer that are looked through, the latest first.
const BUYER_READ: usize = 20_000;
/// Works for the same buyer that vote because their titles are nearest.
const BUYER_NEAREST: usize = 300;
/// Works for the same buyer that vote because they are the latest.
const BUYER_LATEST: usize = 60;
/// Works that vote for their titles at most.
const WORKS_BY_TITLE: usize = 2_400;
/// Works that vote for their titles or their buyer at most.
const WORKS_BY_BUYER: usize = 3_000;
/// Works that vote at most.
const WORKS_VOTING: usize = 3_600;
/// A longer list by code and place says too little to be read.
const LIST_READ: usize = 30_000;
/// Businesses that are looked at for what they declare.
const PROFILES: usize = 300;
/// Businesses that are looked at for their name.
const NAMES: usize = 100;
/// A word that more names have says too little.
const NAMES_READ: usize = 2_000;

/// The works that vote, and how alike the titles are.
#[derive(Debug, Default)]
pub struct Pool {
    /// The works.
    pub works: Vec<u32>,
    similar: NumberMap<u32, Option<Similarity>>,
    weights: NumberMap<Word, Weight>,
    rough: Option<Rough>,
}

impl Pool {
    /// The pool of works that are known beforehand.
    pub fn of(works: Vec<u32>) -> Self {
        Self { works, ..Self::default() }
    }

    /// Gathers the works that have a say.
    pub fn gather(index: &Index, query: &Query) -> Self {
        let mut pool = Self::default();
        let mut seen = NumberSet::default();
        let rough = index.titles.rough(&query.telling(index));
        let mut titles: Vec<(u64, u64, u32)> = Vec::new();
        for title in index.titles.best(&rough, TITLES_COMPARED) {
            let alike = pool.similarity(index, query, title).map_or(0.0, Similarity::mean);
            titles.push((u64::MAX - alike.to_bits(), index.titles.key(title), title));
        }
        titles.sort_unstable();
        for &(_, _, title) in titles.iter().take(TITLES_VOTING) {
            pool.add(index, index.titles.works(title), WORKS_BY_TITLE, &mut seen);
        }
        let latest = index.works_for(query.buyer);
        let latest = &latest[..latest.len().min(BUYER_READ)];
        let mut nearest: Vec<(u32, usize)> =
            latest.iter().enumerate().map(|(place, &work)| (u32::MAX - rough.sum(index.works.get(work).title), place)).filter(|&(rest, _)| rest != u32::MAX).collect();
        if nearest.len() > BUYER_NEAREST {
            nearest.select_nth_unstable(BUYER_NEAREST);
            nearest.truncate(BUYER_NEAREST);
        }
        let nearest: Vec<u32> = nearest.into_iter().map(|(_, place)| latest[place]).collect();
        pool.add(index, &nearest, WORKS_BY_BUYER, &mut seen);
        pool.add(index, &latest[..latest.len().min(BUYER_LATEST)], WORKS_BY_BUYER, &mut seen);
        for &code in &query.codes {
            for list in index.works.like(code, query.spot).filter(|list| list.len() <= LIST_READ) {
                pool.add(index, list, WORKS_VOTING, &mut seen);
            }
        }
        pool.rough = Some(rough);
        pool
    }

    /// Adds works that are not in yet, until there are `most`; where not all fit, the latest do.
    fn add(&mut self, index: &Index, works: &[u32], most: usize, seen: &mut NumberSet<u32>) {
        let room = most.saturating_sub(self.works.len());
        if room == 0 {
            return;
        }
        let mut new: Vec<u32> = works.iter().copied().filter(|work| !seen.contains(work)).collect();
        if new.len() > room {
            new.select_nth_unstable_by_key(room, |&work| index.works.get(work).order());
            new.truncate(room);
        }
        seen.extend(&new);
        self.works.extend(new);
    }

    /// How alike a title is that was compared before.
    pub fn compared(&self, query: &Query, title: u32) -> Option<Similarity> {
        let told = (title != NOTHING && query.has_words()).then(Similarity::default);
        self.similar.get(&title).copied().flatten().or(told)
    }

    /// How alike a title is, compared once. One that shares no word that was read is not alike at all.
    pub fn similarity(&mut self, index: &Index, query: &Query, title: u32) -> Option<Similarity> {
        if title == NOTHING || !query.has_words() {
            return None;
        }
        if self.rough.as_ref().is_some_and(|rough| rough.sum(title) == 0) {
            return Some(Similarity::default());
        }
        *self.similar.entry(title).or_insert_with(|| query.similarity(index, title, &mut self.weights))
    }
}

/// The businesses to look at for what they declare, are registered for or are called, whatever they have done.
pub fn profiled(index: &Index, query: &Query) -> Vec<u32> {
    let mut found = Vec::new();
    let mut seen = NumberSet::default();
    for width in [Width::Region, Width::Anywhere] {
        for length in PROFILE_LENGTHS {
            for code in query.codes.iter().filter(|code| code.depth() >= length) {
                let spot = if query.spot.is_known() { query.spot } else { Spot::UNKNOWN };
                take(index, query, index.profiled(*code, length, spot, width), PROFILES, &mut seen, &mut found);
            }
        }
    }
    take(index, query, index.neighbours_of(query.spot), PROFILES, &mut seen, &mut found);
    let room = found.len() + NAMES;
    let mut words: Vec<u32> = query.words().filter(|&word| index.named(word).len() <= NAMES_READ).collect();
    words.sort_by_key(|&word| (index.named(word).len(), index.vocabulary.key(word)));
    for word in words {
        take(index, query, index.named(word), room, &mut seen, &mut found);
    }
    found
}

/// Takes from a list until `most` are found. Where not all fit, each package has others, so that none is always left out.
fn take(index: &Index, query: &Query, list: &[u32], most: usize, seen: &mut NumberSet<u32>, found: &mut Vec<u32>) {
    let room = most.saturating_sub(found.len());
    if room == 0 || list.len() > LIST_READ {
        return;
    }
    let mut new: Vec<(u64, u128, u32)> = list
        .iter()
        .filter(|&number| !seen.contains(number))
        .filter_map(|&number| index.business(number).map(|entry| (lot(entry.id, query.package.id), entry.id, number)))
        .collect();
    if new.len() > room {
        new.select_nth_unstable(room);
        new.truncate(room);
    }
    for (_, _, number) in new {
        seen.insert(number);
        found.push(number);
    }
}

/// A number that is spread evenly over pairs of a business and a package, and the same for the same pair.
fn lot(business: u128, package: u128) -> u64 {
    let half = |id: u128| mixed(u64::try_from(id >> 64).unwrap_or(0)) ^ u64::try_from(id & u128::from(u64::MAX)).unwrap_or(0);
    mixed(half(business) ^ mixed(half(package)))
}
