//! The cells of a row, taken by the rules that hold for what people type; what a source may have wrong is kept and noted.

use chrono::{Datelike as _, NaiveDate};
use rust_decimal::Decimal;

use super::places::Oblasts;
use super::report::Warning;
use super::tables::{Row, Source};
use crate::auth::token::Keys;
use crate::clock::YEARS;
use crate::error::{Error, Result, Together as _};
use crate::locale::Said;
use crate::money::Money;
use crate::organisations::rules::{self, Given, Identifier, UA_EDR};
use crate::reference::codes::{CpvCode, Edrpou, KatottgCode};
use crate::reference::known::Known;
use crate::text;

/// Most characters of a row's key.
const LONGEST_KEY: usize = 200;
const EDRPOU_DIGITS: usize = 8;
const RNOKPP_DIGITS: usize = 10;
/// Digits of a passport card, and letters and digits of a passport book: numbers of people who have no tax number.
const PASSPORT_CARD_DIGITS: usize = 9;
const PASSPORT_BOOK: (usize, usize) = (2, 6);

/// The columns that hold an amount whose currency their name says.
const AMOUNTS: [(&str, &str); 3] = [("value_uah", "UAH"), ("value_eur", "EUR"), ("value_usd", "USD")];

/// What sources call the kinds of procurement.
const CATEGORIES: [(&str, &str); 9] = [
    ("works", "works"),
    ("роботи", "works"),
    ("будівельні роботи", "works"),
    ("services", "services"),
    ("послуги", "services"),
    ("goods", "goods"),
    ("товари", "goods"),
    ("supplies", "goods"),
    ("товар", "goods"),
];

/// What the cells of every row are read against.
pub(super) struct Context<'a> {
    pub(super) keys: &'a Keys,
    pub(super) known: &'a Known,
    pub(super) oblasts: Oblasts,
    pub(super) source: &'a Source,
    /// The language of texts in a table that does not say.
    pub(super) language: Option<&'a str>,
    pub(super) today: NaiveDate,
}

/// The cells of one row under reading, with what is to be noted about them.
pub(super) struct Cells<'a> {
    row: &'a Row,
    context: &'a Context<'a>,
    warnings: Vec<(&'static str, Warning)>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(row: &'a Row, context: &'a Context<'a>) -> Self {
        Self { row, context, warnings: Vec::new() }
    }

    /// What is to be noted, with its column.
    pub(super) fn into_warnings(self) -> Vec<(&'static str, Warning)> {
        self.warnings
    }

    fn warn(&mut self, column: &'static str, warning: Warning) {
        self.warnings.push((column, warning));
    }

    /// What a column holds.
    pub(super) fn get(&self, column: &str) -> Option<&'a str> {
        self.row.get(column)
    }

    /// A text that must be there.
    pub(super) fn text(&mut self, column: &'static str, longest: usize) -> Result<String> {
        let line = self.line(column).unwrap_or_default();
        text::required(column, &line, longest)
    }

    /// A text that may be absent.
    pub(super) fn optional_text(&mut self, column: &'static str, longest: usize) -> Result<Option<String>> {
        let line = self.line(column);
        text::optional(column, line.as_deref(), longest)
    }

    /// A cell on one line; a source may have broken it.
    fn line(&mut self, column: &'static str) -> Option<String> {
        let cell = self.get(column)?.trim();
        let line = text::on_one_line(cell);
        if line != cell {
            self.warn(column, Warning::LineBreaks);
        }
        Some(line)
    }

    /// The row's key in its source.
    pub(super) fn key(&mut self) -> Result<String> {
        self.text("key", LONGEST_KEY)
    }

    /// The language of the row's texts, where it or the table says.
    pub(super) fn language(&self) -> Result<Option<String>> {
        self.get("language").or(self.context.language).map(|tag| rules::language_tag("language", tag)).transpose()
    }

    /// The kind of procurement.
    pub(super) fn category(&self) -> Result<Option<String>> {
        self.one_of("category", &CATEGORIES).map(|found| found.map(str::to_owned))
    }

    /// What a table of names in lower case says a cell means; none when the cell is empty.
    pub(super) fn one_of<T: Copy>(&self, column: &str, names: &[(&str, T)]) -> Result<Option<T>> {
        let Some(cell) = self.get(column) else { return Ok(None) };
        let wanted = cell.to_lowercase();
        let found = names.iter().find(|(name, _)| *name == wanted).map(|(_, meaning)| *meaning);
        found.map(Some).ok_or_else(|| {
            let known = names.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            Error::bad_input(
                column,
                Said::new("Таке значення невідоме.", "The value is not known."),
                Said::new(format!("Дайте одне з: {known}."), format!("Give one of: {known}.")),
            )
        })
    }

    /// The amount, from `value` and `currency` or from a column whose name says the currency.
    pub(super) fn money(&self) -> Result<Option<Money>> {
        if let Some(cell) = self.get("value") {
            let amount = decimal("value", cell);
            let currency = self.get("currency").ok_or_else(|| {
                let which = amount.as_ref().map(|amount| format!(" {amount}")).unwrap_or_default();
                Error::bad_input(
                    "currency",
                    Said::new(format!("Сума{which} у стовпці value без валюти."), format!("The amount{which} in the column value has no currency.")),
                    Said::new("Додайте стовпець currency або назвіть стовпець value_uah.", "Add the column currency, or call the column value_uah."),
                )
            });
            let (amount, currency) = (amount, currency).together()?;
            return Money::parse("value", amount, currency).map(Some);
        }
        let given = AMOUNTS.into_iter().find_map(|(column, currency)| self.get(column).map(|cell| (column, cell, currency)));
        given.map(|(column, cell, currency)| Money::parse(column, decimal(column, cell)?, currency)).transpose()
    }

    /// A day that is not in the future: `2026-01-31`, with or without a time after it, or `31.01.2026`. What stands where a
    /// source knows no day, such as `0001-01-01`, is none.
    pub(super) fn past_day(&mut self, column: &'static str) -> Result<Option<NaiveDate>> {
        let Some(cell) = self.get(column) else { return Ok(None) };
        let iso = cell.get(..10).filter(|_| cell.len() == 10 || matches!(cell.as_bytes().get(10), Some(b'T' | b' ')));
        let day =
            iso.filter(|day| !day.starts_with('+')).and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()).or_else(|| NaiveDate::parse_from_str(cell, "%d.%m.%Y").ok());
        let day = day.ok_or_else(|| {
            Error::bad_input(column, Said::new("Це не дата.", "This is no date."), Said::new("Дайте дату на зразок 2026-01-31.", "Give a date such as 2026-01-31."))
        })?;
        if day.year() < *YEARS.start() {
            self.warn(column, Warning::ImpossibleYear);
            return Ok(None);
        }
        if day > self.context.today {
            return Err(Error::bad_input(
                column,
                Said::new("Цей день ще не настав.", "That day is yet to come."),
                Said::new("Дайте день, який уже минув.", "Give a day that has passed."),
            ));
        }
        Ok(Some(day))
    }

    /// A count.
    pub(super) fn count(&self, column: &str) -> Result<Option<i32>> {
        let Some(cell) = self.get(column) else { return Ok(None) };
        let count = cell.parse::<i32>().ok().filter(|count| *count >= 0);
        count
            .map(Some)
            .ok_or_else(|| Error::bad_input(column, Said::new("Це не кількість.", "This is no count."), Said::new("Дайте ціле число від 0.", "Give a whole number of 0 or more.")))
    }

    /// A CPV code as the list writes it; one that is in no list keeps its digits.
    pub(super) fn cpv(&mut self) -> Result<Option<String>> {
        let Some(cell) = self.get("cpv") else { return Ok(None) };
        let code = CpvCode::parse(cell).map_err(|error| error.refuse("cpv"))?;
        if let Ok(listed) = self.context.known.cpv("cpv", &code) {
            return Ok(Some(listed));
        }
        let digits = CpvCode::parse(code.digits()).map_err(|error| error.refuse("cpv"))?;
        if let Ok(listed) = self.context.known.cpv("cpv", &digits) {
            self.warn("cpv", Warning::CpvCheckDigit);
            return Ok(Some(listed));
        }
        self.warn("cpv", Warning::UnknownCpv);
        Ok(Some(code.digits().to_owned()))
    }

    /// The place: a KATOTTG code, else the prefix of the oblast that is named.
    pub(super) fn place(&mut self) -> Result<Option<String>> {
        if let Some(cell) = self.get("territory") {
            let code = KatottgCode::parse(cell).map_err(|error| error.refuse("territory"))?;
            if self.context.known.territory("territory", &code).is_err() {
                self.warn("territory", Warning::UnknownTerritory);
            }
            return Ok(Some(code.to_string()));
        }
        Ok(self.oblast("region"))
    }

    /// The prefix of the oblast that a column names.
    pub(super) fn oblast(&mut self, column: &'static str) -> Option<String> {
        let found = self.context.oblasts.find(self.get(column)?);
        if found.is_none() {
            self.warn(column, Warning::UnknownRegion);
        }
        found.map(str::to_owned)
    }

    /// An identifier from a pair of columns; none when the cell of the number is empty.
    ///
    /// Without a scheme eight digits are an EDRPOU code and ten a sole trader's number; fewer than eight are an EDRPOU code
    /// that lost its leading zeros if its check digit says so; anything else is an id of this source alone.
    pub(super) fn identifier(&mut self, (scheme, id): (&'static str, &'static str)) -> Result<Option<Identifier>> {
        let Some(cell) = self.get(id) else { return Ok(None) };
        let digits = cell.bytes().all(|byte| byte.is_ascii_digit());
        let given = self.get(scheme).map(str::to_ascii_uppercase);
        let cell = if digits && cell.len() < EDRPOU_DIGITS && given.as_deref().is_none_or(|scheme| scheme == UA_EDR) {
            let whole = padded(id, cell)?;
            self.warn(id, Warning::ZerosRestored);
            whole
        } else {
            cell.to_owned()
        };
        let scheme = match given {
            Some(scheme) => scheme,
            None if is_passport(&cell) => return Err(personal(id)),
            None if digits && [EDRPOU_DIGITS, RNOKPP_DIGITS].contains(&cell.len()) => UA_EDR.to_owned(),
            None => self.context.source.scheme(),
        };
        let taken = rules::identifier(self.context.keys, id, &scheme, &cell, Given::Imported)?;
        if taken.checksum_valid == Some(false) {
            self.warn(id, Warning::Checksum);
        }
        Ok(Some(taken))
    }

    /// An identifier that must be there.
    pub(super) fn required_identifier(&mut self, (scheme, id): (&'static str, &'static str)) -> Result<Identifier> {
        self.identifier((scheme, id))?.ok_or_else(|| Error::bad_input(id, Said::new("Поле порожнє.", "The field is empty."), Said::new("Заповніть його.", "Fill it in.")))
    }
}

/// An amount as sources write it: spaces between thousands, a comma before one or two decimals.
fn decimal(column: &str, cell: &str) -> Result<Decimal> {
    let text: String = cell.chars().filter(|letter| !letter.is_whitespace()).collect();
    let text = match text.split_once(',') {
        Some((whole, part)) if !whole.contains('.') && (1..=2).contains(&part.len()) => format!("{whole}.{part}"),
        _ => text,
    };
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    Decimal::from_str_exact(&text)
        .ok()
        .filter(|_| plain)
        .ok_or_else(|| Error::bad_input(column, Said::new("Це не сума.", "This is no amount."), Said::new("Дайте число на зразок 1234.56.", "Give a number such as 1234.56.")))
}

/// A short number with the zeros that make it an EDRPOU code, if its check digit is then right.
fn padded(column: &str, digits: &str) -> Result<String> {
    let whole = format!("{digits:0>EDRPOU_DIGITS$}");
    match Edrpou::parse(&whole) {
        Ok(code) if code.checksum_valid() => Ok(whole),
        _ => Err(Error::bad_input(
            column,
            Said::new("У номері менше восьми цифр, і з нулями зліва це не код ЄДРПОУ.", "The number has fewer than eight digits, and with zeros before it is no EDRPOU code."),
            Said::new("Дайте повний код або стовпець схеми, наприклад PL-REGON.", "Give the whole code, or a column with its scheme, such as PL-REGON."),
        )),
    }
}

/// Whether an id has the form of a passport number, which is personal data.
fn is_passport(id: &str) -> bool {
    let letters = id.chars().take_while(|letter| letter.is_alphabetic()).count();
    let digits = id.chars().skip_while(|letter| letter.is_alphabetic()).collect::<String>();
    let numeric = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    numeric && ((letters, digits.len()) == PASSPORT_BOOK || (letters, digits.len()) == (0, PASSPORT_CARD_DIGITS))
}

fn personal(column: &str) -> Error {
    Error::bad_input(
        column,
        Said::new("Номер схожий на номер паспорта; персональних даних ми не беремо.", "The number looks like that of a passport; personal data is not taken."),
        Said::new("Дайте код ЄДРПОУ, РНОКПП або стовпець схеми.", "Give an EDRPOU code, an RNOKPP, or a column with the scheme."),
    )
}

#[cfg(test)]
mod tests {
    use super::{decimal, is_passport, padded};

    #[test]
    fn amounts_are_read_as_sources_write_them() {
        for (text, amount) in [("336", "336"), ("1 234,50", "1234.50"), ("1\u{a0}234.5", "1234.5"), ("60000.00", "60000.00")] {
            assert_eq!(decimal("value", text).expect("an amount").to_string(), amount, "{text}");
        }
        for text in ["", "NaN", "1e5", "1,234", "1,2,3", "1_000", "12.5 грн"] {
            assert!(decimal("value", text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_code_gets_its_zeros_back_only_when_its_check_digit_says_so() {
        assert_eq!(padded("id", "13480").expect("the Ministry of Finance"), "00013480");
        assert!(padded("id", "13481").is_err());
    }

    #[test]
    fn a_passport_number_is_told_from_an_id() {
        assert!(is_passport("АВ123456"));
        assert!(is_passport("123456789"));
        assert!(!is_passport("FOP-984b402e14"));
        assert!(!is_passport("12345678"));
    }
}
