//! Words: what makes two titles speak of the same thing.
//!
//! A Cyrillic word is brought to its Ukrainian stem, in which і and о, є and е are one letter, because they alternate
//! (школа, шкіл; міст, мосту). Any other word is folded and cut, which serves most languages that inflect at the end; one
//! that is still not known is sought by runs of letters (see `grams`).

use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization as _;

/// Letters kept of a Cyrillic stem; longer than the other, since prefixes such as `водо-` take half of it.
const STEM_LETTERS: usize = 9;
/// Letters kept of any other word.
const WORD_LETTERS: usize = 7;
/// Words of this many letters or fewer say too little.
const SHORT_LETTERS: usize = 2;
/// Words of a text that are read; the rest of a longer text is left out.
const WORDS_READ: usize = 120;
/// The apostrophes that people type for one another.
const APOSTROPHES: [char; 6] = ['\'', '\u{2019}', '\u{02BC}', '\u{2018}', '`', '\u{00B4}'];
/// The mark of stress, which some type and most do not.
const STRESS: char = '\u{0301}';
/// A shorter stem has lost more than its ending; the word without its last vowels is taken instead.
const STEM_SHORTEST: usize = 4;
const VOWELS: [char; 10] = ['а', 'е', 'є', 'и', 'і', 'ї', 'о', 'у', 'ю', 'я'];
/// Words that only join others. Frequent words carry little weight anyway; these carry none.
const JOINING: [&str; 46] = [
    "або",
    "але",
    "без",
    "біля",
    "від",
    "для",
    "до",
    "його",
    "по",
    "при",
    "про",
    "під",
    "над",
    "між",
    "через",
    "що",
    "яка",
    "який",
    "які",
    "та",
    "на",
    "за",
    "із",
    "зі",
    "and",
    "the",
    "for",
    "with",
    "from",
    "into",
    "near",
    "les",
    "des",
    "pour",
    "dans",
    "per",
    "con",
    "del",
    "della",
    "delle",
    "dei",
    "nel",
    "alla",
    "dhe",
    "për",
    "tek",
];

/// Words of addresses. They stand in nearly every title of a municipal work and say what kind of place follows.
const ADDRESS: [&str; 36] = [
    "адреса",
    "адресою",
    "буд",
    "вул",
    "вулиця",
    "вулиці",
    "вулицею",
    "громада",
    "громади",
    "громаді",
    "міста",
    "місті",
    "місто",
    "міська",
    "міської",
    "міській",
    "обл",
    "області",
    "область",
    "провулок",
    "проспект",
    "просп",
    "рада",
    "ради",
    "раді",
    "район",
    "району",
    "районі",
    "районної",
    "село",
    "села",
    "селі",
    "селищної",
    "сільської",
    "смт",
    "територіальної",
];

/// Words of what is done rather than to what: they say little of the subject, however few of the past titles have them.
pub const INTERVENTION: [&str; 29] = [
    "закупівля",
    "придбання",
    "поставка",
    "обєкт",
    "завершення",
    "ремонт",
    "капітальний",
    "поточний",
    "реконструкція",
    "будівництво",
    "відновлення",
    "відбудова",
    "модернізація",
    "реставрація",
    "роботи",
    "послуги",
    "виконання",
    "repair",
    "repairs",
    "overhaul",
    "renovation",
    "restoration",
    "reconstruction",
    "construction",
    "building",
    "work",
    "works",
    "services",
    "supply",
];

/// Letters of Roman numerals, as Latin and as Cyrillic: a school of «І-ІІІ» levels, the «XII» lot.
const ROMAN: [char; 5] = ['i', 'v', 'x', 'і', 'х'];

static UKRAINIAN: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::Ukrainian));

/// The words of a text as it writes them, in lower case.
pub fn written_words(text: &str) -> Vec<String> {
    let within = |letter: char| letter.is_alphanumeric() || letter == STRESS || APOSTROPHES.contains(&letter);
    let text: String = text.nfc().flat_map(char::to_lowercase).collect();
    let words = text.split(|letter| !within(letter)).map(|word| word.trim_matches(APOSTROPHES));
    words.filter(|word| word.contains(char::is_alphanumeric)).take(WORDS_READ).map(str::to_owned).collect()
}

/// A written word with one form of each letter: apostrophes and stress left out.
pub fn raw(mut written: String) -> String {
    written.retain(|letter| letter != STRESS && !APOSTROPHES.contains(&letter));
    written
}

/// The raw words of a text.
pub fn raw_words(text: &str) -> Vec<String> {
    written_words(text).into_iter().map(raw).collect()
}

/// The token of a raw word; none when the word says nothing: short, joining, of an address, a number.
pub fn token(word: &str) -> Option<String> {
    if word.chars().any(char::is_numeric)
        || word.chars().count() <= SHORT_LETTERS
        || JOINING.contains(&word)
        || ADDRESS.contains(&word)
        || word.chars().all(|letter| ROMAN.contains(&letter))
    {
        return None;
    }
    if has_stemmer(word) {
        let stem = UKRAINIAN.stem(word);
        let whole = if stem.chars().count() < STEM_SHORTEST { word.trim_end_matches(VOWELS) } else { stem.as_ref() };
        return Some(whole.chars().take(STEM_LETTERS).map(alternating).collect());
    }
    let folded = word.nfd().filter(|letter| letter.is_alphanumeric());
    Some(folded.take(WORD_LETTERS).collect())
}

/// Whether a word is of a language with a stemmer, by its letters.
pub fn has_stemmer(word: &str) -> bool {
    word.chars().any(|letter| ('\u{0400}'..='\u{052F}').contains(&letter))
}

/// Vowels that alternate within the forms of a word become one.
fn alternating(letter: char) -> char {
    match letter {
        'і' => 'о',
        'є' => 'е',
        'ґ' => 'г',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(left: &str, right: &str) -> bool {
        token(&left.to_lowercase()) == token(&right.to_lowercase())
    }

    #[test]
    fn inflected_ukrainian_words_meet() {
        for (left, right) in [
            ("водопостачання", "водопостачанням"),
            ("школа", "шкіл"),
            ("школи", "школу"),
            ("міст", "мости"),
            ("моста", "мосту"),
            ("лікарня", "лікарні"),
            ("реконструкція", "реконструкцію"),
            ("капітальний", "капітального"),
            ("водопровід", "водопроводу"),
            ("дорога", "дороги"),
        ] {
            assert!(same(left, right), "{left} {right}: {:?} {:?}", token(left), token(right));
        }
    }

    #[test]
    fn apostrophes_are_one() {
        let words = raw_words("Кам'янське кам’янське камʼянське");
        assert!(words.len() == 3 && words.iter().all(|word| *word == words[0]), "{words:?}");
    }

    #[test]
    fn water_supply_is_not_sewerage() {
        assert!(!same("водопостачання", "водовідведення"));
    }

    #[test]
    fn numbers_and_joining_words_say_nothing() {
        assert_eq!(["2019", "до", "про", "the", "12а"].map(token), [None, None, None, None, None]);
    }
}
