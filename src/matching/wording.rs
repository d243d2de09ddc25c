//! Titles without what they repeat of the classification: the code, the name of the list, and the official name of the code
//! beside it. Two titles that have these in common are not alike for that; the code itself is compared as a code.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::reference::builtin;

/// Digits of a code without its check digit.
const DIGITS: usize = 8;
/// Words that lead to a code or away from it.
const LEADING: [&str; 14] = ["за", "код", "кодом", "коду", "дк", "кд", "021", "2015", "дк021", "єзс", "cpv", "згідно", "з", "єдиного"];
/// At least so many words of an official name are taken for it, since many write it short.
const NAME_WORDS: usize = 2;

/// The official names by the digits of their codes, in words.
static NAMES: LazyLock<HashMap<&str, [Vec<String>; 2]>> = LazyLock::new(|| {
    let codes = builtin::classifications().filter(|entry| entry.scheme == "CPV");
    codes.filter_map(|entry| Some((entry.code.get(..DIGITS)?, [words(entry.name_uk), words(entry.name_en)]))).collect()
});

/// A title as it is compared with others. One that says nothing else is left as it is.
pub(super) fn plain(title: &str) -> String {
    let words = words(title);
    let mut kept = vec![true; words.len()];
    for (place, word) in words.iter().enumerate().filter(|(_, word)| is_code(word)) {
        let checked = words.get(place + 1).is_some_and(|word| word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_digit()));
        let leading = |word: &&String| LEADING.contains(&word.as_str());
        let before = place - words[..place].iter().rev().take_while(leading).count();
        let mut after = place + 1 + usize::from(checked);
        let (mut start, mut end) = (before, after);
        for name in NAMES.get(word.as_str()).into_iter().flatten() {
            let follows = words[after..].iter().zip(name).take_while(|(word, named)| word == named).count();
            let precedes = words[..before].iter().rev().zip(name.iter().rev()).take_while(|(word, named)| word == named).count();
            end = end.max(if follows >= NAME_WORDS.min(name.len()) { after + follows } else { after });
            start = start.min(if precedes == name.len() { before - precedes } else { before });
        }
        after = end + words[end..].iter().take_while(leading).count();
        kept[start..after].fill(false);
    }
    if kept.iter().all(|kept| *kept) || !kept.contains(&true) {
        return title.to_owned();
    }
    words.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(word, _)| word).collect::<Vec<_>>().join(" ")
}

fn is_code(word: &str) -> bool {
    word.len() == DIGITS && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Lower-case words; apostrophes within them are left out.
fn words(text: &str) -> Vec<String> {
    let letters = text.to_lowercase().replace(['\'', '\u{2019}', '\u{02BC}', '`'], "");
    letters.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn the_code_and_its_official_name_are_left_out() {
        for (title, left) in [
            ("ДК 021:2015 45330000-9 Водопровідні та санітарно-технічні роботи (Монтаж кондиціонеру)", "монтаж кондиціонеру"),
            ("45330000-9 - Водопровідні та санітарно-технічні роботи (ремонт башти)", "ремонт башти"),
            ("Ремонт башти (код ДК 021:2015: 45330000-9 — Водопровідні та санітарно технічні роботи)", "ремонт башти"),
            ("Ремонт башти ДК021:2015 код 45330000-9«Водопровідні та санітарно-технічні»", "ремонт башти"),
            ("Водопровідні та санітарно-технічні роботи - за ДК 021:2015 - 45330000-9 (ремонт башти)", "ремонт башти"),
            ("ДК 021:2015 (CPV)45330000-9 -Plumbing and sanitary works: ремонт башти", "ремонт башти"),
        ] {
            assert_eq!(plain(title), left, "{title}");
        }
    }

    #[test]
    fn other_words_stay() {
        assert_eq!(plain("ДК-45330000-9 Поточний ремонт башти"), "поточний ремонт башти");
        assert_eq!(plain("Водопровідні та санітарно-технічні роботи в школі"), "Водопровідні та санітарно-технічні роботи в школі");
        assert_eq!(plain("45330000-9 Водопровідні та санітарно-технічні роботи"), "45330000-9 Водопровідні та санітарно-технічні роботи", "there is nothing else to go by");
        assert_eq!(plain(""), "");
    }
}
