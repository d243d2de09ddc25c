//! All that is held about a person, as one JSON document.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{account, api_token, claim, delegation, event, identity, invitation, membership, notification, organisation, second_factor, session, verification_request};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::App;
use crate::auth::{Actor, person};
use crate::error::{Error, Result};
use crate::events::EventKind;
use crate::ids::{NodeKind, encode};
use crate::locale::Said;
use crate::organisations::store as organisations;
use crate::privacy::store;
use crate::{accounts, identities, notifications};

/// The form of the document; another number when a reader has to be changed.
const FORMAT: &str = "mistok-personal-data/1";
/// Most entries of each list in one document.
const MOST: u64 = 1_000;

/// A document, and where the journal in it goes on.
#[derive(Clone, Debug)]
pub struct Exported {
    /// JSON, to be kept as a file.
    pub document: String,
    /// What gives the next part of the journal; none at its end.
    pub next: Option<String>,
}

/// Gives the signed-in person what is held about them; with the cursor of an earlier document, the journal from there on.
///
/// # Errors
/// When nobody is signed in, they did not prove anew who they are, or the cursor is none.
pub async fn export(app: &App, actor: &Actor, after: Option<&str>) -> Result<Exported> {
    let id = person(actor)?;
    let now = app.clock.now();
    actor.stepped_up(now)?;
    let after = after.map(|cursor| Uuid::parse_str(cursor).map_err(|_| no_cursor())).transpose()?;
    let mut events = store::journal(app.db.reader(), id, after, MOST + 1).await?;
    let goes_on = events.len() as u64 > MOST;
    events.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    let next = events.last().filter(|_| goes_on).map(|last| last.id.to_string());
    let mut document = match after {
        Some(_) => json!({}),
        None => whole(app, id).await?,
    };
    document["format"] = json!(FORMAT);
    document["madeAt"] = json!(now);
    document["journal"] = events.iter().map(fact).collect();
    document["journalGoesOnAfter"] = json!(next);
    let document = serde_json::to_string_pretty(&document).map_err(Error::internal)?;
    Ok(Exported { document, next })
}

/// All but the journal.
async fn whole(app: &App, id: Uuid) -> Result<Value> {
    let reader = app.db.reader();
    let account = accounts::store::account(reader, id).await?.ok_or_else(Error::unauthenticated)?;
    let factor = accounts::store::factor(reader, id).await?;
    let identities = identities::store::of_account(reader, id).await?;
    let memberships = store::memberships(reader, id, MOST).await?;
    // What concerns the address is theirs if it is.
    let invitations = match account.email_confirmed_at {
        Some(_) => store::invitations(reader, &account.email_key, MOST).await?,
        None => Vec::new(),
    };
    let (claims, tokens, sessions) = (store::claims(reader, id, MOST).await?, store::tokens(reader, id, MOST).await?, store::sessions(reader, id, MOST).await?);
    let (requests, delegations) = (store::verification_requests(reader, id, MOST).await?, store::delegations(reader, id, MOST).await?);
    let notifications = store::notifications(reader, id, MOST).await?;
    let rhythm = notifications::service::rhythm(app, id).await?;
    let named = (memberships.iter().map(|row| row.organisation_id))
        .chain(invitations.iter().map(|row| row.organisation_id))
        .chain(claims.iter().map(|row| row.organisation_id))
        .chain(tokens.iter().map(|row| row.organisation_id))
        .chain(requests.iter().map(|row| row.organisation_id))
        .chain(delegations.iter().flat_map(|row| [row.organisation_id, row.association_id]))
        .chain(notifications.iter().filter_map(|row| row.organisation_id));
    let houses = Houses::read(app, named.collect()).await?;
    Ok(json!({
        "account": of_account(&account),
        "secondFactor": factor.as_ref().and_then(of_factor),
        "identities": identities.iter().map(of_identity).collect::<Vec<_>>(),
        "memberships": memberships.iter().map(|row| of_membership(&houses, row)).collect::<Vec<_>>(),
        "invitations": invitations.iter().map(|row| of_invitation(&houses, row)).collect::<Vec<_>>(),
        "claims": claims.iter().map(|row| of_claim(&houses, row)).collect::<Vec<_>>(),
        "apiTokens": tokens.iter().map(|row| of_token(&houses, row)).collect::<Vec<_>>(),
        "verificationRequests": requests.iter().map(|row| of_request(&houses, row)).collect::<Vec<_>>(),
        "delegations": delegations.iter().map(|row| of_delegation(&houses, row)).collect::<Vec<_>>(),
        "lettersWithNotifications": rhythm.as_str(),
        "notifications": notifications.iter().map(|row| of_notification(&houses, row)).collect::<Vec<_>>(),
        "signIns": sessions.iter().map(of_session).collect::<Vec<_>>(),
        "entriesOfEachListAtMost": MOST,
    }))
}

/// The organisations that the document names.
struct Houses(HashMap<Uuid, organisation::Model>);

impl Houses {
    async fn read(app: &App, mut ids: Vec<Uuid>) -> Result<Self> {
        ids.sort_unstable();
        ids.dedup();
        let mut rows = HashMap::with_capacity(ids.len());
        for ids in ids.chunks(crate::db::ROWS_A_STATEMENT) {
            rows.extend(organisations::by_ids(app.db.reader(), &Actor::system(), ids.to_vec()).await?.into_iter().map(|row| (row.id, row)));
        }
        Ok(Self(rows))
    }

    fn said(&self, id: Uuid) -> Value {
        let row = self.0.get(&id);
        json!({ "id": encode(NodeKind::Organisation, id), "nameUk": row.map(|row| &row.name_uk), "nameEn": row.map(|row| &row.name_en) })
    }
}

fn of_account(row: &account::Model) -> Value {
    let account::Model { id, email, email_key: _, name, password_hash, administrator, locale, email_confirmed_at, erased_at: _, created_at, updated_at, version } = row;
    json!({
        "id": encode(NodeKind::Account, *id), "email": email, "emailConfirmedAt": email_confirmed_at, "name": name, "locale": locale, "administrator": administrator,
        "hasPassword": password_hash.is_set(), "createdAt": created_at, "updatedAt": updated_at, "version": version,
    })
}

/// That there is one; never what it is computed from.
fn of_factor(row: &second_factor::Model) -> Option<Value> {
    row.enabled_at.map(|since: DateTime<Utc>| json!({ "enabledAt": since }))
}

/// What an OpenID provider knows the person by.
fn of_identity(row: &identity::Model) -> Value {
    let identity::Model { id: _, account_id: _, issuer, subject, created_at, last_used_at } = row;
    json!({ "issuer": issuer, "subject": subject, "createdAt": created_at, "lastUsedAt": last_used_at })
}

fn of_membership(houses: &Houses, row: &membership::Model) -> Value {
    let membership::Model { id, account_id: _, organisation_id, roles, created_at, updated_at, version: _ } = row;
    json!({
        "id": encode(NodeKind::Membership, *id), "organisation": houses.said(*organisation_id), "roles": roles, "createdAt": created_at, "updatedAt": updated_at,
    })
}

fn of_invitation(houses: &Houses, row: &invitation::Model) -> Value {
    let invitation::Model { id, organisation_id, email, email_key: _, roles, locale, state, live: _, expires_at, decided_at, created_at, updated_at: _, version: _ } = row;
    json!({
        "id": encode(NodeKind::Invitation, *id), "organisation": houses.said(*organisation_id), "email": email, "roles": roles, "locale": locale, "state": state.as_str(),
        "expiresAt": expires_at, "decidedAt": decided_at, "createdAt": created_at,
    })
}

fn of_claim(houses: &Houses, row: &claim::Model) -> Value {
    let claim::Model { id, organisation_id, account_id: _, kind, owner_municipality_id: _, evidence, state, live: _, reason, decided_at, created_at, updated_at: _, version: _ } =
        row;
    json!({
        "id": encode(NodeKind::Claim, *id), "organisation": houses.said(*organisation_id), "kind": kind.map(organisation::Kind::as_str), "evidence": evidence,
        "state": state.as_str(), "reason": reason, "decidedAt": decided_at, "createdAt": created_at,
    })
}

/// A token that the person made for an organisation; never its digest.
fn of_token(houses: &Houses, row: &api_token::Model) -> Value {
    let api_token::Model { id, organisation_id, account_id: _, name, digest: _, scopes, expires_at, last_used_at, revoked_at, created_at, updated_at: _, version: _ } = row;
    json!({
        "id": encode(NodeKind::ApiToken, *id), "organisation": houses.said(*organisation_id), "name": name, "scopes": scopes, "expiresAt": expires_at,
        "lastUsedAt": last_used_at, "revokedAt": revoked_at, "createdAt": created_at,
    })
}

/// A request that the person made for an organisation.
fn of_request(houses: &Houses, row: &verification_request::Model) -> Value {
    let verification_request::Model { id, organisation_id, requested_by: _, note, evidence: _, state, live: _, reason, decided_at, created_at, updated_at: _, version: _ } = row;
    json!({
        "id": encode(NodeKind::VerificationRequest, *id), "organisation": houses.said(*organisation_id), "note": note, "state": state.as_str(), "reason": reason,
        "decidedAt": decided_at, "createdAt": created_at,
    })
}

/// Leave that the person gave to act on behalf of an organisation.
fn of_delegation(houses: &Houses, row: &delegation::Model) -> Value {
    let delegation::Model { id, organisation_id, association_id, granted_by: _, basis, valid_until, revoked_at, live: _, created_at, updated_at: _, version: _ } = row;
    json!({
        "id": encode(NodeKind::Delegation, *id), "organisation": houses.said(*organisation_id), "association": houses.said(*association_id), "basis": basis,
        "validUntil": valid_until, "revokedAt": revoked_at, "createdAt": created_at,
    })
}

fn of_notification(houses: &Houses, row: &notification::Model) -> Value {
    let notification::Model { id, account_id: _, cause: _, kind, node_kind: _, node_id: _, organisation_id, reach: _, roles: _, occurred_at, read_at, digest_id: _, created_at: _ } =
        row;
    json!({
        "id": encode(NodeKind::Notification, *id), "kind": kind.as_str(), "organisation": organisation_id.map(|id| houses.said(id)), "occurredAt": occurred_at, "readAt": read_at,
    })
}

/// A sign-in; its tokens are kept nowhere.
fn of_session(row: &session::Model) -> Value {
    let session::Model { id: _, account_id: _, created_at, expires_at, revoked_at, generation: _, assurance, stepped_up_at, refreshed_at } = row;
    json!({ "createdAt": created_at, "expiresAt": expires_at, "endedAt": revoked_at, "shownBy": assurance.as_str(), "steppedUpAt": stepped_up_at, "refreshedAt": refreshed_at })
}

/// What the journal tells: when, what, and of which entity.
fn fact(row: &event::Model) -> Value {
    let id = NodeKind::from_journal_name(&row.entity_kind).map(|kind| encode(kind, row.entity_id));
    json!({ "time": row.occurred_at, "type": EventKind::parse(&row.kind).map(EventKind::as_str), "entityType": row.entity_kind, "entity": id, "version": row.entity_version })
}

fn no_cursor() -> Error {
    Error::bad_input(
        "after",
        Said::new("Це не місце в журналі.", "This is no place in the journal."),
        Said::new("Дайте nextCursor попередньої відповіді або нічого.", "Give the nextCursor of the answer before, or nothing."),
    )
}
