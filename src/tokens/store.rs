//! Rows of API tokens, as far as an actor may see them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::api_token::{self, Column};
use entity::organisation;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, QueryFilter, QueryOrder, Select};
use uuid::Uuid;

use crate::auth::{Actor, Role, Who};
use crate::db::{self, Db};
use crate::error::Result;
use crate::page::{self, Page, Rows, Term};

/// Owners see those of their organisations, the administrator and the service itself all.
fn visible_to(actor: &Actor) -> Select<api_token::Entity> {
    let all = api_token::Entity::find();
    if actor.is_administrator() || actor.who == Who::System {
        return all;
    }
    all.filter(Column::OrganisationId.is_in(actor.organisations().into_iter().filter(|organisation| actor.may(*organisation, Role::Owner))))
}

/// Tokens by id.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_ids(connection: &impl ConnectionTrait, actor: &Actor, ids: Vec<Uuid>) -> Result<Vec<api_token::Model>> {
    Ok(visible_to(actor).filter(Column::Id.is_in(ids)).all(connection).await?)
}

/// A token that the use case is about to change.
///
/// # Errors
/// When the database cannot be read.
pub async fn to_change(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<api_token::Model>> {
    Ok(db::to_change(visible_to(actor).filter(Column::Id.eq(id))).one(connection).await?)
}

/// A page of the tokens of each of some organisations, the newest first.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn of_organisations(connection: &impl ConnectionTrait, actor: &Actor, organisations: Vec<Uuid>, page: &Page) -> Result<HashMap<Uuid, Rows<api_token::Model>>> {
    let newest = Term { column: Column::CreatedAt, order: Order::Desc };
    page::read_each(connection, visible_to(actor), (Column::OrganisationId, organisations), page, vec![newest], Column::Id).await
}

/// The token of a secret, for who sent that.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_digest(connection: &impl ConnectionTrait, digest: &str) -> Result<Option<api_token::Model>> {
    Ok(api_token::Entity::find().filter(Column::Digest.eq(digest)).one(connection).await?)
}

/// The tokens of an organisation that hold, for the use case that ends them.
///
/// # Errors
/// When the database cannot be read.
pub async fn live(connection: &impl ConnectionTrait, organisation: Uuid, now: DateTime<Utc>) -> Result<Vec<api_token::Model>> {
    let query = api_token::Entity::find().filter(Column::OrganisationId.eq(organisation)).filter(Column::RevokedAt.is_null()).filter(Column::ExpiresAt.gt(now));
    Ok(db::to_change(query.order_by_asc(Column::Id)).all(connection).await?)
}

/// The organisation for which tokens act; organisations are public.
///
/// # Errors
/// When the database cannot be read.
pub async fn organisation(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<organisation::Model>> {
    Ok(organisation::Entity::find_by_id(id).one(connection).await?)
}

/// The same, as it stays until the use case is done.
///
/// # Errors
/// When the database cannot be read.
pub async fn to_rely_on(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<organisation::Model>> {
    Ok(db::to_rely_on(organisation::Entity::find_by_id(id)).one(connection).await?)
}

/// Takes away the tokens that ended before a moment; the journal keeps that they were there.
///
/// # Errors
/// When the database refuses.
pub async fn purge(db: &Db, before: DateTime<Utc>) -> Result<()> {
    let ended = Condition::any().add(Column::ExpiresAt.lt(before)).add(Column::RevokedAt.lt(before));
    Ok(db::delete_in_turns::<api_token::Entity>(db, Column::Id, ended).await?)
}

/// Writes down when a token was last used, unless a later use is known.
///
/// # Errors
/// When the database refuses.
pub async fn used(connection: &impl ConnectionTrait, id: Uuid, at: DateTime<Utc>) -> Result<()> {
    api_token::Entity::update_many()
        .set(api_token::ActiveModel { last_used_at: Set(Some(at)), ..Default::default() })
        .filter(Column::Id.eq(id))
        .filter(Condition::any().add(Column::LastUsedAt.is_null()).add(Column::LastUsedAt.lt(at)))
        .exec(connection)
        .await?;
    Ok(())
}
