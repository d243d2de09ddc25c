//! Classification codes as numbers, and the bridge between sectors, activities (KVED) and works (DK 021 = CPV).

use std::fmt;

/// Digits of a code without its check digit.
const DIGITS: usize = 8;
/// Bits of a digit.
const BITS: u32 = 4;
/// A division: the least that a code says.
const DIVISION: u32 = 2;

/// Sectors of OC4IDS and the leading digits of the works they call for (`codes.md`, section 4).
const SECTORS: [(&str, &[&str]); 10] = [
    ("energy", &["093", "311", "312", "313", "653", "45231", "45310"]),
    ("waterAndWaste", &["4523", "4524", "4533", "651", "904", "905"]),
    ("transport.road", &["45233", "45221", "4522"]),
    ("transport", &["4522", "4523"]),
    ("education", &["4521", "4526", "453", "454"]),
    ("health", &["4521", "4526", "453", "454"]),
    ("socialHousing", &["4521", "4526", "453", "454"]),
    ("governance", &["4521", "4526", "453", "454"]),
    ("communications", &["45231", "45314", "32", "72"]),
    ("cultureSportsAndRecreation", &["4521", "4526", "453", "454"]),
];

/// Activities by leading digits of KVED-2010 and the works that such a business does, the narrowest activity first.
const ACTIVITIES: [(&str, &[&str]); 29] = [
    ("4211", &["45233"]),
    ("4212", &["45234"]),
    ("4213", &["45221"]),
    ("4221", &["45231", "45232", "4524"]),
    ("4222", &["45231", "45314", "45315"]),
    ("4291", &["4524"]),
    ("4299", &["4521", "4522"]),
    ("4311", &["4511"]),
    ("4312", &["4511"]),
    ("4313", &["4512"]),
    ("4321", &["4531"]),
    ("4322", &["4533", "45232"]),
    ("4329", &["4532", "4534"]),
    ("4391", &["45261"]),
    ("4399", &["4526"]),
    ("7111", &["712"]),
    ("7112", &["713"]),
    ("7120", &["716"]),
    ("7732", &["455"]),
    ("41", &["4521", "4526"]),
    ("433", &["454"]),
    ("35", &["093", "653", "4531"]),
    ("36", &["651", "45232"]),
    ("37", &["904", "45232"]),
    ("38", &["905"]),
    ("39", &["907"]),
    ("27", &["311", "312", "313"]),
    ("61", &["642", "325"]),
    ("62", &["72"]),
];

/// A classification code: eight digits of four bits each, of which the first `depth` say something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    digits: u32,
    depth: u32,
}

impl Code {
    /// Reads the digits of a code; what follows a dash is its check digit. None when it has no division.
    pub fn read(text: &str) -> Option<Self> {
        let digits: String = text.split('-').next()?.chars().filter(char::is_ascii_digit).take(DIGITS).collect();
        let depth = u32::try_from(digits.trim_end_matches('0').len()).ok()?.max(DIVISION);
        (digits.len() >= 2).then_some(())?;
        Some(Self { digits: u32::from_str_radix(&format!("{digits:0<DIGITS$}"), 16).ok()?, depth })
    }

    /// The first digits of the code as a number.
    pub const fn prefix(self, length: u32) -> u32 {
        self.digits >> (BITS * (8 - length))
    }

    /// How many of its digits say something.
    pub const fn depth(self) -> u32 {
        self.depth
    }

    /// How many telling digits two codes begin with in common; zero when not even the division.
    pub fn common(self, other: Self) -> u32 {
        let equal = (self.digits ^ other.digits).leading_zeros() / BITS;
        let common = equal.min(self.depth).min(other.depth);
        if common < DIVISION { 0 } else { common }
    }

    /// Whether everything that `other` names lies within this code.
    pub fn covers(self, other: Self) -> bool {
        other.depth >= self.depth && self.prefix(self.depth) == other.prefix(self.depth)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.digits)
    }
}

/// The works that a sector calls for.
pub fn of_sector(sector: &str) -> Vec<Code> {
    let known = SECTORS.iter().find(|(name, _)| sector == *name || sector.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')));
    known.into_iter().flat_map(|(_, codes)| codes.iter().filter_map(|code| Code::read(code))).collect()
}

/// The works that a business with this activity (`NN.NN`) does.
pub fn of_activity(activity: &str) -> Vec<Code> {
    let digits: String = activity.chars().filter(char::is_ascii_digit).collect();
    let known = ACTIVITIES.iter().find(|(leading, _)| digits.starts_with(leading));
    known.into_iter().flat_map(|(_, codes)| codes.iter().filter_map(|code| Code::read(code))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_at_the_end_say_nothing() {
        let (division, class) = (Code::read("45000000-7").unwrap(), Code::read("45231300").unwrap());
        assert_eq!((division.depth(), class.depth()), (2, 6));
        assert_eq!(division.common(class), 2);
        assert!(division.covers(class) && !class.covers(division));
    }

    #[test]
    fn a_pipe_layer_does_pipes() {
        assert!(of_activity("42.21").iter().any(|code| code.covers(Code::read("45232150").unwrap())));
        assert!(of_sector("waterAndWaste").iter().any(|code| code.covers(Code::read("45232150").unwrap())));
    }
}
