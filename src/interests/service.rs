//! The use cases of an interest.

use chrono::{DateTime, TimeDelta, Utc};
use entity::interest::{self, State};
use entity::{call, interest_work_package, job};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use serde_json::json;
use uuid::Uuid;

use super::rules::{self, Step};
use super::{access, store};
use crate::app::{App, UseCase};
use crate::auth::Actor;
use crate::db::expect_version;
use crate::error::{Code, Error, Result, Together as _, unique_or};
use crate::events::{Audience, Event, EventKind};
use crate::ids::NodeKind;
use crate::locale::Said;
use crate::{calls, jobs, organisations, references, text};

/// What a business offers.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The work packages it is interested in; all that the call offers when empty.
    pub work_packages: Vec<Uuid>,
    /// What it offers, in its own words.
    pub text: String,
}

/// Drafts an interest in an open call, or hands it in at once.
///
/// # Errors
/// When the call is not open, the business has a live interest in it, a value is wrong, or the caller may not.
pub async fn express(app: &App, actor: &Actor, organisation: Uuid, call: Uuid, offer: Offer, submit: Submit) -> Result<interest::Model> {
    let mut case = app.begin(actor).await?;
    let business = organisations::store::by_id(&*case, actor, organisation).await?.ok_or_else(|| Error::not_found("organisationId"))?;
    access::may_draft(actor, &business)?;
    if submit == Submit::Now {
        access::may_submit(actor, organisation)?;
    }
    let call = calls::store::to_answer(&*case, actor, call).await?.ok_or_else(|| Error::not_found("callId"))?;
    calls::service::open_now("callId", &call, case.now)?;
    let offer = take(&case, call.id, offer).await?;
    let id = case.new_id();
    let row = interest::ActiveModel {
        id: Set(id),
        reference: Set(references::next(&case, "I").await?),
        call_id: Set(call.id),
        caller_id: Set(call.organisation_id),
        organisation_id: Set(organisation),
        offer: Set(offer.text),
        state: Set(State::Draft),
        live: Set(Some(true)),
        submitted_at: Set(None),
        answer_due_at: Set(None),
        answered_at: Set(None),
        state_comment: Set(None),
        created_at: Set(case.now),
        updated_at: Set(case.now),
        version: Set(1),
    };
    let (row, kind) = match submit {
        Submit::Now => (interest::ActiveModel { state: Set(rules::after(State::Draft, &Step::Submit)?), ..handed_in(row, &call, case.now) }, EventKind::InterestSubmitted),
        Submit::Later => (row, EventKind::InterestDrafted),
    };
    let made = row.insert(&*case).await.map_err(|cause| unique_or(cause, live_already))?;
    store::replace_work_packages(&*case, id, package_rows(id, offer.work_packages)).await?;
    remind(&case, id, made.answer_due_at.unwrap_or(call.closes_at)).await?;
    case.record(event(kind, &made));
    case.commit().await?;
    Ok(made)
}

/// Has those whom an interest concerns reminded before something falls due: its business of the call's end while it is a draft,
/// the caller of the answer once it was handed in.
async fn remind(case: &UseCase<'_>, id: Uuid, end: DateTime<Utc>) -> Result<()> {
    jobs::schedule(case, job::Kind::RemindOfInterest, id, rules::remind_at(case.now, end)).await
}

/// The row with the moment at which it was handed in, and the one until which the caller owes an answer.
fn handed_in(row: interest::ActiveModel, call: &call::Model, now: DateTime<Utc>) -> interest::ActiveModel {
    let answer_due_at = now + TimeDelta::days(i64::from(call.response_days));
    interest::ActiveModel { submitted_at: Set(Some(now)), answer_due_at: Set(Some(answer_due_at)), ..row }
}

/// Whether an interest is handed in as it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Submit {
    /// Handed in at once.
    Now,
    /// Kept as a draft.
    Later,
}

/// Changes a draft.
///
/// # Errors
/// When a value is wrong, it is no draft, the caller may not, or the version is stale.
pub async fn update(app: &App, actor: &Actor, id: Uuid, expected_version: i32, offer: Offer) -> Result<interest::Model> {
    let mut case = app.begin(actor).await?;
    let row = required(&case, actor, id).await?;
    access::may_act(actor, row.organisation_id)?;
    expect_version(expected_version, row.version)?;
    if row.state != State::Draft {
        return Err(Error::not_now(rules::SUBJECT, row.state, &[State::Draft], rules::said));
    }
    let offer = take(&case, row.call_id, offer).await?;
    store::replace_work_packages(&*case, id, package_rows(id, offer.work_packages)).await?;
    let made = save(&case, &row, interest::ActiveModel { offer: Set(offer.text), ..Default::default() }).await?;
    case.record(event(EventKind::InterestUpdated, &made));
    case.commit().await?;
    Ok(made)
}

/// Moves an interest on its way.
///
/// # Errors
/// When the caller may not, the state or the call does not allow it, the reason of a refusal is empty, or the version is stale.
pub async fn advance(app: &App, actor: &Actor, id: Uuid, expected_version: i32, step: Step) -> Result<interest::Model> {
    let mut case = app.begin(actor).await?;
    let row = required(&case, actor, id).await?;
    match step {
        Step::Submit => access::may_submit(actor, row.organisation_id)?,
        Step::Withdraw(_) => access::may_act(actor, row.organisation_id)?,
        Step::Acknowledge | Step::Decline(_) => access::may_answer(actor, &row)?,
    }
    expect_version(expected_version, row.version)?;
    let state = rules::after(row.state, &step)?;
    let change = interest::ActiveModel { state: Set(state), live: Set(rules::is_live(state).then_some(true)), ..Default::default() };
    let (kind, change) = match step {
        Step::Submit => {
            let call = calls::store::to_answer(&*case, actor, row.call_id).await?.ok_or_else(|| Error::not_found("id"))?;
            calls::service::open_now("id", &call, case.now)?;
            (EventKind::InterestSubmitted, handed_in(change, &call, case.now))
        }
        Step::Acknowledge => (EventKind::InterestAcknowledged, interest::ActiveModel { answered_at: Set(Some(case.now)), ..change }),
        Step::Decline(reason) => {
            let (answered_at, state_comment) = (Set(Some(row.answered_at.unwrap_or(case.now))), Set(Some(text::reason(&reason)?)));
            (EventKind::InterestDeclined, interest::ActiveModel { answered_at, state_comment, ..change })
        }
        Step::Withdraw(reason) => {
            let reason = text::optional_prose("reason", reason.as_deref(), text::LONGEST_REASON)?;
            (EventKind::InterestWithdrawn, interest::ActiveModel { state_comment: Set(reason), ..change })
        }
    };
    let made = save(&case, &row, change).await?;
    if let Some(end) = made.answer_due_at.filter(|_| made.state == State::Submitted) {
        remind(&case, id, end).await?;
    }
    case.record(event(kind, &made));
    case.commit().await?;
    Ok(made)
}

async fn take(case: &UseCase<'_>, call: Uuid, offer: Offer) -> Result<Offer> {
    let Offer { mut work_packages, text: words } = offer;
    let offered: Vec<Uuid> = calls::store::work_packages(&**case, vec![call]).await?.into_iter().map(|link| link.work_package_id).collect();
    if work_packages.is_empty() {
        work_packages.clone_from(&offered);
    }
    work_packages.sort_unstable();
    work_packages.dedup();
    let of_the_call = work_packages.iter().all(|wanted| offered.contains(wanted)).then_some(()).ok_or_else(|| {
        Error::bad_input(
            "workPackageIds",
            Said::new("Конкурс не пропонує одного з цих пакетів робіт.", "The call does not offer one of these work packages."),
            Said::new("Дайте id з call.workPackages або не давайте жодного: тоді йдеться про всі.", "Give ids of call.workPackages, or none: then it is about all."),
        )
    });
    let ((), words) = (of_the_call, text::prose("offer", &words, rules::LONGEST_OFFER)).together()?;
    Ok(Offer { work_packages, text: words })
}

fn package_rows(interest: Uuid, packages: Vec<Uuid>) -> Vec<interest_work_package::ActiveModel> {
    packages.into_iter().map(|package| interest_work_package::ActiveModel { interest_id: Set(interest), work_package_id: Set(package) }).collect()
}

fn live_already() -> Error {
    Error::refused(
        Code::AlreadyExists,
        "callId",
        Said::new("Ваш бізнес уже має відгук на цей конкурс.", "Your business has an interest in this call already."),
        Said::new(
            "Чернетку змініть (updateInterest) і подайте (submitInterest); поданий відгук не змінюють: відкличте його (withdrawInterest) і подайте новий.",
            "Change a draft (updateInterest) and hand it in (submitInterest); what was handed in is not changed: withdraw it (withdrawInterest), then express a new one.",
        ),
    )
}

async fn required(case: &UseCase<'_>, actor: &Actor, id: Uuid) -> Result<interest::Model> {
    store::to_change(&**case, actor, id).await?.ok_or_else(|| Error::not_found("id"))
}

async fn save(case: &UseCase<'_>, row: &interest::Model, change: interest::ActiveModel) -> Result<interest::Model> {
    let change = interest::ActiveModel { id: Set(row.id), updated_at: Set(case.now), version: Set(row.version + 1), ..change };
    Ok(change.update(&**case).await?)
}

/// The caller learns of an interest once it was handed in.
fn event(kind: EventKind, row: &interest::Model) -> Event {
    let audience = match row.submitted_at {
        Some(_) => Audience::both(row.organisation_id, row.caller_id),
        None => Audience::members(row.organisation_id),
    };
    Event { kind, node: NodeKind::Interest, id: row.id, version: row.version, audience, detail: json!({ "state": row.state.as_str() }) }
}
