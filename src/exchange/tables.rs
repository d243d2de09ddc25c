//! Reading a table: CSV, plain or gz, its columns by name in any order, each row with the line on which it begins.
//!
//! Memory is bounded whatever the file holds: a row is at most a megabyte, and quotes that nobody closed end the reading there.

use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;

use csv::{ByteRecord, StringRecord};
use flate2::read::MultiGzDecoder;

use crate::error::{Error, Result};
use crate::locale::Said;
use crate::organisations::rules::OF_A_SOURCE;

/// The first bytes of a gz file (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];
const BYTE_ORDER_MARK: &str = "\u{feff}";
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
const BUFFER: usize = 1 << 16;
/// The first bytes of a text in UTF-16, in either order.
const UTF_16: [&[u8]; 2] = [&[0xff, 0xfe], &[0xfe, 0xff]];
/// Most bytes of a row.
const LARGEST_ROW: u64 = 1 << 20;

/// Most characters of a source's name, so that `X-<source>` fits a scheme.
const LONGEST_SOURCE: usize = 38;
/// The source of what people add themselves.
const RESERVED_SOURCE: &str = crate::organisations::rules::SELF;

/// Who says what an import records: a short name in capitals. A row is known by it and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source(String);

impl Source {
    /// Takes a name; lower case is folded to upper.
    ///
    /// # Errors
    /// When it is empty, longer than 38 characters, holds anything but Latin letters, digits, `-` and `_`, or is `SELF`.
    pub fn parse(name: &str) -> Result<Self> {
        let name = name.trim().to_ascii_uppercase();
        let form = (1..=LONGEST_SOURCE).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'));
        if form && name.bytes().any(|byte| byte.is_ascii_alphanumeric()) && name != RESERVED_SOURCE {
            return Ok(Self(name));
        }
        Err(Error::bad_input(
            "source",
            Said::new("Це не назва джерела.", "This is no name of a source."),
            Said::new(
                format!("Дайте --source: до {LONGEST_SOURCE} латинських літер, цифр, «-» і «_», але не SELF; наприклад PROZORRO."),
                format!("Give --source: up to {LONGEST_SOURCE} Latin letters, digits, \"-\" and \"_\", and not SELF; such as PROZORRO."),
            ),
        ))
    }

    /// The name of a file without its endings, as a source.
    ///
    /// # Errors
    /// As [`Source::parse`].
    pub fn of_file(path: &Path) -> Result<Self> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let stem = name.split('.').find(|part| !part.is_empty()).unwrap_or_default();
        Self::parse(&stem.replace(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-', "_"))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The scheme of ids that mean something in this source alone.
    pub(super) fn scheme(&self) -> String {
        format!("{OF_A_SOURCE}{}", self.0)
    }
}

/// A column that a kind of table may have.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name, in lower case.
    pub name: &'static str,
    /// Other names that sources give it.
    pub synonyms: &'static [&'static str],
    /// Whether a table must have it.
    pub required: bool,
    /// What it holds.
    pub meaning: &'static str,
}

/// A column, with the other names that sources give it.
pub(super) const fn column(name: &'static str, synonyms: &'static [&'static str], required: bool, meaning: &'static str) -> Column {
    Column { name, synonyms, required, meaning }
}

/// A table under way.
pub(super) struct Table {
    reader: csv::Reader<Watched>,
    columns: &'static [Column],
    places: Vec<Option<usize>>,
    /// What is added to the reader's line numbers: it counts a row that follows CR LF from the CR on.
    line_ends: u64,
    record: ByteRecord,
}

/// What a line of a table turned out to be.
pub(super) enum Line {
    /// A row.
    Row(Row),
    /// Something that is no row of this table.
    Refused {
        /// Where it begins.
        line: u64,
        /// Why.
        refusal: Error,
    },
}

/// A row.
pub(super) struct Row {
    /// Where it begins, from 1.
    pub(super) line: u64,
    columns: &'static [Column],
    cells: Vec<String>,
}

impl Row {
    /// What a column holds, trimmed; none when the column is absent or the cell empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let place = self.columns.iter().position(|column| column.name == name)?;
        self.cells.get(place).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }
}

impl Table {
    /// Opens a table and reads its header.
    ///
    /// # Errors
    /// When it has no header, a column that is not known, one twice, or lacks one that is required.
    pub(super) fn open(input: impl Read + Send + 'static, columns: &'static [Column]) -> Result<Self> {
        let (start, input) = peeked(unpacked(input)?, BUFFER)?;
        if start.is_empty() {
            return Err(header_fault(Said::new("Файл порожній.", "The file is empty."), columns));
        }
        if UTF_16.into_iter().any(|mark| start.starts_with(mark)) {
            return Err(not_utf8());
        }
        let header = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let (delimiter, line_ends) = (delimiter(header), u64::from(header.ends_with(b"\r")));
        let whole: Box<dyn Read + Send> = Box::new(Cursor::new(start).chain(input));
        let watched = Watched { inner: whole, in_row: 0, quotes: 0, ended: false };
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(true).from_reader(watched);
        let header = reader.headers().map_err(|cause| unreadable(1, cause))?.clone();
        let places = places(&header, columns)?;
        Ok(Self { reader, columns, places, line_ends, record: ByteRecord::new() })
    }

    /// The next line; none at the end.
    ///
    /// # Errors
    /// When the file cannot be read on.
    pub(super) fn next(&mut self) -> Result<Option<Line>> {
        self.reader.get_mut().in_row = 0;
        let before = self.reader.position().line() + self.line_ends;
        if !self.reader.read_byte_record(&mut self.record).map_err(|cause| unreadable(before, cause))? {
            return Ok(None);
        }
        let line = self.record.position().map_or(0, csv::Position::line) + self.line_ends;
        let width = self.reader.byte_headers().map_err(|cause| unreadable(line, cause))?.len();
        let refused = |refusal| Ok(Some(Line::Refused { line, refusal }));
        if self.reader.get_ref().ends_within_quotes() && self.record.iter().any(|cell| cell.contains(&b'\n')) {
            return refused(open_quotes());
        }
        if self.record.len() != width {
            return refused(wrong_width(self.record.len(), width));
        }
        let cell = |place: &Option<usize>| place.and_then(|place| self.record.get(place)).map(std::str::from_utf8).transpose().map(Option::unwrap_or_default).map(str::to_owned);
        match self.places.iter().map(cell).collect::<Result<Vec<String>, _>>() {
            Ok(cells) => Ok(Some(Line::Row(Row { line, columns: self.columns, cells }))),
            Err(_) => refused(not_utf8()),
        }
    }
}

/// A table's bytes on their way to the reader, with what it does not tell: how long a row has grown, and whether quotes were closed.
struct Watched {
    inner: Box<dyn Read + Send>,
    /// Bytes read since the row began.
    in_row: u64,
    /// Quotation marks so far.
    quotes: u64,
    ended: bool,
}

impl Watched {
    /// Whether the file has ended with a quotation mark that nothing answers.
    fn ends_within_quotes(&self) -> bool {
        self.ended && self.quotes % 2 == 1
    }
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.in_row > LARGEST_ROW {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let read = self.inner.read(buffer)?;
        self.in_row += read as u64;
        self.quotes += buffer[..read].iter().map(|byte| u64::from(*byte == b'"')).sum::<u64>();
        self.ended = read == 0;
        Ok(read)
    }
}

/// The bytes of a file, unpacked when they are gz.
fn unpacked(input: impl Read + Send + 'static) -> Result<Box<dyn Read + Send>> {
    let (start, input) = peeked(input, GZIP.len())?;
    let packed = start == GZIP;
    let whole = Cursor::new(start).chain(input);
    Ok(if packed { Box::new(MultiGzDecoder::new(BufReader::with_capacity(BUFFER, whole))) } else { Box::new(whole) })
}

/// The first bytes of an input, and the input after them.
fn peeked<R: Read>(mut input: R, length: usize) -> Result<(Vec<u8>, R)> {
    let mut start = Vec::with_capacity(length);
    input.by_ref().take(length as u64).read_to_end(&mut start).map_err(|cause| unreadable(1, cause))?;
    Ok((start, input))
}

/// The delimiter that the header has most of.
fn delimiter(header: &[u8]) -> u8 {
    let parts = |delimiter: &u8| header.split(|byte| byte == delimiter).count();
    DELIMITERS.into_iter().rev().max_by_key(parts).unwrap_or(b',')
}

/// At which place of the header each column stands.
fn places(header: &StringRecord, columns: &'static [Column]) -> Result<Vec<Option<usize>>> {
    let mut places = vec![None; columns.len()];
    for (at, name) in header.iter().enumerate() {
        let name = name.trim_start_matches(BYTE_ORDER_MARK).trim().to_lowercase();
        let column = columns.iter().position(|column| column.name == name || column.synonyms.contains(&name.as_str())).ok_or_else(|| unknown_column(&name, columns))?;
        if places[column].replace(at).is_some() {
            return Err(header_fault(Said::new(format!("Стовпець {} є двічі.", columns[column].name), format!("The column {} is there twice.", columns[column].name)), columns));
        }
    }
    match columns.iter().zip(&places).find(|(column, place)| column.required && place.is_none()) {
        Some((column, _)) => Err(header_fault(Said::new(format!("Немає стовпця {}.", column.name), format!("The column {} is missing.", column.name)), columns)),
        None => Ok(places),
    }
}

fn unknown_column(name: &str, columns: &[Column]) -> Error {
    let name: String = name.chars().take(60).map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).collect();
    header_fault(Said::new(format!("Стовпець «{name}» невідомий."), format!("The column \"{name}\" is not known.")), columns)
}

fn header_fault(message: Said, columns: &[Column]) -> Error {
    let word = |column: &Column| {
        let required = if column.required { "*" } else { "" };
        let synonyms = if column.synonyms.is_empty() { String::new() } else { format!(" ({})", column.synonyms.join(", ")) };
        format!("{}{required}{synonyms}", column.name)
    };
    let known = columns.iter().map(word).collect::<Vec<_>>().join("; ");
    Error::bad_input(
        "header",
        message,
        Said::new(format!("Відомі стовпці (* обов'язковий, у дужках інші назви): {known}."), format!("Known columns (* required, other names in brackets): {known}.")),
    )
}

fn wrong_width(found: usize, wanted: usize) -> Error {
    Error::bad_input(
        "",
        Said::new(format!("Клітинок у рядку: {found}, у заголовку: {wanted}."), format!("Cells in the row: {found}, in the header: {wanted}.")),
        Said::new("Перевірте лапки й роздільники.", "Check its quotes and delimiters."),
    )
}

fn not_utf8() -> Error {
    Error::bad_input("", Said::new("Текст не в кодуванні UTF-8.", "The text is not UTF-8."), Said::new("Збережіть файл як CSV UTF-8.", "Save the file as CSV UTF-8."))
}

fn open_quotes() -> Error {
    Error::bad_input(
        "",
        Said::new("Лапки відкрито тут і не закрито до кінця файлу.", "Quotes are opened here and not closed before the end of the file."),
        Said::new("Закрийте лапки; лапки всередині клітинки подвоюються.", "Close the quotes; quotes within a cell are doubled."),
    )
}

/// Why a file cannot be read on from a line: what is wrong with it, or else a fault of the machine.
fn unreadable(line: u64, cause: impl Into<csv::Error>) -> Error {
    let cause: csv::Error = cause.into();
    let refuse = |message: Said, remedy: Said| Error::bad_input("file", message, remedy);
    match cause.kind() {
        csv::ErrorKind::Utf8 { .. } => not_utf8(),
        csv::ErrorKind::Io(fault) if fault.kind() == io::ErrorKind::FileTooLarge => refuse(
            Said::new(format!("Рядок {line} довший за 1 МіБ."), format!("Line {line} is longer than 1 MiB.")),
            Said::new("Перевірте, чи закрито лапки і чи є у файлі кінці рядків.", "Check that its quotes are closed and that the file has line ends."),
        ),
        csv::ErrorKind::Io(fault) if matches!(fault.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => refuse(
            Said::new(format!("Стиснений файл пошкоджено або обрізано після рядка {line}."), format!("The packed file is damaged or cut short after line {line}.")),
            Said::new("Завантажте файл ще раз і перевірте його: gzip -t ФАЙЛ.", "Fetch the file again and check it: gzip -t FILE."),
        ),
        _ => Error::internal(cause),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::{Column, Line, Source, Table};

    const COLUMNS: &[Column] = &[Column { name: "key", synonyms: &["row"], required: true, meaning: "" }, Column { name: "title", synonyms: &[], required: false, meaning: "" }];

    fn read(bytes: Vec<u8>) -> Vec<(u64, Option<String>)> {
        let mut table = Table::open(std::io::Cursor::new(bytes), COLUMNS).expect("a header");
        let mut rows = Vec::new();
        while let Some(line) = table.next().expect("readable") {
            rows.push(match line {
                Line::Row(row) => (row.line, row.get("title").map(str::to_owned)),
                Line::Refused { line, .. } => (line, None),
            });
        }
        rows
    }

    #[test]
    fn columns_are_found_by_name_in_any_order_and_with_any_delimiter() {
        let title = Some("міст".to_owned());
        assert_eq!(read("key,title\n1,міст\n".into()), [(2, title.clone())]);
        assert_eq!(read("\u{feff}Title;Row\r\nміст;1\r\n".into()), [(2, title.clone())]);
        assert_eq!(read("title\trow\nміст\t1\n".into()), [(2, title)]);
    }

    #[test]
    fn a_packed_table_is_unpacked() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all("key,title\n1,міст\n".as_bytes()).expect("writes");
        assert_eq!(read(packed.finish().expect("packs")), [(2, Some("міст".to_owned()))]);
    }

    #[test]
    fn a_row_begins_where_its_first_cell_does() {
        assert_eq!(read("key,title\n1,\"a\nb\"\n2,c\n".into()), [(2, Some("a\nb".to_owned())), (4, Some("c".to_owned()))]);
    }

    #[test]
    fn a_line_that_is_no_row_is_refused_and_the_next_is_read() {
        let mut bytes = b"key,title\n1\n2,".to_vec();
        bytes.extend([0xff, b'\n']);
        bytes.extend(b"3,c\n");
        assert_eq!(read(bytes), [(2, None), (3, None), (4, Some("c".to_owned()))]);
    }

    #[test]
    fn a_header_that_is_not_the_tables_is_refused() {
        for header in ["", "title\n", "key,colour\n", "key,row\n"] {
            assert!(Table::open(std::io::Cursor::new(header.as_bytes().to_vec()), COLUMNS).is_err(), "{header}");
        }
    }

    /// The codeless sentence of the refusal of a file.
    fn refusal(bytes: impl std::io::Read + Send + 'static) -> String {
        let told = |error| match error {
            crate::error::Error::Refused(refusal) => refusal.message.en,
            crate::error::Error::Internal(cause) => format!("a fault: {cause}"),
        };
        let mut table = match Table::open(bytes, COLUMNS) {
            Ok(table) => table,
            Err(error) => return told(error),
        };
        loop {
            match table.next() {
                Ok(Some(Line::Row(_))) => {}
                Ok(Some(Line::Refused { line, refusal })) => return format!("line {line}: {}", told(refusal)),
                Ok(None) => return "read to its end".to_owned(),
                Err(error) => return told(error),
            }
        }
    }

    #[test]
    fn a_file_that_is_no_table_is_refused_with_what_is_wrong_with_it() {
        let file = |bytes: &[u8]| refusal(std::io::Cursor::new(bytes.to_vec()));
        assert_eq!(file(b""), "The file is empty.");
        assert_eq!(file(b"\xff\xfek\0e\0y\0"), "The text is not UTF-8.");
        assert_eq!(file(b"key,title\n"), "read to its end");
        assert_eq!(file(b"key,title\n1,a\n2,\"b\n3,c\n4,d\n"), "line 3: Quotes are opened here and not closed before the end of the file.");
        assert_eq!(file(b"key,title\n1,a 5\" pipe\n"), "read to its end");
        assert_eq!(file(b"key,title\n1,\"a\nb\""), "read to its end");
    }

    #[test]
    fn a_line_without_end_is_refused_without_being_held() {
        use std::io::Read as _;
        let endless = |start: &'static [u8]| start.chain(std::io::repeat(b'x').take(1 << 30));
        assert_eq!(refusal(endless(b"")), "Line 1 is longer than 1 MiB.");
        assert_eq!(refusal(endless(b"key,title\n1,a\n2,\"")), "Line 3 is longer than 1 MiB.");
    }

    #[test]
    fn a_packed_table_that_is_cut_short_is_told_to_be_fetched_again() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"key,title\n").expect("writes");
        for row in 0..100_000 {
            writeln!(packed, "{row},{}", row * 7919).expect("writes");
        }
        let packed = packed.finish().expect("packs");
        for length in [5, 12, packed.len() / 2, packed.len() - 4] {
            let told = refusal(std::io::Cursor::new(packed[..length].to_vec()));
            assert!(told.starts_with("The packed file is damaged or cut short after line "), "{length}: {told}");
        }
    }

    #[test]
    fn a_source_is_named_by_its_file() {
        let name = |path: &str| Source::of_file(std::path::Path::new(path)).ok().map(|source| source.as_str().to_owned());
        assert_eq!(name("/data/prozorro_awards-2021.csv.gz").as_deref(), Some("PROZORRO_AWARDS-2021"));
        assert_eq!(name("закупівлі.csv"), None);
        assert_eq!(name("self.csv"), None);
        assert_eq!(name(&format!("{}.csv", "a".repeat(39))), None);
    }
}
