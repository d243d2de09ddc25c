//! The files of the bench, read column by column, and the file of ranks that is written.
//!
//! The answers of a case are read into a type of their own, [`Answer`], which nothing that ranks ever receives.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use chrono::NaiveDate;

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
pub enum BacktestError {
    /// It cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is not a table.
    #[error("{}: {source}", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// Why.
        source: csv::Error,
    },
    /// A column is not there.
    #[error("{}: there is no column `{column}`", path.display())]
    Column {
        /// The file.
        path: PathBuf,
        /// The column.
        column: &'static str,
    },
    /// A value cannot be read.
    #[error("{}: line {line}, column `{column}`: `{value}` is not {expected}", path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// The column.
        column: &'static str,
        /// What is there.
        value: String,
        /// What should be.
        expected: &'static str,
    },
}

/// What is asked: everything of an award or a case that may be read before it is ranked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Awards and suppliers of one track are ranked among themselves.
    pub track: String,
    /// The id of the award or case.
    pub id: String,
    /// When.
    pub date: NaiveDate,
    /// Its title; empty where there is none.
    pub text: String,
    /// Its classification code; empty where there is none.
    pub code: String,
    /// Works, services or supplies.
    pub kind: String,
    /// Its value in euros.
    pub value: Option<f64>,
    /// Where, closely.
    pub area: String,
    /// Where, widely.
    pub region: String,
    /// Who bought it.
    pub buyer: String,
}

/// Who got it.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Who won.
    pub winners: BTreeSet<String>,
    /// Who bid, winners among them.
    pub bidders: BTreeSet<String>,
}

/// A past award.
#[derive(Clone, Debug)]
pub struct Award {
    /// What it was.
    pub asked: Asked,
    /// Who got it.
    pub answer: Answer,
}

/// A supplier.
#[derive(Clone, Debug)]
pub struct Supplier {
    /// Its track.
    pub track: String,
    /// Its id.
    pub id: String,
    /// Whether it bid in the past awards.
    pub has_bid: bool,
    /// Where it sits, closely.
    pub area: String,
    /// Where it sits, widely.
    pub region: String,
    /// The trade words of its name.
    pub name: String,
}

/// How much is known of the candidates of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// Suppliers that have bid, with what they have done.
    Warm,
    /// Every supplier, by seat and name alone.
    Cold,
}

/// A case of the bench, without its answer.
#[derive(Clone, Debug)]
pub struct Case {
    /// What is asked.
    pub asked: Asked,
    /// Among whom.
    pub protocol: Protocol,
}

/// The answer of a case and what is known of it, for counting only.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Who got it.
    pub answer: Answer,
    /// The most past wins of any winner.
    pub past_wins: u32,
    /// Whether buyer and winner were new to one another.
    pub new_pair: bool,
}

/// A table with named columns.
struct Table {
    path: PathBuf,
    headers: csv::StringRecord,
    reader: csv::Reader<Box<dyn Read>>,
}

/// One line of it.
struct Row<'a> {
    path: &'a Path,
    headers: &'a csv::StringRecord,
    record: &'a csv::StringRecord,
}

impl Table {
    fn open(path: &Path) -> Result<Self, BacktestError> {
        let file = File::open(path).map_err(|source| BacktestError::File { path: path.to_owned(), source })?;
        let plain: Box<dyn Read> = if path.extension().is_some_and(|extension| extension == "gz") { Box::new(flate2::read::MultiGzDecoder::new(file)) } else { Box::new(file) };
        let mut reader = csv::Reader::from_reader(plain);
        let headers = reader.headers().map_err(|source| BacktestError::Table { path: path.to_owned(), source })?.clone();
        Ok(Self { path: path.to_owned(), headers, reader })
    }

    fn read<T>(mut self, mut row: impl FnMut(&Row) -> Result<T, BacktestError>) -> Result<Vec<T>, BacktestError> {
        let mut record = csv::StringRecord::new();
        let mut rows = Vec::new();
        loop {
            match self.reader.read_record(&mut record) {
                Ok(true) => rows.push(row(&Row { path: &self.path, headers: &self.headers, record: &record })?),
                Ok(false) => return Ok(rows),
                Err(source) => return Err(BacktestError::Table { path: self.path, source }),
            }
        }
    }
}

impl Row<'_> {
    fn text(&self, column: &'static str) -> Result<&str, BacktestError> {
        let place = self.headers.iter().position(|header| header == column);
        let place = place.ok_or_else(|| BacktestError::Column { path: self.path.to_owned(), column })?;
        Ok(self.record.get(place).unwrap_or_default())
    }

    fn owned(&self, column: &'static str) -> Result<String, BacktestError> {
        self.text(column).map(str::to_owned)
    }

    fn value<T: FromStr>(&self, column: &'static str, expected: &'static str) -> Result<T, BacktestError> {
        let text = self.text(column)?;
        text.parse().map_err(|_| self.wrong(column, text, expected))
    }

    fn wrong(&self, column: &'static str, value: &str, expected: &'static str) -> BacktestError {
        let line = self.record.position().map_or(0, csv::Position::line);
        BacktestError::Value { path: self.path.to_owned(), line, column, value: value.to_owned(), expected }
    }

    fn ids(&self, column: &'static str) -> Result<BTreeSet<String>, BacktestError> {
        Ok(self.text(column)?.split(';').filter(|id| !id.is_empty()).map(str::to_owned).collect())
    }

    fn asked(&self, id: &'static str) -> Result<Asked, BacktestError> {
        let value = if self.text("value_eur")?.is_empty() { None } else { Some(self.value("value_eur", "an amount")?) };
        Ok(Asked {
            track: self.owned("track")?,
            id: self.owned(id)?,
            date: self.value("date", "a date such as 2024-07-01")?,
            text: self.owned("text")?,
            code: self.owned("cpv")?,
            kind: self.owned("kind")?,
            value,
            area: self.owned("area")?,
            region: self.owned("region")?,
            buyer: self.owned("buyer_id")?,
        })
    }

    fn answer(&self) -> Result<Answer, BacktestError> {
        Ok(Answer { winners: self.ids("winners")?, bidders: self.ids("bidders")? })
    }
}

/// Reads past awards.
pub fn awards(path: &Path) -> Result<Vec<Award>, BacktestError> {
    Table::open(path)?.read(|row| Ok(Award { asked: row.asked("tender_id")?, answer: row.answer()? }))
}

/// Reads suppliers.
pub fn suppliers(path: &Path) -> Result<Vec<Supplier>, BacktestError> {
    Table::open(path)?.read(|row| {
        Ok(Supplier {
            track: row.owned("track")?,
            id: row.owned("supplier_id")?,
            has_bid: row.value::<u32>("train_bids", "a count")? > 0,
            area: row.owned("home_area")?,
            region: row.owned("home_region")?,
            name: row.owned("name_keywords")?,
        })
    })
}

/// Reads cases and, apart from them, their answers.
pub fn cases(path: &Path) -> Result<(Vec<Case>, Vec<Judged>), BacktestError> {
    let rows = Table::open(path)?.read(|row| {
        let protocol = match row.text("protocol")? {
            "warm" => Protocol::Warm,
            "cold" => Protocol::Cold,
            other => return Err(row.wrong("protocol", other, "`warm` or `cold`")),
        };
        let past_wins = row.value("winner_max_past_wins", "a count")?;
        let judged = Judged { answer: row.answer()?, past_wins, new_pair: row.text("novel_pair")? == "1" };
        Ok((Case { asked: row.asked("case_id")?, protocol }, judged))
    })?;
    Ok(rows.into_iter().unzip())
}

/// Writes ranks as `case, supplier, rank`, separated by tabs.
pub fn write_ranks(path: &Path, cases: &[Case], ranks: &[Vec<String>]) -> Result<(), BacktestError> {
    let failed = |source| BacktestError::File { path: path.to_owned(), source };
    let mut file = BufWriter::new(File::create(path).map_err(failed)?);
    for (case, suppliers) in cases.iter().zip(ranks) {
        for (place, supplier) in suppliers.iter().enumerate() {
            writeln!(file, "{}\t{supplier}\t{}", case.asked.id, place + 1).map_err(failed)?;
        }
    }
    file.flush().map_err(failed)
}
