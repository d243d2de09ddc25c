//! Tables of tenders: each row becomes a project of its buyer with one work package.
//!
//! A finished tender is a reference that no call can open, an open one a project in DEFINED; one that was cancelled or drew
//! no bid is a project in CANCELLED with the source's own word for it as the reason, seen by its buyer and the association.

use super::cells::Cells;
use super::import::{Done, Facts};
use super::tables::{Column, column};
use crate::app::{App, UseCase};
use crate::error::{Error, Result, Together as _};
use crate::locale::Said;
use crate::organisations::recording::Met;
use crate::organisations::rules::LONGEST_NAME;
use crate::projects::recording::{self, Standing, Tender};
use crate::projects::rules::LONGEST_TITLE;

/// Most characters of a status.
const LONGEST_STATUS: usize = 100;

/// The columns of a table of tenders.
pub const COLUMNS: &[Column] = &[
    column("key", &["tender_id", "ocid", "id"], true, "id of the tender, unique in its source"),
    column("title", &["text"], true, "what is bought"),
    column("language", &["lang"], false, "language of the title, BCP 47"),
    column("cpv", &["dk021", "classification"], false, "DK 021 (CPV) code"),
    column("category", &["kind"], false, "works, services or goods"),
    column("region", &["oblast", "area"], false, "oblast of the work, by name or ISO 3166-2"),
    column("territory", &["katottg"], false, "KATOTTG code of the place; goes before region"),
    column("buyer_scheme", &[], false, "org-id.guide scheme of buyer_id; without it 8 digits are UA-EDR, anything else X-<source>"),
    column("buyer_id", &["buyer_edrpou", "buyer"], true, "identifier of the buyer"),
    column("buyer_name", &[], false, "name of the buyer"),
    column("value", &["amount"], false, "expected value, with currency beside it"),
    column("currency", &[], false, "ISO 4217 currency of value"),
    column("value_uah", &["amount_uah"], false, "expected value in UAH"),
    column("value_eur", &["amount_eur"], false, "expected value in EUR"),
    column("value_usd", &["amount_usd"], false, "expected value in USD"),
    column("date", &["published_on", "date_published"], false, "day of publication"),
    column("status", &["state"], true, "finished, open or cancelled, or what Prozorro calls it"),
    column("method", &["procedure"], false, "taken and not kept"),
];

/// What the states of Prozorro mean here, by their Ukrainian titles, their codes, and in plain English.
///
/// Until its contract is signed a tender is open, also where the winner is known: it may still fail.
const STATUSES: [(&str, Standing); 35] = [
    ("завершена", Standing::Finished),
    ("закупівля завершена", Standing::Finished),
    ("завершено", Standing::Finished),
    ("укладено договір", Standing::Finished),
    ("complete", Standing::Finished),
    ("completed", Standing::Finished),
    ("finished", Standing::Finished),
    ("closed", Standing::Finished),
    ("підготовка угоди", Standing::Open),
    ("пропозиції розглянуті", Standing::Open),
    ("подання пропозицій", Standing::Open),
    ("період уточнень", Standing::Open),
    ("прекваліфікація", Standing::Open),
    ("прекваліфікація (період оскаржень)", Standing::Open),
    ("аукціон", Standing::Open),
    ("кваліфікація переможця", Standing::Open),
    ("кваліфікація", Standing::Open),
    ("відкрита", Standing::Open),
    ("open", Standing::Open),
    ("active", Standing::Open),
    ("planned", Standing::Open),
    ("active.enquiries", Standing::Open),
    ("active.tendering", Standing::Open),
    ("active.pre-qualification", Standing::Open),
    ("active.auction", Standing::Open),
    ("active.qualification", Standing::Open),
    ("active.awarded", Standing::Open),
    ("торги відмінено", Standing::Cancelled),
    ("закупівля відмінена", Standing::Cancelled),
    ("відмінено", Standing::Cancelled),
    ("закупівля не відбулась", Standing::Cancelled),
    ("торги не відбулися", Standing::Cancelled),
    ("cancelled", Standing::Cancelled),
    ("unsuccessful", Standing::Cancelled),
    ("withdrawn", Standing::Cancelled),
];

/// Tenders as facts.
pub(super) struct Tenders;

impl Facts for Tenders {
    const COLUMNS: &'static [Column] = COLUMNS;
    type Fact = Tender;

    fn read(cells: &mut Cells<'_>) -> Result<Tender> {
        let standing = cells.one_of("status", &STATUSES).and_then(|standing| {
            standing.ok_or_else(|| {
                Error::bad_input("status", Said::new("Поле порожнє.", "The field is empty."), Said::new("Дайте finished, open або cancelled.", "Give finished, open or cancelled."))
            })
        });
        let what = (
            cells.key(),
            cells.required_identifier(("buyer_scheme", "buyer_id")),
            cells.optional_text("buyer_name", LONGEST_NAME),
            cells.text("title", LONGEST_TITLE),
            cells.language(),
            cells.cpv(),
            cells.category(),
        )
            .together();
        // Without a standing the status is told of once.
        let status = if standing.is_ok() { cells.text("status", LONGEST_STATUS) } else { Ok(String::new()) };
        let how = (cells.place(), cells.money(), cells.past_day("date"), standing, status).together();
        let ((key, buyer, buyer_name, title, language, cpv, category), (territory, value, published_on, standing, status)) = (what, how).together()?;
        Ok(Tender { key, buyer, buyer_name, title, language, cpv, category, territory, value, published_on, standing, status })
    }

    fn key(tender: &Tender) -> &str {
        &tender.key
    }

    async fn record(case: &mut UseCase<'_>, source: &str, tenders: Vec<Tender>) -> Result<Done> {
        let recording::Recorded { organisations, projects, named, unchanged, refused } = recording::record_tenders(case, source, tenders).await?;
        Ok(Done { organisations, recorded: projects, named, unchanged, refused })
    }

    async fn preview(app: &App, source: &str, tenders: Vec<Tender>, met: &mut Met) -> Result<Done> {
        let recording::Recorded { organisations, projects, named, unchanged, refused } = recording::preview_tenders(app, source, &tenders, met).await?;
        Ok(Done { organisations, recorded: projects, named, unchanged, refused })
    }
}
