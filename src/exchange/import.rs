//! The one way in which a table of facts is imported: read, take by the rules, record in batches, report.

use std::collections::HashMap;
use std::io::Read;
use std::time::Duration;

use sea_orm::DbBackend;

use super::access;
use super::cells::{Cells, Context};
use super::places::Oblasts;
use super::report::{Note, Report};
use super::tables::{Column, Line, Source, Table};
use crate::app::{App, UseCase};
use crate::auth::Actor;
use crate::db::take_turn;
use crate::error::{Error, Result};
use crate::locale::Said;
use crate::organisations::recording::Met;
use crate::organisations::rules;
use crate::reference;
use crate::reference::service::MOST_REFUSED;

/// Rows of one transaction: few enough that other writers soon get their turn.
const BATCH: usize = 1_000;
/// How long SQLite's write lock is left free after a batch, so that the writers of a running `serve` find it.
const TURN: Duration = Duration::from_millis(4);

/// How a table is imported.
#[derive(Clone, Debug)]
pub struct Options {
    /// Under which source its facts are recorded.
    pub source: Source,
    /// The language (BCP 47) of texts where the table does not say.
    pub language: Option<String>,
    /// Only say what would happen.
    pub dry_run: bool,
}

/// What recording a batch did, or would do.
#[derive(Clone, Debug, Default)]
pub(super) struct Done {
    pub(super) organisations: u64,
    pub(super) recorded: u64,
    pub(super) named: u64,
    pub(super) unchanged: u64,
    /// Facts that what is recorded already rules out, by their keys.
    pub(super) refused: Vec<(String, Error)>,
}

/// A kind of fact that tables hold.
pub(super) trait Facts {
    /// The columns of its tables.
    const COLUMNS: &'static [Column];
    /// One fact.
    type Fact: Clone;

    /// Reads a row.
    fn read(cells: &mut Cells<'_>) -> Result<Self::Fact>;
    /// Its key in the source.
    fn key(fact: &Self::Fact) -> &str;
    /// Records a batch.
    async fn record(case: &mut UseCase<'_>, source: &str, facts: Vec<Self::Fact>) -> Result<Done>;
    /// Says what recording a batch would do.
    async fn preview(app: &App, source: &str, facts: Vec<Self::Fact>, met: &mut Met) -> Result<Done>;
}

/// Imports a table.
pub(super) async fn run<F: Facts>(app: &App, actor: &Actor, options: &Options, table: impl Read + Send + 'static) -> Result<Report> {
    access::may_import(actor)?;
    let language = options.language.as_deref().map(|tag| rules::language_tag("language", tag)).transpose()?;
    let known = reference::service::known(app).await?;
    let context = Context { keys: &app.keys, known: &known, oblasts: Oblasts::new(), source: &options.source, language: language.as_deref(), today: app.clock.now().date_naive() };
    let mut under_way = UnderWay::<F> {
        facts: std::marker::PhantomData,
        table: Table::open(table, F::COLUMNS)?,
        context,
        lines: HashMap::new(),
        report: Report { source: options.source.as_str().to_owned(), dry_run: options.dry_run, ..Report::default() },
    };
    let mut met = Met::default();
    loop {
        // What was read before the file turned out to end, or to be damaged, is recorded all the same.
        let (facts, end) = under_way.batch();
        let done = if options.dry_run { F::preview(app, options.source.as_str(), facts, &mut met).await } else { record::<F>(app, actor, &options.source, facts).await };
        match done.and_then(|done| under_way.add(done)).map_or_else(End::Stopped, |()| end) {
            End::NotYet => {}
            End::Reached => break,
            End::Stopped(error) => {
                under_way.report.stopped = Some(error);
                break;
            }
        }
    }
    Ok(under_way.report)
}

/// Records a batch in a use case of its own, then leaves the lock free for a moment. Batches of all imports take turns, so that
/// each sees the organisations and rows that the one before it wrote.
async fn record<F: Facts>(app: &App, actor: &Actor, source: &Source, facts: Vec<F::Fact>) -> Result<Done> {
    if facts.is_empty() {
        return Ok(Done::default());
    }
    let done = match record_once::<F>(app, actor, source, facts.clone()).await {
        // Somebody has registered one of its organisations meanwhile; now it is there to be found.
        Err(error) if error.is_conflict() => record_once::<F>(app, actor, source, facts).await?,
        done => done?,
    };
    if app.db.backend() == DbBackend::Sqlite {
        tokio::time::sleep(TURN).await;
    }
    Ok(done)
}

async fn record_once<F: Facts>(app: &App, actor: &Actor, source: &Source, facts: Vec<F::Fact>) -> Result<Done> {
    let mut case = app.begin(actor).await?;
    take_turn(&case, "import").await?;
    let done = F::record(&mut case, source.as_str(), facts).await?;
    if done.recorded + done.organisations + done.named > 0 {
        case.commit().await?;
    } else {
        drop(case);
    }
    Ok(done)
}

/// An import under way.
struct UnderWay<'a, F: Facts> {
    facts: std::marker::PhantomData<F>,
    table: Table,
    context: Context<'a>,
    /// On which line each key was met.
    lines: HashMap<Box<str>, u64>,
    report: Report,
}

/// Whether a table goes on.
enum End {
    NotYet,
    Reached,
    Stopped(Error),
}

impl<F: Facts> UnderWay<'_, F> {
    /// The facts of the next rows, and whether there are more.
    fn batch(&mut self) -> (Vec<F::Fact>, End) {
        let mut facts = Vec::with_capacity(BATCH);
        for _ in 0..BATCH {
            match self.read_into(&mut facts) {
                Ok(true) => {}
                Ok(false) => return (facts, End::Reached),
                Err(error) => return (facts, End::Stopped(error)),
            }
        }
        (facts, End::NotYet)
    }

    /// Adds the fact of the next row, unless the row is refused; says whether there was one.
    fn read_into(&mut self, facts: &mut Vec<F::Fact>) -> Result<bool> {
        let Some(line) = self.table.next()? else { return Ok(false) };
        self.report.rows += 1;
        match line {
            Line::Refused { line, refusal } => self.refuse(line, refusal)?,
            Line::Row(row) => {
                let mut cells = Cells::new(&row, &self.context);
                let fact = F::read(&mut cells);
                let warnings = cells.into_warnings();
                match fact.and_then(|fact| self.first_of_its_key(row.line, fact)) {
                    Ok(fact) => {
                        for (column, warning) in warnings {
                            self.report.warn(row.line, column, warning);
                        }
                        facts.push(fact);
                    }
                    Err(refusal) => self.refuse(row.line, refusal)?,
                }
            }
        }
        Ok(true)
    }

    /// Refuses a fact whose key an earlier row of the file has: one of the two would be lost in silence.
    fn first_of_its_key(&mut self, line: u64, fact: F::Fact) -> Result<F::Fact> {
        match self.lines.insert(F::key(&fact).into(), line) {
            None => Ok(fact),
            Some(earlier) => {
                self.lines.insert(F::key(&fact).into(), earlier);
                Err(Error::bad_input(
                    "key",
                    Said::new(format!("Рядок із цим ключем уже є: {earlier}."), format!("There is a row with this key already, on line {earlier}.")),
                    Said::new("Дайте кожному рядку свій ключ.", "Give each row a key of its own."),
                ))
            }
        }
    }

    /// Notes a refusal; so many of them end the import, as a fault of ours does.
    fn refuse(&mut self, line: u64, error: Error) -> Result<()> {
        let Error::Refused(refusal) = error else { return Err(error) };
        self.report.refused.push(Note::refused(line, &refusal));
        if self.report.refused.len() < MOST_REFUSED { Ok(()) } else { Err(self.too_many_refused()) }
    }

    fn too_many_refused(&self) -> Error {
        let rows = self.report.rows;
        Error::bad_input(
            "file",
            Said::new(
                format!("Імпорт зупинено: відхилено вже {MOST_REFUSED} рядків із {rows} прочитаних; решту файлу не прочитано."),
                format!("The import was stopped: {MOST_REFUSED} of the {rows} rows read so far were refused; the rest of the file was not read."),
            ),
            Said::new(
                "Виправте відхилені рядки або приберіть їх із файлу та імпортуйте його ще раз: уже записані рядки не повторяться.",
                "Mend the refused rows or take them out of the file, and import it again: rows that are in are not recorded twice.",
            ),
        )
    }

    fn add(&mut self, done: Done) -> Result<()> {
        let Done { organisations, recorded, named, unchanged, refused } = done;
        self.report.organisations += organisations;
        self.report.recorded += recorded;
        self.report.named += named;
        self.report.unchanged += unchanged;
        let lines: Vec<(u64, Error)> = refused.into_iter().map(|(key, refusal)| (self.lines.get(key.as_str()).copied().unwrap_or_default(), refusal)).collect();
        let outcome = lines.into_iter().try_for_each(|(line, refusal)| self.refuse(line, refusal));
        self.report.refused.sort_by_key(|note| note.line);
        outcome
    }
}
