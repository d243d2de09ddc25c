//! Registering organisations and what they say of themselves; `capability` is what they can do, `past_works` what they have done, and
//! `ownership` whose they are.

mod capability;
mod ownership;
mod past_works;

pub use capability::{Declare, declare_capability};
use ownership::founder;
pub use ownership::{hand_over, owner_account, ownerless, strike_contact};
pub(super) use past_works::past_work_event;
pub use past_works::{AddPastWork, add_past_work, remove_past_work};

use entity::organisation::{Kind, Scale, Verification};
use entity::{Codes, identifier, organisation};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use uuid::Uuid;

use super::rules::{self, Given, Identifier};
use super::{access, store};
use crate::accounts;
use crate::accounts::service::Ground;
use crate::app::{App, UseCase};
use crate::auth::{Actor, Role};
use crate::db::expect_version;
use crate::error::{Code, Error, Result, Together as _, unique_or};
use crate::events::{Audience, Event, EventKind};
use crate::ids::NodeKind;
use crate::locale::{Said, Translations};
use crate::reference;
use crate::reference::codes::{KatottgCode, KvedCode};
use crate::text;

/// What an organisation is registered with.
#[derive(Clone, Debug)]
pub struct Register {
    /// What it is.
    pub kind: Kind,
    /// Its names.
    pub name: Translations,
    /// Scheme and number of each register that knows it.
    pub identifiers: Vec<(String, String)>,
    /// Its seat.
    pub territory: Option<KatottgCode>,
    /// What it does, the primary activity first.
    pub activities: Vec<KvedCode>,
    /// Its size.
    pub scale: Option<Scale>,
    /// The municipality that owns it, if it is a utility.
    pub owner_municipality: Option<Uuid>,
    /// How to reach it.
    pub contact_email: Option<String>,
    /// Whose organisation it becomes, when the administrator registers it for somebody.
    pub owner_email: Option<String>,
}

/// Registers an organisation; who does it becomes its first owner and signer.
///
/// # Errors
/// When a value is wrong, whose it becomes has not confirmed their address, or one of the identifiers is registered already.
pub async fn register(app: &App, actor: &Actor, input: Register) -> Result<organisation::Model> {
    access::may_register(actor, input.kind)?;
    let Register { kind, name, identifiers, territory, activities, scale, owner_municipality, contact_email, owner_email } = input;
    let known = reference::service::known(app).await?;
    let (name, identifiers, territory, activities, contact_email, ()) = (
        rules::names(&name),
        typed_identifiers(app, &identifiers),
        territory.map(|code| known.territory("territory", &code)).transpose(),
        rules::kved_codes(&known, "activities", &activities),
        contact_address(contact_email.as_deref()),
        rules::owner_fits(kind, owner_municipality.is_some()),
    )
        .together()?;
    if let Some(owner) = owner_municipality {
        require_municipality(app, actor, owner).await?;
    }
    let owner = founder(app, actor, owner_email).await?;
    // A number that is free says so as much as one that is taken, so each counts.
    if !actor.sees_all() && identifiers.iter().any(|held| held.scheme == rules::UA_RNOKPP) {
        accounts::service::count_try(app, accounts::service::Braked::TaxNumber(owner)).await?;
    }

    let mut case = app.begin(actor).await?;
    let id = case.new_id();
    let row = organisation::ActiveModel {
        id: Set(id),
        kind: Set(kind),
        name_key: Set(text::keys([name.uk.as_ref(), name.en.as_ref()])),
        name_uk: Set(name.uk),
        name_en: Set(name.en),
        oblast: Set(territory.as_deref().and_then(rules::oblast)),
        territory: Set(territory),
        activities: Set(Codes(activities)),
        scale: Set(scale),
        verification: Set(if actor.acts_as_administrator() { Verification::Verified } else { Verification::Unverified }),
        owner_municipality_id: Set(owner_municipality),
        contact_email: Set(contact_email),
        created_at: Set(case.now),
        updated_at: Set(case.now),
        version: Set(1),
    };
    let made = row.insert(&*case).await?;
    for held in identifiers {
        identifier_row(case.new_id(), id, held).insert(&*case).await.map_err(|cause| unique_or(cause, taken))?;
    }
    accounts::service::grant(&mut case, owner, id, &[Role::Owner, Role::Signer], Ground::Founding).await?;
    case.record(event(EventKind::OrganisationRegistered, &made));
    case.commit().await?;
    Ok(made)
}

/// What an organisation says of itself anew; what is absent stays as it is.
#[derive(Clone, Debug)]
pub struct Update {
    /// Which organisation.
    pub id: Uuid,
    /// The version the caller read.
    pub expected_version: i32,
    /// Its names.
    pub name: Option<Translations>,
    /// Its seat.
    pub territory: Option<KatottgCode>,
    /// What it does.
    pub activities: Option<Vec<KvedCode>>,
    /// Its size.
    pub scale: Option<Scale>,
    /// How to reach it.
    pub contact_email: Option<String>,
}

/// Changes names, seat, activities, size or contact. A verified organisation that changes its name or seat is to be checked
/// anew; one that fills in for the first time what an import did not know stays verified, since its number was checked.
///
/// # Errors
/// When a value is wrong, the caller is no owner, or the version is stale.
pub async fn update(app: &App, actor: &Actor, input: Update) -> Result<organisation::Model> {
    let Update { id, expected_version, name, territory, activities, scale, contact_email } = input;
    let known = reference::service::known(app).await?;
    let mut case = app.begin(actor).await?;
    let mut row = required(&case, actor, "id", id).await?;
    access::may_edit_profile(actor, id)?;
    expect_version(expected_version, row.version)?;
    let moved = territory.as_ref().is_some_and(|seat| rules::moves(&row, seat));
    let (name, territory) = (name.map(|name| rules::names(&name)).transpose(), territory.map(|code| known.territory("territory", &code)).transpose()).together()?;
    let renamed = match &name {
        Some(name) => (&name.uk, &name.en) != (&row.name_uk, &row.name_en) && !is_nameless(&case, &row).await?,
        None => false,
    };
    if (renamed || moved) && row.verification == Verification::Verified {
        row.verification = Verification::Pending;
    }
    if let Some(name) = name {
        row.name_key = text::keys([name.uk.as_ref(), name.en.as_ref()]);
        (row.name_uk, row.name_en) = (name.uk, name.en);
    }
    if let Some(code) = territory {
        row.oblast = rules::oblast(&code);
        row.territory = Some(code);
    }
    if let Some(codes) = activities {
        row.activities = Codes(rules::kved_codes(&known, "activities", &codes)?);
    }
    if let Some(address) = contact_email {
        row.contact_email = contact_address(Some(&address))?;
    }
    row.scale = scale.or(row.scale);
    let row = save(&case, row).await?;
    case.record(event(EventKind::OrganisationUpdated, &row));
    case.commit().await?;
    Ok(row)
}

/// Whether an organisation is called by one of its numbers, as an import does where it has no name.
async fn is_nameless(case: &UseCase<'_>, row: &organisation::Model) -> Result<bool> {
    let numbers = store::identifiers(&**case, vec![row.id]).await?;
    Ok(row.name_en.is_none() && numbers.iter().any(|number| row.name_uk.as_deref() == Some(&rules::placeholder(&number.scheme, &number.shown))))
}

/// What the association found out about who an organisation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It is who it says.
    Verified,
    /// It is not.
    Rejected,
}

impl Finding {
    /// The code in the journal.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verified => Verification::Verified.as_str(),
            Self::Rejected => Verification::Rejected.as_str(),
        }
    }
}

/// Writes the association's finding on an organisation that the use case holds, and on which its actor may decide.
///
/// # Errors
/// When the database refuses.
pub async fn found(case: &mut UseCase<'_>, row: organisation::Model, finding: Finding) -> Result<organisation::Model> {
    found_because(case, row, finding, json!({ "finding": finding.as_str() })).await
}

async fn found_because(case: &mut UseCase<'_>, mut row: organisation::Model, finding: Finding, detail: Value) -> Result<organisation::Model> {
    row.verification = match finding {
        Finding::Verified => Verification::Verified,
        Finding::Rejected => Verification::Rejected,
    };
    let row = save(case, row).await?;
    case.record(Event { detail, ..event(EventKind::OrganisationVerified, &row) });
    Ok(row)
}

/// Notes that an organisation which the use case holds asked for its verification.
///
/// # Errors
/// When the database refuses.
pub async fn awaits_verification(case: &mut UseCase<'_>, mut row: organisation::Model) -> Result<organisation::Model> {
    row.verification = Verification::Pending;
    let row = save(case, row).await?;
    case.record(event(EventKind::OrganisationUpdated, &row));
    Ok(row)
}

/// The organisation that an identifier names; a sole trader's number finds nobody, since it is personal data.
///
/// # Errors
/// When the identifier's form is wrong or the database cannot be read.
pub async fn find(app: &App, actor: &Actor, scheme: &str, id: &str) -> Result<Option<organisation::Model>> {
    let wanted = rules::identifier(&app.keys, "identifier", scheme, id, Given::Imported)?;
    if wanted.scheme == rules::UA_RNOKPP && !actor.sees_all() {
        return Ok(None);
    }
    match store::owner_of(app.db.reader(), &wanted.scheme, &wanted.value).await? {
        Some(owner) => store::by_id(app.db.reader(), actor, owner).await,
        None => Ok(None),
    }
}

/// How to reach an organisation, for those who may know.
#[must_use]
pub fn contact<'a>(actor: &Actor, row: &'a organisation::Model) -> Option<&'a str> {
    row.contact_email.as_deref().filter(|_| access::sees_contacts(actor, row.id))
}

/// Takes the address at which an organisation is reached; an empty one is none.
fn contact_address(address: Option<&str>) -> Result<Option<String>> {
    address.filter(|address| !address.trim().is_empty()).map(|address| accounts::rules::email("contactEmail", address)).transpose()
}

fn typed_identifiers(app: &App, identifiers: &[(String, String)]) -> Result<Vec<Identifier>> {
    if identifiers.is_empty() {
        return Err(Error::bad_input(
            "identifiers",
            Said::new("Немає жодного ідентифікатора.", "There is no identifier."),
            Said::new("Дайте код ЄДРПОУ (схема UA-EDR) або номер іншого реєстру.", "Give the EDRPOU code (scheme UA-EDR), or the number of another register."),
        ));
    }
    text::at_most("identifiers", identifiers.len(), rules::MOST_IDENTIFIERS)?;
    let take = |(place, (scheme, id)): (usize, &(String, String))| rules::identifier(&app.keys, &format!("identifiers.{place}"), scheme, id, Given::Typed);
    let mut taken = identifiers.iter().enumerate().map(take).collect::<Vec<_>>().together()?;
    // In one order for everybody, so that two who register the same numbers do not wait for each other; each of them once.
    taken.sort_by(|left, right| (&left.scheme, &left.value).cmp(&(&right.scheme, &right.value)));
    taken.dedup_by(|left, right| (&left.scheme, &left.value) == (&right.scheme, &right.value));
    Ok(taken)
}

/// A municipality that the actor sees.
///
/// # Errors
/// When there is none with this id.
pub async fn require_municipality(app: &App, actor: &Actor, id: Uuid) -> Result<()> {
    let found = store::by_id(app.db.reader(), actor, id).await?.ok_or_else(|| Error::not_found("ownerMunicipalityId"))?;
    rules::kind_fits("ownerMunicipalityId", found.kind, &[Kind::Municipality])
}

/// An organisation that the actor sees, held until the use case ends.
///
/// # Errors
/// When there is none with this id.
pub async fn required(case: &UseCase<'_>, actor: &Actor, field: &str, id: Uuid) -> Result<organisation::Model> {
    store::to_change(&**case, actor, id).await?.ok_or_else(|| Error::not_found(field))
}

/// Writes the row with the next version.
async fn save(case: &UseCase<'_>, mut row: organisation::Model) -> Result<organisation::Model> {
    row.version += 1;
    row.updated_at = case.now;
    Ok(organisation::ActiveModel::from(row).reset_all().update(&**case).await?)
}

/// The row of an identifier.
pub(super) fn identifier_row(id: Uuid, organisation: Uuid, held: Identifier) -> identifier::ActiveModel {
    let Identifier { scheme, value, shown, checksum_valid } = held;
    identifier::ActiveModel { id: Set(id), organisation_id: Set(organisation), scheme: Set(scheme), value: Set(value), shown: Set(shown), checksum_valid: Set(checksum_valid) }
}

/// Whose identifier it is and whether they have an owner is not told: of a sole trader's number nobody learns more than that it
/// is taken.
fn taken() -> Error {
    Error::refused(
        Code::AlreadyExists,
        "identifiers",
        Said::new("Організація з таким ідентифікатором тут уже є.", "There is an organisation with this identifier here already."),
        Said::new(
            "Знайдіть її: organisation(identifier: …), а ФОП – за назвою в organisations; якщо не знайдете, напишіть асоціації. Якщо вона claimable, подайте на неї заявку (claimOrganisation), інакше попросіть її власника додати вас.",
            "Find it with organisation(identifier: …), or a sole trader by name in organisations; if you cannot, write to the association. If it is claimable, claim it with claimOrganisation; else ask its owner to add you.",
        ),
    )
}

fn event(kind: EventKind, row: &organisation::Model) -> Event {
    Event { kind, node: NodeKind::Organisation, id: row.id, version: row.version, audience: Audience::everybody(row.id), detail: json!({}) }
}
