//! Tables of awards: each row is one bid of one business, won or lost, and becomes a past work of that business.

use entity::past_work::Outcome;

use super::cells::Cells;
use super::import::{Done, Facts};
use super::tables::{Column, column};
use crate::app::{App, UseCase};
use crate::error::{Result, Together as _};
use crate::organisations::recording::{self, Award, Met};
use crate::organisations::rules::{LONGEST_NAME, LONGEST_TITLE};

/// The columns of a table of awards.
pub const COLUMNS: &[Column] = &[
    column("key", &["row", "id", "award_id", "tender_id"], true, "key of the row, unique in its source"),
    column("supplier_scheme", &[], false, "org-id.guide scheme of supplier_id; without it 8 digits are UA-EDR, 10 a sole trader, anything else X-<source>"),
    column("supplier_id", &["supplier_edrpou", "supplier"], true, "identifier of the business"),
    column("supplier_type", &[], false, "taken and not kept"),
    column("supplier_name", &[], false, "name of the business"),
    column("supplier_region", &[], false, "oblast of the business, by name or ISO 3166-2"),
    column("title", &["text", "description"], true, "what the work was"),
    column("language", &["lang"], false, "language of the title, BCP 47"),
    column("cpv", &["dk021", "classification"], false, "DK 021 (CPV) code"),
    column("category", &["kind"], false, "works, services or goods"),
    column("region", &["oblast", "area"], false, "oblast of the award, by name or ISO 3166-2"),
    column("territory", &["katottg"], false, "KATOTTG code of the place; goes before region"),
    column("buyer_scheme", &[], false, "org-id.guide scheme of buyer_id, as with supplier_scheme"),
    column("buyer_id", &["buyer_edrpou", "buyer"], false, "identifier of the buyer"),
    column("buyer_name", &[], false, "name of the buyer"),
    column("value", &["amount"], false, "value, with currency beside it"),
    column("currency", &[], false, "ISO 4217 currency of value"),
    column("value_uah", &["amount_uah"], false, "value in UAH"),
    column("value_eur", &["amount_eur"], false, "value in EUR"),
    column("value_usd", &["amount_usd"], false, "value in USD"),
    column("date", &["awarded_on", "award_date"], false, "day of the award"),
    column("outcome", &["status"], false, "won or bid; won when absent"),
    column("bidders", &["bids"], false, "how many bid"),
    column("procedure", &["method"], false, "taken and not kept"),
];

/// How sources say that a bid won or did not.
const OUTCOMES: [(&str, Outcome); 10] = [
    ("won", Outcome::Won),
    ("winner", Outcome::Won),
    ("active", Outcome::Won),
    ("переможець", Outcome::Won),
    ("перемога", Outcome::Won),
    ("bid", Outcome::Bid),
    ("lost", Outcome::Bid),
    ("unsuccessful", Outcome::Bid),
    ("учасник", Outcome::Bid),
    ("програш", Outcome::Bid),
];

/// Awards as facts.
pub(super) struct Awards;

impl Facts for Awards {
    const COLUMNS: &'static [Column] = COLUMNS;
    type Fact = Award;

    fn read(cells: &mut Cells<'_>) -> Result<Award> {
        let what = (
            cells.key(),
            cells.required_identifier(("supplier_scheme", "supplier_id")),
            cells.optional_text("supplier_name", LONGEST_NAME),
            cells.text("title", LONGEST_TITLE),
            cells.language(),
            cells.cpv(),
            cells.category(),
        )
            .together();
        let how = (
            cells.place(),
            cells.identifier(("buyer_scheme", "buyer_id")),
            cells.optional_text("buyer_name", LONGEST_NAME),
            cells.money(),
            cells.past_day("date"),
            cells.one_of("outcome", &OUTCOMES),
            cells.count("bidders"),
        )
            .together();
        let ((key, supplier, supplier_name, title, language, cpv, category), (territory, buyer, buyer_name, value, awarded_on, outcome, bidders)) = (what, how).together()?;
        let oblast = cells.oblast("supplier_region");
        let outcome = outcome.unwrap_or(Outcome::Won);
        Ok(Award { key, supplier, supplier_name, oblast, title, language, cpv, category, territory, buyer, buyer_name, value, awarded_on, outcome, bidders })
    }

    fn key(award: &Award) -> &str {
        &award.key
    }

    async fn record(case: &mut UseCase<'_>, source: &str, awards: Vec<Award>) -> Result<Done> {
        let recording::Recorded { organisations, past_works, named, unchanged, refused } = recording::record_awards(case, source, awards).await?;
        Ok(Done { organisations, recorded: past_works, named, unchanged, refused })
    }

    async fn preview(app: &App, source: &str, awards: Vec<Award>, met: &mut Met) -> Result<Done> {
        let recording::Recorded { organisations, past_works, named, unchanged, refused } = recording::preview_awards(app, source, &awards, met).await?;
        Ok(Done { organisations, recorded: past_works, named, unchanged, refused })
    }
}
