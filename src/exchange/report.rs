//! What an import did, row by row where a row was not taken as it stood.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::error::{Error, Refusal};
use crate::locale::Said;

/// Most warnings that are kept word for word; beyond it they are counted only.
const MOST_WARNINGS: usize = 10_000;

/// What an import did, or with a dry run would do.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Under which source the facts are recorded.
    pub source: String,
    /// Whether it only says what would happen.
    pub dry_run: bool,
    /// Rows that were read.
    pub rows: u64,
    /// Organisations that are new.
    pub organisations: u64,
    /// Past works or projects that are new.
    pub recorded: u64,
    /// Organisations that were called by their number and got their name.
    pub named: u64,
    /// Rows that were there already.
    pub unchanged: u64,
    /// Rows that were refused, in the order of the file; 10,000 of them end the import.
    pub refused: Vec<Note>,
    /// How many warnings there are, by their code.
    pub warned: BTreeMap<&'static str, u64>,
    /// What was taken otherwise than it stood, in the order of the file; the first 10,000.
    pub warnings: Vec<Note>,
    /// What ended the import before the end of the file. What is counted above is recorded.
    #[serde(serialize_with = "told")]
    pub stopped: Option<Error>,
}

/// Why an import stopped, as the other notes are written; the cause of a fault is not for a report.
#[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
fn told<S: Serializer>(stopped: &Option<Error>, serializer: S) -> Result<S::Ok, S::Error> {
    let told = stopped.as_ref().map(|error| match error {
        Error::Refused(refusal) => Note::refused(0, refusal),
        Error::Internal(_) => Note {
            line: 0,
            code: error.code().as_str(),
            column: String::new(),
            uk: "На нашому боці сталася помилка.".to_owned(),
            en: "Something failed on our side.".to_owned(),
            also: Vec::new(),
        },
    });
    told.serialize(serializer)
}

/// Something about one row.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    /// The line of the file on which the row begins, from 1; 0 where it is about the file.
    #[serde(skip_serializing_if = "is_zero")]
    pub line: u64,
    /// Its machine-readable name.
    pub code: &'static str,
    /// The column, where it is about one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub column: String,
    /// What it is, in Ukrainian.
    pub uk: String,
    /// What it is, in English.
    pub en: String,
    /// What else is wrong with the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Note>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_zero(line: &u64) -> bool {
    *line == 0
}

impl Note {
    /// A refused row.
    pub(super) fn refused(line: u64, refusal: &Refusal) -> Self {
        let Refusal { code, field, message, remedy, current_version: _, retry_after: _, also } = refusal;
        Self {
            line,
            code: code.as_str(),
            column: field.first().cloned().unwrap_or_default(),
            uk: format!("{} {}", message.uk, remedy.uk),
            en: format!("{} {}", message.en, remedy.en),
            also: also.iter().map(|other| Self::refused(line, other)).collect(),
        }
    }
}

/// What a row says and is not taken as it stands, though the row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Warning {
    /// An identifier's check digit is wrong.
    Checksum,
    /// A code lost its leading zeros and got them back.
    ZerosRestored,
    /// A CPV code is in no list.
    UnknownCpv,
    /// A CPV code came with another check digit than the list has.
    CpvCheckDigit,
    /// A KATOTTG code is in no list.
    UnknownTerritory,
    /// A region's name is in no table.
    UnknownRegion,
    /// A day lies in a year that is none, as where a source has no day.
    ImpossibleYear,
    /// A text that stands on one line had several.
    LineBreaks,
}

impl Warning {
    const fn code(self) -> &'static str {
        match self {
            Self::Checksum => "IDENTIFIER_CHECKSUM",
            Self::ZerosRestored => "ZEROS_RESTORED",
            Self::UnknownCpv => "UNKNOWN_CPV",
            Self::CpvCheckDigit => "CPV_CHECK_DIGIT",
            Self::UnknownTerritory => "UNKNOWN_TERRITORY",
            Self::UnknownRegion => "UNKNOWN_REGION",
            Self::ImpossibleYear => "IMPOSSIBLE_YEAR",
            Self::LineBreaks => "LINE_BREAKS",
        }
    }

    fn sentence(self) -> Said {
        match self {
            Self::Checksum => {
                Said::new("Контрольна цифра не сходиться; код збережено з позначкою checksumValid: false.", "The check digit is wrong; the code is kept with checksumValid: false.")
            }
            Self::ZerosRestored => Said::new("Код доповнено нулями зліва до восьми цифр.", "The code got its leading zeros back, to eight digits."),
            Self::UnknownCpv => Said::new("Такого коду немає в ДК 021; його цифри збережено.", "DK 021 (CPV) has no such code; its digits are kept."),
            Self::CpvCheckDigit => Said::new("У ДК 021 інша контрольна цифра; взято код із переліку.", "DK 021 (CPV) has another check digit; the list's code is taken."),
            Self::UnknownTerritory => Said::new("Такого коду немає в КАТОТТГ; його збережено.", "KATOTTG has no such code; it is kept."),
            Self::UnknownRegion => Said::new("Такої області немає; місце лишилося невідомим.", "There is no such oblast; the place stays unknown."),
            Self::LineBreaks => Said::new("Текст був у кілька рядків; їх з'єднано пробілом.", "The text had several lines; spaces join them."),
            Self::ImpossibleYear => Said::new("Рік раніший за 1900; день лишився невідомим.", "The year is before 1900; the day stays unknown."),
        }
    }
}

impl Report {
    /// Notes what a row says and is not taken as it stands.
    pub(super) fn warn(&mut self, line: u64, column: &str, warning: Warning) {
        *self.warned.entry(warning.code()).or_default() += 1;
        if self.warnings.len() < MOST_WARNINGS {
            let Said { uk, en } = warning.sentence();
            self.warnings.push(Note { line, code: warning.code(), column: column.to_owned(), uk, en, also: Vec::new() });
        }
    }
}
