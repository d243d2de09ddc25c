//! Granting and revoking delegations.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::delegation;
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use serde_json::json;
use uuid::Uuid;

use super::{access, rules, store};
use crate::app::{App, UseCase};
use crate::auth::{Actor, person, signed_in};
use crate::db::expect_version;
use crate::error::{Code, Error, Result, Together as _, unique_or};
use crate::events::{Audience, Event, EventKind};
use crate::ids::NodeKind;
use crate::locale::Said;
use crate::organisations;

/// What is granted.
#[derive(Clone, Debug)]
pub struct Grant {
    /// On whose behalf.
    pub organisation: Uuid,
    /// The association that acts.
    pub association: Uuid,
    /// The moment at which it ends by itself.
    pub until: DateTime<Utc>,
    /// The decision on which it rests.
    pub basis: String,
}

/// Lets an association act on behalf of an organisation.
///
/// # Errors
/// When the caller is no owner, a value is wrong, the other is no checked association, or it may act already.
pub async fn grant(app: &App, actor: &Actor, grant: Grant) -> Result<delegation::Model> {
    let owner = person(actor)?;
    let Grant { organisation, association, until, basis } = grant;
    let mut case = app.begin(actor).await?;
    // In one order for everybody; so neither of both goes to somebody else meanwhile.
    for id in BTreeSet::from([organisation, association]) {
        organisations::store::to_change(&*case, actor, id).await?;
    }
    let organisation = organisations::service::required(&case, actor, "organisationId", organisation).await?;
    access::may_grant(actor, organisation.id)?;
    rules::delegates(organisation.kind)?;
    let (until, basis) = (rules::end(until, case.now), rules::basis(&basis)).together()?;
    let association = organisations::store::by_id(&*case, actor, association).await?.ok_or_else(|| Error::not_found("associationId"))?;
    rules::acts(association.kind, association.verification)?;
    if let Some(row) = store::live(&*case, organisation.id, association.id).await? {
        if row.valid_until > case.now {
            return Err(granted_already());
        }
        make_room(&case, row).await?;
    }
    let row = delegation::ActiveModel {
        id: Set(case.new_id()),
        organisation_id: Set(organisation.id),
        association_id: Set(association.id),
        granted_by: Set(owner),
        basis: Set(basis),
        valid_until: Set(until),
        revoked_at: Set(None),
        live: Set(Some(true)),
        created_at: Set(case.now),
        updated_at: Set(case.now),
        version: Set(1),
    };
    let made = row.insert(&*case).await.map_err(|cause| unique_or(cause, granted_already))?;
    // One that ran out may have ended before it.
    case.answer_with(NodeKind::Delegation, made.id);
    case.record(event(EventKind::DelegationGranted, &made));
    case.commit().await?;
    Ok(made)
}

/// Ends a delegation, from the next call on. One that holds no more stays as it is.
///
/// # Errors
/// When the caller may not, or the version is stale.
pub async fn revoke(app: &App, actor: &Actor, id: Uuid, expected_version: Option<i32>) -> Result<delegation::Model> {
    signed_in(actor)?;
    let mut case = app.begin(actor).await?;
    let found = store::by_id(&*case, actor, id).await?.ok_or_else(|| Error::not_found("id"))?;
    organisations::service::required(&case, actor, "id", found.organisation_id).await?;
    // As it is now that its organisation is held.
    let row = store::to_change(&*case, actor, id).await?.ok_or_else(|| Error::not_found("id"))?;
    access::may_revoke(actor, &row)?;
    if let Some(expected) = expected_version {
        expect_version(expected, row.version)?;
    }
    if row.live.is_none() || row.valid_until <= case.now {
        return Ok(row);
    }
    let ended = end(&mut case, row).await?;
    case.commit().await?;
    Ok(ended)
}

/// Ends all delegations that an organisation gave or was given, inside the use case that gives it to somebody else or leaves it to nobody.
///
/// # Errors
/// When the database refuses.
pub async fn revoke_all(case: &mut UseCase<'_>, organisation: Uuid) -> Result<()> {
    for row in store::all_holding(&**case, organisation, case.now).await? {
        end(case, row).await?;
    }
    Ok(())
}

/// Has one that ended by itself make room for another. That is no change of it, so the journal hears of none.
async fn make_room(case: &UseCase<'_>, row: delegation::Model) -> Result<()> {
    delegation::ActiveModel { id: Set(row.id), live: Set(None), ..Default::default() }.update(&**case).await?;
    Ok(())
}

async fn end(case: &mut UseCase<'_>, row: delegation::Model) -> Result<delegation::Model> {
    let change = delegation::ActiveModel {
        id: Set(row.id),
        live: Set(None),
        revoked_at: Set(Some(case.now)),
        updated_at: Set(case.now),
        version: Set(row.version + 1),
        ..Default::default()
    };
    let made = change.update(&**case).await?;
    case.record(event(EventKind::DelegationRevoked, &made));
    Ok(made)
}

/// Whether a delegation holds now.
#[must_use]
pub fn holds(app: &App, row: &delegation::Model) -> bool {
    row.live.is_some() && row.valid_until > app.clock.now()
}

/// Whether an actor may know the delegations of an organisation.
#[must_use]
pub fn shows(actor: &Actor, organisation: Uuid) -> bool {
    access::sees(actor, organisation)
}

fn granted_already() -> Error {
    Error::refused(
        Code::AlreadyExists,
        "associationId",
        Said::new("Ця асоціація вже має чинне доручення.", "This association has a delegation that holds already."),
        Said::new("Щоб змінити його, відкличте чинне (revokeDelegation) і дайте нове.", "To change it, revoke the one that holds (revokeDelegation) and grant another."),
    )
}

/// Members of both sides hear of it.
fn event(kind: EventKind, row: &delegation::Model) -> Event {
    let detail = json!({ "association": row.association_id, "validUntil": row.valid_until });
    Event { kind, node: NodeKind::Delegation, id: row.id, version: row.version, audience: Audience::both(row.organisation_id, row.association_id), detail }
}
