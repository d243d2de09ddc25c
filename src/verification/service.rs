//! Asking for a verification, and deciding: one decision, however it is reached.

use entity::Codes;
use entity::organisation::{self, Verification};
use entity::verification_request::{self, State};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use serde_json::json;
use uuid::Uuid;

use super::{access, rules, store};
use crate::app::{App, UseCase};
use crate::auth::{Actor, person};
use crate::db::expect_version;
use crate::error::{Code, Error, Result, Together as _, unique_or};
use crate::events::{Audience, Event, EventKind};
use crate::ids::NodeKind;
use crate::locale::Said;
use crate::organisations::service::{self as organisations, Finding};
use crate::{accounts, attachments};

/// What an owner asks.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Which organisation is to be verified.
    pub organisation: Uuid,
    /// The version of the organisation that the owner read.
    pub expected_version: Option<i32>,
    /// What they add.
    pub note: Option<String>,
    /// The attachments that are the evidence.
    pub attachments: Vec<Uuid>,
}

/// Asks the association to verify an organisation.
///
/// # Errors
/// When the caller is no owner, the organisation is verified or asks already, the evidence is missing, or the version is stale.
pub async fn request(app: &App, actor: &Actor, ask: Ask) -> Result<verification_request::Model> {
    let owner = person(actor)?;
    let Ask { organisation, expected_version, note, attachments } = ask;
    let mut case = app.begin(actor).await?;
    let organisation = organisations::required(&case, actor, "organisationId", organisation).await?;
    access::may_request(actor, organisation.id)?;
    if let Some(expected) = expected_version {
        expect_version(expected, organisation.version)?;
    }
    let (note, evidence) = (rules::note(note.as_deref()), rules::evidence(&attachments)).together()?;
    rules::is_unverified(organisation.verification)?;
    attachments::service::take_as_evidence(&case, organisation.id, "attachmentIds", &attachments).await?;
    let row = verification_request::ActiveModel {
        requested_by: Set(Some(owner)),
        note: Set(note),
        evidence: Set(Codes(evidence.iter().map(Uuid::to_string).collect())),
        state: Set(State::Pending),
        live: Set(Some(true)),
        reason: Set(None),
        decided_at: Set(None),
        ..blank(&case, organisation.id)
    };
    let made = row.insert(&*case).await.map_err(|cause| unique_or(cause, asked_already))?;
    case.record(event(EventKind::VerificationRequested, &made));
    if organisation.verification == Verification::Unverified {
        organisations::awaits_verification(&mut case, organisation).await?;
    }
    case.commit().await?;
    Ok(made)
}

/// Decides on a request.
///
/// # Errors
/// When the caller may not, it is decided already, the reason of a refusal is missing, or the version is stale.
pub async fn decide(app: &App, actor: &Actor, id: Uuid, expected_version: i32, finding: Finding, reason: Option<&str>) -> Result<verification_request::Model> {
    access::may_decide(actor)?;
    let mut case = app.begin(actor).await?;
    let found = store::by_id(&*case, actor, id).await?.ok_or_else(|| Error::not_found("id"))?;
    let organisation = judged(&case, actor, found.organisation_id).await?;
    // As it is now that its organisation is held.
    let row = store::by_id(&*case, actor, id).await?.ok_or_else(|| Error::not_found("id"))?;
    expect_version(expected_version, row.version)?;
    rules::is_pending(row.state)?;
    let reason = rules::reason(finding, reason)?;
    let (made, _) = settle(&mut case, organisation, Some(row), finding, reason).await?;
    case.commit().await?;
    Ok(made)
}

/// The association's finding on who an organisation is; it settles a request that is open.
///
/// # Errors
/// When the caller may not, the reason of a refusal of an open request is missing, or the version is stale.
pub async fn verify(app: &App, actor: &Actor, id: Uuid, expected_version: i32, finding: Finding, reason: Option<&str>) -> Result<organisation::Model> {
    access::may_decide(actor)?;
    let mut case = app.begin(actor).await?;
    let organisation = judged(&case, actor, id).await?;
    expect_version(expected_version, organisation.version)?;
    let open = store::open(&*case, organisation.id).await?;
    // Who asked reads why not.
    let reason = if open.is_none() && reason.is_none() { None } else { rules::reason(finding, reason)? };
    let (_, made) = settle(&mut case, organisation, open, finding, reason).await?;
    case.commit().await?;
    Ok(made)
}

/// Ends the open request of an organisation, inside the use case that gives it to somebody else or leaves it to nobody.
///
/// # Errors
/// When the database refuses.
pub async fn overtake(case: &mut UseCase<'_>, organisation: Uuid) -> Result<()> {
    if let Some(row) = store::open(&**case, organisation).await? {
        end(case, row, State::Overtaken, None).await?;
    }
    Ok(())
}

/// Whether an actor may know the requests of an organisation.
#[must_use]
pub fn shows(actor: &Actor, organisation: Uuid) -> bool {
    access::sees(actor, organisation)
}

/// An organisation on which the actor may decide, held until the use case ends.
async fn judged(case: &UseCase<'_>, actor: &Actor, id: Uuid) -> Result<organisation::Model> {
    let organisation = organisations::required(case, actor, "id", id).await?;
    access::may_decide_on(actor, &accounts::store::members(&**case, id).await?)?;
    Ok(organisation)
}

/// Writes a finding: on the organisation, and on the request that it answers or on one of its own.
async fn settle(
    case: &mut UseCase<'_>,
    organisation: organisation::Model,
    open: Option<verification_request::Model>,
    finding: Finding,
    reason: Option<String>,
) -> Result<(verification_request::Model, organisation::Model)> {
    let state = rules::decided(finding);
    let decided = if let Some(row) = open {
        end(case, row, state, reason).await?
    } else {
        let row = verification_request::ActiveModel {
            requested_by: Set(None),
            note: Set(None),
            evidence: Set(Codes::default()),
            state: Set(state),
            live: Set(None),
            reason: Set(reason),
            decided_at: Set(Some(case.now)),
            ..blank(case, organisation.id)
        };
        let made = row.insert(&**case).await?;
        case.record(event(EventKind::VerificationDecided, &made));
        made
    };
    let organisation = organisations::found(case, organisation, finding).await?;
    Ok((decided, organisation))
}

/// Writes how a request ended, with the next version.
async fn end(case: &mut UseCase<'_>, row: verification_request::Model, state: State, reason: Option<String>) -> Result<verification_request::Model> {
    let change = verification_request::ActiveModel {
        id: Set(row.id),
        state: Set(state),
        live: Set(None),
        reason: Set(reason),
        decided_at: Set(Some(case.now)),
        updated_at: Set(case.now),
        version: Set(row.version + 1),
        ..Default::default()
    };
    let made = change.update(&**case).await?;
    case.record(event(EventKind::VerificationDecided, &made));
    Ok(made)
}

/// What every new row has.
fn blank(case: &UseCase<'_>, organisation: Uuid) -> verification_request::ActiveModel {
    verification_request::ActiveModel {
        id: Set(case.new_id()),
        organisation_id: Set(organisation),
        created_at: Set(case.now),
        updated_at: Set(case.now),
        version: Set(1),
        ..Default::default()
    }
}

fn asked_already() -> Error {
    Error::refused(
        Code::AlreadyExists,
        "organisationId",
        Said::new("Про перевірку цієї організації вже просили, запит розглядають.", "The verification of this organisation was requested already, and is pending."),
        Said::new("Зачекайте на рішення; запит показує verificationRequests.", "Wait for the decision; verificationRequests shows the request."),
    )
}

/// Members hear of the requests of their organisation.
fn event(kind: EventKind, row: &verification_request::Model) -> Event {
    let detail = json!({ "organisation": row.organisation_id, "state": row.state.as_str() });
    Event { kind, node: NodeKind::VerificationRequest, id: row.id, version: row.version, audience: Audience::members(row.organisation_id), detail }
}
