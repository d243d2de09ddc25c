//! Codes that are there before any list was imported, so that a new installation can work at once.
//!
//! They are facts of public acts and standards; each table names its source. An imported list replaces the names here.

mod cpv;
mod kved;
mod oc4ids;
mod territories;

pub use oc4ids::{Entry, project_types, sectors};
pub use territories::{Territory, neighbours, territories};

use super::codes::{CpvCode, KvedCode};

/// A code of a classification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassificationEntry {
    /// `CPV` or `KVED`.
    pub scheme: &'static str,
    /// The code as its list writes it, CPV with the check digit.
    pub code: &'static str,
    /// The nearest wider code that is built in.
    pub parent: Option<String>,
    /// Its name in Ukrainian.
    pub name_uk: &'static str,
    /// Its name in English.
    pub name_en: &'static str,
}

/// The codes of CPV and KVED that are built in, each scheme by code.
pub fn classifications() -> impl Iterator<Item = ClassificationEntry> {
    let entries = |scheme, codes: &'static [(&str, &str, &str)], parent: fn(&str) -> Option<String>| {
        codes.iter().map(move |(code, name_uk, name_en)| ClassificationEntry { scheme, code, parent: parent(code), name_uk, name_en })
    };
    entries("CPV", cpv::CODES, cpv_parent).chain(entries("KVED", kved::CODES, kved_parent))
}

fn cpv_parent(code: &str) -> Option<String> {
    let listed = |digits: String| cpv::CODES.iter().find(|(listed, ..)| listed.starts_with(&digits)).map(|(listed, ..)| (*listed).to_owned());
    CpvCode::parse(code).ok().and_then(|code| code.wider().find_map(listed))
}

fn kved_parent(code: &str) -> Option<String> {
    let listed = |wider: &&str| kved::CODES.iter().any(|(listed, ..)| listed == wider);
    KvedCode::parse(code).ok().and_then(|code| code.wider().find(listed).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::{ClassificationEntry, classifications, project_types, sectors};
    use crate::reference::codes::{CpvCode, KvedCode};

    fn of(scheme: &str) -> Vec<ClassificationEntry> {
        classifications().filter(|entry| entry.scheme == scheme).collect()
    }

    fn parent(scheme: &str, code: &str) -> Option<String> {
        of(scheme).into_iter().find(|entry| entry.code == code).expect("built in").parent
    }

    #[test]
    fn every_code_has_the_form_of_its_scheme_and_stands_in_order() {
        assert!(of("CPV").iter().all(|entry| CpvCode::parse(entry.code).is_ok_and(|code| code.as_str() != code.digits())));
        assert!(of("KVED").iter().all(|entry| KvedCode::parse(entry.code).is_ok()));
        for scheme in ["CPV", "KVED"] {
            assert!(of(scheme).is_sorted_by(|one, next| one.code < next.code), "{scheme}");
        }
        assert!(classifications().all(|entry| !entry.name_uk.is_empty() && entry.name_en.is_ascii()));
    }

    #[test]
    fn all_divisions_are_there_and_all_other_codes_are_below_one() {
        let divisions = |scheme| of(scheme).into_iter().filter(|entry| entry.parent.is_none()).collect::<Vec<_>>();
        assert_eq!((divisions("CPV").len(), divisions("KVED").len()), (45, 88));
        assert!(divisions("CPV").iter().all(|entry| entry.code.get(2..8) == Some("000000")));
        assert!(divisions("KVED").iter().all(|entry| entry.code.len() == 2));
    }

    #[test]
    fn the_parent_of_a_code_is_the_nearest_wider_one() {
        assert_eq!(parent("CPV", "45111000-8").as_deref(), Some("45110000-1"));
        assert_eq!(parent("CPV", "45110000-1").as_deref(), Some("45100000-8"));
        assert_eq!(parent("CPV", "09300000-2").as_deref(), Some("09000000-3"));
        assert_eq!(parent("KVED", "42.11").as_deref(), Some("42.1"));
        assert_eq!(parent("KVED", "42.1").as_deref(), Some("42"));
    }

    #[test]
    fn the_code_lists_of_oc4ids_are_whole() {
        assert_eq!((sectors().len(), project_types().len()), (23, 5));
        for narrow in sectors() {
            let wide = narrow.code.split_once('.').map_or(narrow.code, |(wide, _)| wide);
            assert!(sectors().iter().any(|entry| entry.code == wide), "{}", narrow.code);
        }
    }
}
