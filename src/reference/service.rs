//! Keeping the reference lists: built-in codes at the start, whole lists by import.

use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::sync::{Arc, PoisonError};

use chrono::NaiveDate;
use entity::classification::Column::{NameEn, NameKey, NameUk, Parent, ValidTo};
use entity::{classification, territory};
use sea_orm::ActiveValue::Set;

use super::codes::KatottgCode;
use super::known::Known;
use super::{builtin, lists, store};
use crate::app::{App, UseCase};
use crate::auth::{Actor, allow};
use crate::error::{Code, Error, Result};
use crate::locale::Said;
use crate::text;

/// Puts the built-in codes into a database that has none; a database that has some keeps what it has.
///
/// # Errors
/// When the database refuses.
pub async fn seed(app: &App) -> Result<()> {
    if !store::version(app.db.reader()).await?.is_empty() {
        return Ok(());
    }
    let actor = Actor::system();
    let case = app.begin(&actor).await?;
    if store::version(&*case).await?.is_empty() {
        store::put_territories(&*case, builtin::territories().iter().map(builtin_territory).collect()).await?;
        let rows = builtin::classifications().map(builtin_classification).collect();
        store::put_classifications(&*case, rows, &[NameUk, NameEn]).await?;
        store::mark_changed(&*case, "builtin").await?;
    }
    case.commit().await
}

/// Hromadas that an installation knows before the whole codifier is imported: their codes with their names in both languages.
///
/// # Errors
/// When the database refuses.
pub async fn add_hromadas(app: &App, hromadas: &[(KatottgCode, &str, &str)]) -> Result<()> {
    let actor = Actor::system();
    let case = app.begin(&actor).await?;
    let oblast = |code: &KatottgCode| builtin::territories().iter().find(|unit| unit.code.get(..4) == code.as_str().get(..4)).map(|unit| unit.code.to_owned());
    let row = |(code, name_uk, name_en): &(KatottgCode, &str, &str)| territory::ActiveModel {
        code: Set(code.to_string()),
        parent: Set(oblast(code)),
        category: Set("H".to_owned()),
        level: Set(lists::level("H")),
        iso: Set(None),
        name_uk: Set((*name_uk).to_owned()),
        name_en: Set(Some((*name_en).to_owned())),
        name_key: Set(text::key(&format!("{name_uk} {name_en}"))),
        valid_to: Set(None),
    };
    store::put_territories(&*case, hromadas.iter().map(row).collect()).await?;
    store::mark_changed(&*case, &case.new_id().to_string()).await?;
    case.commit().await
}

/// Which codes are known now; read anew only when a list was imported since.
///
/// # Errors
/// When the database cannot be read.
pub async fn known(app: &App) -> Result<Arc<Known>> {
    let version = store::version(app.db.reader()).await?;
    let held = app.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if held.version == version && !version.is_empty() {
        return Ok(held);
    }
    let fresh = Arc::new(store::known(app.db.reader()).await?);
    *app.known.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
    Ok(fresh)
}

/// Takes a project sector of OC4IDS.
///
/// # Errors
/// When the code list does not hold it.
pub fn sector(field: &str, code: &str) -> Result<String> {
    from_list(field, code, builtin::sectors())
}

/// Takes a project type of OC4IDS.
///
/// # Errors
/// When the code list does not hold it.
pub fn project_type(field: &str, code: &str) -> Result<String> {
    from_list(field, code, builtin::project_types())
}

fn from_list(field: &str, code: &str, list: &[builtin::Entry]) -> Result<String> {
    let code = text::sought(field, code)?;
    if list.iter().any(|entry| entry.code == code) {
        return Ok(code);
    }
    let all = |name: fn(&builtin::Entry) -> &str| list.iter().map(|entry| format!("{} – {}", entry.code, name(entry))).collect::<Vec<_>>().join("; ");
    Err(Error::refused(
        Code::UnknownCode,
        field,
        Said::new(format!("Коду {code} немає в переліку OC4IDS."), format!("There is no code {code} in the OC4IDS list.")),
        Said::new(format!("Дайте один із кодів: {}.", all(|entry| entry.name_uk)), format!("Give one of the codes: {}.", all(|entry| entry.name_en))),
    ))
}

/// Refused lines after which any import stops: the file is another than the one meant, and a report of millions helps nobody.
pub const MOST_REFUSED: usize = 10_000;

/// What an import of a list did, or with a dry run would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Outcome {
    /// Codes that the list holds.
    pub listed: u64,
    /// Codes that are new.
    pub added: u64,
    /// Codes whose name or place changed, or that are valid again.
    pub changed: u64,
    /// Codes that were there as they are.
    pub unchanged: u64,
    /// Codes that it no longer holds: kept, with the day they were last valid. None are retired while a line was refused.
    pub retired: u64,
    /// Lines that were refused.
    pub refused: Vec<RefusedLine>,
}

/// A line that was refused, and why.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RefusedLine {
    /// Its number, from 1.
    pub line: u64,
    /// Why, in Ukrainian.
    pub uk: String,
    /// Why, in English.
    pub en: String,
}

impl Outcome {
    /// Counts a listed code: as new, or by whether `same` as the one that is there. Says whether it is to be written.
    fn count<M>(&mut self, there: Option<&M>, same: impl Fn(&M) -> bool) -> bool {
        let same = there.map(same);
        *match same {
            None => &mut self.added,
            Some(false) => &mut self.changed,
            Some(true) => &mut self.unchanged,
        } += 1;
        same != Some(true)
    }

    /// The rows of a list; what is none is noted.
    fn rows<R>(&mut self, lines: impl Iterator<Item = Result<R, lists::LineError>>) -> Result<Vec<R>> {
        let mut rows = Vec::new();
        for line in lines {
            match line {
                Ok(row) => rows.push(row),
                Err(lists::LineError { line, reason: Said { uk, en } }) => self.refused.push(RefusedLine { line, uk, en }),
            }
            if self.refused.len() >= MOST_REFUSED {
                return Err(not_this_list(rows.len() + self.refused.len()));
            }
        }
        Ok(rows)
    }
}

/// Imports the whole codifier of territories. The list is read to its end before anything is locked.
///
/// # Errors
/// When the caller is no administrator, or the database refuses; then nothing changed.
pub async fn import_territories(app: &App, actor: &Actor, list: impl Read, dry_run: bool) -> Result<Outcome> {
    may_import(actor)?;
    let mut outcome = Outcome::default();
    let mut rows = outcome.rows(lists::territories(list))?;
    let case = app.begin(actor).await?;
    let codes: Vec<String> = rows.iter().map(|row| row.code.to_string()).collect();
    let there: HashMap<String, territory::Model> = store::territories_there(&*case).await?.into_iter().map(|row| (row.code.clone(), row)).collect();
    rows.retain(|row| outcome.count(there.get(row.code.as_str()), |held| is_as_listed(held, row)));
    store::put_territories(&*case, rows.iter().map(territory_row).collect()).await?;
    let listed = Listed { scheme: "KATOTTG", codes: codes.into_iter().collect(), dry_run };
    if outcome.refused.is_empty() {
        outcome.retired = store::retire_territories(&*case, &listed.codes, yesterday(&case)).await?;
    }
    listed.close(case, outcome).await
}

/// Imports the whole list of a classification. The list is read to its end before anything is locked.
///
/// # Errors
/// When the caller is no administrator, or the database refuses; then nothing changed.
pub async fn import_classification(app: &App, actor: &Actor, scheme: &str, format: lists::Format, list: impl Read, dry_run: bool) -> Result<Outcome> {
    may_import(actor)?;
    let mut outcome = Outcome::default();
    let rows = outcome.rows(lists::classification(list, scheme, format))?;
    let case = app.begin(actor).await?;
    let there: HashMap<String, classification::Model> = store::classifications(&*case, scheme).await?.into_iter().map(|row| (row.code.clone(), row)).collect();
    let listed = Listed { scheme, codes: rows.iter().map(|row| row.code.clone()).collect(), dry_run };
    let mut rows: Vec<lists::ClassificationRow> = rows.into_iter().map(|row| with_held_names(row, &there)).collect();
    rows.retain(|row| outcome.count(there.get(&row.code), |held| (&held.parent, &held.name_uk, &held.name_en, held.valid_to) == (&row.parent, &row.name_uk, &row.name_en, None)));
    store::put_classifications(&*case, rows.into_iter().map(classification_row).collect(), &[Parent, NameUk, NameEn, NameKey, ValidTo]).await?;
    if outcome.refused.is_empty() {
        outcome.retired = store::retire_classifications(&*case, scheme, &listed.codes, yesterday(&case)).await?;
    }
    listed.close(case, outcome).await
}

fn not_this_list(read: usize) -> Error {
    Error::bad_input(
        "file",
        Said::new(
            format!("Імпорт зупинено, нічого не змінено: відхилено {MOST_REFUSED} рядків із {read} прочитаних."),
            format!("The import was stopped and nothing changed: {MOST_REFUSED} of the {read} lines read were refused."),
        ),
        Said::new("Перевірте, чи це той перелік і чи цілий файл, та імпортуйте його ще раз.", "Check that it is the right list and the file is whole, and import it again."),
    )
}

/// A list that was read.
struct Listed<'a> {
    scheme: &'a str,
    codes: HashSet<String>,
    dry_run: bool,
}

impl Listed<'_> {
    /// Notes that the list is whole, unless a line was refused, and makes the import last, unless it only says what would happen.
    async fn close(self, case: UseCase<'_>, mut outcome: Outcome) -> Result<Outcome> {
        outcome.listed = u64::try_from(self.codes.len()).unwrap_or_default();
        if self.dry_run || self.codes.is_empty() {
            return Ok(outcome);
        }
        if outcome.refused.is_empty() {
            store::set_setting(&*case, &store::complete_key(self.scheme), &case.now.to_rfc3339()).await?;
        }
        store::mark_changed(&*case, &case.new_id().to_string()).await?;
        case.commit().await?;
        Ok(outcome)
    }
}

/// Reference lists are the administrator's.
fn may_import(actor: &Actor) -> Result<()> {
    allow(actor, Actor::acts_as_administrator, Said::new("Переліки кодів завантажує адміністратор.", "Reference lists are imported by the administrator."))
}

fn yesterday(case: &UseCase<'_>) -> NaiveDate {
    let today = case.now.date_naive();
    today.pred_opt().unwrap_or(today)
}

fn builtin_territory(unit: &builtin::Territory) -> territory::ActiveModel {
    territory::ActiveModel {
        code: Set(unit.code.to_owned()),
        parent: Set(None),
        category: Set(unit.category.to_owned()),
        level: Set(lists::level(unit.category)),
        iso: Set(Some(unit.iso.to_owned())),
        name_uk: Set(unit.name_uk.to_owned()),
        name_en: Set(Some(unit.name_en.to_owned())),
        name_key: Set(text::key(&format!("{} {}", unit.name_uk, unit.name_en))),
        valid_to: Set(None),
    }
}

fn territory_row(row: &lists::TerritoryRow) -> territory::ActiveModel {
    territory::ActiveModel {
        code: Set(row.code.to_string()),
        parent: Set(row.parent.as_ref().map(ToString::to_string)),
        category: Set(row.category.clone()),
        level: Set(lists::level(&row.category)),
        iso: Set(None),
        name_key: Set(text::key(&row.name_uk)),
        name_uk: Set(row.name_uk.clone()),
        name_en: Set(None),
        valid_to: Set(None),
    }
}

fn builtin_classification(entry: builtin::ClassificationEntry) -> classification::ActiveModel {
    classification::ActiveModel {
        scheme: Set(entry.scheme.to_owned()),
        code: Set(entry.code.to_owned()),
        parent: Set(entry.parent),
        name_key: Set(text::key(&format!("{} {}", entry.name_uk, entry.name_en))),
        name_uk: Set(Some(entry.name_uk.to_owned())),
        name_en: Set(Some(entry.name_en.to_owned())),
        valid_to: Set(None),
    }
}

/// Whether a territory is in the database as the list has it.
fn is_as_listed(held: &territory::Model, row: &lists::TerritoryRow) -> bool {
    held.parent.as_deref() == row.parent.as_ref().map(KatottgCode::as_str) && held.category == row.category && held.name_uk == row.name_uk && held.valid_to.is_none()
}

/// A list in one language keeps the names of the other that are there.
fn with_held_names(row: lists::ClassificationRow, there: &HashMap<String, classification::Model>) -> lists::ClassificationRow {
    let held = there.get(&row.code);
    lists::ClassificationRow {
        name_uk: row.name_uk.or_else(|| held.and_then(|held| held.name_uk.clone())),
        name_en: row.name_en.or_else(|| held.and_then(|held| held.name_en.clone())),
        ..row
    }
}

fn classification_row(row: lists::ClassificationRow) -> classification::ActiveModel {
    classification::ActiveModel {
        scheme: Set(row.scheme),
        code: Set(row.code),
        parent: Set(row.parent),
        name_key: Set(text::keys([row.name_uk.as_ref(), row.name_en.as_ref()])),
        name_uk: Set(row.name_uk),
        name_en: Set(row.name_en),
        valid_to: Set(None),
    }
}
