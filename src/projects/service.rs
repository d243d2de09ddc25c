//! The use cases of a project; `packages` is what it is made of, `states` how it goes on.

mod packages;
mod states;

pub use packages::{Package, add_work_package, update_work_package};
pub use states::{advance, enter_partnering, move_back};

use std::collections::BTreeSet;

use entity::project::{self, State};
use entity::{call, external_id, project_need};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use serde_json::json;
use uuid::Uuid;

use self::packages::{budget_columns, insert_package, package_columns, package_event};
use super::rules::{self, Action};
use super::{access, store};
use crate::app::{App, UseCase};
use crate::auth::Actor;
use crate::db::expect_version;
use crate::error::{Code, Error, Result, Together as _, unique_or};
use crate::events::{Audience, Event, EventKind};
use crate::ids::NodeKind;
use crate::locale::{Said, Translations};
use crate::reference::codes::KatottgCode;
use crate::reference::known::Known;
use crate::{needs, organisations, programmes, reference, references, text};

/// What a project says.
#[derive(Clone, Debug)]
pub struct Content {
    /// The programme it belongs to.
    pub programme: Option<Uuid>,
    /// Its title.
    pub title: Translations,
    /// What it will do.
    pub description: Translations,
    /// OC4IDS project sector.
    pub sector: Option<String>,
    /// OC4IDS project type.
    pub project_type: Option<String>,
    /// Where.
    pub territory: Option<KatottgCode>,
}

/// A project to set up.
#[derive(Clone, Debug)]
pub struct Create {
    /// Who owns it.
    pub organisation: Uuid,
    /// What it says.
    pub content: Content,
    /// The needs it answers; each must be verified.
    pub needs: Vec<Uuid>,
    /// Its work packages, in their order.
    pub packages: Vec<Package>,
    /// Ids by which DREAM, Prozorro or OC4IDS knows it.
    pub external_ids: Vec<(String, String)>,
}

/// Sets up a project, adopting the needs it answers.
///
/// # Errors
/// When a value is wrong, a need is not verified or answered already, or the caller may not.
pub async fn create(app: &App, actor: &Actor, input: Create) -> Result<project::Model> {
    let Create { organisation, content, needs, packages, external_ids } = input;
    let known = reference::service::known(app).await?;
    let mut case = app.begin(actor).await?;
    let owner = organisations::store::by_id(&*case, actor, organisation).await?.ok_or_else(|| Error::not_found("organisationId"))?;
    access::may_edit(actor, organisation)?;
    case.acts_for(organisation);
    organisations::rules::holds_assets(owner.kind)?;
    (
        text::at_most("workPackages", packages.len(), rules::MOST_WORK_PACKAGES),
        text::at_most("needIds", needs.len(), rules::MOST_NEEDS),
        text::at_most("externalIds", external_ids.len(), rules::MOST_EXTERNAL_IDS),
    )
        .together()?;
    let package = |(place, package): (usize, Package)| package_columns(&known, package).map_err(|error| error.within_content(&format!("workPackages.{place}")));
    let packages = packages.into_iter().enumerate().map(package).collect::<Vec<_>>().together();
    let columns = content_columns(&case, &known, content).await.map_err(|error| error.within_content("project"));
    let (columns, packages) = (columns, packages).together()?;
    // In one order for everybody, so that two projects that answer the same needs do not wait for each other; and before a
    // number is taken, for which every new project would wait as long as this one waits for a need.
    let needs = BTreeSet::from_iter(needs);
    for need in &needs {
        needs::service::adopt(&mut case, *need, organisation).await?;
    }
    let id = case.new_id();
    let row = project::ActiveModel {
        id: Set(id),
        reference: Set(references::next(&case, "P").await?),
        organisation_id: Set(organisation),
        state: Set(State::Idea),
        state_comment: Set(None),
        finished: Set(false),
        source: Set(organisations::rules::SELF.to_owned()),
        source_key: Set(None),
        budget: Set(None),
        currency: Set(None),
        created_at: Set(case.now),
        updated_at: Set(case.now),
        version: Set(1),
        ..columns
    };
    row.insert(&*case).await?;
    let mut offered = Vec::with_capacity(packages.len());
    for (position, package) in (1..).zip(packages) {
        offered.push(insert_package(&case, id, position, package).await?);
    }
    for (place, (scheme, value)) in external_ids.into_iter().enumerate() {
        insert_external_id(&case, id, &format!("externalIds.{place}"), &scheme, &value).await?;
    }
    for need in needs {
        store::put_need(&*case, project_need::ActiveModel { need_id: Set(need), project_id: Set(id) }).await?;
    }
    let made = with_budget(&case, id).await?;
    case.record(event(EventKind::ProjectCreated, &made));
    for package in offered {
        case.record(package_event(EventKind::WorkPackageAdded, &made, package, 1));
    }
    case.commit().await?;
    Ok(made)
}

/// Changes what a project says.
///
/// # Errors
/// When a value is wrong, a call is open on it or waits for consent, the caller may not, or the version is stale.
pub async fn update(app: &App, actor: &Actor, id: Uuid, expected_version: i32, content: Content) -> Result<project::Model> {
    let known = reference::service::known(app).await?;
    edit(app, actor, id, expected_version, async |case, _| content_columns(case, &known, content).await).await
}

/// Adds a need that the project answers.
///
/// # Errors
/// As [`update`], and when the need is not verified or answered already.
pub async fn add_need(app: &App, actor: &Actor, id: Uuid, expected_version: i32, need: Uuid) -> Result<project::Model> {
    edit(app, actor, id, expected_version, async |case, row| {
        let there = store::needs(&**case, vec![id]).await?;
        text::at_most("needId", there.len() + 1, rules::MOST_NEEDS)?;
        needs::service::adopt(case, need, row.organisation_id).await?;
        store::put_need(&**case, project_need::ActiveModel { need_id: Set(need), project_id: Set(id) }).await?;
        Ok(project::ActiveModel { ..Default::default() })
    })
    .await
}

/// Holds a project inside a call's use case, so that what it says stays as it is until the use case is done.
///
/// # Errors
/// When the database cannot be read.
pub async fn hold(case: &UseCase<'_>, id: Uuid) -> Result<()> {
    required(case, &Actor::system(), id).await.map(drop)
}

/// What a project says changes as long as no call was opened on it, and not under a municipality that is asked to consent to one.
async fn editable(case: &UseCase<'_>, row: &project::Model) -> Result<()> {
    not_finished(row)?;
    rules::after(row.state, Action::Edit)?;
    let Some(call) = store::call_in(&**case, row.id, call::State::Consent).await? else { return Ok(()) };
    Err(Error::invalid_state(
        Said::new(format!("Конкурс {call} цього проєкту на погодженні громади."), format!("The municipality is asked to consent to the call {call} of this project.")),
        Said::new("Спершу відкличте його (withdrawCall), а після змін підготуйте новий.", "Withdraw it (withdrawCall) first, and draft another after the change."),
    ))
}

/// The refusal of a finished project that an import recorded.
///
/// # Errors
/// When the project is one.
pub fn not_finished(row: &project::Model) -> Result<()> {
    if !row.finished {
        return Ok(());
    }
    Err(Error::invalid_state(
        Said::new("Це завершений проєкт, записаний з реєстру як приклад.", "This is a finished project, recorded from a register as a reference."),
        Said::new("Створіть новий проєкт.", "Set up a new project."),
    ))
}

/// Edits a project in a state that allows it: `change` writes its parts and returns the project's own columns.
async fn edit(
    app: &App,
    actor: &Actor,
    id: Uuid,
    expected_version: i32,
    change: impl AsyncFnOnce(&mut UseCase<'_>, &project::Model) -> Result<project::ActiveModel>,
) -> Result<project::Model> {
    let mut case = app.begin(actor).await?;
    let row = required(&case, actor, id).await?;
    access::may_edit(actor, row.organisation_id)?;
    case.acts_for(row.organisation_id);
    expect_version(expected_version, row.version)?;
    editable(&case, &row).await?;
    let columns = change(&mut case, &row).await?;
    let budget = budget_columns(&case, id).await?;
    let made = save(&case, &row, project::ActiveModel { budget: budget.budget, currency: budget.currency, ..columns }).await?;
    case.record(event(EventKind::ProjectUpdated, &made));
    case.commit().await?;
    Ok(made)
}

async fn insert_external_id(case: &UseCase<'_>, project: Uuid, field: &str, scheme: &str, value: &str) -> Result<()> {
    let scheme = text::required(&format!("{field}.scheme"), scheme, 40)?.to_uppercase();
    let value = text::required(&format!("{field}.id"), value, 200)?;
    let row = external_id::ActiveModel { scheme: Set(scheme), value: Set(value), project_id: Set(project) };
    row.insert(&**case).await.map_err(|cause| {
        unique_or(cause, || {
            Error::refused(
                Code::AlreadyExists,
                field,
                Said::new("Проєкт із цим зовнішнім ідентифікатором уже є.", "There is a project with this external id already."),
                Said::new("Знайдіть його запитом project(externalId: …).", "Find it with the query project(externalId: …)."),
            )
        })
    })?;
    Ok(())
}

async fn content_columns(case: &UseCase<'_>, known: &Known, content: Content) -> Result<project::ActiveModel> {
    let Content { programme, title, description, sector, project_type, territory } = content;
    let (title, description, sector, project_type, territory) = (
        text::bilingual("title", &title, rules::LONGEST_TITLE),
        text::bilingual_prose("description", &description, rules::LONGEST_DESCRIPTION),
        sector.map(|code| reference::service::sector("sector", &code)).transpose(),
        project_type.map(|code| reference::service::project_type("projectType", &code)).transpose(),
        territory.map(|code| known.territory("territory", &code)).transpose(),
    )
        .together()?;
    if let Some(programme) = programme {
        let found = programmes::store::by_id(&**case, case.actor, programme).await?.ok_or_else(|| Error::not_found("programmeId"))?;
        let covered = |code: &String| territory.as_deref().is_some_and(|place| reference::codes::within(place, code));
        if !found.territories.0.is_empty() && !found.territories.0.iter().any(covered) {
            return Err(Error::bad_input(
                "territory",
                Said::new("Програма не працює на цій території.", "The programme does not work in this territory."),
                Said::new("Дайте територію програми або приберіть програму.", "Give a territory of the programme, or leave the programme out."),
            ));
        }
    }
    Ok(project::ActiveModel {
        programme_id: Set(programme),
        text_key: Set(text::keys([title.uk.as_ref(), title.en.as_ref(), description.uk.as_ref(), description.en.as_ref()])),
        title_uk: Set(title.uk),
        title_en: Set(title.en),
        description_uk: Set(description.uk),
        description_en: Set(description.en),
        sector: Set(sector),
        project_type: Set(project_type),
        territory: Set(territory),
        ..Default::default()
    })
}

async fn with_budget(case: &UseCase<'_>, id: Uuid) -> Result<project::Model> {
    let change = budget_columns(case, id).await?;
    let made = project::ActiveModel { id: Set(id), ..change }.update(&**case).await?;
    Ok(made)
}

async fn required(case: &UseCase<'_>, actor: &Actor, id: Uuid) -> Result<project::Model> {
    store::to_change(&**case, actor, id).await?.ok_or_else(|| Error::not_found("id"))
}

async fn save(case: &UseCase<'_>, row: &project::Model, change: project::ActiveModel) -> Result<project::Model> {
    let change = project::ActiveModel { id: Set(row.id), updated_at: Set(case.now), version: Set(row.version + 1), ..change };
    Ok(change.update(&**case).await?)
}

fn event(kind: EventKind, row: &project::Model) -> Event {
    let audience = if rules::is_public(row.state) { Audience::everybody(row.organisation_id) } else { Audience::members(row.organisation_id) };
    Event { kind, node: NodeKind::Project, id: row.id, version: row.version, audience, detail: json!({ "state": row.state.as_str() }) }
}
