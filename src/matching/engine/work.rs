//! A past work as the index keeps it, and the lists through which works are found again.

use std::cmp::Reverse;

use super::code::Code;
use super::hash::NumberMap;
use super::number::{at, slot};
use super::place::Spot;
use super::profile::{Day, Id};

/// Nothing: a work without a title, buyer, category or currency has this number for it.
pub const NOTHING: u32 = u32::MAX;
/// Lengths of leading digits and widths of places by which works are listed, the narrowest first.
const KEYS: [(u32, Width); 8] =
    [(4, Width::Area), (8, Width::Region), (2, Width::Area), (4, Width::Region), (8, Width::Anywhere), (2, Width::Region), (4, Width::Anywhere), (2, Width::Anywhere)];

/// How wide a place a list of works or businesses covers.
#[derive(Clone, Copy, Debug)]
pub enum Width {
    /// The first two parts of the place.
    Area,
    /// The first part.
    Region,
    /// The world.
    Anywhere,
}

/// A past work, its parts as the numbers that the index gave them.
#[derive(Clone, Debug)]
pub struct Work {
    /// Its id.
    pub id: Id,
    /// Whose it is.
    pub business: u32,
    /// The id of whose it is.
    pub owner: Id,
    /// Its title.
    pub title: u32,
    /// Its code.
    pub code: Option<Code>,
    /// Its category.
    pub category: u32,
    /// Where it was.
    pub spot: Spot,
    /// Who bought it.
    pub buyer: u32,
    /// Its amount; zero when not known.
    pub amount: f64,
    /// The logarithm of the amount.
    pub ln_amount: f64,
    /// The currency of the amount.
    pub currency: u32,
    /// When it was awarded.
    pub day: Option<Day>,
    /// Whether it was won.
    pub won: bool,
    /// The logarithm of how many bid; zero when not known.
    pub ln_bidders: f64,
}

impl Work {
    /// The order in which works are listed: the latest first, then by id and owner.
    pub fn order(&self) -> (Reverse<Option<Day>>, Id, Id) {
        (Reverse(self.day), self.id, self.owner)
    }
}

/// The works and their lists by leading digits of the code and place.
#[derive(Debug, Default)]
pub struct Works {
    slots: Vec<Work>,
    free: Vec<u32>,
    by_code: NumberMap<Key, Vec<u32>>,
}

impl Works {
    /// A work by its number.
    pub fn get(&self, work: u32) -> &Work {
        &self.slots[at(work)]
    }

    /// Takes in a work.
    pub fn insert(&mut self, work: Work) -> u32 {
        let keys = work.code.map(|code| keys(code, work.spot));
        let number = if let Some(free) = self.free.pop() {
            self.slots[at(free)] = work;
            free
        } else {
            self.slots.push(work);
            slot(self.slots.len() - 1)
        };
        for key in keys.into_iter().flatten() {
            self.by_code.entry(key).or_default().push(number);
        }
        number
    }

    /// Takes a work out of every list.
    pub fn remove(&mut self, number: u32) {
        let work = self.get(number);
        for key in work.code.map(|code| keys(code, work.spot)).into_iter().flatten() {
            if let Some(list) = self.by_code.get_mut(&key) {
                take_out(list, number);
            }
        }
        self.free.push(number);
    }

    /// The lists of works with this code and place, the narrowest first.
    pub fn like(&self, code: Code, spot: Spot) -> impl Iterator<Item = &[u32]> {
        keys(code, spot).into_iter().filter_map(|key| self.by_code.get(&key)).map(Vec::as_slice)
    }
}

fn keys(code: Code, spot: Spot) -> Vec<Key> {
    KEYS.iter().filter_map(|&(length, width)| key(code.prefix(length), length, spot, width)).collect()
}

/// The key of a list: leading digits, how many, and a place of some width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    prefix: u32,
    length: u32,
    place: Option<u32>,
}

/// The key of a list; none where the place is not known.
pub fn key(prefix: u32, length: u32, spot: Spot, width: Width) -> Option<Key> {
    let place = match width {
        Width::Area => Some(spot.area()),
        Width::Region => Some(spot.region()),
        Width::Anywhere => None,
    };
    (place != Some(NOTHING)).then_some(Key { prefix, length, place })
}

/// Takes a number out of a list whose order says nothing.
pub fn take_out(list: &mut Vec<u32>, number: u32) {
    if let Some(place) = list.iter().position(|&listed| listed == number) {
        list.swap_remove(place);
    }
}
