//! A package as the index reads it, and how alike its title is to those of past works.

use super::code::{self, Code};
use super::hash::NumberMap;
use super::index::Index;
use super::number::{at, ln};
use super::place::Spot;
use super::profile::{Package, Text};
use super::text;
use super::title::Telling;
use super::vocabulary::{Habits, Weight, Word};
use super::weights::code_fit;
use super::work::NOTHING;

/// A word of the description counts this part of a word of the title.
const DESCRIPTION_SHARE: f64 = 0.3;
/// Words of the descriptions that are read, the rarest first.
const DESCRIPTION_WORDS: usize = 30;

/// A word of what is done counts this part of a word of the object. By hand.
const INTERVENTION_SHARE: f64 = 0.3;
/// How soon a word that a business has again and again counts no more: the usual value of BM25.
const SATURATION: f64 = 1.2;
/// How far words count less for a business with many words. Fitted; the usual 0.75 lowers XK by .006 of MRR.
const LENGTH: f64 = 0.3;

/// A code with fewer telling digits names no kind of work.
const CLASS: u32 = 4;

/// A word of the package.
#[derive(Clone, Copy, Debug)]
struct Asked {
    word: Word,
    share: f64,
    written: f64,
    /// The part that counts when the subject of the works of a business is told.
    subject: f64,
    weight: Weight,
}

/// A package as the index reads it.
#[derive(Debug)]
pub struct Query<'a> {
    /// The package.
    pub package: &'a Package,
    /// Its codes, or those its sector calls for.
    pub codes: Vec<Code>,
    /// Its category.
    pub category: u32,
    /// Its place.
    pub spot: Spot,
    /// Its buyer.
    pub buyer: u32,
    /// Currency and logarithm of its budget.
    pub budget: Option<(u32, f64)>,
    /// How telling its words are together.
    pub rarity: f64,
    asked: Vec<Asked>,
    habits: Habits,
    idf_length: f64,
    reuse_length: f64,
    reuse_sum: f64,
    /// For each word of the vocabulary its place among the asked, counted from one; zero when it is not asked.
    places: Vec<u8>,
}

/// How alike two titles are, in three ways, each from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Similarity {
    /// Cosine over rare words.
    pub idf: f64,
    /// Cosine over words that name what one business does.
    pub reuse: f64,
    /// The part of the package's telling words that the past title has.
    pub coverage: f64,
}

impl Similarity {
    /// The mean of the three.
    pub fn mean(self) -> f64 {
        (self.idf + self.reuse + self.coverage) / 3.0
    }
}

impl<'a> Query<'a> {
    /// Reads a package.
    pub fn new(index: &Index, package: &'a Package) -> Self {
        let habits = index.vocabulary.habits();
        let words = |texts: &[Text], read: fn(&Index, &str) -> Option<Word>| {
            let mut all: Vec<Word> = texts.iter().flat_map(|text| text::raw_words(&text.words)).filter_map(|form| read(index, &form)).collect();
            all.sort_by_key(|&word| index.vocabulary.key(word));
            all.dedup();
            all
        };
        let title = words(&package.titles, known_or_near);
        let mut further = words(&package.descriptions, known);
        further.retain(|word| !title.contains(word));
        further.sort_by_key(|&word| index.vocabulary.titles_with(word));
        further.truncate(DESCRIPTION_WORDS);
        let intervention = text::INTERVENTION.map(|form| index.vocabulary.find(form));
        // A word that only names have says nothing about how alike titles are.
        let weighed = |word: Word, share: f64| {
            let written = if index.vocabulary.titles_with(word) > 0 { share } else { 0.0 };
            let subject = if intervention.contains(&Some(word)) { share * INTERVENTION_SHARE } else { share };
            Asked { word, share, written, subject, weight: index.vocabulary.weight(word, &habits) }
        };
        let asked: Vec<Asked> = title.into_iter().map(|word| weighed(word, 1.0)).chain(further.into_iter().map(|word| weighed(word, DESCRIPTION_SHARE))).collect();
        let length = |weight: fn(&Weight) -> f64| asked.iter().map(|asked| square(asked.written * weight(&asked.weight))).sum::<f64>().sqrt();
        let mut codes: Vec<Code> = package.codes.iter().filter_map(|code| Code::read(code)).collect();
        if codes.is_empty() {
            codes = package.sector.as_deref().map(code::of_sector).unwrap_or_default();
        }
        let mut places = vec![0; index.vocabulary.len()];
        for (place, asked) in asked.iter().enumerate().take(usize::from(u8::MAX)) {
            places[at(asked.word)] = u8::try_from(place + 1).unwrap_or(0);
        }
        let budget = package.budget.as_ref().filter(|budget| budget.amount > 0.0);
        let reuse_sum = asked.iter().map(|asked| asked.written * asked.weight.reuse).sum::<f64>();
        Self {
            package,
            codes,
            category: index.find_name("category", package.category.as_deref()),
            spot: index.places.find(package.place.as_ref()),
            buyer: index.find_name("buyer", package.buyer.as_deref()),
            budget: budget.map(|budget| (index.find_name("currency", Some(&budget.currency)), ln(budget.amount))),
            rarity: ln(1.0 + reuse_sum),
            idf_length: length(|weight| weight.idf),
            reuse_length: length(|weight| weight.reuse),
            reuse_sum,
            asked,
            habits,
            places,
        }
    }

    /// The words to look titles up by.
    pub fn telling(&self, index: &Index) -> Vec<Telling> {
        let telling = |asked: &Asked| Telling {
            word: asked.word,
            key: index.vocabulary.key(asked.word),
            weight: asked.share * (asked.weight.idf * asked.weight.idf / self.idf_length.max(1.0) + asked.weight.reuse),
            titles: index.vocabulary.titles_with(asked.word),
        };
        self.asked.iter().filter(|asked| asked.written > 0.0).map(telling).collect()
    }

    /// How alike the title of a past work is; none when either has no title.
    /// `weights` keeps the weights of words that were met before.
    pub fn similarity(&self, index: &Index, title: u32, weights: &mut NumberMap<Word, Weight>) -> Option<Similarity> {
        if title == NOTHING || self.reuse_sum <= 0.0 {
            return None;
        }
        let (mut idf, mut reuse, mut shared) = (0.0, 0.0, 0.0);
        let (mut idf_length, mut reuse_length) = (0.0, 0.0);
        for &word in index.titles.words(title) {
            let weight = *weights.entry(word).or_insert_with(|| index.vocabulary.weight(word, &self.habits));
            idf_length += square(weight.idf);
            reuse_length += square(weight.reuse);
            if let Some(asked) = self.place(word).map(|place| self.asked[place]) {
                idf += asked.share * square(weight.idf);
                reuse += asked.share * square(weight.reuse);
                shared += asked.share * weight.reuse;
            }
        }
        let cosine = |dot: f64, left: f64, right: f64| (dot / (left * right).max(f64::MIN_POSITIVE)).min(1.0);
        Some(Similarity { idf: cosine(idf, self.idf_length, idf_length.sqrt()), reuse: cosine(reuse, self.reuse_length, reuse_length.sqrt()), coverage: shared / self.reuse_sum })
    }

    /// The place of a word among those of the package.
    pub fn place(&self, word: Word) -> Option<usize> {
        self.places.get(at(word)).and_then(|&place| usize::from(place).checked_sub(1))
    }

    /// Whether any word of the package is one of past titles.
    pub fn has_words(&self) -> bool {
        self.reuse_sum > 0.0
    }

    /// How many leading digits a code has in common with the nearest that is asked for.
    pub fn depth(&self, code: Code) -> u32 {
        self.codes.iter().map(|asked| asked.common(code)).max().unwrap_or(0)
    }

    /// How far a code names the kind of work that is asked for, from 0 to 1.
    pub fn code_fit(&self, code: Code) -> f64 {
        let fit = |asked: &Code| match asked.common(code) {
            0 => 0.0,
            common if common == asked.depth() && common >= CLASS => 1.0,
            common => code_fit(common),
        };
        self.codes.iter().map(fit).fold(0.0, f64::max)
    }

    /// Of codes that a business says it does, the one that fits the best, and how far. One that is wider than what is asked
    /// for, such as all construction, says little; one beside it, such as roofs beside pipes, nothing.
    pub fn told_of(&self, codes: &[Code]) -> Option<(Code, f64)> {
        let speaks = |code: &&Code| self.codes.iter().any(|asked| asked.common(**code) >= CLASS.min(code.depth()).min(asked.depth()));
        let told = codes.iter().filter(speaks).map(|&code| (code, self.code_fit(code)));
        told.reduce(|best, told| if told.1 > best.1 { told } else { best })
    }

    /// The parts of the package's words that a business has, by BM25, as a part of what a business that has them all again and
    /// again would reach: given how often it has each, and how many words it has beside the mean of all. Each with its place
    /// among the words, the most telling first.
    pub fn spoken(&self, times: impl Iterator<Item = f64>, length: f64) -> Vec<(usize, f64)> {
        let soon = SATURATION * (1.0 - LENGTH + LENGTH * length);
        let saturated = |times: f64| times / (times + soon);
        let telling = |asked: &Asked| asked.subject * asked.weight.idf;
        let all: f64 = self.asked.iter().map(telling).sum::<f64>().max(f64::MIN_POSITIVE);
        let mut spoken: Vec<(usize, f64)> = self.asked.iter().zip(times).map(|(asked, times)| telling(asked) * saturated(times) / all).enumerate().collect();
        spoken.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        spoken
    }

    /// The words as the package writes them, in the order of their places.
    pub fn forms(&self, index: &Index) -> Vec<String> {
        let mut forms = vec![String::new(); self.asked.len()];
        for written in self.package.titles.iter().chain(&self.package.descriptions).flat_map(|text| text::written_words(&text.words)) {
            let word = known_or_near(index, &text::raw(written.clone()));
            if let Some(place) = word.and_then(|word| self.place(word))
                && forms[place].is_empty()
            {
                forms[place] = written;
            }
        }
        forms
    }

    /// The words of the package.
    pub fn words(&self) -> impl Iterator<Item = Word> {
        self.asked.iter().map(|asked| asked.word)
    }
}

/// A word of the package that a title or a name has.
fn known(index: &Index, form: &str) -> Option<Word> {
    index.vocabulary.find(form).filter(|&word| index.vocabulary.titles_with(word) > 0 || !index.named(word).is_empty())
}

/// Such a word, or else the nearest that a title has.
fn known_or_near(index: &Index, form: &str) -> Option<Word> {
    known(index, form).or_else(|| index.vocabulary.nearest(form))
}

fn square(x: f64) -> f64 {
    x * x
}
