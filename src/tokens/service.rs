//! Making and ending API tokens, and who is behind one.

use chrono::{DateTime, TimeDelta, Utc};
use entity::api_token;
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use serde_json::json;
use uuid::Uuid;

use super::{access, rules, store};
use crate::accounts;
use crate::app::{App, UseCase};
use crate::auth::api_token::{Scope, Secret};
use crate::auth::{Actor, Membership, Who, person, signed_in};
use crate::db::expect_version;
use crate::error::{Error, Result, Together as _};
use crate::events::{Audience, Event, EventKind};
use crate::ids::NodeKind;

/// How long tokens stay that ended, so that their owners can look back.
const ENDED_STAYS: TimeDelta = TimeDelta::days(90);

/// What a new token is to be.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// For which organisation it acts.
    pub organisation: Uuid,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
}

/// Makes a token; its secret is given this once.
///
/// # Errors
/// When the caller is no owner or did not prove anew who they are, or a value is wrong.
pub async fn create(app: &App, actor: &Actor, wanted: Wanted) -> Result<(api_token::Model, Secret)> {
    let Wanted { organisation, name, scopes, expires_at } = wanted;
    let maker = person(actor)?;
    let mut case = app.begin(actor).await?;
    // A token outlives its maker's membership; so who is losing that makes none meanwhile.
    store::to_rely_on(&*case, organisation).await?.ok_or_else(|| Error::not_found("organisationId"))?;
    access::may_create(actor, organisation, &accounts::store::memberships(&*case, maker, case.now).await?)?;
    accounts::service::stepped_up_by_now(&case).await?;
    let (name, scopes, expires_at) = (rules::name(&name), rules::scopes(scopes), rules::end(expires_at, case.now)).together()?;
    let secret = Secret::fresh()?;
    let row = api_token::ActiveModel {
        id: Set(case.new_id()),
        organisation_id: Set(organisation),
        account_id: Set(maker),
        name: Set(name),
        digest: Set(secret.digest()),
        scopes: Set(scopes),
        expires_at: Set(expires_at),
        last_used_at: Set(None),
        revoked_at: Set(None),
        created_at: Set(case.now),
        updated_at: Set(case.now),
        version: Set(1),
    };
    let made = row.insert(&*case).await?;
    case.record(event(EventKind::ApiTokenCreated, &made));
    case.commit().await?;
    Ok((made, secret))
}

/// Ends a token, from the next request on and everywhere. One that was ended stays as it is.
///
/// # Errors
/// When there is none that the caller sees, they may not, or the version is stale.
pub async fn revoke(app: &App, actor: &Actor, id: Uuid, expected_version: Option<i32>) -> Result<api_token::Model> {
    signed_in(actor)?;
    let mut case = app.begin(actor).await?;
    let row = store::to_change(&*case, actor, id).await?.ok_or_else(|| Error::not_found("id"))?;
    access::may_revoke(actor, row.organisation_id)?;
    if let Some(expected) = expected_version {
        expect_version(expected, row.version)?;
    }
    if row.revoked_at.is_some() {
        return Ok(row);
    }
    let ended = end(&mut case, row).await?;
    case.commit().await?;
    Ok(ended)
}

/// Ends all tokens of an organisation, inside the use case that gives it to somebody else.
///
/// # Errors
/// When the database refuses.
pub async fn revoke_all(case: &mut UseCase<'_>, organisation: Uuid) -> Result<()> {
    for row in store::live(&**case, organisation, case.now).await? {
        end(case, row).await?;
    }
    Ok(())
}

async fn end(case: &mut UseCase<'_>, row: api_token::Model) -> Result<api_token::Model> {
    let change = api_token::ActiveModel { id: Set(row.id), revoked_at: Set(Some(case.now)), updated_at: Set(case.now), version: Set(row.version + 1), ..Default::default() };
    let ended = change.update(&**case).await?;
    case.record(event(EventKind::ApiTokenRevoked, &ended));
    Ok(ended)
}

fn event(kind: EventKind, row: &api_token::Model) -> Event {
    let detail = json!({ "scopes": row.scopes.0, "expiresAt": row.expires_at });
    Event { kind, node: NodeKind::ApiToken, id: row.id, version: row.version, audience: Audience::members(row.organisation_id), detail }
}

/// The program behind a secret: it acts for one organisation, within its scopes.
///
/// # Errors
/// When there is no such token, or it was revoked, or its time is over; which of these is not told.
pub async fn authenticate(app: &App, secret: &str) -> Result<Actor> {
    let now = app.clock.now();
    let secret = Secret::parse(secret).ok_or_else(Error::unauthenticated)?;
    let reader = app.db.reader();
    let token = store::by_digest(reader, &secret.digest()).await?.ok_or_else(Error::unauthenticated)?;
    let actor = behind(app, token.clone()).await?;
    app.uses.note(token.id, now);
    Ok(actor)
}

/// The program behind a token that is known by its id, for what it was given to come back with.
///
/// # Errors
/// As [`authenticate`].
pub async fn actor_of(app: &App, id: Uuid) -> Result<Actor> {
    let token = store::by_ids(app.db.reader(), &Actor::system(), vec![id]).await?.pop();
    behind(app, token.ok_or_else(Error::unauthenticated)?).await
}

async fn behind(app: &App, token: api_token::Model) -> Result<Actor> {
    let (now, reader) = (app.clock.now(), app.db.reader());
    if token.revoked_at.is_some() || token.expires_at <= now {
        return Err(Error::unauthenticated());
    }
    let organisation = store::organisation(reader, token.organisation_id).await?.ok_or_else(Error::unauthenticated)?;
    let membership = Membership {
        organisation: organisation.id,
        kind: organisation.kind,
        verification: organisation.verification,
        territory: organisation.territory,
        delegations: Vec::new(),
        roles: token.scopes.0.iter().filter_map(|scope| Scope::parse(scope)).map(Scope::role).collect(),
    };
    Ok(Actor::new(Who::ApiToken { id: token.id }, vec![membership]))
}

/// Writes down when tokens were last used; done once a minute, beside the requests.
///
/// # Errors
/// When the database refuses; then these uses are forgotten.
pub async fn note_uses(app: &App) -> Result<()> {
    let uses = app.uses.take();
    if uses.is_empty() {
        return Ok(());
    }
    let transaction = app.db.begin().await?;
    for (token, at) in uses {
        store::used(&transaction, token, at).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Takes away tokens that ended 90 days ago or longer.
///
/// # Errors
/// When the database refuses.
pub async fn purge(app: &App) -> Result<()> {
    store::purge(&app.db, app.clock.now() - ENDED_STAYS).await
}

/// Whether the actor sees the tokens of an organisation.
#[must_use]
pub fn shows(actor: &Actor, organisation: Uuid) -> bool {
    access::sees(actor, organisation)
}
