//! Recording what a source says: awards as past works of their bidders, parties that are new, in the use case of an import.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use entity::organisation::{Kind, Verification};
use entity::{Codes, identifier, organisation, past_work};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait as _, ConnectionTrait};
use serde_json::json;
use uuid::Uuid;

use super::rules::{Identifier, WORKERS, kind_fits, placeholder};
use super::service::{identifier_row, past_work_event};
use super::store;
use crate::app::{App, UseCase};
use crate::auth::Actor;
use crate::db::insert_many;
use crate::error::{Code, Error, Result};
use crate::events::{Audience, Event, EventKind};
use crate::ids::NodeKind;
use crate::locale::Said;
use crate::money::Money;
use crate::{accounts, text};

/// One award of a source: a past work of a business that the source names.
#[derive(Clone, Debug)]
pub struct Award {
    /// The row of the source, unique within it.
    pub key: String,
    /// The business's identifier.
    pub supplier: Identifier,
    /// The business's name, where the source gives it.
    pub supplier_name: Option<String>,
    /// The business's oblast, where the source gives it.
    pub oblast: Option<String>,
    /// What the work was.
    pub title: String,
    /// Language of the title.
    pub language: Option<String>,
    /// CPV code.
    pub cpv: Option<String>,
    /// `works`, `services` or `goods`.
    pub category: Option<String>,
    /// KATOTTG code or prefix of the place.
    pub territory: Option<String>,
    /// The buyer's identifier, where the source gives it.
    pub buyer: Option<Identifier>,
    /// The buyer's name.
    pub buyer_name: Option<String>,
    /// Value.
    pub value: Option<Money>,
    /// Day of the award.
    pub awarded_on: Option<NaiveDate>,
    /// Whether it was won.
    pub outcome: past_work::Outcome,
    /// How many bid.
    pub bidders: Option<i32>,
}

/// What recording a batch of awards did.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// Businesses and buyers that were new.
    pub organisations: u64,
    /// Past works that were new.
    pub past_works: u64,
    /// Organisations that had no name yet and got one.
    pub named: u64,
    /// Rows that were there already.
    pub unchanged: u64,
    /// Awards that were refused, by their keys.
    pub refused: Vec<(String, Error)>,
}

/// Records a batch of awards in the use case of an import: businesses and buyers that are new, and past works that are new.
///
/// # Errors
/// When the database refuses; then nothing of the batch is recorded.
pub async fn record_awards(case: &mut UseCase<'_>, source: &str, awards: Vec<Award>) -> Result<Recorded> {
    let mut recorded = Recorded::default();
    let mut seen = recorded_awards(&**case, source, &awards).await?;
    let mut parties = Parties::known(&**case, awards.iter().flat_map(Award::parties)).await?;
    parties.hold(case).await?;
    let mut works = Vec::with_capacity(awards.len());
    for award in awards {
        let supplier = Party { kind: Kind::Business, identifier: &award.supplier, name: award.supplier_name.as_deref(), oblast: award.oblast.as_deref() };
        let buyer = award.buyer.as_ref().map(|buyer| Party { kind: Kind::PublicBody, identifier: buyer, name: award.buyer_name.as_deref(), oblast: None });
        if !seen.insert(award.key.clone()) {
            recorded.unchanged += 1;
            std::iter::once(&supplier).chain(&buyer).for_each(|party| parties.name(case, source, party));
            continue;
        }
        if let Err(refusal) = parties.takes("supplier_id", &award.supplier, &WORKERS) {
            recorded.refused.push((award.key, refusal));
            continue;
        }
        let organisation = parties.of(case, source, &supplier);
        let buyer = buyer.map(|buyer| parties.of(case, source, &buyer));
        let id = case.new_id();
        case.record(past_work_event(EventKind::PastWorkRecorded, id, organisation));
        works.push(award_row(case, source, id, (organisation, buyer), award));
    }
    (recorded.organisations, recorded.named) = parties.write(case).await?;
    recorded.past_works = count(works.len());
    insert_many(&**case, works).await?;
    Ok(recorded)
}

/// Says what [`record_awards`] would do; `met` holds the identifiers of the organisations that earlier batches would have made.
///
/// # Errors
/// When the database cannot be read.
pub async fn preview_awards(app: &App, source: &str, awards: &[Award], met: &mut Met) -> Result<Recorded> {
    let mut recorded = Recorded::default();
    let mut seen = recorded_awards(app.db.reader(), source, awards).await?;
    let parties = Parties::known(app.db.reader(), awards.iter().flat_map(Award::parties)).await?;
    for award in awards {
        if !seen.insert(award.key.clone()) {
            recorded.unchanged += 1;
        } else if let Err(refusal) = parties.takes("supplier_id", &award.supplier, &WORKERS) {
            recorded.refused.push((award.key.clone(), refusal));
            continue;
        } else {
            recorded.past_works += 1;
            recorded.organisations += count(award.parties().filter(|party| parties.would_make(party, met)).count());
        }
        let names = [(Some(&award.supplier), &award.supplier_name), (award.buyer.as_ref(), &award.buyer_name)];
        recorded.named += count(names.into_iter().filter(|(party, name)| party.is_some_and(|party| name.is_some() && parties.would_name(party, met))).count());
    }
    Ok(recorded)
}

async fn recorded_awards(connection: &impl ConnectionTrait, source: &str, awards: &[Award]) -> Result<HashSet<String>> {
    let keys: Vec<String> = awards.iter().map(|award| award.key.clone()).collect();
    Ok(store::recorded_keys(connection, source, &keys).await?.into_iter().collect())
}

impl Award {
    /// The identifiers that an award names.
    fn parties(&self) -> impl Iterator<Item = &Identifier> {
        std::iter::once(&self.supplier).chain(&self.buyer)
    }
}

/// An organisation that a row of a source names.
#[derive(Clone, Copy, Debug)]
pub struct Party<'a> {
    /// What it is, if it is new.
    pub kind: Kind,
    /// Its identifier.
    pub identifier: &'a Identifier,
    /// Its name, where the source gives it.
    pub name: Option<&'a str>,
    /// The prefix of its oblast, where the source gives it.
    pub oblast: Option<&'a str>,
}

impl Party<'_> {
    /// Scheme and value of its identifier.
    fn key(&self) -> (String, String) {
        (self.identifier.scheme.clone(), self.identifier.value.clone())
    }
}

/// Identifiers (scheme and value) that earlier batches of a dry run have met.
#[derive(Debug, Default)]
pub struct Met {
    made: BTreeSet<(String, String)>,
    named: BTreeSet<(String, String)>,
}

/// The refusal of a fact about an organisation that somebody registered and nobody has checked.
fn unchecked(column: &str) -> Error {
    Error::refused(
        Code::NotVerified,
        column,
        Said::new("Організацію з цим кодом тут зареєстрували, але ще не перевірили.", "An organisation with this number was registered here and has not been verified yet."),
        Said::new("Перевірте її (verifyOrganisation) і повторіть імпорт того самого файлу.", "Verify it (verifyOrganisation), then import the same file again."),
    )
}

/// The organisations of a batch of an import: those that are known, those to be made, and those that get their name.
#[derive(Default)]
pub struct Parties {
    owners: HashMap<(String, String), Uuid>,
    /// Those that people look after, with what they are and whether that was checked.
    kept: HashMap<Uuid, (Kind, Verification)>,
    organisations: Vec<organisation::ActiveModel>,
    /// By scheme and value: in one order for everybody, so that an import and somebody who registers the same numbers do not
    /// wait for each other.
    identifiers: BTreeMap<(String, String), identifier::ActiveModel>,
    /// Those that are called by their number, with their version; none for one that is to be made.
    nameless: HashMap<Uuid, Option<i32>>,
    named: Vec<(Uuid, i32, String)>,
}

impl Parties {
    /// Looks up whose the identifiers of a batch are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn known(connection: &impl ConnectionTrait, identifiers: impl Iterator<Item = &Identifier>) -> Result<Self> {
        let mut by_scheme: HashMap<&str, HashMap<String, String>> = HashMap::new();
        for identifier in identifiers {
            by_scheme.entry(&identifier.scheme).or_default().insert(identifier.value.clone(), placeholder(&identifier.scheme, &identifier.shown));
        }
        let (mut owners, mut placeholders) = (HashMap::new(), HashMap::new());
        for (scheme, values) in by_scheme {
            let wanted: Vec<String> = values.keys().cloned().collect();
            for (value, id) in store::owners_of(connection, scheme, &wanted).await? {
                placeholders.extend(values.get(&value).map(|placeholder| (id, placeholder.clone())));
                owners.insert((scheme.to_owned(), value), id);
            }
        }
        let called = store::called(connection, placeholders.keys().copied().collect()).await?;
        let nameless = called.into_iter().filter(|(id, name, _)| name.as_ref() == placeholders.get(id)).map(|(id, _, version)| (id, Some(version))).collect();
        let kept = accounts::store::with_members(connection, placeholders.into_keys().collect()).await?;
        let kept = store::by_ids(connection, &Actor::system(), kept).await?.into_iter().map(|row| (row.id, (row.kind, row.verification))).collect();
        Ok(Self { owners, kept, nameless, ..Self::default() })
    }

    /// Whether a fact goes to the organisation of an identifier. To one that people look after it does once that was checked,
    /// so that whoever registers a stranger's number gains nothing by it, and if it is of a kind that has such facts.
    ///
    /// # Errors
    /// When it does not yet; the same row goes in once it does.
    pub fn takes(&self, column: &str, identifier: &Identifier, kinds: &[Kind]) -> Result<()> {
        let key = (identifier.scheme.clone(), identifier.value.clone());
        let Some((kind, verification)) = self.owners.get(&key).and_then(|id| self.kept.get(id)) else { return Ok(()) };
        if *verification != Verification::Verified {
            return Err(unchecked(column));
        }
        kind_fits(column, *kind, kinds)
    }

    /// Holds those that may get their name, so that nobody changes them meanwhile.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn hold(&mut self, case: &UseCase<'_>) -> Result<()> {
        let mut ids: Vec<Uuid> = self.nameless.keys().copied().collect();
        ids.sort_unstable();
        let versions: HashMap<Uuid, i32> = store::versions_to_change(&**case, ids).await?.into_iter().collect();
        self.nameless.retain(|id, version| *version == versions.get(id).copied());
        Ok(())
    }

    /// The organisation of a party, made if nobody has its identifier.
    pub fn of(&mut self, case: &mut UseCase<'_>, source: &str, party: &Party<'_>) -> Uuid {
        let key = party.key();
        if let Some(id) = self.owners.get(&key).copied() {
            self.name(case, source, party);
            return id;
        }
        let id = case.new_id();
        if party.name.is_none() {
            self.nameless.insert(id, None);
        }
        self.organisations.push(imported_row(case, id, party));
        self.identifiers.insert(key.clone(), identifier_row(case.new_id(), id, party.identifier.clone()));
        case.record(Event {
            kind: EventKind::OrganisationImported,
            node: NodeKind::Organisation,
            id,
            version: 1,
            audience: Audience::everybody(id),
            detail: json!({ "source": source }),
        });
        self.owners.insert(key, id);
        id
    }

    /// Gives an organisation that is called by its number the name that a source has for it.
    pub fn name(&mut self, case: &mut UseCase<'_>, source: &str, party: &Party<'_>) {
        let (Some(id), Some(name)) = (self.owners.get(&party.key()).copied(), party.name) else { return };
        match self.nameless.remove(&id) {
            None => {}
            Some(None) => {
                if let Some(made) = self.organisations.iter_mut().find(|made| made.id == Set(id)) {
                    (made.name_uk, made.name_key) = (Set(Some(name.to_owned())), Set(text::key(name)));
                }
            }
            Some(Some(version)) => {
                let detail = json!({ "source": source });
                case.record(Event { kind: EventKind::OrganisationUpdated, node: NodeKind::Organisation, id, version: version + 1, audience: Audience::everybody(id), detail });
                self.named.push((id, version, name.to_owned()));
            }
        }
    }

    /// Whether a party would be made now, when `met` holds those that would have been made before.
    pub fn would_make(&self, identifier: &Identifier, met: &mut Met) -> bool {
        let key = (identifier.scheme.clone(), identifier.value.clone());
        !self.owners.contains_key(&key) && met.made.insert(key)
    }

    /// Whether a party would get its name now, when `met` holds those that would have got theirs before.
    pub fn would_name(&self, identifier: &Identifier, met: &mut Met) -> bool {
        let key = (identifier.scheme.clone(), identifier.value.clone());
        self.owners.get(&key).is_some_and(|id| self.nameless.contains_key(id)) && met.named.insert(key)
    }

    /// Writes the organisations that are new and the names of those that had none; returns how many of each.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn write(self, case: &UseCase<'_>) -> Result<(u64, u64)> {
        let counts = (count(self.organisations.len()), count(self.named.len()));
        insert_many(&**case, self.organisations).await?;
        insert_many(&**case, self.identifiers.into_values().collect()).await?;
        for (id, version, name) in self.named {
            let row = organisation::ActiveModel {
                id: Set(id),
                name_key: Set(text::key(&name)),
                name_uk: Set(Some(name)),
                updated_at: Set(case.now),
                version: Set(version + 1),
                ..Default::default()
            };
            row.update(&**case).await?;
        }
        Ok(counts)
    }
}

fn imported_row(case: &UseCase<'_>, id: Uuid, party: &Party<'_>) -> organisation::ActiveModel {
    let Party { kind, identifier, name, oblast } = *party;
    let name = name.map_or_else(|| placeholder(&identifier.scheme, &identifier.shown), str::to_owned);
    organisation::ActiveModel {
        id: Set(id),
        kind: Set(kind),
        name_key: Set(text::key(&name)),
        name_uk: Set(Some(name)),
        name_en: Set(None),
        territory: Set(None),
        oblast: Set(oblast.map(str::to_owned)),
        activities: Set(Codes::default()),
        scale: Set(None),
        verification: Set(Verification::Unverified),
        owner_municipality_id: Set(None),
        contact_email: Set(None),
        created_at: Set(case.now),
        updated_at: Set(case.now),
        version: Set(1),
    }
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

fn award_row(case: &UseCase<'_>, source: &str, id: Uuid, (organisation, buyer): (Uuid, Option<Uuid>), award: Award) -> past_work::ActiveModel {
    past_work::ActiveModel {
        id: Set(id),
        organisation_id: Set(organisation),
        title: Set(award.title),
        language: Set(award.language),
        cpv: Set(award.cpv),
        category: Set(award.category),
        territory: Set(award.territory),
        buyer_id: Set(buyer),
        buyer_name: Set(award.buyer_name),
        value: Set(award.value.map(|value| value.minor)),
        currency: Set(award.value.map(|value| value.currency.code().to_owned())),
        awarded_on: Set(award.awarded_on),
        outcome: Set(award.outcome),
        bidders: Set(award.bidders),
        source: Set(source.to_owned()),
        source_key: Set(Some(award.key)),
        created_at: Set(case.now),
    }
}
