//! Rows of accounts, sessions and memberships.

use chrono::{DateTime, Utc};
use entity::{account, membership, organisation, session};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::auth::{Actor, Membership, Role};
use crate::db;
use crate::error::Result;

/// The account with an e-mail key.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_email(connection: &impl ConnectionTrait, key: &str) -> Result<Option<account::Model>> {
    Ok(account::Entity::find().filter(account::Column::EmailKey.eq(key)).one(connection).await?)
}

/// The accounts that run the platform, at most `limit`.
///
/// # Errors
/// When the database cannot be read.
pub async fn administrators(connection: &impl ConnectionTrait, limit: u64) -> Result<Vec<account::Model>> {
    Ok(account::Entity::find().filter(account::Column::Administrator.eq(true)).order_by_asc(account::Column::Id).limit(limit).all(connection).await?)
}

/// An account by its id, for its own request.
///
/// # Errors
/// When the database cannot be read.
pub async fn account(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<account::Model>> {
    Ok(account::Entity::find_by_id(id).one(connection).await?)
}

/// Whether there is any account.
///
/// # Errors
/// When the database cannot be read.
pub async fn any(connection: &impl ConnectionTrait) -> Result<bool> {
    Ok(account::Entity::find().one(connection).await?.is_some())
}

/// Accounts by id, as far as the actor may see: their own, and all for the administrator.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_ids(connection: &impl ConnectionTrait, actor: &Actor, ids: Vec<Uuid>) -> Result<Vec<account::Model>> {
    let mut query = account::Entity::find().filter(account::Column::Id.is_in(ids));
    if !actor.is_administrator() {
        query = query.filter(account::Column::Id.eq(actor.account()));
    }
    Ok(query.all(connection).await?)
}

/// Accounts by id, for a slice that has seen to it that the caller may know of them.
///
/// # Errors
/// When the database cannot be read.
pub async fn people(connection: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<account::Model>> {
    Ok(account::Entity::find().filter(account::Column::Id.is_in(ids)).all(connection).await?)
}

/// Which of these organisations have a member.
///
/// # Errors
/// When the database cannot be read.
pub async fn with_members(connection: &impl ConnectionTrait, organisations: Vec<Uuid>) -> Result<Vec<Uuid>> {
    let members = || membership::Entity::find().select_only().column(membership::Column::OrganisationId).distinct();
    Ok(db::in_chunks(&organisations, |ids| members().filter(membership::Column::OrganisationId.is_in(ids)).into_tuple().all(connection)).await?)
}

/// A session by its id.
///
/// # Errors
/// When the database cannot be read.
pub async fn session(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<session::Model>> {
    Ok(session::Entity::find_by_id(id).one(connection).await?)
}

/// Ends a session.
///
/// # Errors
/// When the database refuses.
pub async fn revoke(connection: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    session::ActiveModel { id: Set(id), revoked_at: Set(Some(now)), ..Default::default() }.update(connection).await?;
    Ok(())
}

/// What a person is a member of.
///
/// # Errors
/// When the database cannot be read.
pub async fn memberships(connection: &impl ConnectionTrait, account: Uuid) -> Result<Vec<Membership>> {
    let rows = membership::Entity::find().filter(membership::Column::AccountId.eq(account)).all(connection).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.organisation_id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let organisations = organisation::Entity::find().filter(organisation::Column::Id.is_in(ids)).all(connection).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let organisation = organisations.iter().find(|organisation| organisation.id == row.organisation_id)?;
            Some(Membership {
                organisation: organisation.id,
                kind: organisation.kind,
                verification: organisation.verification,
                territory: organisation.territory.clone(),
                roles: row.roles.0.iter().filter_map(|role| Role::parse(role)).collect(),
            })
        })
        .collect())
}

/// The memberships of an organisation.
///
/// # Errors
/// When the database cannot be read.
pub async fn members(connection: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<membership::Model>> {
    Ok(membership::Entity::find().filter(membership::Column::OrganisationId.eq(organisation)).order_by_asc(membership::Column::Id).all(connection).await?)
}
