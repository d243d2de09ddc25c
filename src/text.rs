//! Text and lists at the edge: what is accepted, and the key by which a text is searched and sorted.
//!
//! SQLite's `lower` and `LIKE` know no Cyrillic and PostgreSQL's order depends on its locale, so keys are made here and
//! compared bytewise.

use unicode_normalization::UnicodeNormalization as _;

use crate::error::{Error, Result, Together as _};
use crate::locale::{Said, Translations};

/// The Ukrainian alphabet in its own order, with the letters of its neighbours where dictionaries put them.
const ALPHABET: &str = "абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюя";
/// Most characters of a text that is only looked for.
const LONGEST_SOUGHT: usize = 200;
/// Most characters of a reason.
pub const LONGEST_REASON: usize = 2_000;
/// What ends a line, and the tab, which has no place on one line either.
const LINE_BREAKS: [char; 5] = ['\n', '\r', '\t', '\u{2028}', '\u{2029}'];
const FIRST_LETTER: u32 = 0x0430;

/// The apostrophes that people type for one another: ASCII, right quotation mark, modifier letter, and the backtick.
const APOSTROPHES: [char; 5] = ['\'', '\u{2019}', '\u{02BC}', '\u{2018}', '`'];

/// The key by which a text is searched and sorted: NFC, lower case, one apostrophe, single spaces, nothing that is not seen,
/// letters in Ukrainian order.
#[must_use]
pub fn key(text: &str) -> String {
    let folded: String =
        text.nfc().filter(|letter| !is_ignorable(*letter)).flat_map(char::to_lowercase).map(|letter| if APOSTROPHES.contains(&letter) { '\'' } else { letter }).collect();
    let words: Vec<&str> = folded.split_whitespace().collect();
    words.join(" ").chars().map(in_ukrainian_order).collect()
}

/// One key for the texts of an entity.
#[must_use]
pub fn keys<'a>(texts: impl IntoIterator<Item = Option<&'a String>>) -> String {
    texts.into_iter().flatten().map(|text| key(text)).collect::<Vec<_>>().join("\n")
}

fn in_ukrainian_order(letter: char) -> char {
    let place = ALPHABET.chars().position(|known| known == letter).and_then(|place| u32::try_from(place).ok());
    place.and_then(|place| char::from_u32(FIRST_LETTER + place)).unwrap_or(letter)
}

/// Takes a text of one line and 1 to `longest` characters, such as a name or a title: NFC, trimmed, free of control characters.
///
/// # Errors
/// When it shows nothing, is too long, has line breaks, or holds a control character.
pub fn required(field: &str, text: &str, longest: usize) -> Result<String> {
    let text = prose(field, text, longest)?;
    if text.contains(LINE_BREAKS) {
        return Err(Error::bad_input(
            field,
            Said::new("У полі кілька рядків.", "The field has several lines."),
            Said::new("Запишіть текст одним рядком.", "Write the text on one line."),
        ));
    }
    Ok(text)
}

/// Takes a text of 1 to `longest` characters with lines and paragraphs, such as a description: NFC, trimmed, free of control
/// characters but line breaks and tabs, and of those that make a text read otherwise than it is written. Letters that show
/// nothing, such as a soft hyphen, are left out.
///
/// # Errors
/// When it shows nothing, is too long, or holds a control character.
pub fn prose(field: &str, text: &str, longest: usize) -> Result<String> {
    let text: String = text.nfc().filter(|letter| !is_ignorable(*letter) || turns_the_text(*letter)).collect();
    let text = text.trim();
    let length = text.chars().count();
    if shows_nothing(text) {
        return Err(Error::bad_input(field, Said::new("Поле порожнє.", "The field is empty."), Said::new("Заповніть його.", "Fill it in.")));
    }
    if length > longest {
        return Err(Error::bad_input(
            field,
            Said::new(format!("Знаків у полі: {length}, найбільше можна {longest}."), format!("The field has {length} characters; at most {longest} are taken.")),
            Said::new("Скоротіть текст.", "Shorten the text."),
        ));
    }
    if text.chars().any(|letter| (letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')) || turns_the_text(letter) || is_no_letter(letter)) {
        return Err(Error::bad_input(
            field,
            Said::new("У полі є недруковані знаки.", "The field holds control characters."),
            Said::new("Вставте текст ще раз без них.", "Paste the text again without them."),
        ));
    }
    Ok(text.to_owned())
}

/// Whether a text has no letter that is seen.
#[must_use]
pub fn shows_nothing(text: &str) -> bool {
    text.chars().all(|letter| letter.is_whitespace() || is_ignorable(letter))
}

/// What stands for no letter: a blank of Braille, places of objects and notes, and numbers that Unicode gives to nothing.
const fn is_no_letter(letter: char) -> bool {
    matches!(letter, '\u{2800}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FFF9}'..='\u{FFFC}') || letter as u32 & 0xFFFE == 0xFFFE
}

/// The controls by which a text is shown in another order than its letters have (UAX #9: embeddings, overrides, isolates).
const fn turns_the_text(letter: char) -> bool {
    matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether a letter shows nothing by itself (Unicode's `Default_Ignorable_Code_Point`).
#[must_use]
pub const fn is_ignorable(letter: char) -> bool {
    matches!(
        letter,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// A text of several lines as one: what breaks them becomes a space.
#[must_use]
pub fn on_one_line(text: &str) -> String {
    text.split(LINE_BREAKS).map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Takes a text that is only looked for, such as a reference or a code: what no row can hold is refused before a database is asked.
///
/// # Errors
/// As [`required`], with 200 characters at most.
pub fn sought(field: &str, text: &str) -> Result<String> {
    required(field, text, LONGEST_SOUGHT)
}

/// Takes the reason of a step that is not taken without saying why.
///
/// # Errors
/// As [`prose`], with 2,000 characters at most.
pub fn reason(text: &str) -> Result<String> {
    prose("reason", text, LONGEST_REASON)
}

/// Takes a text of one line that may be absent; one that shows nothing is absent.
///
/// # Errors
/// As [`required`].
pub fn optional(field: &str, text: Option<&str>, longest: usize) -> Result<Option<String>> {
    text.filter(|text| !shows_nothing(text)).map(|text| required(field, text, longest)).transpose()
}

/// Takes a text with lines and paragraphs that may be absent; one that shows nothing is absent.
///
/// # Errors
/// As [`prose`].
pub fn optional_prose(field: &str, text: Option<&str>, longest: usize) -> Result<Option<String>> {
    text.filter(|text| !shows_nothing(text)).map(|text| prose(field, text, longest)).transpose()
}

/// Takes a list of so many entries.
///
/// # Errors
/// When there are more than `most`.
pub fn at_most(field: &str, entries: usize, most: usize) -> Result<()> {
    if entries <= most {
        return Ok(());
    }
    Err(Error::bad_input(
        field,
        Said::new(format!("Записів у списку: {entries}, найбільше можна {most}."), format!("The list has {entries} entries; at most {most} are taken.")),
        Said::new(format!("Залиште до {most}."), format!("Leave {most} at most.")),
    ))
}

/// Takes a text of one line in Ukrainian, English or both.
///
/// # Errors
/// As [`required`], and when both are absent.
pub fn bilingual(field: &str, texts: &Translations, longest: usize) -> Result<Translations> {
    let taken = each(field, texts, |field, text| optional(field, text, longest))?;
    if taken.uk.is_none() && taken.en.is_none() {
        return Err(Error::bad_input(
            field,
            Said::new("Немає тексту жодною мовою.", "There is no text in either language."),
            Said::new("Дайте текст українською (uk), англійською (en) або обома.", "Give the text in Ukrainian (uk), English (en) or both."),
        ));
    }
    Ok(taken)
}

/// Takes a text with lines and paragraphs in either language or none.
///
/// # Errors
/// As [`prose`].
pub fn bilingual_prose(field: &str, texts: &Translations, longest: usize) -> Result<Translations> {
    each(field, texts, |field, text| optional_prose(field, text, longest))
}

fn each(field: &str, texts: &Translations, take: impl Fn(&str, Option<&str>) -> Result<Option<String>>) -> Result<Translations> {
    let (uk, en) = (take(&format!("{field}.uk"), texts.uk.as_deref()), take(&format!("{field}.en"), texts.en.as_deref())).together()?;
    Ok(Translations { uk, en })
}

#[cfg(test)]
mod tests {
    use super::{key, on_one_line, optional, prose, required};

    #[test]
    fn one_key_stands_for_all_ways_to_type_a_name() {
        assert_eq!(key("  Кам’янець-Подільський  "), key("КАМ'ЯНЕЦЬ-подільський"));
        assert_eq!(key("и\u{306}"), key("й"));
        assert_eq!(key("водо\u{ad}гін\u{200b}"), key("водогін"));
    }

    #[test]
    fn keys_sort_as_the_ukrainian_alphabet_does() {
        let mut names = ["Яремче", "Іршава", "Ґалаґани", "Горохів", "Єнакієве", "Дніпро", "Їжаківка", "Йосипівка", "Ивня"];
        names.sort_by_key(|name| key(name));
        assert_eq!(names, ["Горохів", "Ґалаґани", "Дніпро", "Єнакієве", "Ивня", "Іршава", "Їжаківка", "Йосипівка", "Яремче"]);
    }

    #[test]
    fn text_that_cannot_be_kept_is_refused() {
        for text in ["", " \n ", "a\0b", &"я".repeat(11)] {
            assert!(required("title", text, 10).is_err(), "{text:?}");
        }
        assert_eq!(required("title", " міст ", 10).expect("fits"), "міст");
    }

    #[test]
    fn text_that_shows_nothing_is_empty() {
        for text in ["\u{200b}", "\u{feff}\u{2060} \u{ad}", "\u{3164}", "\u{e0041}"] {
            assert!(required("title", text, 10).is_err(), "{text:?}");
            assert_eq!(optional("title", Some(text), 10).expect("absent"), None, "{text:?}");
        }
        assert!(required("title", "дах\u{200d}", 10).is_ok());
    }

    #[test]
    fn text_that_reads_otherwise_than_it_is_written_is_refused() {
        for letter in "\u{202a}\u{202e}\u{2066}\u{2069}".chars() {
            assert!(required("title", &format!("а{letter}б"), 10).is_err(), "{letter:?}");
            assert!(prose("offer", &format!("а{letter}б"), 10).is_err(), "{letter:?}");
        }
    }

    #[test]
    fn a_line_is_one_and_prose_has_many() {
        for text in ["а\nб", "а\r\nб", "а\tб", "а\u{2028}б"] {
            assert!(required("title", text, 10).is_err(), "{text:?}");
            assert_eq!(prose("offer", text, 10).expect("lines"), text);
            assert_eq!(on_one_line(text), "а б");
        }
    }
}
