//! The rows that concern one person, for that person.

use std::collections::BTreeSet;

use entity::{account, api_token, claim, delegation, event, invitation, membership, notification, organisation, session, verification_request};
use sea_orm::sea_query::{ExprTrait as _, Func};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::Result;
use crate::ids::NodeKind;

/// The organisations that change when an account is erased: where its person is a member, or is to answer an invitation to their
/// confirmed address, or which they claim, or whose contact is that address. In the order in which they are held.
///
/// # Errors
/// When the database cannot be read.
pub async fn touched(connection: &impl ConnectionTrait, account: Uuid) -> Result<BTreeSet<Uuid>> {
    let mut all = BTreeSet::new();
    let member = membership::Entity::find().select_only().column(membership::Column::OrganisationId).filter(membership::Column::AccountId.eq(account));
    all.extend(member.into_tuple::<Uuid>().all(connection).await?);
    let claims = claim::Entity::find().select_only().column(claim::Column::OrganisationId).filter(claim::Column::AccountId.eq(account));
    all.extend(claims.filter(claim::Column::State.eq(claim::State::Pending)).into_tuple::<Uuid>().all(connection).await?);
    let confirmed = account::Entity::find_by_id(account).filter(account::Column::EmailConfirmedAt.is_not_null()).one(connection).await?;
    if let Some(account) = confirmed {
        let invited = invitation::Entity::find().select_only().column(invitation::Column::OrganisationId).filter(invitation::Column::EmailKey.eq(account.email_key.clone()));
        all.extend(invited.filter(invitation::Column::State.eq(invitation::State::Pending)).into_tuple::<Uuid>().all(connection).await?);
        // Also where they are a member no more.
        let contact = organisation::Entity::find()
            .select_only()
            .column(organisation::Column::Id)
            .filter(Func::lower(organisation::Column::ContactEmail.into_expr()).eq(account.email_key.clone()));
        all.extend(contact.into_tuple::<Uuid>().all(connection).await?);
    }
    Ok(all)
}

/// What a person did, and what was done to their account, oldest first, after an event.
///
/// # Errors
/// When the database cannot be read.
pub async fn journal(connection: &impl ConnectionTrait, account: Uuid, after: Option<Uuid>, limit: u64) -> Result<Vec<event::Model>> {
    let about = Condition::all().add(event::Column::EntityKind.eq(NodeKind::Account.journal_name())).add(event::Column::EntityId.eq(account));
    let theirs = Condition::any().add(event::Column::AccountId.eq(account)).add(about);
    let mut query = event::Entity::find().filter(theirs).order_by_asc(event::Column::Id).limit(limit);
    if let Some(after) = after {
        query = query.filter(event::Column::Id.gt(after));
    }
    Ok(query.all(connection).await?)
}

/// What a person is a member of, the newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn memberships(connection: &impl ConnectionTrait, account: Uuid, limit: u64) -> Result<Vec<membership::Model>> {
    let own = membership::Entity::find().filter(membership::Column::AccountId.eq(account));
    Ok(own.order_by_desc(membership::Column::Id).limit(limit).all(connection).await?)
}

/// The invitations of an address, the newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn invitations(connection: &impl ConnectionTrait, email_key: &str, limit: u64) -> Result<Vec<invitation::Model>> {
    let own = invitation::Entity::find().filter(invitation::Column::EmailKey.eq(email_key));
    Ok(own.order_by_desc(invitation::Column::Id).limit(limit).all(connection).await?)
}

/// A person's claims, the newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn claims(connection: &impl ConnectionTrait, account: Uuid, limit: u64) -> Result<Vec<claim::Model>> {
    Ok(claim::Entity::find().filter(claim::Column::AccountId.eq(account)).order_by_desc(claim::Column::Id).limit(limit).all(connection).await?)
}

/// The API tokens that a person made, the newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn tokens(connection: &impl ConnectionTrait, account: Uuid, limit: u64) -> Result<Vec<api_token::Model>> {
    Ok(api_token::Entity::find().filter(api_token::Column::AccountId.eq(account)).order_by_desc(api_token::Column::Id).limit(limit).all(connection).await?)
}

/// The requests for verification that a person made, the newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn verification_requests(connection: &impl ConnectionTrait, account: Uuid, limit: u64) -> Result<Vec<verification_request::Model>> {
    use verification_request::Column;
    Ok(verification_request::Entity::find().filter(Column::RequestedBy.eq(account)).order_by_desc(Column::Id).limit(limit).all(connection).await?)
}

/// The delegations that a person gave, the newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn delegations(connection: &impl ConnectionTrait, account: Uuid, limit: u64) -> Result<Vec<delegation::Model>> {
    Ok(delegation::Entity::find().filter(delegation::Column::GrantedBy.eq(account)).order_by_desc(delegation::Column::Id).limit(limit).all(connection).await?)
}

/// What a person was told, the newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn notifications(connection: &impl ConnectionTrait, account: Uuid, limit: u64) -> Result<Vec<notification::Model>> {
    Ok(notification::Entity::find().filter(notification::Column::AccountId.eq(account)).order_by_desc(notification::Column::Id).limit(limit).all(connection).await?)
}

/// A person's sign-ins that are kept, the newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn sessions(connection: &impl ConnectionTrait, account: Uuid, limit: u64) -> Result<Vec<session::Model>> {
    Ok(session::Entity::find().filter(session::Column::AccountId.eq(account)).order_by_desc(session::Column::Id).limit(limit).all(connection).await?)
}
