//! Oblasts by the names that sources give them, in Ukrainian and English, with or without the word for oblast.

use std::collections::HashMap;

use crate::reference::builtin;
use crate::text;

/// Words that say what a region is and not which.
const GENERIC: [&str; 10] = ["область", "обл", "обл.", "місто", "м", "м.", "oblast", "region", "city", "m."];

/// Names that the built-in list does not have: by the main city, as English sources write them, and by other spellings.
const OTHER_NAMES: [(&str, &str); 38] = [
    ("крим", "UA01"),
    ("ар крим", "UA01"),
    ("crimea", "UA01"),
    ("vinnytsia", "UA05"),
    ("volyn", "UA07"),
    ("dnipropetrovsk", "UA12"),
    ("dnipro", "UA12"),
    ("donetsk", "UA14"),
    ("zhytomyr", "UA18"),
    ("zakarpattia", "UA21"),
    ("zaporizhzhia", "UA23"),
    ("zaporizhia", "UA23"),
    ("ivano-frankivsk", "UA26"),
    ("kyiv oblast", "UA32"),
    ("kyiv region", "UA32"),
    ("kyiv obl.", "UA32"),
    ("kirovohrad", "UA35"),
    ("luhansk", "UA44"),
    ("lviv", "UA46"),
    ("mykolaiv", "UA48"),
    ("mykolayiv", "UA48"),
    ("odesa", "UA51"),
    ("odessa", "UA51"),
    ("poltava", "UA53"),
    ("rivne", "UA56"),
    ("sumy", "UA59"),
    ("ternopil", "UA61"),
    ("kharkiv", "UA63"),
    ("kherson", "UA65"),
    ("khmelnytskyi", "UA68"),
    ("khmelnytskyy", "UA68"),
    ("cherkasy", "UA71"),
    ("chernivtsi", "UA73"),
    ("chernihiv", "UA74"),
    ("київ", "UA80"),
    ("kyiv", "UA80"),
    ("севастополь", "UA85"),
    ("sevastopol", "UA85"),
];

/// Oblast prefixes of KATOTTG by the keys of their names and by ISO 3166-2.
pub(super) struct Oblasts(HashMap<String, &'static str>);

impl Oblasts {
    /// The built-in oblasts with all their names.
    pub(super) fn new() -> Self {
        let mut names = HashMap::new();
        for unit in builtin::territories() {
            let Some(prefix) = unit.code.get(..4) else { continue };
            for name in [unit.name_uk, unit.name_en, unit.iso, unit.code, prefix] {
                names.insert(text::key(name), prefix);
                names.entry(bare(name)).or_insert(prefix);
            }
        }
        names.extend(OTHER_NAMES.iter().map(|(name, prefix)| (text::key(name), *prefix)));
        Self(names)
    }

    /// The prefix of the oblast with a name.
    pub(super) fn find(&self, name: &str) -> Option<&'static str> {
        self.0.get(&text::key(name)).or_else(|| self.0.get(&bare(name))).copied()
    }
}

/// The key of a name without the words that say what it is a name of.
fn bare(name: &str) -> String {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().filter(|word| !GENERIC.contains(word)).collect();
    text::key(&words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::Oblasts;

    #[test]
    fn an_oblast_is_found_by_every_name_that_sources_give_it() {
        let oblasts = Oblasts::new();
        let names = [
            ("Черкаська область", "UA71"),
            ("черкаська обл.", "UA71"),
            ("Cherkaska", "UA71"),
            ("Cherkasy Oblast", "UA71"),
            ("UA-71", "UA71"),
            ("м. Київ", "UA80"),
            ("Київ", "UA80"),
            ("Kyiv", "UA80"),
            ("UA-30", "UA80"),
            ("Київська область", "UA32"),
            ("Kyiv Oblast", "UA32"),
            ("Автономна Республіка Крим", "UA01"),
            ("UA-43", "UA01"),
            ("Івано-Франківська область", "UA26"),
            ("UA12", "UA12"),
        ];
        for (name, prefix) in names {
            assert_eq!(oblasts.find(name), Some(prefix), "{name}");
        }
        assert_eq!(oblasts.find("Lombardia"), None);
    }
}
