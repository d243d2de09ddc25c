//! Recording what a source says: tenders as projects with one work package, in the use case of an import.

use std::collections::HashSet;

use chrono::NaiveDate;
use entity::organisation::Kind;
use entity::project::{self, State};
use entity::{Codes, external_id, work_package};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::{rules, store};
use crate::app::{App, UseCase};
use crate::db::insert_many;
use crate::error::{Code, Error, Result};
use crate::events::{Audience, Event, EventKind};
use crate::ids::NodeKind;
use crate::locale::{Locale, Said, Translations};
use crate::money::Money;
use crate::organisations::recording::{Met, Parties, Party};
use crate::organisations::rules::{HOLDERS, Identifier};
use crate::{organisations, references, text};

/// One tender of a source, as a project with one work package.
#[derive(Clone, Debug)]
pub struct Tender {
    /// The tender's id at its source.
    pub key: String,
    /// The buyer's identifier.
    pub buyer: Identifier,
    /// The buyer's name, where the source gives it.
    pub buyer_name: Option<String>,
    /// What is bought.
    pub title: String,
    /// Language of the title.
    pub language: Option<String>,
    /// CPV code.
    pub cpv: Option<String>,
    /// `works`, `services` or `goods`.
    pub category: Option<String>,
    /// KATOTTG code or prefix of the place.
    pub territory: Option<String>,
    /// For how much.
    pub value: Option<Money>,
    /// When it was published.
    pub published_on: Option<NaiveDate>,
    /// Whether it is over.
    pub standing: Standing,
    /// What the source calls that.
    pub status: String,
}

/// Whether a tender is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Over with a contract: a reference that no call can open.
    Finished,
    /// Without a contract yet.
    Open,
    /// Given up, or without a bid.
    Cancelled,
}

impl Standing {
    /// The state of the project that a tender becomes.
    const fn state(self) -> State {
        match self {
            Self::Finished | Self::Open => State::Defined,
            Self::Cancelled => State::Cancelled,
        }
    }
}

/// What recording a batch of tenders did.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// Buyers that were new.
    pub organisations: u64,
    /// Projects that were new.
    pub projects: u64,
    /// Buyers that had no name yet and got one.
    pub named: u64,
    /// Rows that were there already.
    pub unchanged: u64,
    /// Tenders that were refused, by their keys.
    pub refused: Vec<(String, Error)>,
}

/// Records a batch of tenders in the use case of an import.
///
/// # Errors
/// When the database refuses; then nothing of the batch is recorded.
pub async fn record_tenders(case: &mut UseCase<'_>, source: &str, tenders: Vec<Tender>) -> Result<Recorded> {
    let mut recorded = Recorded::default();
    let mut there = There::read(&**case, source, &tenders).await?;
    let mut parties = Parties::known(&**case, tenders.iter().map(|tender| &tender.buyer)).await?;
    parties.hold(case).await?;
    let (mut projects, mut packages, mut externals) = (Vec::new(), Vec::new(), Vec::new());
    for tender in tenders {
        let oblast = tender.territory.as_deref().and_then(organisations::rules::oblast);
        let party = Party { kind: Kind::PublicBody, identifier: &tender.buyer, name: tender.buyer_name.as_deref(), oblast: oblast.as_deref() };
        match there.standing_of(&tender.key) {
            Row::New => {}
            Row::Recorded => {
                recorded.unchanged += 1;
                parties.name(case, source, &party);
                continue;
            }
            Row::Taken => {
                recorded.refused.push((tender.key.clone(), taken(source, &tender.key)));
                continue;
            }
        }
        if let Err(refusal) = parties.takes("buyer_id", &tender.buyer, &HOLDERS) {
            recorded.refused.push((tender.key, refusal));
            continue;
        }
        let buyer = parties.of(case, source, &party);
        let id = case.new_id();
        externals.push(external_id::ActiveModel { scheme: Set(source.to_owned()), value: Set(tender.key.clone()), project_id: Set(id) });
        let package = case.new_id();
        packages.push(tender_package(case, package, id, &tender));
        let audience = if rules::is_public(tender.standing.state()) { Audience::everybody(buyer) } else { Audience::members(buyer) };
        let detail = json!({ "source": source, "state": tender.standing.state().as_str(), "publishedOn": tender.published_on });
        let event = Event { kind: EventKind::ProjectImported, node: NodeKind::Project, id, version: 1, audience, detail };
        let package_event = Event { kind: EventKind::WorkPackageAdded, node: NodeKind::WorkPackage, id: package, ..event.clone() };
        case.record(event);
        case.record(package_event);
        projects.push(tender_project(case, source, id, buyer, tender));
        recorded.projects += 1;
    }
    // Only what is taken gets a number.
    let references = references::next_many(case, "P", i32::try_from(projects.len()).map_err(Error::internal)?).await?;
    for (project, reference) in projects.iter_mut().zip(references) {
        project.reference = Set(reference);
    }
    (recorded.organisations, recorded.named) = parties.write(case).await?;
    insert_many(&**case, projects).await?;
    insert_many(&**case, packages).await?;
    store::insert_external_ids(&**case, externals).await?;
    Ok(recorded)
}

/// How the tender of a row stands to what is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Row {
    New,
    Recorded,
    /// A project that somebody set up here has the tender's id as its own.
    Taken,
}

/// The tenders of a batch that are here already.
struct There {
    recorded: HashSet<String>,
    taken: HashSet<String>,
}

impl There {
    async fn read(connection: &impl ConnectionTrait, source: &str, tenders: &[Tender]) -> Result<Self> {
        let keys: Vec<String> = tenders.iter().map(|tender| tender.key.clone()).collect();
        let recorded: HashSet<String> = store::recorded_keys(connection, source, &keys).await?.into_iter().collect();
        let known = store::known_external_ids(connection, source, &keys).await?;
        let taken = known.into_iter().filter(|key| !recorded.contains(key)).collect();
        Ok(Self { recorded, taken })
    }

    /// How a tender stands; one that is new is recorded from now on.
    fn standing_of(&mut self, key: &str) -> Row {
        if self.taken.contains(key) {
            Row::Taken
        } else if self.recorded.insert(key.to_owned()) {
            Row::New
        } else {
            Row::Recorded
        }
    }
}

/// The refusal of a tender whose id a project that somebody set up here has.
fn taken(source: &str, key: &str) -> Error {
    Error::refused(
        Code::AlreadyExists,
        "key",
        Said::new(
            format!("Проєкт із зовнішнім ідентифікатором {source} {key} тут уже створили."),
            format!("A project with the external id {source} {key} was set up here already."),
        ),
        Said::new("Доповніть той проєкт; його знаходить запит project(externalId: …).", "Complete that project; the query project(externalId: …) finds it."),
    )
}

/// Says what [`record_tenders`] would do; `met` holds the identifiers of the organisations that earlier batches would have made.
///
/// # Errors
/// When the database cannot be read.
pub async fn preview_tenders(app: &App, source: &str, tenders: &[Tender], met: &mut Met) -> Result<Recorded> {
    let mut recorded = Recorded::default();
    let mut there = There::read(app.db.reader(), source, tenders).await?;
    let parties = Parties::known(app.db.reader(), tenders.iter().map(|tender| &tender.buyer)).await?;
    for tender in tenders {
        match there.standing_of(&tender.key) {
            Row::New => {
                if let Err(refusal) = parties.takes("buyer_id", &tender.buyer, &HOLDERS) {
                    recorded.refused.push((tender.key.clone(), refusal));
                    continue;
                }
                recorded.projects += 1;
                recorded.organisations += u64::from(parties.would_make(&tender.buyer, met));
            }
            Row::Recorded => recorded.unchanged += 1,
            Row::Taken => {
                recorded.refused.push((tender.key.clone(), taken(source, &tender.key)));
                continue;
            }
        }
        recorded.named += u64::from(tender.buyer_name.is_some() && parties.would_name(&tender.buyer, met));
    }
    Ok(recorded)
}

/// The project that a tender becomes, without its number yet.
fn tender_project(case: &UseCase<'_>, source: &str, id: Uuid, buyer: Uuid, tender: Tender) -> project::ActiveModel {
    let state = tender.standing.state();
    let text_key = text::key(&tender.title);
    let title = titles(tender.language.as_deref(), tender.title);
    project::ActiveModel {
        id: Set(id),
        reference: NotSet,
        organisation_id: Set(buyer),
        programme_id: Set(None),
        text_key: Set(text_key),
        title_uk: Set(title.uk),
        title_en: Set(title.en),
        description_uk: Set(None),
        description_en: Set(None),
        sector: Set(None),
        project_type: Set(None),
        territory: Set(tender.territory),
        state: Set(state),
        state_comment: Set((state == State::Cancelled).then_some(tender.status)),
        finished: Set(tender.standing == Standing::Finished),
        source: Set(source.to_owned()),
        source_key: Set(Some(tender.key)),
        budget: Set(tender.value.map(|value| value.minor)),
        currency: Set(tender.value.map(|value| value.currency.code().to_owned())),
        created_at: Set(case.now),
        updated_at: Set(case.now),
        version: Set(1),
    }
}

/// A title under its language; one whose language is not told, or is neither of ours, stands where Ukrainian does.
fn titles(language: Option<&str>, title: String) -> Translations {
    match language.and_then(Locale::from_tag) {
        Some(Locale::En) => Translations { uk: None, en: Some(title) },
        Some(Locale::Uk) | None => Translations { uk: Some(title), en: None },
    }
}

fn tender_package(case: &UseCase<'_>, id: Uuid, project: Uuid, tender: &Tender) -> work_package::ActiveModel {
    let title = titles(tender.language.as_deref(), tender.title.clone());
    work_package::ActiveModel {
        id: Set(id),
        project_id: Set(project),
        position: Set(1),
        title_uk: Set(title.uk),
        title_en: Set(title.en),
        description_uk: Set(None),
        description_en: Set(None),
        language: Set(tender.language.clone()),
        cpv: Set(Codes(tender.cpv.iter().cloned().collect())),
        category: Set(tender.category.clone()),
        budget: Set(tender.value.map(|value| value.minor)),
        currency: Set(tender.value.map(|value| value.currency.code().to_owned())),
        starts_on: Set(None),
        ends_on: Set(None),
        contributions: Set(Codes::default()),
        created_at: Set(case.now),
        updated_at: Set(case.now),
        version: Set(1),
    }
}
