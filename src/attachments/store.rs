//! Rows of attachments, as far as an actor may see them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::attachment::{self, Column, Purpose, State};
use entity::{certificate, claim, organisation};
use sea_orm::sea_query::{Expr, ExprTrait as _, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use crate::auth::Actor;
use crate::db::{self, Db};
use crate::error::Result;
use crate::page::{self, Page, Rows, Term};

/// Members see those of their organisations, but for the evidence of those who had it before a claim; those who see everything see all.
fn visible_to(actor: &Actor) -> Select<attachment::Entity> {
    let all = attachment::Entity::find();
    if actor.sees_all() {
        return all;
    }
    let of_others = Column::Purpose.eq(Purpose::Evidence).and(claimed_since(Column::OrganisationId, Column::CreatedAt));
    all.filter(Column::OrganisationId.is_in(actor.organisations())).filter(of_others.not())
}

/// That somebody else was given an organisation by a claim after a row of it was made. What shows who spoke for it before, such as a
/// passport, is for those who decided on it, and not for whoever comes after.
pub fn claimed_since(organisation: impl ColumnTrait, made: impl ColumnTrait) -> SimpleExpr {
    let claims = claim::Entity::find().select_only().column(claim::Column::Id).filter(claim::Column::State.eq(claim::State::Confirmed));
    let later = claims.filter(claim::Column::OrganisationId.into_expr().eq(organisation.into_expr())).filter(claim::Column::DecidedAt.into_expr().gt(made.into_expr()));
    Expr::exists(later.into_query())
}

/// Attachments by id.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_ids(connection: &impl ConnectionTrait, actor: &Actor, ids: Vec<Uuid>) -> Result<Vec<attachment::Model>> {
    Ok(visible_to(actor).filter(Column::Id.is_in(ids)).all(connection).await?)
}

/// One attachment.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_id(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<attachment::Model>> {
    Ok(visible_to(actor).filter(Column::Id.eq(id)).one(connection).await?)
}

/// An attachment that the use case is about to change.
///
/// # Errors
/// When the database cannot be read.
pub async fn to_change(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<attachment::Model>> {
    Ok(db::to_change(visible_to(actor).filter(Column::Id.eq(id))).one(connection).await?)
}

/// The files of an organisation for one purpose among these that the actor sees, held in one order for everybody.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn described(connection: &impl ConnectionTrait, actor: &Actor, organisation: Uuid, purpose: Purpose, ids: Vec<Uuid>) -> Result<Vec<attachment::Model>> {
    let query = visible_to(actor).filter(Column::OrganisationId.eq(organisation)).filter(Column::Purpose.eq(purpose));
    Ok(db::to_change(query.filter(Column::Id.is_in(ids)).order_by_asc(Column::Id)).all(connection).await?)
}

/// A page of the attachments of each of some organisations, the newest first.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn of_organisations(connection: &impl ConnectionTrait, actor: &Actor, organisations: Vec<Uuid>, page: &Page) -> Result<HashMap<Uuid, Rows<attachment::Model>>> {
    let newest = Term { column: Column::CreatedAt, order: Order::Desc };
    page::read_each(connection, visible_to(actor), (Column::OrganisationId, organisations), page, vec![newest], Column::Id).await
}

/// How many attachments an organisation has.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn count(connection: &impl ConnectionTrait, organisation: Uuid) -> Result<u64> {
    Ok(attachment::Entity::find().filter(Column::OrganisationId.eq(organisation)).count(connection).await?)
}

/// Whether an attachment has an object.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn has_object(connection: &impl ConnectionTrait, object: Uuid) -> Result<bool> {
    Ok(attachment::Entity::find().filter(Column::ObjectId.eq(object)).one(connection).await?.is_some())
}

/// Whether a certificate names an attachment.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn is_of_certificate(connection: &impl ConnectionTrait, id: Uuid) -> Result<bool> {
    Ok(certificate::Entity::find().filter(certificate::Column::AttachmentId.eq(id)).one(connection).await?.is_some())
}

/// The organisation whose attachments the use case is about to change; organisations are public.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn organisation_to_change(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<organisation::Model>> {
    Ok(db::to_change(organisation::Entity::find_by_id(id)).one(connection).await?)
}

/// Takes away the descriptions of files whose bytes never came before a moment.
///
/// # Errors
/// When the database refuses.
pub(super) async fn purge(db: &Db, before: DateTime<Utc>) -> Result<()> {
    let never = Condition::all().add(Column::State.eq(State::Awaiting)).add(Column::ExpiresAt.lt(before));
    Ok(db::delete_in_turns::<attachment::Entity>(db, Column::Id, never).await?)
}
