//! Rows of organisations, their identifiers, profiles and past works.

use std::collections::HashMap;

use entity::{capability, certificate, identifier, organisation, past_work};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use super::rules;
use crate::auth::Actor;
use crate::db::{self, insert_many};
use crate::error::Result;
use crate::page::{self, Page, Rows, Term};

/// Organisations are public; how to reach one is not (`access::sees_contacts`).
fn visible_to(_actor: &Actor) -> Select<organisation::Entity> {
    organisation::Entity::find()
}

/// Organisations by id.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_ids(connection: &impl ConnectionTrait, actor: &Actor, ids: Vec<Uuid>) -> Result<Vec<organisation::Model>> {
    Ok(visible_to(actor).filter(organisation::Column::Id.is_in(ids)).all(connection).await?)
}

/// One organisation.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_id(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<organisation::Model>> {
    Ok(visible_to(actor).filter(organisation::Column::Id.eq(id)).one(connection).await?)
}

/// One organisation that the use case is about to change.
///
/// # Errors
/// When the database cannot be read.
pub async fn to_change(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Option<organisation::Model>> {
    Ok(db::to_change(visible_to(actor).filter(organisation::Column::Id.eq(id))).one(connection).await?)
}

/// Whether there is any organisation.
///
/// # Errors
/// When the database cannot be read.
pub async fn any(connection: &impl ConnectionTrait) -> Result<bool> {
    Ok(organisation::Entity::find().one(connection).await?.is_some())
}

/// A page of organisations.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    condition: Condition,
    terms: Vec<Term<organisation::Column>>,
    page: &Page,
) -> Result<Rows<organisation::Model>> {
    page::read(connection, visible_to(actor).filter(condition), page, terms, organisation::Column::Id).await
}

/// Whose identifier it is.
///
/// # Errors
/// When the database cannot be read.
pub async fn owner_of(connection: &impl ConnectionTrait, scheme: &str, value: &str) -> Result<Option<Uuid>> {
    let found = identifier::Entity::find().filter(identifier::Column::Scheme.eq(scheme)).filter(identifier::Column::Value.eq(value)).one(connection).await?;
    Ok(found.map(|row| row.organisation_id))
}

/// Whose identifiers of one scheme these are, as pairs of value and organisation.
///
/// # Errors
/// When the database cannot be read.
pub async fn owners_of(connection: &impl ConnectionTrait, scheme: &str, values: &[String]) -> Result<Vec<(String, Uuid)>> {
    let of_scheme = || identifier::Entity::find().filter(identifier::Column::Scheme.eq(scheme));
    let found = db::in_chunks(values, |values| of_scheme().filter(identifier::Column::Value.is_in(values)).all(connection)).await?;
    Ok(found.into_iter().map(|row| (row.value, row.organisation_id)).collect())
}

/// What organisations are called in Ukrainian, and their versions.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn called(connection: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Option<String>, i32)>> {
    let names = || organisation::Entity::find().select_only().columns([organisation::Column::Id, organisation::Column::NameUk, organisation::Column::Version]);
    Ok(db::in_chunks(&ids, |ids| names().filter(organisation::Column::Id.is_in(ids)).into_tuple().all(connection)).await?)
}

/// The versions of organisations, held until the use case ends; `ids` are in their order.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn versions_to_change(connection: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<(Uuid, i32)>> {
    let versions = || organisation::Entity::find().select_only().columns([organisation::Column::Id, organisation::Column::Version]).order_by_asc(organisation::Column::Id);
    Ok(db::in_chunks(&ids, |ids| db::to_change(versions().filter(organisation::Column::Id.is_in(ids))).into_tuple().all(connection)).await?)
}

/// Which rows of a source are there already.
///
/// # Errors
/// When the database cannot be read.
pub async fn recorded_keys(connection: &impl ConnectionTrait, source: &str, keys: &[String]) -> Result<Vec<String>> {
    let of_source = || past_work::Entity::find().select_only().column(past_work::Column::SourceKey).filter(past_work::Column::Source.eq(source));
    let found = db::in_chunks(keys, |keys| of_source().filter(past_work::Column::SourceKey.is_in(keys)).into_tuple::<Option<String>>().all(connection));
    Ok(found.await?.into_iter().flatten().collect())
}

/// Identifiers of organisations.
///
/// # Errors
/// When the database cannot be read.
pub async fn identifiers(connection: &impl ConnectionTrait, organisations: Vec<Uuid>) -> Result<Vec<identifier::Model>> {
    let query = identifier::Entity::find().filter(identifier::Column::OrganisationId.is_in(organisations)).order_by_asc(identifier::Column::Scheme);
    Ok(query.all(connection).await?)
}

/// Capability profiles of organisations.
///
/// # Errors
/// When the database cannot be read.
pub async fn capabilities(connection: &impl ConnectionTrait, organisations: Vec<Uuid>) -> Result<Vec<capability::Model>> {
    Ok(capability::Entity::find().filter(capability::Column::OrganisationId.is_in(organisations)).all(connection).await?)
}

/// Certificates of organisations.
///
/// # Errors
/// When the database cannot be read.
pub async fn certificates(connection: &impl ConnectionTrait, organisations: Vec<Uuid>) -> Result<Vec<certificate::Model>> {
    let query = certificate::Entity::find().filter(certificate::Column::OrganisationId.is_in(organisations)).order_by_asc(certificate::Column::Code);
    Ok(query.all(connection).await?)
}

/// A page of the past works of each of some organisations; they are as public as their organisation.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn past_works(connection: &impl ConnectionTrait, _actor: &Actor, organisations: Vec<Uuid>, page: &Page) -> Result<HashMap<Uuid, Rows<past_work::Model>>> {
    let newest = Term { column: past_work::Column::CreatedAt, order: sea_orm::Order::Desc };
    page::read_each(connection, past_work::Entity::find(), (past_work::Column::OrganisationId, organisations), page, vec![newest], past_work::Column::Id).await
}

/// Past works by id; they are as public as their organisation.
///
/// # Errors
/// When the database cannot be read.
pub async fn past_works_by_ids(connection: &impl ConnectionTrait, _actor: &Actor, ids: Vec<Uuid>) -> Result<Vec<past_work::Model>> {
    Ok(past_work::Entity::find().filter(past_work::Column::Id.is_in(ids)).all(connection).await?)
}

/// The past works of an organisation that have this title.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn past_works_titled(connection: &impl ConnectionTrait, organisation: Uuid, title: &str) -> Result<Vec<past_work::Model>> {
    let query = past_work::Entity::find().filter(past_work::Column::OrganisationId.eq(organisation)).filter(past_work::Column::Title.eq(title));
    Ok(query.all(connection).await?)
}

/// Removes a past work; whether it was there.
///
/// # Errors
/// When the database refuses.
pub(super) async fn remove_past_work(connection: &impl ConnectionTrait, id: Uuid) -> Result<bool> {
    Ok(past_work::Entity::delete_by_id(id).exec(connection).await?.rows_affected > 0)
}

/// What is matched: businesses, but for those that the association refused.
fn matched() -> Condition {
    Condition::all().add(organisation::Column::Kind.eq(organisation::Kind::Business)).add(organisation::Column::Verification.ne(organisation::Verification::Rejected))
}

/// All that the matcher knows of these businesses, with their profiles, certificates and past works.
///
/// # Errors
/// When the database cannot be read.
pub async fn for_matching(connection: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<Profile>> {
    use std::collections::HashMap;
    let organisations =
        organisation::Entity::find().filter(organisation::Column::Id.is_in(ids.clone())).filter(matched()).order_by_asc(organisation::Column::Id).all(connection).await?;
    let mut profiles: HashMap<Uuid, capability::Model> = capabilities(connection, ids.clone()).await?.into_iter().map(|row| (row.organisation_id, row)).collect();
    let mut papers = crate::db::group(certificates(connection, ids.clone()).await?, |row| row.organisation_id);
    let works = past_work::Entity::find().filter(past_work::Column::OrganisationId.is_in(ids)).order_by_asc(past_work::Column::Id).all(connection).await?;
    let mut works = crate::db::group(works, |row| row.organisation_id);
    Ok(organisations
        .into_iter()
        .map(|organisation| Profile {
            capability: profiles.remove(&organisation.id),
            certificates: papers.remove(&organisation.id).unwrap_or_default(),
            works: works.remove(&organisation.id).unwrap_or_default(),
            organisation,
        })
        .collect())
}

/// Ids of businesses after `after`, in order.
///
/// # Errors
/// When the database cannot be read.
pub async fn business_ids(connection: &impl ConnectionTrait, after: Option<Uuid>, limit: u64) -> Result<Vec<Uuid>> {
    let mut query = organisation::Entity::find().select_only().column(organisation::Column::Id).filter(matched());
    if let Some(after) = after {
        query = query.filter(organisation::Column::Id.gt(after));
    }
    Ok(query.order_by_asc(organisation::Column::Id).limit(limit).into_tuple().all(connection).await?)
}

/// What the matcher knows of one business.
pub struct Profile {
    /// The business.
    pub organisation: organisation::Model,
    /// What it says it can do.
    pub capability: Option<capability::Model>,
    /// Its licences and certificates.
    pub certificates: Vec<certificate::Model>,
    /// What it has done.
    pub works: Vec<past_work::Model>,
}

/// Replaces the capability profile and the certificates of an organisation.
///
/// # Errors
/// When the database refuses.
pub async fn replace_capability(connection: &impl ConnectionTrait, organisation: Uuid, profile: capability::ActiveModel, papers: Vec<certificate::ActiveModel>) -> Result<()> {
    capability::Entity::delete_by_id(organisation).exec(connection).await?;
    certificate::Entity::delete_many().filter(certificate::Column::OrganisationId.eq(organisation)).exec(connection).await?;
    capability::Entity::insert(profile).exec_without_returning(connection).await?;
    insert_many(connection, papers).await?;
    Ok(())
}

/// The name of a key other than this one with which a sole trader's number was hashed, if there is any.
///
/// # Errors
/// When the database cannot be read.
pub async fn other_identifier_key(connection: &impl ConnectionTrait, key_id: &str) -> Result<Option<String>> {
    let hashed = identifier::Entity::find().filter(identifier::Column::Scheme.eq(rules::UA_RNOKPP));
    let other = hashed.filter(identifier::Column::Value.not_like(format!("{key_id}:%"))).one(connection).await?;
    Ok(other.map(|row| row.value.split(':').next().unwrap_or_default().to_owned()))
}
