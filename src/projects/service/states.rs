//! A project on its way: its steps, the way back, and what a call makes of it.

use entity::call;
use entity::project::{self, State};
use sea_orm::ActiveValue::Set;
use serde_json::json;
use uuid::Uuid;

use super::{event, not_finished, required, save};
use crate::app::{App, UseCase};
use crate::auth::Actor;
use crate::db::expect_version;
use crate::error::{Error, Result};
use crate::events::{Audience, Event, EventKind};
use crate::locale::Said;
use crate::projects::rules::{self, Action, Step};
use crate::projects::{access, store};
use crate::{needs, text};

/// Moves a project one step on, or ends it.
///
/// # Errors
/// When the caller may not, the state does not allow it, the reason is empty, or the version is stale.
pub async fn advance(app: &App, actor: &Actor, id: Uuid, expected_version: i32, step: Step) -> Result<project::Model> {
    let mut case = app.begin(actor).await?;
    let row = required(&case, actor, id).await?;
    match step {
        Step::Define => access::may_define(actor, row.organisation_id)?,
        Step::Appraise | Step::Structure | Step::Cancel(_) => access::may_edit(actor, row.organisation_id)?,
    }
    case.acts_for(row.organisation_id);
    expect_version(expected_version, row.version)?;
    not_finished(&row)?;
    let (action, kind, reason) = match step {
        Step::Define => (Action::Define, EventKind::ProjectAdvanced, None),
        Step::Appraise => (Action::Appraise, EventKind::ProjectAdvanced, None),
        Step::Structure => (Action::Structure, EventKind::ProjectAdvanced, None),
        Step::Cancel(reason) => (Action::Cancel, EventKind::ProjectCancelled, Some(reason)),
    };
    let state = rules::after(row.state, action)?;
    if action == Action::Define && store::work_packages(&*case, vec![id]).await?.is_empty() {
        return Err(Error::invalid_state(
            Said::new("У проєкті немає жодного пакета робіт.", "The project has no work package."),
            Said::new("Додайте пакет робіт (addWorkPackage).", "Add a work package (addWorkPackage)."),
        ));
    }
    let reason = reason.map(|reason| text::reason(&reason)).transpose()?;
    if let Some(reason) = &reason {
        no_open_call(&case, id).await?;
        for (_, need) in store::needs(&*case, vec![id]).await? {
            needs::service::release(&mut case, need.id, reason.clone()).await?;
        }
    }
    let change = project::ActiveModel { state: Set(state), state_comment: Set(reason), ..Default::default() };
    let made = save(&case, &row, change).await?;
    case.record(moved(kind, &row, &made));
    case.commit().await?;
    Ok(made)
}

/// Moves a project back to an earlier state.
///
/// # Errors
/// When the caller is not the association, the state is not earlier, the reason is missing, or the version is stale.
pub async fn move_back(app: &App, actor: &Actor, id: Uuid, expected_version: i32, to: State, reason: &str) -> Result<project::Model> {
    let mut case = app.begin(actor).await?;
    let row = required(&case, actor, id).await?;
    access::may_move_back(actor)?;
    expect_version(expected_version, row.version)?;
    not_finished(&row)?;
    let state = rules::back(row.state, to)?;
    no_open_call(&case, id).await?;
    let reason = text::reason(reason)?;
    let change = project::ActiveModel { state: Set(state), state_comment: Set(Some(reason)), ..Default::default() };
    let made = save(&case, &row, change).await?;
    case.record(moved(EventKind::ProjectAdvanced, &row, &made));
    case.commit().await?;
    Ok(made)
}

/// Notes inside a call's use case that the project looks for partners.
///
/// # Errors
/// When the project is finished or not structured yet.
pub async fn enter_partnering(case: &mut UseCase<'_>, id: Uuid) -> Result<()> {
    let row = required(case, &Actor::system(), id).await?;
    not_finished(&row)?;
    let state = rules::after(row.state, Action::Call)?;
    if state != row.state {
        let change = project::ActiveModel { state: Set(state), ..Default::default() };
        let made = save(case, &row, change).await?;
        case.record(moved(EventKind::ProjectAdvanced, &row, &made));
    }
    Ok(())
}

/// That a project went from one state to another: who could see it before learns that it went.
fn moved(kind: EventKind, before: &project::Model, made: &project::Model) -> Event {
    let event = event(kind, made);
    let audience = if rules::is_public(before.state) { Audience::everybody(made.organisation_id) } else { event.audience };
    Event { audience, detail: json!({ "from": before.state.as_str(), "state": made.state.as_str() }), ..event }
}

/// Nothing takes a project away from under a call that businesses are answering.
async fn no_open_call(case: &UseCase<'_>, project: Uuid) -> Result<()> {
    let Some(call) = store::call_in(&**case, project, call::State::Published).await? else { return Ok(()) };
    Err(Error::invalid_state(
        Said::new(format!("У проєкті відкрито конкурс {call}."), format!("The call {call} of this project is open.")),
        Said::new("Спершу закрийте його (closeCall) або відкличте (withdrawCall).", "Close it (closeCall) or withdraw it (withdrawCall) first."),
    ))
}
