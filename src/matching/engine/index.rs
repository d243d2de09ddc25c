//! The index: every business and past work, ready to be asked, and kept in step one business at a time.
//!
//! **Invariant.** What a query answers depends on the set of businesses alone, not on the order or the number of the
//! changes that led to it: statistics are sums of whole numbers that are taken back exactly, lists are cut by what
//! their items say and never by their place, and sums of fractions run in the order of ids.

use std::collections::{BTreeSet, HashMap};

use super::code::{self, Code};
use super::digest::{self, Hash};
use super::hash::NumberMap;
use super::number::{at, count, large, ln, slot};
use super::place::{Places, Spot};
use super::profile::{Business, Capability, Certificate, Id, Neighbours, Outcome, PastWork};
use super::record::Record;
use super::title::Titles;
use super::vocabulary::{Vocabulary, Word};
use super::work::{Key, NOTHING, Width, Work, Works, key, take_out};

/// Lengths of leading digits by which businesses are listed.
pub const PROFILE_LENGTHS: [u32; 4] = [5, 4, 3, 2];
/// A business as the index keeps it.
#[derive(Debug)]
pub struct Entry {
    /// Its id.
    pub id: Id,
    /// The hash of what is known of it.
    pub digest: Hash,
    /// Where it sits.
    pub seat: Spot,
    /// Codes of what it says it does.
    pub declared: Box<[Code]>,
    /// Codes of what its activities stand for.
    pub active: Box<[Code]>,
    /// What it says it can do.
    pub capability: Option<Box<Capability>>,
    /// Its certificates.
    pub certificates: Box<[Certificate]>,
    /// The words of its name.
    pub name: Box<[Word]>,
    /// Its works, the latest first.
    pub works: Box<[u32]>,
    /// What its works add up to.
    pub record: Record,
}

/// Every business and past work.
#[derive(Debug, Default)]
pub struct Index {
    pub(super) neighbours: Neighbours,
    pub(super) vocabulary: Vocabulary,
    pub(super) titles: Titles,
    pub(super) places: Places,
    pub(super) works: Works,
    /// Buyers, categories and currencies by name.
    names: HashMap<Box<str>, u32>,
    by_buyer: NumberMap<u32, Vec<u32>>,
    by_profile: NumberMap<Key, Vec<u32>>,
    by_name: NumberMap<Word, Vec<u32>>,
    /// The words of all titles of all businesses.
    spoken: u64,
    entries: Vec<Option<Entry>>,
    free: Vec<u32>,
    by_id: HashMap<Id, u32>,
}

impl Index {
    /// An empty index; `neighbours` says which first parts of places border one another.
    #[must_use]
    pub fn new(neighbours: Neighbours) -> Self {
        Self { neighbours, ..Self::default() }
    }

    /// How many businesses there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there is no business.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Whether a business is there.
    #[must_use]
    pub fn contains(&self, id: Id) -> bool {
        self.by_id.contains_key(&id)
    }

    /// Takes in a business, in place of what was known of it.
    pub fn put(&mut self, business: Business) {
        self.remove(business.id);
        let number = self.free.pop().unwrap_or_else(|| {
            self.entries.push(None);
            slot(self.entries.len() - 1)
        });
        self.by_id.insert(business.id, number);
        let entry = self.entry(number, business);
        for key in self.profile_keys(&entry) {
            self.by_profile.entry(key).or_default().push(number);
        }
        for &word in &entry.name {
            self.by_name.entry(word).or_default().push(number);
        }
        self.count_winner(&entry, true);
        self.spoken += entry.record.spoken;
        self.entries[at(number)] = Some(entry);
    }

    /// Takes in a business that is not there yet; of one that is, something newer may be known.
    pub fn meet(&mut self, business: Business) {
        if !self.contains(business.id) {
            self.put(business);
        }
    }

    /// Takes out a business and all that was counted for it. One that is not there is no error.
    pub fn remove(&mut self, id: Id) {
        let Some(number) = self.by_id.remove(&id) else { return };
        let Some(entry) = self.entries[at(number)].take() else { return };
        self.count_winner(&entry, false);
        self.spoken -= entry.record.spoken;
        for key in self.profile_keys(&entry) {
            if let Some(list) = self.by_profile.get_mut(&key) {
                take_out(list, number);
            }
        }
        for word in &entry.name {
            if let Some(list) = self.by_name.get_mut(word) {
                take_out(list, number);
            }
        }
        for &work in &entry.works {
            let (title, buyer) = (self.works.get(work).title, self.works.get(work).buyer);
            self.titles.detach(title, work, &mut self.vocabulary);
            if let Some(list) = self.by_buyer.get_mut(&buyer) {
                list.retain(|&listed| listed != work);
            }
            self.works.remove(work);
        }
        self.free.push(number);
    }

    fn entry(&mut self, number: u32, business: Business) -> Entry {
        let digest = digest::of_business(&business);
        let Business { id, name, seat, activities, capability, certificates, works } = business;
        let mut works: Vec<u32> = works.iter().map(|work| self.work(number, id, work)).collect();
        works.sort_by_key(|&work| self.works.get(work).order());
        let declared = capability.as_ref().map(|told| told.codes.iter().filter_map(|code| Code::read(code)).collect());
        Entry {
            id,
            digest,
            seat: self.places.learn(seat.as_ref()),
            declared: declared.unwrap_or_default(),
            active: activities.iter().flat_map(|activity| code::of_activity(activity)).collect(),
            capability: capability.map(Box::new),
            certificates: certificates.into(),
            name: name.map(|name| self.vocabulary.learn(&name.words)).unwrap_or_default().into(),
            record: Record::of(works.iter().map(|&work| self.works.get(work)), &self.titles),
            works: works.into(),
        }
    }

    fn work(&mut self, business: u32, owner: Id, work: &PastWork) -> u32 {
        let words = self.vocabulary.learn(&work.title.words);
        let title = self.titles.learn(&words, &self.vocabulary);
        let value = work.value.as_ref().filter(|value| value.amount > 0.0);
        let kept = Work {
            id: work.id,
            business,
            owner,
            title,
            code: work.code.as_deref().and_then(Code::read),
            category: self.name("category", work.category.as_deref()),
            spot: self.places.learn(work.place.as_ref()),
            buyer: self.name("buyer", work.buyer.as_deref()),
            amount: value.map_or(0.0, |value| value.amount),
            ln_amount: value.map_or(0.0, |value| ln(value.amount)),
            currency: self.name("currency", value.map(|value| value.currency.as_str())),
            day: work.day,
            won: work.outcome == Outcome::Won,
            ln_bidders: ln(f64::from(work.bidders.unwrap_or(1).max(1))),
        };
        let (order, buyer) = (kept.order(), kept.buyer);
        let number = self.works.insert(kept);
        self.titles.attach(title, number, &mut self.vocabulary);
        if buyer != NOTHING {
            let known = &self.works;
            let list = self.by_buyer.entry(buyer).or_default();
            let place = list.partition_point(|&listed| known.get(listed).order() <= order);
            list.insert(place, number);
        }
        number
    }

    fn count_winner(&mut self, entry: &Entry, present: bool) {
        let won: BTreeSet<u32> = entry.works.iter().map(|&work| self.works.get(work)).filter(|work| work.won).map(|work| work.title).collect();
        let titles = &self.titles;
        self.vocabulary.count_winner(won.into_iter().filter(|&title| title != NOTHING).map(|title| titles.words(title)), present);
    }

    /// The keys under which a business is listed by what it says it does and where.
    fn profile_keys(&mut self, entry: &Entry) -> BTreeSet<Key> {
        let mut spots = vec![entry.seat];
        for area in entry.capability.iter().flat_map(|told| &told.service_area) {
            spots.push(self.places.learn(Some(area)));
        }
        if let Some(told) = entry.capability.as_ref().filter(|told| told.with_neighbours) {
            let near: BTreeSet<&String> = told.service_area.iter().filter_map(|area| self.neighbours.0.get(area.0.first()?)).flatten().collect();
            for region in near {
                spots.push(self.places.learn(Some(&super::profile::Place(vec![region.clone()]))));
            }
        }
        let mut keys = BTreeSet::new();
        for code in entry.declared.iter().chain(&entry.active) {
            for length in PROFILE_LENGTHS.into_iter().filter(|&length| length <= code.depth()) {
                keys.extend(key(code.prefix(length), length, Spot::UNKNOWN, Width::Anywhere));
                keys.extend(spots.iter().filter_map(|&spot| key(code.prefix(length), length, spot, Width::Region)));
            }
        }
        if keys.is_empty() {
            keys.extend(spots.iter().filter_map(|&spot| key(0, 0, spot, Width::Region)));
        }
        keys
    }

    /// The number of a name of some kind, which is learnt when it is new.
    fn name(&mut self, kind: &str, name: Option<&str>) -> u32 {
        let Some(name) = name.filter(|name| !name.is_empty()) else { return NOTHING };
        let next = slot(self.names.len());
        *self.names.entry(format!("{kind}\n{name}").into_boxed_str()).or_insert(next)
    }

    /// The number of a name of some kind, where it is known.
    pub(super) fn find_name(&self, kind: &str, name: Option<&str>) -> u32 {
        name.and_then(|name| self.names.get(format!("{kind}\n{name}").as_str()).copied()).unwrap_or(NOTHING)
    }

    /// The number of a business.
    pub(super) fn find(&self, id: Id) -> Option<u32> {
        self.by_id.get(&id).copied()
    }

    /// A business by its number; the number must be one of a business that is there.
    pub(super) fn business(&self, number: u32) -> Option<&Entry> {
        self.entries.get(at(number)).and_then(Option::as_ref)
    }

    /// How many words the titles of a business have, beside the mean of all businesses.
    pub(super) fn length(&self, entry: &Entry) -> f64 {
        large(entry.record.spoken) * count(self.len()) / large(self.spoken.max(1))
    }

    /// The works for a buyer, the latest first.
    pub(super) fn works_for(&self, buyer: u32) -> &[u32] {
        self.by_buyer.get(&buyer).map_or(&[], Vec::as_slice)
    }

    /// The businesses that say they do works with these leading digits at a place of some width.
    pub(super) fn profiled(&self, code: Code, length: u32, spot: Spot, width: Width) -> &[u32] {
        let key = key(code.prefix(length), length, spot, width);
        key.and_then(|key| self.by_profile.get(&key)).map_or(&[], Vec::as_slice)
    }

    /// The businesses that sit or serve somewhere and do not say what they do.
    pub(super) fn neighbours_of(&self, spot: Spot) -> &[u32] {
        key(0, 0, spot, Width::Region).and_then(|key| self.by_profile.get(&key)).map_or(&[], Vec::as_slice)
    }

    /// The businesses that have a word in their name.
    pub(super) fn named(&self, word: Word) -> &[u32] {
        self.by_name.get(&word).map_or(&[], Vec::as_slice)
    }
}
