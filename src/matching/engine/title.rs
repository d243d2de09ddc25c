//! The titles of past works: each set of words once, however many works have it, with the lists by word.
//!
//! A title that lost its last work stays known but counts nowhere, so that live updates cost little.

use std::cmp::Reverse;

use super::hash::NumberMap;
use super::number::{at, slot};
use super::vocabulary::{Vocabulary, Word};
use super::work::{NOTHING, take_out};

/// Entries of the lists by word that one query reads, the rarest word first. The rarest word is always read.
const ENTRIES_READ: usize = 150_000;
/// Parts of a unit of weight, so that sums are of whole numbers and their order does not matter.
const PARTS: f64 = 256.0;

/// A title.
#[derive(Debug)]
struct Title {
    words: Box<[Word]>,
    key: u64,
    works: Vec<u32>,
}

/// A word of a query and what it is worth.
#[derive(Clone, Copy, Debug)]
pub struct Telling {
    /// The word.
    pub word: Word,
    /// Its number in every index.
    pub key: u64,
    /// What sharing it is worth.
    pub weight: f64,
    /// How many titles have it.
    pub titles: u32,
}

/// The titles.
#[derive(Debug, Default)]
pub struct Titles {
    all: Vec<Title>,
    by_key: NumberMap<u64, u32>,
    by_word: Vec<Vec<u32>>,
    /// How many words each title has; zero for one that lost its last work.
    lengths: Vec<u8>,
}

impl Titles {
    /// The number of the title with these words; [`NOTHING`] for no words.
    pub fn learn(&mut self, words: &[Word], vocabulary: &Vocabulary) -> u32 {
        if words.is_empty() {
            return NOTHING;
        }
        let key = vocabulary.fingerprint(words);
        let next = slot(self.all.len());
        let number = *self.by_key.entry(key).or_insert(next);
        if number == next {
            self.all.push(Title { words: words.into(), key, works: Vec::new() });
            self.lengths.push(0);
            for &word in words {
                if self.by_word.len() <= at(word) {
                    self.by_word.resize_with(at(word) + 1, Vec::new);
                }
                self.by_word[at(word)].push(number);
            }
        }
        number
    }

    /// Adds a work to its title.
    pub fn attach(&mut self, title: u32, work: u32, vocabulary: &mut Vocabulary) {
        if title == NOTHING {
            return;
        }
        let number = at(title);
        let title = &mut self.all[number];
        if title.works.is_empty() {
            vocabulary.count_title(&title.words, true);
            self.lengths[number] = u8::try_from(title.words.len()).unwrap_or(u8::MAX);
        }
        title.works.push(work);
    }

    /// Takes a work from its title.
    pub fn detach(&mut self, title: u32, work: u32, vocabulary: &mut Vocabulary) {
        if title == NOTHING {
            return;
        }
        let number = at(title);
        let title = &mut self.all[number];
        take_out(&mut title.works, work);
        if title.works.is_empty() {
            vocabulary.count_title(&title.words, false);
            self.lengths[number] = 0;
        }
    }

    /// The words of a title; none for [`NOTHING`].
    pub fn words(&self, title: u32) -> &[Word] {
        self.all.get(at(title)).map_or(&[], |title| &title.words)
    }

    /// The works with a title.
    pub fn works(&self, title: u32) -> &[u32] {
        self.all.get(at(title)).map_or(&[], |title| &title.works)
    }

    /// A number that is the same for the same words in every index.
    pub fn key(&self, title: u32) -> u64 {
        self.all.get(at(title)).map_or(0, |title| title.key)
    }

    /// Rough sums of the weights of the words that each title shares with a query, the rarest word first.
    pub fn rough(&self, words: &[Telling]) -> Rough {
        let mut sums = vec![0_u32; self.all.len()];
        let mut touched = Vec::new();
        let mut order = words.to_vec();
        order.sort_by_key(|telling| (telling.titles, telling.key));
        let mut read = 0;
        for telling in order {
            read += at(telling.titles);
            if read > ENTRIES_READ && !touched.is_empty() {
                break;
            }
            let weight = super::number::whole(telling.weight * PARTS).max(1).unsigned_abs();
            for &title in self.by_word.get(at(telling.word)).map_or(&[][..], Vec::as_slice) {
                let sum = &mut sums[at(title)];
                if *sum == 0 {
                    touched.push(title);
                }
                *sum += weight;
            }
        }
        Rough { sums, touched }
    }

    /// The `most` titles whose rough sum over the root of their length is largest, those of removed works left out.
    pub fn best(&self, rough: &Rough, most: usize) -> Vec<u32> {
        let roots: Vec<f64> = (0..=u8::MAX).map(|length| 1.0 / f64::from(length.max(1)).sqrt()).collect();
        let score = |title: u32| match self.lengths[at(title)] {
            0 => 0,
            length => (f64::from(rough.sum(title)) * roots[usize::from(length)]).to_bits(),
        };
        let mut scored: Vec<(u64, u32)> = rough.touched.iter().map(|&title| (score(title), title)).filter(|&(score, _)| score > 0).collect();
        if scored.len() > most {
            let (_, &mut (least, _), _) = scored.select_nth_unstable_by_key(most, |&(score, _)| Reverse(score));
            scored.retain(|&(score, _)| score >= least);
            scored.sort_unstable_by_key(|&(score, title)| (Reverse(score), self.key(title)));
            scored.truncate(most);
        }
        scored.into_iter().map(|(_, title)| title).collect()
    }
}

/// What [`Titles::rough`] found.
#[derive(Debug)]
pub struct Rough {
    sums: Vec<u32>,
    touched: Vec<u32>,
}

impl Rough {
    /// The rough sum of a title.
    pub fn sum(&self, title: u32) -> u32 {
        self.sums.get(at(title)).copied().unwrap_or(0)
    }
}
