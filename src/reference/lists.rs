//! Reading whole reference lists from the files in which they are published, plain or gzipped.
//!
//! A line that cannot be taken is given as an error with its number, and the others are read on. An import retires the
//! codes that a list lacks, so a list that is cut short or is another one yields its error and no row at all: for that, it
//! is read to its end before the first row is given.
//!
//! Territories: the ministry's codifier (KATOTTG, order 290 of 26.11.2020) as CSV with `;` and the header [`TERRITORY_HEADER`].
//! Classifications: a JSON object from codes to names in one language, as ProzorroUKR/standards publishes DK 021 and CPV;
//! or CSV with the header `code,name_uk,name_en`, of which either name may be left out.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io::Read;

use flate2::read::MultiGzDecoder;
use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::Value;

use super::codes::{CpvCode, KatottgCode, KvedCode};
use crate::error::Error;
use crate::locale::{Locale, Said};
use crate::text;

/// Most bytes of a list, unpacked: the codifier has 4 million.
const LARGEST_LIST: u64 = 64 * 1024 * 1024;
/// Most characters of a name.
const LONGEST_NAME: usize = 1_000;
/// The categories of KATOTTG and their levels, the widest first.
const CATEGORIES: [(&str, i32); 8] = [("O", 1), ("K", 1), ("P", 2), ("H", 3), ("M", 4), ("X", 5), ("C", 6), ("B", NARROWEST)];
/// The level of a city's district.
const NARROWEST: i32 = 7;

/// How wide the units of a category are: 1 for those of the first level, then rayon, hromada, city, settlement, village, and a
/// city's district.
#[must_use]
pub fn level(category: &str) -> i32 {
    CATEGORIES.iter().find(|(known, _)| *known == category).map_or(NARROWEST, |(_, level)| *level)
}

/// The columns of the codifier: five levels of codes, category, name.
pub const TERRITORY_HEADER: [&str; 7] = ["Перший рівень", "Другий рівень", "Третій рівень", "Четвертий рівень", "Додатковий рівень", "Категорія об’єкта", "Назва об’єкта"];

/// A unit of the codifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerritoryRow {
    /// Its code.
    pub code: KatottgCode,
    /// The nearest unit that contains it.
    pub parent: Option<KatottgCode>,
    /// `O`, `K`, `P`, `H`, `M`, `X`, `C` or `B`.
    pub category: String,
    /// Its name in Ukrainian.
    pub name_uk: String,
}

/// A code of a classification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassificationRow {
    /// `CPV` or `KVED`.
    pub scheme: String,
    /// The code as the list writes it.
    pub code: String,
    /// The nearest wider code that the list holds.
    pub parent: Option<String>,
    /// Its name in Ukrainian.
    pub name_uk: Option<String>,
    /// Its name in English.
    pub name_en: Option<String>,
}

/// How a list of a classification is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A JSON object from codes to names in this language.
    Json(Locale),
    /// CSV with the header `code,name_uk,name_en`.
    Csv,
}

/// A line that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineError {
    /// Its number, from 1; in a JSON object, the number of the entry.
    pub line: u64,
    /// Why.
    pub reason: Said,
}

impl LineError {
    fn new(line: u64, uk: impl fmt::Display, en: impl fmt::Display) -> Self {
        Self { line, reason: Said::new(uk, en) }
    }
}

/// The units of the codifier, in its order.
pub fn territories(list: impl Read) -> impl Iterator<Item = Result<TerritoryRow, LineError>> {
    let mut seen = HashSet::new();
    let rows = unpacked(list).and_then(|bytes| {
        let (header, lines) = table(&bytes, b';')?;
        let same = header.len() == TERRITORY_HEADER.len() && header.iter().zip(TERRITORY_HEADER).all(|(given, wanted)| text::key(given) == text::key(wanted));
        if same { Ok(lines) } else { Err(wrong_header(&TERRITORY_HEADER.join(";"))) }
    });
    or_its_error(rows).map(move |line| {
        let (number, cells) = line?;
        let row = territory(&cells).map_err(|reason| LineError { line: number, reason })?;
        if seen.insert(row.code.as_str().to_owned()) { Ok(row) } else { Err(twice(number, row.code.as_str())) }
    })
}

fn territory(cells: &[String]) -> Result<TerritoryRow, Said> {
    let [first, second, third, fourth, fifth, category, name] = cells else {
        return Err(columns(cells.len(), TERRITORY_HEADER.len()));
    };
    let levels = [first, second, third, fourth, fifth].into_iter().filter(|code| !code.trim().is_empty());
    let codes = levels.map(|code| KatottgCode::parse(code)).collect::<Result<Vec<_>, _>>().map_err(|error| error.message)?;
    let Some(code) = codes.last().cloned() else {
        return Err(Said::new("У рядку немає коду.", "The line has no code."));
    };
    // The districts of Kyiv and Sevastopol have the city's code on each level above, and a unit is not its own parent.
    let parent = codes.into_iter().rev().find(|wider| *wider != code);
    let category = category.trim();
    if !CATEGORIES.iter().any(|(known, _)| *known == category) {
        let all = CATEGORIES.map(|(known, _)| known).join(", ");
        return Err(Said::new(format!("Категорія має бути однією з {all}."), format!("The category must be one of {all}.")));
    }
    Ok(TerritoryRow { code, parent, category: category.to_owned(), name_uk: taken_name(name)? })
}

/// The codes of a classification, in the order of the list.
pub fn classification(list: impl Read, scheme: &str, format: Format) -> impl Iterator<Item = Result<ClassificationRow, LineError>> {
    let lines = unpacked(list).and_then(|bytes| {
        let scheme = Scheme::parse(scheme)?;
        let lines = match format {
            Format::Json(locale) => json_lines(&bytes, locale),
            Format::Csv => csv_lines(&bytes),
        };
        lines.map(|lines| with_parents(scheme, lines))
    });
    or_its_error(lines)
}

#[derive(Clone, Copy)]
enum Scheme {
    Cpv,
    Kved,
}

impl Scheme {
    fn parse(scheme: &str) -> Result<Self, LineError> {
        match scheme {
            "CPV" => Ok(Self::Cpv),
            "KVED" => Ok(Self::Kved),
            _ => Err(LineError::new(1, "Схема має бути CPV або KVED.", "The scheme must be CPV or KVED.")),
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Cpv => "CPV",
            Self::Kved => "KVED",
        }
    }

    /// The code, by what the list may hold it once, and what would be wider, nearest first.
    fn read(self, code: &str) -> Result<Known, Said> {
        Ok(match self {
            Self::Cpv => {
                let code = CpvCode::parse(code).map_err(|error| error.message)?;
                Known { key: code.digits().to_owned(), wider: code.wider().collect(), code: code.to_string() }
            }
            Self::Kved => {
                let code = KvedCode::parse(code).map_err(|error| error.message)?;
                Known { key: code.to_string(), wider: code.wider().map(str::to_owned).collect(), code: code.to_string() }
            }
        })
    }
}

struct Known {
    code: String,
    key: String,
    wider: Vec<String>,
}

/// A line of a list before its code is looked at.
struct Line {
    number: u64,
    code: String,
    name_uk: Option<String>,
    name_en: Option<String>,
}

type Lines<T> = Vec<Result<T, LineError>>;

fn with_parents(scheme: Scheme, lines: Lines<Line>) -> Lines<ClassificationRow> {
    let mut listed: HashMap<String, String> = HashMap::new();
    let mut read = |line: Line| {
        let known = scheme.read(&line.code).map_err(|reason| LineError { line: line.number, reason })?;
        if listed.contains_key(&known.key) {
            return Err(twice(line.number, &known.code));
        }
        listed.insert(known.key.clone(), known.code.clone());
        Ok((line, known))
    };
    let read: Lines<(Line, Known)> = lines.into_iter().map(|line| line.and_then(&mut read)).collect();
    let row = |(line, known): (Line, Known)| ClassificationRow {
        scheme: scheme.as_str().to_owned(),
        parent: known.wider.iter().find_map(|wider| listed.get(wider)).cloned(),
        code: known.code,
        name_uk: line.name_uk,
        name_en: line.name_en,
    };
    read.into_iter().map(|line| line.map(row)).collect()
}

fn csv_lines(bytes: &[u8]) -> Result<Lines<Line>, LineError> {
    let (header, lines) = table(bytes, b',')?;
    let column = |wanted: &str| header.iter().position(|given| given.trim().eq_ignore_ascii_case(wanted));
    let (code, uk, en) = match (column("code"), column("name_uk"), column("name_en")) {
        (Some(code), uk, en) if uk.is_some() || en.is_some() => (code, uk, en),
        _ => return Err(wrong_header("code,name_uk,name_en")),
    };
    let width = header.len();
    Ok(lines
        .into_iter()
        .map(|line| {
            let (number, cells) = line?;
            if cells.len() != width {
                return Err(LineError { line: number, reason: columns(cells.len(), width) });
            }
            let cell = |place: Option<usize>| place.and_then(|place| cells.get(place)).filter(|cell| !cell.trim().is_empty());
            let named = |place| cell(place).map(|cell| taken_name(cell)).transpose().map_err(|reason| LineError { line: number, reason });
            let (name_uk, name_en) = (named(uk)?, named(en)?);
            if name_uk.is_none() && name_en.is_none() {
                return Err(LineError::new(number, "У рядку немає назви.", "The line has no name."));
            }
            Ok(Line { number, code: cell(Some(code)).cloned().unwrap_or_default(), name_uk, name_en })
        })
        .collect())
}

fn json_lines(bytes: &[u8], locale: Locale) -> Result<Lines<Line>, LineError> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let entries = reader.deserialize_map(Entries).and_then(|entries| reader.end().map(|()| entries)).map_err(|cause| {
        let line = u64::try_from(cause.line()).unwrap_or(1).max(1);
        LineError::new(line, "Список — не об’єкт JSON із кодами й назвами.", "The list is no JSON object of codes and names.")
    })?;
    let line = |(number, (code, value)): (u64, (String, Value))| {
        let Value::String(text) = value else {
            return Err(LineError::new(number, "Назва — не текст.", "The name is no text."));
        };
        let name = Some(taken_name(&text).map_err(|reason| LineError { line: number, reason })?);
        let (name_uk, name_en) = match locale {
            Locale::Uk => (name, None),
            Locale::En => (None, name),
        };
        Ok(Line { number, code, name_uk, name_en })
    };
    Ok((1..).zip(entries).map(line).collect())
}

/// The entries of a JSON object in its order, those that are there twice too.
struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Vec<(String, Value)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of codes and names")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }
}

type Cells = (u64, Vec<String>);

/// The header and the lines of a CSV table.
fn table(bytes: &[u8], delimiter: u8) -> Result<(Vec<String>, Lines<Cells>), LineError> {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(bytes);
    let mut header = None;
    let mut lines = Vec::new();
    let (mut number, mut counted) = (1, 0);
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(|cause| unreadable(&cause))? {
        // The reader stands before the line ends that precede a record, so its own number may be of an earlier line.
        let stood = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or_default();
        let empty = bytes[stood..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        number += bytes[counted..stood + empty].iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        counted = stood + empty;
        let cells: Result<Vec<String>, _> = record.iter().map(|cell| String::from_utf8(cell.to_vec())).collect();
        let cells = cells.map_err(|_| LineError::new(number, "Рядок — не UTF-8.", "The line is not UTF-8."));
        match header {
            None => header = Some(cells?),
            Some(_) => lines.push(cells.map(|cells| (number, cells))),
        }
    }
    Ok((header.unwrap_or_default(), lines))
}

/// The whole list, unpacked and without a byte order mark.
fn unpacked(list: impl Read) -> Result<Vec<u8>, LineError> {
    let mut bytes = whole(list)?;
    if bytes.starts_with(&[0x1F, 0x8B]) {
        bytes = whole(MultiGzDecoder::new(bytes.as_slice()))?;
    }
    if bytes.starts_with("\u{FEFF}".as_bytes()) {
        bytes.drain(..3);
    }
    Ok(bytes)
}

fn whole(list: impl Read) -> Result<Vec<u8>, LineError> {
    let mut bytes = Vec::new();
    list.take(LARGEST_LIST + 1).read_to_end(&mut bytes).map_err(|cause| unreadable(&cause))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= LARGEST_LIST) {
        return Ok(bytes);
    }
    let megabytes = LARGEST_LIST / 1024 / 1024;
    Err(LineError::new(1, format!("Список більший за {megabytes} МБ."), format!("The list is larger than {megabytes} MB.")))
}

fn or_its_error<T>(rows: Result<Lines<T>, LineError>) -> impl Iterator<Item = Result<T, LineError>> {
    rows.unwrap_or_else(|error| vec![Err(error)]).into_iter()
}

fn taken_name(name: &str) -> Result<String, Said> {
    text::required("name", name, LONGEST_NAME).map_err(|error| match error {
        Error::Refused(refusal) => refusal.message,
        Error::Internal(_) => Said::new("Назву не прочитано.", "The name could not be read."),
    })
}

fn unreadable(cause: &dyn fmt::Display) -> LineError {
    tracing::debug!(%cause, "a list could not be read to its end");
    LineError::new(
        1,
        "Файл пошкоджено або обрізано: його не прочитано до кінця. Завантажте його ще раз.",
        "The file is damaged or cut short: it could not be read to its end. Fetch it again.",
    )
}

fn wrong_header(wanted: &str) -> LineError {
    LineError::new(1, format!("Перший рядок має бути: {wanted}"), format!("The first line must be: {wanted}"))
}

fn columns(given: usize, wanted: usize) -> Said {
    Said::new(format!("У рядку стовпців {given}, а має бути {wanted}."), format!("The line has {given} columns; it must have {wanted}."))
}

fn twice(line: u64, code: &str) -> LineError {
    LineError::new(line, format!("Код {code} уже є вище."), format!("The code {code} is above already."))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::{ClassificationRow, Format, LineError, TERRITORY_HEADER, TerritoryRow, classification, territories};
    use crate::locale::Locale;

    fn codifier(lines: &str) -> String {
        format!("{}\r\n{}", TERRITORY_HEADER.join(";"), lines.replace('\n', "\r\n"))
    }

    fn units(list: &[u8]) -> (Vec<TerritoryRow>, Vec<LineError>) {
        apart(territories(list))
    }

    fn codes(list: &str, scheme: &str, format: Format) -> (Vec<ClassificationRow>, Vec<LineError>) {
        apart(classification(list.as_bytes(), scheme, format))
    }

    fn apart<T: std::fmt::Debug>(lines: impl Iterator<Item = Result<T, LineError>>) -> (Vec<T>, Vec<LineError>) {
        let (rows, errors): (Vec<_>, Vec<_>) = lines.partition(Result::is_ok);
        (rows.into_iter().filter_map(Result::ok).collect(), errors.into_iter().filter_map(Result::err).collect())
    }

    fn gzipped(bytes: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).and_then(|()| packer.finish()).expect("memory takes bytes")
    }

    const OBLAST: &str = "UA12000000000090473";
    const RAYON: &str = "UA12020000000012345";
    const KYIV: &str = "UA80000000000093317";
    const DISTRICT: &str = "UA80000000000126643";

    #[test]
    fn a_unit_lies_in_the_nearest_other_unit_of_its_line() {
        let list = codifier(&format!("{OBLAST};;;;;O;Дніпропетровська\n{OBLAST};{RAYON};;;;P;Дніпровський \n{KYIV};{KYIV};{KYIV};{KYIV};{DISTRICT};B;Голосіївський\n"));
        let (rows, errors) = units(list.as_bytes());
        assert_eq!(errors, []);
        let parents: Vec<_> = rows.iter().map(|row| (row.code.as_str(), row.parent.as_ref().map(super::KatottgCode::as_str))).collect();
        assert_eq!(parents, [(OBLAST, None), (RAYON, Some(OBLAST)), (DISTRICT, Some(KYIV))]);
        assert_eq!((rows[1].name_uk.as_str(), rows[1].category.as_str()), ("Дніпровський", "P"));
    }

    #[test]
    fn a_bad_line_is_named_by_its_number_and_the_others_are_taken() {
        let lines = [
            &format!("{OBLAST};;;;;O;Дніпропетровська"),
            "",
            "UA12;;;;;O;Коротка",
            ";;;;;O;Без коду",
            &format!("{RAYON};;;;;Q;Без категорії"),
            &format!("{RAYON};;;;;P; "),
            &format!("{OBLAST};;;;;O;Удруге"),
            &format!("{RAYON};P;Замало"),
            &format!("{OBLAST};{RAYON};;;;P;Дніпровський"),
        ];
        let (rows, errors) = units(codifier(&lines.join("\n")).as_bytes());
        assert_eq!(rows.len(), 2);
        assert_eq!(errors.iter().map(|error| error.line).collect::<Vec<_>>(), [4, 5, 6, 7, 8, 9]);
        assert_eq!(errors[3].reason.en, "The field is empty.");
        assert_eq!(errors[4].reason.en, format!("The code {OBLAST} is above already."));
        let mut legacy = codifier("").into_bytes();
        legacy.extend_from_slice(b"UA12000000000090473;;;;;O;\xC4\xED\xB3\n");
        assert_eq!(units(&legacy).1[0].reason.en, "The line is not UTF-8.");
    }

    #[test]
    fn a_gzipped_list_is_read_as_a_plain_one() {
        let list = codifier(&format!("{OBLAST};;;;;O;Дніпропетровська\n"));
        assert_eq!(units(&gzipped(list.as_bytes())), units(list.as_bytes()));
        assert_eq!(units(format!("\u{FEFF}{list}").as_bytes()), units(list.as_bytes()));
    }

    #[test]
    fn a_list_that_is_cut_short_or_another_one_gives_no_row() {
        let list = codifier(&format!("{OBLAST};;;;;O;Дніпропетровська\n{OBLAST};{RAYON};;;;P;Дніпровський\n"));
        let packed = gzipped(list.as_bytes());
        for list in [&packed[..packed.len() - 9], b"", b"code,name_uk\n42,\xD0\x86", b"\0\0\0", b"\x1F\x8B"] {
            let (rows, errors) = units(list);
            assert_eq!((rows.len(), errors.len()), (0, 1), "{errors:?}");
        }
        for list in ["{\"45000000-7\": \"Construction work\", \"451", "[]", "", "{} {}", "3"] {
            let (rows, errors) = codes(list, "CPV", Format::Json(Locale::En));
            assert_eq!((rows.len(), errors.len()), (0, 1), "{list}");
        }
        assert_eq!(codes("code,title\n42,Споруди\n", "KVED", Format::Csv).1.len(), 1);
        assert_eq!(codes("code,name_uk\n42,Споруди\n", "NACE", Format::Csv).1.len(), 1);
    }

    #[test]
    fn the_parent_of_a_code_is_the_nearest_wider_one_that_the_list_holds() {
        let list = r#"{"45233139-3": "C", "45000000-7": "A", "45233100-0": "B", "99999999-9": "D"}"#;
        let (rows, errors) = codes(list, "CPV", Format::Json(Locale::En));
        assert_eq!(errors, []);
        let parents: Vec<_> = rows.iter().map(|row| (row.code.as_str(), row.parent.as_deref())).collect();
        assert_eq!(parents, [("45233139-3", Some("45233100-0")), ("45000000-7", None), ("45233100-0", Some("45000000-7")), ("99999999-9", None)]);
        assert!(rows.iter().all(|row| row.name_uk.is_none() && row.name_en.is_some()));
    }

    #[test]
    fn a_list_as_csv_may_have_either_name() {
        let (rows, errors) = codes("code,name_uk,name_en\n42,Споруди,Civil engineering\n42.11,,\"Roads, motorways\"\n42.1,,\nF,Будівництво,\n42,Ще раз,\n", "KVED", Format::Csv);
        assert_eq!(errors.iter().map(|error| error.line).collect::<Vec<_>>(), [4, 5, 6]);
        let named = |row: &ClassificationRow| (row.code.clone(), row.parent.clone(), row.name_uk.clone(), row.name_en.clone());
        let (code, division) = ("42.11".to_owned(), "42".to_owned());
        assert_eq!(named(&rows[0]), (division.clone(), None, Some("Споруди".to_owned()), Some("Civil engineering".to_owned())));
        assert_eq!(named(&rows[1]), (code, Some(division), None, Some("Roads, motorways".to_owned())));
    }

    #[test]
    fn one_code_with_two_check_digits_is_there_twice() {
        let (rows, errors) = codes(r#"{"45000000-7": "A", "45000000-1": "B", "45100000-8": 3}"#, "CPV", Format::Json(Locale::Uk));
        assert_eq!((rows.len(), errors.iter().map(|error| error.line).collect::<Vec<_>>()), (1, vec![2, 3]));
    }
}
