//! Claiming an organisation that nobody speaks for, and deciding on claims.

use entity::claim::{self, State};
use entity::organisation::{self, Kind};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use serde_json::json;
use uuid::Uuid;

use super::{access, rules, store};
use crate::app::{App, UseCase};
use crate::auth::{Actor, person};
use crate::db::{expect_version, take_turn};
use crate::error::{Code, Error, Result, unique_or};
use crate::events::{Audience, Event, EventKind};
use crate::ids::NodeKind;
use crate::locale::Said;
use crate::members::service as members;
use crate::organisations::service as organisations;
use crate::{accounts, delegations, text, verification};

/// What a person claims.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The organisation.
    pub organisation: Uuid,
    /// What it is, where the record does not know.
    pub kind: Option<Kind>,
    /// The municipality that owns it, if it is a utility.
    pub owner_municipality: Option<Uuid>,
    /// What shows that they may speak for it.
    pub evidence: String,
    /// Whose it becomes, when the administrator claims it for somebody.
    pub owner_email: Option<String>,
}

/// Claims an organisation that nobody speaks for.
///
/// # Errors
/// When a value is wrong, there is no such organisation, it has an owner, or the claimant has a pending claim to it or too many to others.
pub async fn claim(app: &App, actor: &Actor, input: Claim) -> Result<claim::Model> {
    person(actor)?;
    let Claim { organisation, kind, owner_municipality, evidence, owner_email } = input;
    let evidence = rules::evidence(&evidence)?;
    if let Some(owner) = owner_municipality {
        organisations::require_municipality(app, actor, owner).await?;
    }
    let account = organisations::owner_account(app, actor, owner_email).await?;

    let mut case = app.begin(actor).await?;
    // One claim of a person at a time, so that they are counted right.
    take_turn(&case, &format!("claims {account}")).await?;
    let organisation = organisations::required(&case, actor, "organisationId", organisation).await?;
    organisations::ownerless(&case, "organisationId", &organisation).await?;
    // Who is being erased claims nothing any more.
    accounts::store::account_to_rely_on(&*case, account).await?.ok_or_else(Error::unauthenticated)?;
    rules::kind(organisation.kind, kind, owner_municipality.is_some())?;
    rules::one_more(store::count_pending(&*case, account).await?)?;
    let row = claim::ActiveModel {
        id: Set(case.new_id()),
        organisation_id: Set(organisation.id),
        account_id: Set(account),
        kind: Set(kind),
        owner_municipality_id: Set(owner_municipality),
        evidence: Set(evidence),
        state: Set(State::Pending),
        live: Set(Some(true)),
        reason: Set(None),
        decided_at: Set(None),
        created_at: Set(case.now),
        updated_at: Set(case.now),
        version: Set(1),
    };
    let made = row.insert(&*case).await.map_err(|cause| unique_or(cause, pending_already))?;
    case.record(event(EventKind::OrganisationClaimed, &made));
    case.commit().await?;
    Ok(made)
}

/// Which way a claim is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The claimant may speak for the organisation.
    Confirm,
    /// They did not show it.
    Decline,
}

/// How a claim can end, and what is told of it.
const CONFIRMED: (State, EventKind) = (State::Confirmed, EventKind::ClaimConfirmed);
const DECLINED: (State, EventKind) = (State::Declined, EventKind::ClaimDeclined);
const OVERTAKEN: (State, EventKind) = (State::Overtaken, EventKind::ClaimOvertaken);
const WITHDRAWN: (State, EventKind) = (State::Withdrawn, EventKind::ClaimWithdrawn);

/// Decides on a claim. One that is confirmed makes the claimant the owner of the organisation, which is verified by the same
/// decision, and overtakes the other claims to it. It makes an owner and signer: whoever confirms proved anew who they are.
///
/// # Errors
/// When the caller may not, or did not prove anew who they are; when the claim is decided already, the reason is missing, or the version is stale.
pub async fn decide(app: &App, actor: &Actor, decision: Decision, id: Uuid, expected_version: i32, reason: &str) -> Result<claim::Model> {
    access::may_decide(actor)?;
    let mut case = app.begin(actor).await?;
    let found = store::by_id(&*case, actor, id).await?.ok_or_else(|| Error::not_found("id"))?;
    let organisation = organisations::required(&case, actor, "id", found.organisation_id).await?;
    // As it is now that its organisation is held.
    let row = store::by_id(&*case, actor, id).await?.ok_or_else(|| Error::not_found("id"))?;
    access::may_decide_on(actor, &row)?;
    if decision == Decision::Confirm {
        accounts::service::stepped_up_by_now(&case).await?;
    }
    expect_version(expected_version, row.version)?;
    rules::is_pending(row.state)?;
    let reason = Some(text::reason(reason)?);
    let made = match decision {
        Decision::Decline => settle(&mut case, row, DECLINED, reason).await?,
        Decision::Confirm => confirm(&mut case, organisation, row, reason).await?,
    };
    case.commit().await?;
    Ok(made)
}

async fn confirm(case: &mut UseCase<'_>, organisation: organisation::Model, row: claim::Model, reason: Option<String>) -> Result<claim::Model> {
    organisations::ownerless(case, "id", &organisation).await?;
    let (kind, owner) = (row.kind.unwrap_or(organisation.kind), row.owner_municipality_id.or(organisation.owner_municipality_id));
    let organisation = organisation::Model { kind, owner_municipality_id: owner, ..organisation };
    let made = settle(case, row, CONFIRMED, reason).await?;
    for other in store::pending(&**case, organisation.id).await? {
        settle(case, other, OVERTAKEN, None).await?;
    }
    members::revoke_invitations(case, organisation.id).await?;
    verification::service::overtake(case, organisation.id).await?;
    delegations::service::revoke_all(case, organisation.id).await?;
    organisations::hand_over(case, organisation, made.account_id).await?;
    Ok(made)
}

/// Takes the pending claims of a person back whose account is being erased, and strikes out what all of their claims say of
/// them; the use case holds the organisations that they claim.
///
/// # Errors
/// When the database refuses.
pub async fn erase(case: &mut UseCase<'_>, account: Uuid) -> Result<()> {
    for row in store::pending_of(&**case, account).await? {
        settle(case, row, WITHDRAWN, None).await?;
    }
    store::strike_words(&**case, account).await
}

/// Writes how a claim ended, with the next version.
async fn settle(case: &mut UseCase<'_>, row: claim::Model, (state, kind): (State, EventKind), reason: Option<String>) -> Result<claim::Model> {
    let change = claim::ActiveModel {
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
    case.record(event(kind, &made));
    Ok(made)
}

/// Whether an actor may know whose a claim is that they see.
#[must_use]
pub fn shows_claimant(actor: &Actor, row: &claim::Model) -> bool {
    access::sees_claimant(actor, row)
}

fn pending_already() -> Error {
    Error::refused(
        Code::AlreadyExists,
        "organisationId",
        Said::new("Заявку на цю організацію вже подано, її розглядають.", "There is a pending claim to this organisation already."),
        Said::new("Зачекайте на рішення; заявку показує запит claims.", "Wait for the decision; the query claims shows the claim."),
    )
}

/// Those who see everything hear of claims: who claims what is nobody else's business.
fn event(kind: EventKind, row: &claim::Model) -> Event {
    Event {
        kind,
        node: NodeKind::Claim,
        id: row.id,
        version: row.version,
        audience: Audience::nobody(),
        detail: json!({ "organisation": row.organisation_id, "account": row.account_id }),
    }
}
