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
const FIRST_LETTER: u32 = 0x0430;

/// The apostrophes that people type for one another: ASCII, right quotation mark, modifier letter, and the backtick.
const APOSTROPHES: [char; 5] = ['\'', '\u{2019}', '\u{02BC}', '\u{2018}', '`'];

/// The key by which a text is searched and sorted: NFC, lower case, one apostrophe, single spaces, letters in Ukrainian order.
#[must_use]
pub fn key(text: &str) -> String {
    let folded: String = text.nfc().flat_map(char::to_lowercase).map(|letter| if APOSTROPHES.contains(&letter) { '\'' } else { letter }).collect();
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

/// Takes a text of 1 to `longest` characters: NFC, trimmed, free of control characters but line breaks and tabs.
///
/// # Errors
/// When it is empty, too long, or holds a control character.
pub fn required(field: &str, text: &str, longest: usize) -> Result<String> {
    let text: String = text.nfc().collect();
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 {
        return Err(Error::bad_input(field, Said::new("Поле порожнє.", "The field is empty."), Said::new("Заповніть його.", "Fill it in.")));
    }
    if length > longest {
        return Err(Error::bad_input(
            field,
            Said::new(format!("Знаків у полі: {length}, найбільше можна {longest}."), format!("The field has {length} characters; at most {longest} are taken.")),
            Said::new("Скоротіть текст.", "Shorten the text."),
        ));
    }
    if text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')) {
        return Err(Error::bad_input(
            field,
            Said::new("У полі є недруковані знаки.", "The field holds control characters."),
            Said::new("Вставте текст ще раз без них.", "Paste the text again without them."),
        ));
    }
    Ok(text.to_owned())
}

/// Takes a text that is only looked for, such as a reference or a code: what no row can hold is refused before a database is asked.
///
/// # Errors
/// As [`required`], with 200 characters at most.
pub fn sought(field: &str, text: &str) -> Result<String> {
    required(field, text, LONGEST_SOUGHT)
}

/// Takes a text that may be absent; an empty one is absent.
///
/// # Errors
/// As [`required`].
pub fn optional(field: &str, text: Option<&str>, longest: usize) -> Result<Option<String>> {
    text.filter(|text| !text.trim().is_empty()).map(|text| required(field, text, longest)).transpose()
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

/// Takes a text in Ukrainian, English or both.
///
/// # Errors
/// As [`required`], and when both are absent.
pub fn bilingual(field: &str, texts: &Translations, longest: usize) -> Result<Translations> {
    let taken = optional_bilingual(field, texts, longest)?;
    if taken.uk.is_none() && taken.en.is_none() {
        return Err(Error::bad_input(
            field,
            Said::new("Немає тексту жодною мовою.", "There is no text in either language."),
            Said::new("Дайте текст українською (uk), англійською (en) або обома.", "Give the text in Ukrainian (uk), English (en) or both."),
        ));
    }
    Ok(taken)
}

/// Takes a text in either language or none.
///
/// # Errors
/// As [`required`].
pub fn optional_bilingual(field: &str, texts: &Translations, longest: usize) -> Result<Translations> {
    let in_language = |language: &str, text: &Option<String>| optional(&format!("{field}.{language}"), text.as_deref(), longest);
    let (uk, en) = (in_language("uk", &texts.uk), in_language("en", &texts.en)).together()?;
    Ok(Translations { uk, en })
}

#[cfg(test)]
mod tests {
    use super::{key, required};

    #[test]
    fn one_key_stands_for_all_ways_to_type_a_name() {
        assert_eq!(key("  Кам’янець-Подільський  "), key("КАМ'ЯНЕЦЬ-подільський"));
        assert_eq!(key("и\u{306}"), key("й"));
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
}
