//! Which codes are known now: one snapshot of the lists in memory, read anew when a list was imported.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::codes::{CpvCode, KatottgCode, KvedCode};
use crate::error::{Code, Error, Result};
use crate::locale::Said;

/// The codes of the lists as they are in the database.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Which import they are of.
    pub(super) version: String,
    /// CPV codes with their check digit, by their eight digits.
    pub(super) cpv: HashMap<String, String>,
    /// Whether the whole list of CPV was imported.
    pub(super) cpv_complete: bool,
    /// KVED codes.
    pub(super) kved: HashSet<String>,
    /// Whether the whole list of KVED was imported.
    pub(super) kved_complete: bool,
    /// KATOTTG codes.
    pub(super) territories: BTreeSet<String>,
    /// Whether the whole codifier was imported.
    pub(super) territories_complete: bool,
}

impl Known {
    /// The code as the list writes it; none where the list lacks it.
    ///
    /// # Errors
    /// When the list holds it with another check digit.
    pub fn listed_cpv(&self, field: &str, code: &CpvCode) -> Result<Option<&str>> {
        let digits = code.digits();
        match self.cpv.get(digits) {
            Some(listed) if code.as_str() != digits && code.as_str() != listed => Err(Error::bad_input(
                field,
                Said::new(format!("У коді {code} неправильна контрольна цифра."), format!("The check digit of the code {code} is wrong.")),
                Said::new(format!("Можливо, це {listed}?"), format!("Did you mean {listed}?")),
            )),
            listed => Ok(listed.map(String::as_str)),
        }
    }

    /// The code as the list writes it; where the list is known in part and lacks it, its eight digits. Its check digit cannot
    /// be told then: the published rule is wrong for one code in eighteen.
    ///
    /// # Errors
    /// When the list does not hold it, or holds it with another check digit.
    pub fn cpv(&self, field: &str, code: &CpvCode) -> Result<String> {
        let digits = code.digits();
        match self.listed_cpv(field, code)? {
            Some(listed) => Ok(listed.to_owned()),
            None if !self.cpv_complete && self.cpv.contains_key(&format!("{}000000", &digits[..2])) => Ok(digits.to_owned()),
            None => Err(unknown(
                field,
                Said::new(format!("Коду {code} немає в ДК 021."), format!("There is no code {code} in DK 021 (CPV).")),
                Said::new("Знайдіть його запитом classifications(scheme: CPV, search: …).", "Find it with the query classifications(scheme: CPV, search: …)."),
            )),
        }
    }

    /// The eight digits of a CPV code as the list writes the code now, if it does.
    #[must_use]
    pub fn written<'a>(&'a self, digits: &'a str) -> &'a str {
        self.cpv.get(digits).map_or(digits, String::as_str)
    }

    /// The code as the list writes it.
    ///
    /// # Errors
    /// When the list does not hold it.
    pub fn kved(&self, field: &str, code: &KvedCode) -> Result<String> {
        let text = code.as_str();
        let division = text.get(..2).unwrap_or(text);
        if self.kved.contains(text) || (!self.kved_complete && self.kved.contains(division)) {
            return Ok(text.to_owned());
        }
        Err(unknown(
            field,
            Said::new(format!("Коду {code} немає в КВЕД-2010."), format!("There is no code {code} in KVED (NACE Rev. 2).")),
            Said::new("Знайдіть його запитом classifications(scheme: KVED, search: …).", "Find it with the query classifications(scheme: KVED, search: …)."),
        ))
    }

    /// The code as the codifier writes it.
    ///
    /// # Errors
    /// When the codifier does not hold it.
    pub fn territory(&self, field: &str, code: &KatottgCode) -> Result<String> {
        let text = code.as_str();
        let oblast = || text.get(..4).is_some_and(|oblast| self.territories.range(oblast.to_owned()..).next().is_some_and(|known| known.starts_with(oblast)));
        if self.territories.contains(text) || (!self.territories_complete && oblast()) {
            return Ok(text.to_owned());
        }
        Err(unknown(
            field,
            Said::new(format!("Коду {code} немає в КАТОТТГ."), format!("There is no code {code} in KATOTTG.")),
            Said::new("Знайдіть його запитом territories(search: …).", "Find it with the query territories(search: …)."),
        ))
    }
}

fn unknown(field: &str, message: Said, remedy: Said) -> Error {
    Error::refused(Code::UnknownCode, field, message, remedy)
}

impl Known {
    /// The hromada of a place, or its oblast's prefix where the codifier is not there to tell; a hromada is its own.
    #[must_use]
    pub fn hromada_of(&self, territory: &str) -> String {
        let is_whole = |code: &str| code.get(9..14) == Some("00000");
        if is_whole(territory) {
            return territory.to_owned();
        }
        let prefix = territory.get(..9).unwrap_or(territory);
        let mut inside = self.territories.range(prefix.to_owned()..).take_while(|code| code.starts_with(prefix));
        inside.find(|code| is_whole(code)).cloned().unwrap_or_else(|| territory.get(..4).unwrap_or(territory).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Known;

    #[test]
    fn a_place_is_shown_as_its_hromada_and_a_district_of_kyiv_or_sevastopol_as_the_city() {
        let codes = ["UA73040190000062796", "UA80000000000093317", "UA85000000000065278"];
        let known = Known { territories: codes.map(str::to_owned).into(), ..Known::default() };
        for (exact, shown) in [
            ("UA73040190010032793", "UA73040190000062796"),
            ("UA80000000000126643", "UA80000000000093317"),
            ("UA85000000010019527", "UA85000000000065278"),
            ("UA80000000000093317", "UA80000000000093317"),
            ("UA05020030010063857", "UA05"),
        ] {
            assert_eq!(known.hromada_of(exact), shown, "{exact}");
        }
    }
}
