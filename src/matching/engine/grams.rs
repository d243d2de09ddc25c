//! Words that no past work has, in languages without a stemmer: the known word that shares the most runs of four letters.
//!
//! Comparing all titles by such runs was measured as well: it costs more than it finds where words are already cut.

use std::collections::{BTreeMap, HashMap};

use super::number::{at, slot};
use super::vocabulary::Word;

/// Letters of a run.
const RUN: usize = 4;
/// A run that more words have says too little to be read.
const LIST_READ: usize = 2_000;
/// Two words are near when twice the runs in common are at least half of the runs of both.
const NEAR: usize = 2;

/// The words of titles by their runs of letters.
#[derive(Debug, Default)]
pub struct Grams {
    words: HashMap<Box<str>, Vec<Word>>,
    /// How many runs each word has.
    runs: Vec<u32>,
}

impl Grams {
    /// Lists a word, or takes it out.
    pub fn list(&mut self, token: &str, word: Word, present: bool) {
        let runs = runs(token);
        if self.runs.len() <= at(word) {
            self.runs.resize(at(word) + 1, 0);
        }
        self.runs[at(word)] = slot(runs.len());
        for run in runs {
            if present {
                self.words.entry(run.into()).or_default().push(word);
            } else if let Some(list) = self.words.get_mut(run) {
                list.retain(|&listed| listed != word);
            }
        }
    }

    /// The listed word that is nearest to one that is not listed; of equally near ones that with the smallest key.
    pub fn nearest(&self, token: &str, key: impl Fn(Word) -> u64) -> Option<Word> {
        let own = runs(token);
        let mut common: BTreeMap<Word, usize> = BTreeMap::new();
        for list in own.iter().filter_map(|&run| self.words.get(run)).filter(|list| list.len() <= LIST_READ) {
            for &word in list {
                *common.entry(word).or_default() += 1;
            }
        }
        let all = |word: Word| own.len() + at(self.runs[at(word)]);
        let near = common.into_iter().filter(|&(word, common)| 2 * common * NEAR >= all(word));
        // The larger of two fractions by their cross products, so that no rounding decides.
        near.max_by(|&(one, shared), &(other, common)| (shared * all(other)).cmp(&(common * all(one))).then_with(|| key(other).cmp(&key(one)))).map(|(word, _)| word)
    }
}

/// The runs of a word, each once.
fn runs(token: &str) -> Vec<&str> {
    let starts: Vec<usize> = token.char_indices().map(|(start, _)| start).chain([token.len()]).collect();
    let mut runs: Vec<&str> = starts.iter().zip(starts.iter().skip(RUN)).map(|(&start, &end)| &token[start..end]).collect();
    runs.sort_unstable();
    runs.dedup();
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest(known: &[&str], token: &str) -> Option<String> {
        let mut grams = Grams::default();
        for (word, token) in known.iter().enumerate() {
            grams.list(token, slot(word), true);
        }
        grams.nearest(token, u64::from).map(|word| known[at(word)].to_owned())
    }

    #[test]
    fn the_form_with_the_most_runs_in_common_is_found() {
        assert_eq!(nearest(&["shkolla", "shkodra", "rruges"], "shkolle").as_deref(), Some("shkolla"));
        assert_eq!(nearest(&["shkolla", "rruges"], "rrugen").as_deref(), Some("rruges"));
    }

    #[test]
    fn a_word_with_little_in_common_is_not() {
        assert_eq!(nearest(&["shkodra", "led", ""], "shkolla"), None);
        assert_eq!(nearest(&["led"], "led"), None, "a word without a run has none in common");
    }

    #[test]
    fn a_word_that_left_is_forgotten() {
        let mut grams = Grams::default();
        grams.list("shkolla", 0, true);
        grams.list("shkolla", 0, false);
        assert_eq!(grams.nearest("shkolle", u64::from), None);
    }
}
