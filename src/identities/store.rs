//! Rows of identities and of rounds.

use chrono::{DateTime, Utc};
use entity::{identity, sign_in_round};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::accounts::store::forget_rounds;
use crate::db::{self, Db, to_change};
use crate::error::Result;

/// A round.
///
/// # Errors
/// When the database cannot be read.
pub async fn round(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<sign_in_round::Model>> {
    Ok(sign_in_round::Entity::find_by_id(id).one(connection).await?)
}

/// A round that the use case is about to change.
///
/// # Errors
/// When the database cannot be read.
pub async fn round_to_change(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<sign_in_round::Model>> {
    Ok(to_change(sign_in_round::Entity::find_by_id(id)).one(connection).await?)
}

/// Forgets whom the provider vouched for in a round: its code is good for nothing more. The round stays, so that it is not answered again.
///
/// # Errors
/// When the database refuses.
pub async fn use_up_round(connection: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    let used = sign_in_round::ActiveModel { id: Set(id), account_id: Set(None), issuer: Set(None), subject: Set(None), ..Default::default() };
    used.update(connection).await?;
    Ok(())
}

/// Takes away the rounds whose time is over, in a use case that ends another.
///
/// # Errors
/// When the database refuses.
pub async fn remove_ended(connection: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<()> {
    sign_in_round::Entity::delete_many().filter(sign_in_round::Column::ExpiresAt.lt(now)).exec(connection).await?;
    Ok(())
}

/// Takes away the rounds that ended before a moment.
///
/// # Errors
/// When the database refuses.
pub async fn purge(db: &Db, before: DateTime<Utc>) -> Result<()> {
    let ended = Condition::all().add(sign_in_round::Column::ExpiresAt.lt(before));
    Ok(db::delete_in_turns::<sign_in_round::Entity>(db, sign_in_round::Column::Id, ended).await?)
}

/// The identity that a provider vouches for.
///
/// # Errors
/// When the database cannot be read.
pub async fn identity(connection: &impl ConnectionTrait, issuer: &str, subject: &str) -> Result<Option<identity::Model>> {
    let query = identity::Entity::find().filter(identity::Column::Issuer.eq(issuer)).filter(identity::Column::Subject.eq(subject));
    Ok(query.one(connection).await?)
}

/// The identities of an account, the oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_account(connection: &impl ConnectionTrait, account: Uuid) -> Result<Vec<identity::Model>> {
    Ok(identity::Entity::find().filter(identity::Column::AccountId.eq(account)).order_by_asc(identity::Column::Id).all(connection).await?)
}

/// Notes that the provider vouched for a person.
///
/// # Errors
/// When the database refuses.
pub async fn used(connection: &impl ConnectionTrait, id: Uuid, at: DateTime<Utc>) -> Result<()> {
    identity::ActiveModel { id: Set(id), last_used_at: Set(at), ..Default::default() }.update(connection).await?;
    Ok(())
}

/// Takes an identity away.
///
/// # Errors
/// When the database refuses.
pub async fn remove(connection: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    identity::Entity::delete_by_id(id).exec(connection).await?;
    Ok(())
}

/// Takes away all that is known of a person by providers; of their rounds, whose those were.
///
/// # Errors
/// When the database refuses.
pub async fn remove_all_of(connection: &impl ConnectionTrait, account: Uuid) -> Result<()> {
    identity::Entity::delete_many().filter(identity::Column::AccountId.eq(account)).exec(connection).await?;
    forget_rounds(connection, account).await
}
