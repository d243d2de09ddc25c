//! The words of all past works: how many titles have each, and how often two titles that share it have one winner.
//!
//! A word that few titles have is telling (`idf`). A word is telling in another way when works that share it tend to be won
//! by the same business (`reuse`): it names a trade, a product or a place rather than a formality. Every statistic is a
//! sum of whole numbers, so that it can be taken back exactly when a business changes.

use std::collections::HashMap;

use super::grams::Grams;
use super::hash::NumberMap;
use super::number::{at, large, ln, slot};
use super::text;

/// Reuse never falls below this, so that no shared word counts for nothing.
const SMALLEST_REUSE: f64 = 0.02;
/// How many pairs of titles the habit of equally frequent words counts for, beside the pairs of the word itself.
const PRIOR_PAIRS: f64 = 6.0;
/// Where the key of a word starts: any number does.
const FIRST_KEY: u64 = 0xcbf2_9ce4_8422_2325;
/// Frequencies are pooled by powers of two.
const BINS: usize = 33;

/// The number by which the index knows a word.
pub type Word = u32;

/// What is known of one word.
#[derive(Clone, Copy, Debug, Default)]
struct Statistics {
    /// Titles that have it.
    titles: u32,
    /// Pairs of a won title that has it and its winner.
    won: u64,
    /// Pairs of won titles that have it and one winner.
    same: u64,
}

/// Same-winner pairs among all pairs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Pairs {
    same: u64,
    all: u64,
}

/// The weight of a word.
#[derive(Clone, Copy, Debug)]
pub struct Weight {
    /// Inverse frequency among titles.
    pub idf: f64,
    /// How much likelier titles that share the word have one winner.
    pub reuse: f64,
}

/// The words and their statistics.
#[derive(Debug)]
pub struct Vocabulary {
    forms: HashMap<Box<str>, Option<Word>>,
    words: HashMap<Box<str>, Word>,
    grams: Grams,
    tokens: Vec<Box<str>>,
    statistics: Vec<Statistics>,
    keys: Vec<u64>,
    pools: [Pairs; BINS],
    titles: u64,
    won: u64,
    same: u64,
}

impl Default for Vocabulary {
    fn default() -> Self {
        Self {
            forms: HashMap::new(),
            words: HashMap::new(),
            grams: Grams::default(),
            tokens: Vec::new(),
            statistics: Vec::new(),
            keys: Vec::new(),
            pools: [Pairs::default(); BINS],
            titles: 0,
            won: 0,
            same: 0,
        }
    }
}

impl Vocabulary {
    /// The words of a text, each once, in the order of their keys; unknown ones are learnt.
    pub fn learn(&mut self, text: &str) -> Vec<Word> {
        let mut found: Vec<Word> = text::raw_words(text).into_iter().filter_map(|form| self.learn_form(form)).collect();
        found.sort_unstable_by_key(|&word| self.key(word));
        found.dedup();
        found
    }

    fn learn_form(&mut self, form: String) -> Option<Word> {
        if let Some(&known) = self.forms.get(form.as_str()) {
            return known;
        }
        let word = text::token(&form).map(|token| {
            let next = slot(self.statistics.len());
            let key = token.bytes().fold(FIRST_KEY, |hash, byte| mixed(hash ^ u64::from(byte)));
            let word = *self.words.entry(token.as_str().into()).or_insert(next);
            if word == next {
                self.tokens.push(token.into_boxed_str());
                self.statistics.push(Statistics::default());
                self.keys.push(key);
            }
            word
        });
        self.forms.insert(form.into_boxed_str(), word);
        word
    }

    /// A word that was learnt.
    pub fn find(&self, form: &str) -> Option<Word> {
        match self.forms.get(form) {
            Some(&known) => known,
            None => self.words.get(text::token(form)?.as_str()).copied(),
        }
    }

    /// The word of some title that is nearest to one that is not known, where its language has no stemmer.
    pub fn nearest(&self, form: &str) -> Option<Word> {
        let token = text::token(form).filter(|token| !text::has_stemmer(token))?;
        self.grams.nearest(&token, |word| self.key(word))
    }

    /// How many words were ever learnt.
    pub fn len(&self) -> usize {
        self.statistics.len()
    }

    /// A number that is the same for the same words whatever the order in which they were learnt.
    pub fn fingerprint(&self, words: &[Word]) -> u64 {
        mixed(words.iter().fold(0, |sum: u64, &word| sum.wrapping_add(self.keys[at(word)])))
    }

    /// Counts a title that is now among the works, or no longer.
    pub fn count_title(&mut self, words: &[Word], present: bool) {
        self.titles = if present { self.titles + 1 } else { self.titles - 1 };
        for &word in words {
            self.change(word, |known| known.titles = if present { known.titles + 1 } else { known.titles - 1 });
            let token = &self.tokens[at(word)];
            if self.titles_with(word) == u32::from(present) && !text::has_stemmer(token) {
                self.grams.list(token, word, present);
            }
        }
    }

    /// Counts the titles that one business won, or takes them back.
    pub fn count_winner<'a>(&mut self, won: impl IntoIterator<Item = &'a [Word]>, present: bool) {
        let mut times: NumberMap<Word, u64> = NumberMap::default();
        let mut titles = 0;
        for words in won {
            titles += 1;
            for &word in words {
                *times.entry(word).or_default() += 1;
            }
        }
        adjust(&mut self.won, titles, present);
        adjust(&mut self.same, pairs(titles), present);
        for (word, times) in times {
            self.change(word, |known| {
                adjust(&mut known.won, times, present);
                adjust(&mut known.same, pairs(times), present);
            });
        }
    }

    fn change(&mut self, word: Word, with: impl FnOnce(&mut Statistics)) {
        let known = &mut self.statistics[at(word)];
        let before = *known;
        with(known);
        let after = *known;
        for (state, present) in [(before, false), (after, true)] {
            let pool = &mut self.pools[bin(state.titles)];
            adjust(&mut pool.same, state.same, present);
            adjust(&mut pool.all, pairs(state.won), present);
        }
    }

    /// A number that is the same for a word in every index.
    pub fn key(&self, word: Word) -> u64 {
        self.keys[at(word)]
    }

    /// How many titles have a word.
    pub fn titles_with(&self, word: Word) -> u32 {
        self.statistics[at(word)].titles
    }

    /// The habits of words by frequency, computed once for a query.
    pub fn habits(&self) -> Habits {
        let overall = (large(self.same) + 0.5) / (large(pairs(self.won)) + 50.0);
        let rate = |pool: &Pairs| (large(pool.same) + overall) / (large(pool.all) + 1.0);
        let largest = self.pools.iter().map(rate).fold(overall, f64::max);
        Habits { overall, pools: self.pools.map(|pool| if pool.all == 0 { largest } else { rate(&pool) }) }
    }

    /// The weight of a word.
    pub fn weight(&self, word: Word, habits: &Habits) -> Weight {
        let known = self.statistics[at(word)];
        let titles = f64::from(known.titles);
        let idf = ln(1.0 + (large(self.titles) - titles + 0.5).max(0.5) / (titles + 0.5));
        let habit = habits.pools[bin(known.titles)];
        let likely = (large(known.same) + PRIOR_PAIRS * habit) / (large(pairs(known.won)) + PRIOR_PAIRS);
        Weight { idf, reuse: ln(likely / habits.overall).max(SMALLEST_REUSE) }
    }
}

/// How likely two titles that share a word of some frequency have one winner.
#[derive(Debug)]
pub struct Habits {
    overall: f64,
    pools: [f64; BINS],
}

fn adjust(sum: &mut u64, by: u64, present: bool) {
    *sum = if present { *sum + by } else { *sum - by };
}

const fn pairs(n: u64) -> u64 {
    n * n.saturating_sub(1) / 2
}

fn bin(titles: u32) -> usize {
    at(titles.checked_ilog2().map_or(0, |power| power + 1))
}

/// Spreads the bits of a number, so that numbers that are alike are far apart (the finaliser of `SplitMix64`).
pub const fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
