//! The codes that people and registers write, parsed: form here, existence in [`known`](super::known).
//!
//! Each type holds a text of the right form and nothing else, so code that has one need not look at it again. The check
//! digits of EDRPOU and RNOKPP are asked for apart, since a source may hold an old code whose digit never was right. CPV's
//! check digit is not computed: the published rule is wrong for 533 of the 9,458 codes of 2008. RNOKPP is personal data:
//! neither its type nor an error about it shows the number.
//!
//! Sources: KATOTTG, order 290 of the ministry of regional development, 26.11.2020; CPV, regulation (EC) 213/2008; KVED,
//! DK 009:2010; the algorithms of EDRPOU and RNOKPP as python-stdnum has them (`stdnum.ua.edrpou`, `stdnum.ua.rntrc`).

use std::fmt;

use crate::error::Error;
use crate::locale::{Locale, Said};

/// Most characters of an input that an error repeats.
const LONGEST_ECHO: usize = 40;

/// What registers write where they have no EDRPOU code; its check digit would be right.
const NO_EDRPOU: &str = "00000000";
/// What no RNOKPP begins with: its first five digits count the days from 31.12.1899 to the birth.
const NO_BIRTHDAY: &str = "00000";

/// Where a level of KATOTTG ends: oblast, rayon, hromada, settlement, city district.
pub const LEVEL_ENDS: [usize; 5] = [4, 6, 9, 12, 14];

/// Why a text is no code of its kind, and what would be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeError {
    /// What is wrong.
    pub message: Said,
    /// What would mend it.
    pub remedy: Said,
}

impl CodeError {
    const fn new(message: Said, remedy: Said) -> Self {
        Self { message, remedy }
    }

    /// The refusal of a field that holds the text.
    #[must_use]
    pub fn refuse(self, field: &str) -> Error {
        Error::bad_input(field, self.message, self.remedy)
    }

    /// What is wrong and what would mend it, in one language.
    #[must_use]
    pub fn sentence(&self, locale: Locale) -> String {
        format!("{} {}", self.message.in_locale(locale), self.remedy.in_locale(locale))
    }
}

/// A code of KATOTTG: `UA` and 17 digits, two for the oblast, two for the rayon, three for the hromada, three for the
/// settlement, two for the city district and five that make it unique.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KatottgCode(String);

impl KatottgCode {
    /// Reads a code; spaces around it are dropped.
    ///
    /// # Errors
    /// When it is not `UA`, in Latin letters, and 17 digits.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let text = text.trim();
        if text.strip_prefix("UA").is_some_and(|number| is_digits(number, 17)) {
            return Ok(Self(text.to_owned()));
        }
        let shown = echo(text);
        Err(CodeError::new(
            Said::new(format!("«{shown}» — не код КАТОТТГ."), format!("\"{shown}\" is no KATOTTG code.")),
            Said::new("Дайте латинські літери UA і 17 цифр, наприклад UA80000000000093317.", "Give the Latin letters UA and 17 digits, such as UA80000000000093317."),
        ))
    }

    /// The code as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part that all codes within its territory begin with: `UA12`, `UA1202`, `UA1202001` and so on to the city district.
    #[must_use]
    pub fn prefix(&self) -> &str {
        significant(&self.0)
    }

    /// Whether it is narrower than a hromada: a settlement, or a district of a city.
    #[must_use]
    pub fn is_within_hromada(&self) -> bool {
        self.prefix().len() > HROMADA_END
    }

    /// Whether it is wider than a hromada: a rayon, an oblast, or a city with special status.
    #[must_use]
    pub fn is_wider_than_hromada(&self) -> bool {
        self.prefix().len() < HROMADA_END
    }
}

/// Where the digits of a hromada end.
const HROMADA_END: usize = 9;

/// Whether a place lies in a wider territory or is it. Both may be whole codes or prefixes such as `UA12`.
#[must_use]
pub fn within(place: &str, wider: &str) -> bool {
    let prefix = significant(wider);
    LEVEL_ENDS.contains(&prefix.len()) && place.starts_with(prefix)
}

/// A whole code without the levels below its own; a prefix is returned as it is.
fn significant(code: &str) -> &str {
    if code.len() != 19 || !code.is_ascii() {
        return code;
    }
    let levels = LEVEL_ENDS.windows(2).rev();
    let end = levels.map(|ends| (ends[0], ends[1])).find(|(start, end)| code[*start..*end].bytes().any(|digit| digit != b'0'));
    &code[..end.map_or(LEVEL_ENDS[0], |(_, end)| end)]
}

/// A code of DK 021:2015, which is CPV 2008: eight digits, with or without `-` and the check digit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CpvCode(String);

impl CpvCode {
    /// Reads a code; spaces around it are dropped. The check digit may be any: the list knows which is right.
    ///
    /// # Errors
    /// When it is not eight digits, or eight digits, `-` and a digit.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let text = text.trim();
        let form = match text.split_once('-') {
            Some((digits, check)) => is_digits(digits, 8) && is_digits(check, 1),
            None => is_digits(text, 8),
        };
        if form {
            return Ok(Self(text.to_owned()));
        }
        let shown = echo(text);
        Err(CodeError::new(
            Said::new(format!("«{shown}» — не код ДК 021 (CPV)."), format!("\"{shown}\" is no code of DK 021 (CPV).")),
            Said::new(
                "Дайте вісім цифр, з контрольною цифрою або без неї, наприклад 45000000-7 або 45000000.",
                "Give eight digits, with the check digit or without it, such as 45000000-7 or 45000000.",
            ),
        ))
    }

    /// The code as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its eight digits.
    #[must_use]
    pub fn digits(&self) -> &str {
        self.0.split_once('-').map_or(self.0.as_str(), |(digits, _)| digits)
    }

    /// The eight digits of the codes that are wider than it, nearest first, down to its division. A list need not hold each.
    pub fn wider(&self) -> impl Iterator<Item = String> {
        let digits = self.digits();
        let refines = |place: &usize| digits.as_bytes()[*place] != b'0';
        (2..digits.len()).rev().filter(refines).map(|place| format!("{:0<8}", &digits[..place]))
    }
}

/// A code of KVED (DK 009:2010), which is NACE Rev. 2: a division `NN`, a group `NN.N` or a class `NN.NN`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KvedCode(String);

impl KvedCode {
    /// Reads a code; spaces around it are dropped.
    ///
    /// # Errors
    /// When it is not `NN`, `NN.N` or `NN.NN`.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let text = text.trim();
        let form = match text.split_once('.') {
            Some((division, rest)) => is_digits(division, 2) && (is_digits(rest, 1) || is_digits(rest, 2)),
            None => is_digits(text, 2),
        };
        if form {
            return Ok(Self(text.to_owned()));
        }
        let shown = echo(text);
        Err(CodeError::new(
            Said::new(format!("«{shown}» — не код КВЕД."), format!("\"{shown}\" is no KVED code.")),
            Said::new("Дайте розділ, групу або клас, наприклад 42, 42.1 або 42.11.", "Give a division, a group or a class, such as 42, 42.1 or 42.11."),
        ))
    }

    /// The code as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The codes that are wider than it, nearest first: its group and its division. A list need not hold both.
    pub fn wider(&self) -> impl Iterator<Item = &str> {
        [4, 2].into_iter().filter_map(|length| self.0.get(..length).filter(|wider| *wider != self.0))
    }
}

/// A code of Ukraine's register of legal entities: eight digits, with their leading zeros.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Edrpou(String);

impl Edrpou {
    /// Reads a code; spaces around it are dropped. Spreadsheets cut leading zeros off: the remedy of a shorter number says
    /// how to write it, and nothing is padded in silence.
    ///
    /// # Errors
    /// When it is not eight digits, or all are zeros. The text is repeated only when it is a shorter number, since a longer one may be a
    /// mistyped RNOKPP.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let text = text.trim();
        if text == NO_EDRPOU {
            return Err(CodeError::new(
                Said::new("Нулі – не код ЄДРПОУ.", "Zeros are no EDRPOU code."),
                Said::new("Дайте код з реєстру, наприклад 00013480.", "Give the code of the register, such as 00013480."),
            ));
        }
        if is_digits(text, 8) {
            return Ok(Self(text.to_owned()));
        }
        let length = text.chars().count();
        let message =
            Said::new(format!("Код ЄДРПОУ має рівно вісім цифр, а тут знаків: {length}."), format!("An EDRPOU code has exactly eight digits; the length of this one is {length}."));
        if (1..8).contains(&length) && is_digits(text, length) {
            return Err(CodeError::new(message, Said::new(format!("Допишіть нулі на початку: {text:0>8}."), format!("Pad it with zeros on the left: {text:0>8}."))));
        }
        Err(CodeError::new(
            message,
            Said::new(
                "Дайте вісім цифр і допишіть нулі на початку коротшого коду, наприклад 00013480.",
                "Give eight digits, a shorter code padded with zeros on the left, such as 00013480.",
            ),
        ))
    }

    /// The code as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether its last digit is the check digit of the others. A tenth of random numbers pass, some very old codes do not.
    #[must_use]
    pub fn checksum_valid(&self) -> bool {
        const OUTER: [i32; 7] = [1, 2, 3, 4, 5, 6, 7];
        const MIDDLE: [i32; 7] = [7, 1, 2, 3, 4, 5, 6];
        let digits = digits(&self.0);
        let number = digits.iter().fold(0, |number, digit| number * 10 + digit);
        let weights = if (30_000_000..=60_000_000).contains(&number) { MIDDLE } else { OUTER };
        let check = match weighted(&digits, &weights) % 11 {
            10 => weighted(&digits, &weights.map(|weight| weight + 2)) % 11 % 10,
            check => check,
        };
        digits.last() == Some(&check)
    }
}

/// A person's tax number: ten digits. It is personal data: its `Debug` and `Display` show the last two digits only.
#[derive(Clone, PartialEq, Eq)]
pub struct Rnokpp(String);

impl Rnokpp {
    /// Reads a number; spaces around it are dropped.
    ///
    /// # Errors
    /// When it is not ten digits, or the days from 31.12.1899 to the birth with which it begins are none. The error does not
    /// repeat the text.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let text = text.trim();
        if is_digits(text, 10) && text.starts_with(NO_BIRTHDAY) {
            return Err(CodeError::new(
                Said::new("Такого РНОКПП немає: він починається з дня народження, а не з нулів.", "There is no such RNOKPP: it begins with a day of birth and not with zeros."),
                Said::new("Перевірте, чи всі цифри набрано правильно.", "Check that every digit is typed right."),
            ));
        }
        if is_digits(text, 10) {
            return Ok(Self(text.to_owned()));
        }
        let length = text.chars().count();
        Err(CodeError::new(
            Said::new(format!("РНОКПП має рівно десять цифр, а тут знаків: {length}."), format!("An RNOKPP has exactly ten digits; the length of this one is {length}.")),
            Said::new("Дайте десять цифр без пробілів і дефісів.", "Give ten digits without spaces or hyphens."),
        ))
    }

    /// Whether its last digit is the check digit of the others.
    #[must_use]
    pub fn checksum_valid(&self) -> bool {
        const WEIGHTS: [i32; 9] = [-1, 5, 7, 9, 4, 6, 10, 5, 7];
        let digits = digits(&self.0);
        digits.last() == Some(&(weighted(&digits, &WEIGHTS).rem_euclid(11) % 10))
    }

    /// The number itself, for the keyed hash and nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Rnokpp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("**********")
    }
}

impl fmt::Debug for Rnokpp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Rnokpp({self})")
    }
}

macro_rules! shown_as_written {
    ($($code:ident)*) => {$(
        impl fmt::Display for $code {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(&self.0)
            }
        }
    )*};
}

shown_as_written!(KatottgCode CpvCode KvedCode Edrpou);

/// Whether a text is so many ASCII digits: other scripts have digits too, and no register writes them.
fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn digits(text: &str) -> Vec<i32> {
    text.bytes().map(|byte| i32::from(byte) - i32::from(b'0')).collect()
}

fn weighted(digits: &[i32], weights: &[i32]) -> i32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// The beginning of an input, fit to be printed.
fn echo(text: &str) -> String {
    let mut letters = text.chars();
    let mut shown: String = letters.by_ref().take(LONGEST_ECHO).map(|letter| if letter.is_control() { '\u{FFFD}' } else { letter }).collect();
    if letters.next().is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{CodeError, CpvCode, Edrpou, KatottgCode, KvedCode, Rnokpp, within};
    use crate::error::{Code, Error};
    use crate::locale::Locale;

    fn edrpou(text: &str) -> Edrpou {
        Edrpou::parse(text).expect("eight digits")
    }

    fn katottg(text: &str) -> KatottgCode {
        KatottgCode::parse(text).expect("a code of KATOTTG")
    }

    #[test]
    fn published_edrpou_codes_pass_the_checksum() {
        let published = [
            "42734019", "35911054", "39582446", "45044535", "38805429", "44751319", "00037256", "14360570", "40075815", "00013480", "00015622", "20077720", "21560045", "00100227",
            "12345678",
        ];
        for code in published {
            assert!(edrpou(code).checksum_valid(), "{code}");
        }
    }

    #[test]
    fn an_edrpou_code_with_a_typo_fails_the_checksum() {
        for code in ["00137256", "42734018", "42734091", "40075816", "00013481", "87654321"] {
            assert!(!edrpou(code).checksum_valid(), "{code}");
        }
    }

    #[test]
    fn every_edrpou_number_has_exactly_one_check_digit() {
        for stem in (0..10_000_000_u32).step_by(9_973).chain([2_999_999, 3_000_000, 6_000_000]).filter(|stem| *stem > 0) {
            let right = (0..10).filter(|check| edrpou(&format!("{stem:07}{check}")).checksum_valid()).count();
            assert_eq!(right, 1, "{stem}");
        }
    }

    #[test]
    fn zeros_are_nobodys_number_though_their_check_digit_is_right() {
        for text in ["0000000000", "0000012345"] {
            assert!(Rnokpp::parse(text).is_err(), "{text}");
        }
        assert!(Edrpou::parse("00000000").is_err());
        assert!(Rnokpp::parse("0000100008").is_ok());
    }

    #[test]
    fn a_short_edrpou_code_is_told_to_be_padded_with_zeros() {
        let error = Edrpou::parse("13480").expect_err("five digits");
        assert!(error.sentence(Locale::En).contains("00013480"));
        assert!(error.sentence(Locale::Uk).contains("Допишіть нулі на початку: 00013480."));
    }

    #[test]
    fn the_check_digit_of_a_tax_number_is_told_from_a_wrong_one() {
        assert!(Rnokpp::parse("1759013776").expect("ten digits").checksum_valid());
        assert!(!Rnokpp::parse("1759013777").expect("ten digits").checksum_valid());
        assert!(!Rnokpp::parse("9000000000").expect("ten digits").checksum_valid());
    }

    #[test]
    fn a_tax_number_shows_its_last_two_digits_only() {
        let number = Rnokpp::parse(" 1759013776 ").expect("ten digits");
        assert_eq!(format!("{number} {number:?}"), "********** Rnokpp(**********)");
        assert_eq!(number.expose(), "1759013776");
        for mistyped in ["17590137761", "175901377"] {
            for error in [Rnokpp::parse(mistyped).expect_err("not ten digits"), Edrpou::parse(mistyped).expect_err("not eight digits")] {
                assert!(!format!("{error:?}").contains("1759"), "{error:?}");
            }
        }
    }

    #[test]
    fn the_prefix_of_a_territory_ends_with_its_own_level() {
        let levels = [
            ("UA12000000000090473", "UA12"),
            ("UA12020000000012345", "UA1202"),
            ("UA12020010000012345", "UA1202001"),
            ("UA12020010010012345", "UA1202001001"),
            ("UA12020010010112345", "UA120200100101"),
            ("UA80000000000093317", "UA80"),
            ("UA80000000000126643", "UA800000000001"),
            ("UA12200100200012345", "UA1220010020"),
        ];
        for (code, prefix) in levels {
            assert_eq!(katottg(code).prefix(), prefix);
        }
    }

    #[test]
    fn a_place_is_within_each_wider_territory_and_no_narrower_one() {
        let place = "UA12020010010012345";
        for wider in ["UA12", "UA1202", "UA1202001", "UA12000000000090473", "UA12020010000054321", place] {
            assert!(within(place, wider), "{wider}");
        }
        for other in ["", "UA", "UA1", "UA120", "UA14", "UA14000000000091971", "UA12020010020012345", "UA12020010010112345", "я", "UA1202001001001234я"] {
            assert!(!within(place, other), "{other}");
        }
        assert!(within("UA12", "UA12000000000090473"));
        assert!(!within("UA12", place));
        assert!(!within("UA1202", "UA1202001"));
    }

    #[test]
    fn a_cpv_code_is_taken_with_any_check_digit_or_none() {
        for (text, digits) in [("45000000", "45000000"), ("45000000-7", "45000000"), ("45233139-3", "45233139"), (" 45233139-4\n", "45233139")] {
            let code = CpvCode::parse(text).expect("a code of CPV");
            assert_eq!((code.to_string().as_str(), code.digits()), (text.trim(), digits));
        }
        for text in ["4500000", "450000000", "45000000-", "45000000-77", "45000000-7-", "45000000–7", "45-000000", "-45000000"] {
            assert!(CpvCode::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_kved_code_is_a_division_a_group_or_a_class() {
        for text in ["42", "42.1", "42.11"] {
            assert_eq!(KvedCode::parse(text).expect("a code of KVED").as_str(), text);
        }
        for text in ["", "4", "F", "42.", "42.111", "42,11", "4211", ".42", "42.1.1"] {
            assert!(KvedCode::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_code_of_a_classification_names_the_wider_ones_nearest_first() {
        let wider = |text: &str| CpvCode::parse(text).expect("a code of CPV").wider().collect::<Vec<_>>();
        assert_eq!(wider("45233139-3"), ["45233130", "45233100", "45233000", "45230000", "45200000", "45000000"]);
        assert_eq!(wider("45100000"), ["45000000"]);
        assert_eq!(wider("09300305"), ["09300300", "09300000", "09000000"]);
        assert!(wider("45000000-7").is_empty() && wider("30000000").is_empty() && wider("00000000").is_empty());
        let wider = |text: &str| KvedCode::parse(text).expect("a code of KVED").wider().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!((wider("42.11"), wider("42.1"), wider("42")), (vec!["42.1".to_owned(), "42".to_owned()], vec!["42".to_owned()], vec![]));
    }

    #[test]
    fn whatever_is_no_code_is_an_error_that_repeats_little_of_it() {
        let long = "9".repeat(100_000);
        let wide = "я".repeat(100_000);
        let arabic = "UA٠١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦";
        let cyrillic = "UА80000000000093317";
        for text in ["", "\0", "4500\0 000", "45000000\0", arabic, cyrillic, "٤٥٠٠٠٠٠٠", "４２", "₴₴₴₴₴₴₴₴", "12345678я", &long, &wide] {
            let refused: [Option<CodeError>; 5] =
                [KatottgCode::parse(text).err(), CpvCode::parse(text).err(), KvedCode::parse(text).err(), Edrpou::parse(text).err(), Rnokpp::parse(text).err()];
            for error in refused {
                let error = error.expect("no code");
                for sentence in [error.sentence(Locale::Uk), error.sentence(Locale::En)] {
                    assert!(sentence.chars().count() < 200, "{sentence}");
                    assert!(!sentence.contains('\0'));
                }
            }
        }
    }

    #[test]
    fn a_refusal_names_the_field() {
        let error = CpvCode::parse("45").expect_err("two digits").refuse("cpv.0");
        assert_eq!(error.code(), Code::BadUserInput);
        let Error::Refused(refusal) = error else { panic!("a refusal") };
        assert_eq!(refusal.field, ["cpv", "0"]);
    }
}
