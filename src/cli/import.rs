//! Imports: of facts through `exchange`, of reference lists through `reference`.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{IsTerminal as _, Read};
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};

use super::args::{Facts, Global, Import, List, ListFormat, Scheme};
use super::failure::Failure;
use super::open::{self, Pending};
use super::{DONE, REFUSED_ROWS, output};
use crate::accounts;
use crate::app::App;
use crate::auth::Actor;
use crate::demo::{self, Holds};
use crate::exchange::{self, Column, Options, Report, Source};
use crate::locale::Locale;
use crate::reference::lists::Format;
use crate::reference::service::{self as lists, Outcome};

/// Refused rows and warnings that are printed for people; `--json` has all.
const MOST_PRINTED: usize = 20;

/// What `import awards --help` says of the table.
pub(super) fn awards_help() -> String {
    columns_help(exchange::awards::COLUMNS)
}

/// What `import tenders --help` says of the table.
pub(super) fn tenders_help() -> String {
    columns_help(exchange::tenders::COLUMNS)
}

fn columns_help(columns: &[Column]) -> String {
    let mut help = String::from(
        "The table: CSV in UTF-8, plain or gz, with commas, semicolons or tabs; columns in any order, others than these are refused.\nThe same file again changes nothing: a row is known by its source and its key.\nExit code 3: the import went through and refused rows.\n\nColumns (* required):\n",
    );
    for column in columns {
        let mark = if column.required { "*" } else { "" };
        let others = if column.synonyms.is_empty() { String::new() } else { format!(" (or {})", column.synonyms.join(", ")) };
        let _ = writeln!(help, "  {:<18} {}{others}", format!("{}{mark}", column.name), column.meaning);
    }
    help
}

/// Imports a file.
pub(super) async fn run(global: &Global, import: &Import) -> Result<u8, Failure> {
    let (Import::Awards(Facts { list, .. }) | Import::Tenders(Facts { list, .. }) | Import::Territories(list) | Import::Classification { list, .. }) = import;
    let (file, bar) = open_file(&list.file)?;
    let app = open::app(open::existing(global.config()?)?, Pending::Refuse).await?;
    let actor = accounts::service::administrator(&app, list.acting_as.as_deref()).await?;
    if matches!(import, Import::Awards(_) | Import::Tenders(_)) && matches!(demo::holds(&app).await?, Holds::Demonstration | Holds::Unfinished) {
        return Err(Failure::new("the database holds the demonstration, whose organisations and people are invented").remedy("Import into a data folder of its own: --data DIR."));
    }
    let kind = match import {
        Import::Awards(facts) => return told(global, "past works", &exchange::import_awards(&app, &actor, &options(facts)?, file).await?, &bar),
        Import::Tenders(facts) => return told(global, "projects", &exchange::import_tenders(&app, &actor, &options(facts)?, file).await?, &bar),
        Import::Territories(_) => None,
        Import::Classification { scheme, format, .. } => Some((*scheme, format.map_or_else(|| by_name(&list.file), Ok)?)),
    };
    let outcome = import_list(&app, &actor, list, kind, file).await?;
    bar.finish_and_clear();
    list_told(global, list, &outcome)
}

/// Opens a file with a progress bar, which shows on a terminal only.
fn open_file(path: &Path) -> Result<(Box<dyn Read + Send>, ProgressBar), Failure> {
    let cannot = |cause| Failure::because(format!("{} cannot be read", path.display()), cause);
    let file = File::open(path).map_err(cannot)?;
    let about = file.metadata().map_err(cannot)?;
    if about.is_dir() {
        return Err(Failure::new(format!("{} is a folder, not a file", path.display())).remedy("Name a CSV or JSON file, plain or gz."));
    }
    let length = about.len();
    let bar = if std::io::stderr().is_terminal() { ProgressBar::new(length) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {bytes} of {total_bytes}, {eta} left") {
        bar.set_style(style);
    }
    Ok((Box::new(bar.wrap_read(file)), bar))
}

fn options(Facts { list, source, language }: &Facts) -> Result<Options, Failure> {
    let source = source.as_deref().map_or_else(|| Source::of_file(&list.file), Source::parse)?;
    Ok(Options { source, language: language.clone(), dry_run: list.dry_run })
}

/// How a list is written, by its file's name.
fn by_name(path: &Path) -> Result<ListFormat, Failure> {
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    match name.trim_end_matches(".gz").rsplit_once('.') {
        Some((_, "csv")) => Ok(ListFormat::Csv),
        Some((stem, "json")) if stem.ends_with("_uk") => Ok(ListFormat::JsonUk),
        Some((stem, "json")) if stem.ends_with("_en") => Ok(ListFormat::JsonEn),
        _ => Err(Failure::new("how the list is written, and in which language, cannot be told by the file's name").remedy("Say it with --format csv, json-uk or json-en.")),
    }
}

async fn import_list(app: &App, actor: &Actor, list: &List, classification: Option<(Scheme, ListFormat)>, file: impl Read) -> Result<Outcome, Failure> {
    exchange::may_import(actor)?;
    let Some((scheme, format)) = classification else {
        return Ok(lists::import_territories(app, actor, file, list.dry_run).await?);
    };
    let scheme = match scheme {
        Scheme::Cpv => "CPV",
        Scheme::Kved => "KVED",
    };
    let format = match format {
        ListFormat::JsonUk => Format::Json(Locale::Uk),
        ListFormat::JsonEn => Format::Json(Locale::En),
        ListFormat::Csv => Format::Csv,
    };
    Ok(lists::import_classification(app, actor, scheme, format, file, list.dry_run).await?)
}

fn list_told(global: &Global, list: &List, outcome: &Outcome) -> Result<u8, Failure> {
    if global.json {
        output::json(outcome)?;
    } else {
        let Outcome { listed, added, changed, unchanged, retired, refused } = outcome;
        let would = if list.dry_run { "dry run, nothing is written: " } else { "" };
        output::line(format!(
            "{would}{}: {added} new, {changed} changed, {unchanged} as they were; {retired} no longer listed and kept as retired, {} refused",
            output::counted(*listed, "code", "codes"),
            output::counted(refused.len(), "line", "lines")
        ))?;
        for line in refused.iter().take(MOST_PRINTED) {
            output::line(format!("  line {}: {}", line.line, line.en))?;
        }
        rest(refused.len())?;
    }
    Ok(if outcome.refused.is_empty() { DONE } else { REFUSED_ROWS })
}

/// Prints what an import of facts did.
fn told(global: &Global, facts: &str, report: &Report, bar: &ProgressBar) -> Result<u8, Failure> {
    bar.finish_and_clear();
    if global.json {
        output::json(report)?;
    } else {
        print_report(facts, report)?;
    }
    match &report.stopped {
        Some(error) => Err(Failure::from(error.clone()).within(if report.dry_run {
            "the dry run stopped"
        } else {
            "the import stopped; the rows counted above are in, and the same file again leaves them as they are"
        })),
        None if report.refused.is_empty() => Ok(DONE),
        None => Ok(REFUSED_ROWS),
    }
}

fn print_report(facts: &str, report: &Report) -> Result<(), Failure> {
    let Report { source, dry_run, rows, organisations, recorded, named, unchanged, refused, warned, warnings, stopped: _ } = report;
    let would = if *dry_run { " (dry run, nothing is written)" } else { "" };
    output::line(format!("{source}: {} read{would}", output::counted(*rows, "row", "rows")))?;
    output::line(format!(
        "  new {facts}: {recorded}, new organisations: {organisations}, organisations that got their name: {named}, rows there already: {unchanged}, rows refused: {}",
        refused.len()
    ))?;
    for note in refused.iter().take(MOST_PRINTED).flat_map(|note| std::iter::once(note).chain(&note.also)) {
        let column = if note.column.is_empty() { String::new() } else { format!(", {}", note.column) };
        output::line(format!("  refused: line {}{column}: {} [{}]", note.line, note.en, note.code))?;
    }
    rest(refused.len())?;
    for (code, count) in warned {
        output::line(format!("  warnings {code}: {count}"))?;
    }
    for note in warnings.iter().take(MOST_PRINTED) {
        output::line(format!("  warning: line {}, {}: {} [{}]", note.line, note.column, note.en, note.code))?;
    }
    rest(warnings.len())
}

fn rest(count: usize) -> Result<(), Failure> {
    match count.checked_sub(MOST_PRINTED) {
        Some(more) if more > 0 => output::line(format!("  … and {more} more; --json has all")),
        _ => Ok(()),
    }
}
