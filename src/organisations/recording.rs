//! Recording what a source says: awards as past works of their bidders, parties that are new, in the use case of an import.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use entity::organisation::{Kind, Verification};
use entity::{Codes, identifier, organisation, past_work};
use sea_orm::ActiveValue::Set;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::rules::Identifier;
use super::service::{identifier_row, past_work_event};
use super::store;
use crate::app::{App, UseCase};
use crate::db::insert_many;
use crate::error::Result;
use crate::events::{Audience, Event, EventKind};
use crate::ids::NodeKind;
use crate::money::Money;
use crate::text;

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Businesses and buyers that were new.
    pub organisations: u64,
    /// Past works that were new.
    pub past_works: u64,
    /// Rows that were there already.
    pub unchanged: u64,
}

/// Records a batch of awards in the use case of an import: businesses and buyers that are new, and past works that are new.
///
/// # Errors
/// When the database refuses; then nothing of the batch is recorded.
pub async fn record_awards(case: &mut UseCase<'_>, source: &str, awards: Vec<Award>) -> Result<Recorded> {
    let mut recorded = Recorded::default();
    let mut seen = recorded_awards(&**case, source, &awards).await?;
    let mut parties = Parties::known(&**case, awards.iter().flat_map(Award::parties)).await?;
    let mut works = Vec::with_capacity(awards.len());
    for award in awards {
        if !seen.insert(award.key.clone()) {
            recorded.unchanged += 1;
            continue;
        }
        let oblast = award.oblast.as_deref();
        let organisation = parties.of(case, source, &Party { kind: Kind::Business, identifier: &award.supplier, name: award.supplier_name.as_deref(), oblast });
        let buyer =
            award.buyer.as_ref().map(|buyer| parties.of(case, source, &Party { kind: Kind::PublicBody, identifier: buyer, name: award.buyer_name.as_deref(), oblast: None }));
        let id = case.new_id();
        case.record(past_work_event(id, organisation));
        works.push(award_row(case, source, id, (organisation, buyer), award));
    }
    recorded.organisations = parties.insert(case).await?;
    recorded.past_works = count(works.len());
    insert_many(&**case, works).await?;
    Ok(recorded)
}

/// Says what [`record_awards`] would do; `met` holds the identifiers of the organisations that earlier batches would have made.
///
/// # Errors
/// When the database cannot be read.
pub async fn preview_awards(app: &App, source: &str, awards: &[Award], met: &mut BTreeSet<(String, String)>) -> Result<Recorded> {
    let mut recorded = Recorded::default();
    let mut seen = recorded_awards(app.db.reader(), source, awards).await?;
    let parties = Parties::known(app.db.reader(), awards.iter().flat_map(Award::parties)).await?;
    for award in awards {
        if !seen.insert(award.key.clone()) {
            recorded.unchanged += 1;
            continue;
        }
        recorded.past_works += 1;
        recorded.organisations += count(award.parties().filter(|party| parties.would_make(party, met)).count());
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

/// The organisations of a batch of an import: those that are known, and those to be made.
#[derive(Default)]
pub struct Parties {
    owners: HashMap<(String, String), Uuid>,
    organisations: Vec<organisation::ActiveModel>,
    identifiers: Vec<identifier::ActiveModel>,
}

impl Parties {
    /// Looks up whose the identifiers of a batch are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn known(connection: &impl ConnectionTrait, identifiers: impl Iterator<Item = &Identifier>) -> Result<Self> {
        let mut by_scheme: HashMap<&str, BTreeSet<String>> = HashMap::new();
        for Identifier { scheme, value, .. } in identifiers {
            by_scheme.entry(scheme).or_default().insert(value.clone());
        }
        let mut owners = HashMap::new();
        for (scheme, values) in by_scheme {
            let values: Vec<String> = values.into_iter().collect();
            let found = store::owners_of(connection, scheme, &values).await?;
            owners.extend(found.into_iter().map(|(value, id)| ((scheme.to_owned(), value), id)));
        }
        Ok(Self { owners, ..Self::default() })
    }

    /// The organisation of a party, made if nobody has its identifier.
    pub fn of(&mut self, case: &mut UseCase<'_>, source: &str, party: &Party<'_>) -> Uuid {
        let key = (party.identifier.scheme.clone(), party.identifier.value.clone());
        if let Some(id) = self.owners.get(&key) {
            return *id;
        }
        let id = case.new_id();
        self.organisations.push(imported_row(case, id, party));
        self.identifiers.push(identifier_row(case.new_id(), id, party.identifier.clone()));
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

    /// Whether a party would be made now, when `met` holds those that would have been made before.
    pub fn would_make(&self, identifier: &Identifier, met: &mut BTreeSet<(String, String)>) -> bool {
        let key = (identifier.scheme.clone(), identifier.value.clone());
        !self.owners.contains_key(&key) && met.insert(key)
    }

    /// Writes the organisations that are new; returns how many.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn insert(self, case: &UseCase<'_>) -> Result<u64> {
        let made = count(self.organisations.len());
        insert_many(&**case, self.organisations).await?;
        insert_many(&**case, self.identifiers).await?;
        Ok(made)
    }
}

fn imported_row(case: &UseCase<'_>, id: Uuid, party: &Party<'_>) -> organisation::ActiveModel {
    let Party { kind, identifier, name, oblast } = *party;
    let name = name.map_or_else(|| format!("{} {}", identifier.scheme, identifier.shown), str::to_owned);
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
