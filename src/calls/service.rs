//! The use cases of a call.

use chrono::{DateTime, Utc};
use entity::call::{self, State, Visibility};
use entity::organisation::{self, Kind};
use entity::{call_work_package, job};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use serde_json::json;
use uuid::Uuid;

use super::rules::{self, Criterion, Step};
use super::{access, store};
use crate::app::{App, UseCase};
use crate::auth::Actor;
use crate::db::expect_version;
use crate::error::{Error, Result, Together as _};
use crate::events::{Audience, Event, EventKind};
use crate::ids::NodeKind;
use crate::locale::{Said, Translations};
use crate::{jobs, organisations, projects, references, text};

/// What a call says.
#[derive(Clone, Debug)]
pub struct Content {
    /// What is asked.
    pub text: Translations,
    /// The work packages it offers.
    pub work_packages: Vec<Uuid>,
    /// When it opens; at once when absent.
    pub opens_at: Option<DateTime<Utc>>,
    /// When it closes by itself.
    pub closes_at: DateTime<Utc>,
    /// Days within which each interest is answered.
    pub response_days: i32,
    /// What interests are judged by.
    pub criteria: Vec<Criterion>,
}

/// Drafts a call on a project.
///
/// # Errors
/// When a value is wrong, the project is a finished one, or the caller may not.
pub async fn create(app: &App, actor: &Actor, project: Uuid, content: Content) -> Result<call::Model> {
    let mut case = app.begin(actor).await?;
    let project = projects::store::by_id(&*case, actor, project).await?.ok_or_else(|| Error::not_found("projectId"))?;
    access::may_draft(actor, project.organisation_id)?;
    projects::service::not_finished(&project)?;
    let caller = caller(&case, project.organisation_id).await?;
    let id = case.new_id();
    let (columns, packages) = columns(&case, project.id, content).await?;
    let row = call::ActiveModel {
        id: Set(id),
        reference: Set(references::next(&case, "C").await?),
        project_id: Set(project.id),
        organisation_id: Set(project.organisation_id),
        state: Set(State::Draft),
        visibility: Set(Visibility::Open),
        consented: Set(false),
        published_at: Set(None),
        closed_at: Set(None),
        state_comment: Set(None),
        created_at: Set(case.now),
        updated_at: Set(case.now),
        version: Set(1),
        ..columns
    };
    let made = row.insert(&*case).await?;
    store::replace_work_packages(&*case, id, package_rows(id, packages)).await?;
    case.record(event(EventKind::CallDrafted, &made, &caller));
    case.commit().await?;
    Ok(made)
}

/// Changes what a draft says.
///
/// # Errors
/// When a value is wrong, the call is no draft, the caller may not, or the version is stale.
pub async fn update(app: &App, actor: &Actor, id: Uuid, expected_version: i32, content: Content) -> Result<call::Model> {
    let mut case = app.begin(actor).await?;
    let row = required(&case, actor, id).await?;
    access::may_draft(actor, row.organisation_id)?;
    expect_version(expected_version, row.version)?;
    if row.state != State::Draft {
        return Err(Error::not_now(rules::SUBJECT, row.state, &[State::Draft], rules::said));
    }
    let (columns, packages) = columns(&case, row.project_id, content).await?;
    store::replace_work_packages(&*case, id, package_rows(id, packages)).await?;
    let made = save(&case, &row, columns).await?;
    let caller = caller(&case, made.organisation_id).await?;
    case.record(event(EventKind::CallUpdated, &made, &caller));
    case.commit().await?;
    Ok(made)
}

/// Moves a call on its way.
///
/// # Errors
/// When the caller may not, the state does not allow it, a consent is missing, the reason is empty, or the version is stale.
pub async fn advance(app: &App, actor: &Actor, id: Uuid, expected_version: i32, step: Step) -> Result<call::Model> {
    let mut case = app.begin(actor).await?;
    let row = required(&case, actor, id).await?;
    let caller = caller(&case, row.organisation_id).await?;
    match step {
        Step::AskConsent => access::may_ask_consent(actor, row.organisation_id)?,
        Step::Close | Step::Withdraw(_) => access::may_draft(actor, row.organisation_id)?,
        Step::Consent => access::may_consent(actor, &caller)?,
        Step::Publish => access::may_publish(actor, &row)?,
    }
    expect_version(expected_version, row.version)?;
    let state = rules::after(row.state, &step)?;
    let mut change = call::ActiveModel { state: Set(state), ..Default::default() };
    let kind = match step {
        Step::AskConsent => {
            utility(&caller)?;
            projects::service::hold(&case, row.project_id).await?;
            EventKind::CallConsentRequested
        }
        Step::Consent => {
            change.consented = Set(true);
            EventKind::CallConsented
        }
        Step::Publish => {
            publish(&mut case, &row, caller.kind).await?;
            change.published_at = Set(Some(case.now));
            change.opens_at = Set(Some(row.opens_at.map_or(case.now, |opens| opens.max(case.now))));
            EventKind::CallPublished
        }
        Step::Close => {
            change.closed_at = Set(Some(case.now));
            EventKind::CallClosed
        }
        Step::Withdraw(reason) => {
            change.state_comment = Set(Some(text::reason(&reason)?));
            EventKind::CallWithdrawn
        }
    };
    let made = save(&case, &row, change).await?;
    let event = event(kind, &made, &caller);
    // Who could see it before learns that it went.
    let audience = if rules::is_public(row.state) { Audience::everybody(row.organisation_id) } else { event.audience };
    case.record(Event { audience, ..event });
    case.commit().await?;
    Ok(made)
}

/// Closes a call whose end has come; run by the service itself. A call that is no longer open is left as it is.
///
/// # Errors
/// When the database refuses.
pub async fn close_due(app: &App, id: Uuid) -> Result<()> {
    let actor = Actor::system();
    let mut case = app.begin(&actor).await?;
    let Some(row) = store::to_change(&*case, &actor, id).await? else { return Ok(()) };
    if row.state != State::Published || row.closes_at > case.now {
        return Ok(());
    }
    let change = call::ActiveModel { state: Set(State::Closed), closed_at: Set(Some(case.now)), ..Default::default() };
    let made = save(&case, &row, change).await?;
    let caller = caller(&case, made.organisation_id).await?;
    case.record(event(EventKind::CallClosed, &made, &caller));
    case.commit().await
}

/// Whether interest can be expressed in a call now.
///
/// # Errors
/// When it is not open, not open yet, or past its end.
pub fn open_now(field: &str, row: &call::Model, now: DateTime<Utc>) -> Result<()> {
    let open = row.state == State::Published && row.opens_at.is_none_or(|opens| opens <= now) && now < row.closes_at;
    if open {
        return Ok(());
    }
    Err(Error::refused(
        crate::error::Code::OutOfTime,
        field,
        Said::new("Конкурс зараз не приймає відгуків.", "The call takes no interests now."),
        Said::new(
            "Подивіться, коли він відкривається і закривається (opensAt, closesAt), або знайдіть інший.",
            "See when it opens and closes (opensAt, closesAt), or find another.",
        ),
    ))
}

async fn publish(case: &mut UseCase<'_>, row: &call::Model, caller: Kind) -> Result<()> {
    if caller == Kind::Utility && !row.consented {
        return Err(Error::invalid_state(
            Said::new("Громада-власник ще не дала згоди.", "The owner municipality has not consented yet."),
            Said::new("Попросіть згоди (requestCallConsent) і дочекайтеся її.", "Ask for consent (requestCallConsent) and wait for it."),
        ));
    }
    rules::period(case.now, row.opens_at, row.closes_at)?;
    projects::service::enter_partnering(case, row.project_id).await?;
    if let Some(other) = store::open_on_packages_of(&**case, row.id).await? {
        return Err(Error::invalid_state(
            Said::new(
                format!("На той самий пакет робіт уже відкрито конкурс {}.", other.reference),
                format!("The call {} is open for one of these work packages already.", other.reference),
            ),
            Said::new(
                "Спершу закрийте його (closeCall) або залиште в чернетці інші пакети робіт (updateCall).",
                "Close it (closeCall) first, or leave other work packages in the draft (updateCall).",
            ),
        ));
    }
    jobs::schedule(case, job::Kind::CloseCall, row.id, row.closes_at).await
}

async fn columns(case: &UseCase<'_>, project: Uuid, content: Content) -> Result<(call::ActiveModel, Vec<Uuid>)> {
    let Content { text: asked, mut work_packages, opens_at, closes_at, response_days, criteria } = content;
    let there = projects::store::work_packages(&**case, vec![project]).await?;
    work_packages.sort_unstable();
    work_packages.dedup();
    let of_the_project = !work_packages.is_empty() && work_packages.iter().all(|wanted| there.iter().any(|package| package.id == *wanted));
    let offered = of_the_project.then_some(()).ok_or_else(|| {
        Error::bad_input(
            "workPackageIds",
            Said::new("Конкурс пропонує один або кілька пакетів робіт свого проєкту.", "A call offers one or more work packages of its project."),
            Said::new("Дайте id пакетів робіт цього проєкту.", "Give the ids of work packages of this project."),
        )
    });
    let (asked, (), (), response_days, criteria) = (
        text::bilingual_prose("text", &asked, rules::LONGEST_TEXT),
        offered,
        rules::period(case.now, opens_at, closes_at),
        rules::response_days(response_days),
        rules::criteria(criteria),
    )
        .together()?;
    let criteria = serde_json::to_value(criteria).map_err(Error::internal)?;
    let columns = call::ActiveModel {
        text_uk: Set(asked.uk),
        text_en: Set(asked.en),
        opens_at: Set(opens_at),
        closes_at: Set(closes_at),
        response_days: Set(response_days),
        criteria: Set(criteria),
        ..Default::default()
    };
    Ok((columns, work_packages))
}

fn package_rows(call: Uuid, packages: Vec<Uuid>) -> Vec<call_work_package::ActiveModel> {
    packages.into_iter().map(|package| call_work_package::ActiveModel { call_id: Set(call), work_package_id: Set(package) }).collect()
}

fn utility(caller: &organisation::Model) -> Result<()> {
    if caller.kind == Kind::Utility {
        return Ok(());
    }
    Err(Error::invalid_state(
        Said::new("Згода потрібна лише комунальному підприємству.", "Only a utility needs consent."),
        Said::new("Публікуйте одразу (publishCall).", "Publish at once (publishCall)."),
    ))
}

async fn required(case: &UseCase<'_>, actor: &Actor, id: Uuid) -> Result<call::Model> {
    store::to_change(&**case, actor, id).await?.ok_or_else(|| Error::not_found("id"))
}

async fn save(case: &UseCase<'_>, row: &call::Model, change: call::ActiveModel) -> Result<call::Model> {
    let change = call::ActiveModel { id: Set(row.id), updated_at: Set(case.now), version: Set(row.version + 1), ..change };
    Ok(change.update(&**case).await?)
}

/// The organisation that calls.
async fn caller(case: &UseCase<'_>, id: Uuid) -> Result<organisation::Model> {
    organisations::store::by_id(&**case, case.actor, id).await?.ok_or_else(|| Error::not_found("id"))
}

/// Before it is public, the municipality that owns a calling utility learns of a call too: it is asked for its consent.
fn event(kind: EventKind, row: &call::Model, caller: &organisation::Model) -> Event {
    let audience = match organisations::rules::owner_municipality(caller) {
        _ if rules::is_public(row.state) => Audience::everybody(row.organisation_id),
        Some(municipality) => Audience::both(row.organisation_id, municipality),
        None => Audience::members(row.organisation_id),
    };
    Event { kind, node: NodeKind::Call, id: row.id, version: row.version, audience, detail: json!({ "state": row.state.as_str() }) }
}
