//! The 27 units of the first level, and which of them border which on land.
//!
//! Codes, categories and Ukrainian names are of KATOTTG (order 290 of the ministry of regional development, 26.11.2020, in
//! the edition of 16.05.2025); the English adjectives are the official transliteration (resolution 55 of 27.01.2010) and the
//! second code is ISO 3166-2:UA. The digits of the two codes differ for Crimea, Luhanska, Chernivetska, Kyiv and
//! Sevastopol, so neither is computed from the other. The borders are read off the administrative map.

/// A unit of the first level: an oblast, Crimea, or a city with special status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Territory {
    /// Its code in KATOTTG.
    pub code: &'static str,
    /// Its code in ISO 3166-2.
    pub iso: &'static str,
    /// `O` for an oblast and Crimea, `K` for a city with special status.
    pub category: &'static str,
    /// Its name in Ukrainian, as the codifier writes it.
    pub name_uk: &'static str,
    /// Its name in English.
    pub name_en: &'static str,
}

/// The 27 units of the first level, by code.
#[must_use]
pub const fn territories() -> &'static [Territory] {
    UNITS
}

/// The prefixes of the units of the first level that border the one of a prefix such as `UA12` on land; none border one
/// that does not exist.
#[must_use]
pub fn neighbours(prefix: &str) -> &'static [&'static str] {
    BORDERS.binary_search_by_key(&prefix, |(unit, _)| unit).map_or(&[], |place| BORDERS[place].1)
}

const fn unit(code: &'static str, iso: &'static str, category: &'static str, name_uk: &'static str, name_en: &'static str) -> Territory {
    Territory { code, iso, category, name_uk, name_en }
}

const UNITS: &[Territory] = &[
    unit("UA01000000000013043", "UA-43", "O", "Автономна Республіка Крим", "Autonomous Republic of Crimea"),
    unit("UA05000000000010236", "UA-05", "O", "Вінницька", "Vinnytska"),
    unit("UA07000000000024379", "UA-07", "O", "Волинська", "Volynska"),
    unit("UA12000000000090473", "UA-12", "O", "Дніпропетровська", "Dnipropetrovska"),
    unit("UA14000000000091971", "UA-14", "O", "Донецька", "Donetska"),
    unit("UA18000000000041385", "UA-18", "O", "Житомирська", "Zhytomyrska"),
    unit("UA21000000000011690", "UA-21", "O", "Закарпатська", "Zakarpatska"),
    unit("UA23000000000064947", "UA-23", "O", "Запорізька", "Zaporizka"),
    unit("UA26000000000069363", "UA-26", "O", "Івано-Франківська", "Ivano-Frankivska"),
    unit("UA32000000000030281", "UA-32", "O", "Київська", "Kyivska"),
    unit("UA35000000000016081", "UA-35", "O", "Кіровоградська", "Kirovohradska"),
    unit("UA44000000000018893", "UA-09", "O", "Луганська", "Luhanska"),
    unit("UA46000000000026241", "UA-46", "O", "Львівська", "Lvivska"),
    unit("UA48000000000039575", "UA-48", "O", "Миколаївська", "Mykolaivska"),
    unit("UA51000000000030770", "UA-51", "O", "Одеська", "Odeska"),
    unit("UA53000000000028050", "UA-53", "O", "Полтавська", "Poltavska"),
    unit("UA56000000000066151", "UA-56", "O", "Рівненська", "Rivnenska"),
    unit("UA59000000000057109", "UA-59", "O", "Сумська", "Sumska"),
    unit("UA61000000000060328", "UA-61", "O", "Тернопільська", "Ternopilska"),
    unit("UA63000000000041885", "UA-63", "O", "Харківська", "Kharkivska"),
    unit("UA65000000000030969", "UA-65", "O", "Херсонська", "Khersonska"),
    unit("UA68000000000099709", "UA-68", "O", "Хмельницька", "Khmelnytska"),
    unit("UA71000000000010357", "UA-71", "O", "Черкаська", "Cherkaska"),
    unit("UA73000000000044923", "UA-77", "O", "Чернівецька", "Chernivetska"),
    unit("UA74000000000025378", "UA-74", "O", "Чернігівська", "Chernihivska"),
    unit("UA80000000000093317", "UA-30", "K", "Київ", "Kyiv (city)"),
    unit("UA85000000000065278", "UA-40", "K", "Севастополь", "Sevastopol (city)"),
];

/// By prefix.
const BORDERS: &[(&str, &[&str])] = &[
    ("UA01", &["UA65", "UA85"]),                                         // Autonomous Republic of Crimea
    ("UA05", &["UA18", "UA32", "UA35", "UA51", "UA68", "UA71", "UA73"]), // Vinnytska
    ("UA07", &["UA46", "UA56"]),                                         // Volynska
    ("UA12", &["UA14", "UA23", "UA35", "UA48", "UA53", "UA63", "UA65"]), // Dnipropetrovska
    ("UA14", &["UA12", "UA23", "UA44", "UA63"]),                         // Donetska
    ("UA18", &["UA05", "UA32", "UA56", "UA68"]),                         // Zhytomyrska
    ("UA21", &["UA26", "UA46"]),                                         // Zakarpatska
    ("UA23", &["UA12", "UA14", "UA65"]),                                 // Zaporizka
    ("UA26", &["UA21", "UA46", "UA61", "UA73"]),                         // Ivano-Frankivska
    ("UA32", &["UA05", "UA18", "UA53", "UA71", "UA74", "UA80"]),         // Kyivska
    ("UA35", &["UA05", "UA12", "UA48", "UA51", "UA53", "UA71"]),         // Kirovohradska
    ("UA44", &["UA14", "UA63"]),                                         // Luhanska
    ("UA46", &["UA07", "UA21", "UA26", "UA56", "UA61"]),                 // Lvivska
    ("UA48", &["UA12", "UA35", "UA51", "UA65"]),                         // Mykolaivska
    ("UA51", &["UA05", "UA35", "UA48"]),                                 // Odeska
    ("UA53", &["UA12", "UA32", "UA35", "UA59", "UA63", "UA71", "UA74"]), // Poltavska
    ("UA56", &["UA07", "UA18", "UA46", "UA61", "UA68"]),                 // Rivnenska
    ("UA59", &["UA53", "UA63", "UA74"]),                                 // Sumska
    ("UA61", &["UA26", "UA46", "UA56", "UA68", "UA73"]),                 // Ternopilska
    ("UA63", &["UA12", "UA14", "UA44", "UA53", "UA59"]),                 // Kharkivska
    ("UA65", &["UA01", "UA12", "UA23", "UA48"]),                         // Khersonska
    ("UA68", &["UA05", "UA18", "UA56", "UA61", "UA73"]),                 // Khmelnytska
    ("UA71", &["UA05", "UA32", "UA35", "UA53"]),                         // Cherkaska
    ("UA73", &["UA05", "UA26", "UA61", "UA68"]),                         // Chernivetska
    ("UA74", &["UA32", "UA53", "UA59"]),                                 // Chernihivska
    ("UA80", &["UA32"]),                                                 // Kyiv (city)
    ("UA85", &["UA01"]),                                                 // Sevastopol (city)
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{BORDERS, neighbours, territories};
    use crate::reference::codes::KatottgCode;

    #[test]
    fn each_unit_has_its_own_code_and_its_own_iso_code() {
        let codes: HashSet<&str> = territories().iter().map(|unit| unit.code).collect();
        let iso: HashSet<&str> = territories().iter().map(|unit| unit.iso).collect();
        assert_eq!((territories().len(), codes.len(), iso.len()), (27, 27, 27));
        for unit in territories() {
            assert_eq!(KatottgCode::parse(unit.code).expect("a code of KATOTTG").prefix().len(), 4, "{}", unit.code);
        }
        let differing: Vec<&str> = territories().iter().filter(|unit| unit.iso.get(3..) != unit.code.get(2..4)).map(|unit| unit.iso).collect();
        assert_eq!(differing, ["UA-43", "UA-09", "UA-77", "UA-30", "UA-40"]);
    }

    #[test]
    fn borders_are_mutual_and_of_known_units_only() {
        let known: Vec<&str> = territories().iter().filter_map(|unit| unit.code.get(..4)).collect();
        assert_eq!(BORDERS.iter().map(|(unit, _)| *unit).collect::<Vec<_>>(), known);
        for (unit, others) in BORDERS {
            assert!(others.is_sorted() && !others.is_empty() && !others.contains(unit), "{unit}");
            for other in *others {
                assert!(neighbours(other).contains(unit), "{other} borders {unit}");
            }
        }
        assert_eq!(BORDERS.iter().map(|(_, others)| others.len()).sum::<usize>(), 2 * 54);
    }

    #[test]
    fn cities_with_special_status_border_what_surrounds_them() {
        assert_eq!((neighbours("UA80"), neighbours("UA85")), (["UA32"].as_slice(), ["UA01"].as_slice()));
        assert_eq!(neighbours("UA01"), ["UA65", "UA85"]);
        for none in ["", "UA", "UA99", "UA1", "UA12000000000090473", "я"] {
            assert!(neighbours(none).is_empty(), "{none}");
        }
    }
}
