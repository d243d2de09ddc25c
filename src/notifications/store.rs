//! Rows of notifications, digests and preferences.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::notification::{self, Column, Kind, Reach};
use entity::notification_preference::{self as preference, Rhythm};
use entity::organisation::{self, Verification};
use entity::{account, digest, interest, membership};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use super::rules::{REMINDERS, WAITING};
use crate::auth::Actor;
use crate::db::{self, Db, ROWS_A_STATEMENT, in_chunks, to_change};
use crate::error::Result;
use crate::page::{self, Page, Rows, Term};
use crate::{claims, reference, verification};

/// Where it is kept up to which place the journal was heard; where the journal is older than notifications, the schema begins it at its end.
const HEARD: &str = "notifications.heard";
const NEWEST: Term<Column> = Term { column: Column::CreatedAt, order: Order::Desc };

/// A person sees their own: what reached them in person, and what reached them as a member, of the organisation that it is about or of
/// an association, for as long as they are one.
fn visible_to(account: Option<Uuid>) -> Select<notification::Entity> {
    let houses = membership::Entity::find().select_only().column(membership::Column::OrganisationId).filter(membership::Column::AccountId.eq(account));
    let associations = houses.clone().filter(membership::Column::OrganisationId.in_subquery(checked_associations().into_query()));
    let as_member = Column::Reach.eq(Reach::Member).and(Column::OrganisationId.in_subquery(houses.into_query()));
    let as_association = Column::Reach.eq(Reach::Association).and(Expr::exists(associations.into_query()));
    let shown = Condition::any().add(Column::Reach.eq(Reach::Person)).add(as_member).add(as_association);
    notification::Entity::find().filter(Column::AccountId.eq(account)).filter(shown)
}

fn checked_associations() -> Select<organisation::Entity> {
    let ids = organisation::Entity::find().select_only().column(organisation::Column::Id);
    ids.filter(organisation::Column::Kind.eq(organisation::Kind::Association)).filter(organisation::Column::Verification.eq(Verification::Verified))
}

/// Notifications by id.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_ids(connection: &impl ConnectionTrait, actor: &Actor, ids: Vec<Uuid>) -> Result<Vec<notification::Model>> {
    Ok(visible_to(actor.account()).filter(Column::Id.is_in(ids)).all(connection).await?)
}

/// Which of their notifications a person asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All.
    All,
    /// Those that they have read.
    Read,
    /// Those that they have not read.
    Unread,
}

/// A page of a person's notifications, the newest first.
///
/// # Errors
/// When the cursor is not of this list, or the database cannot be read.
pub async fn list(connection: &impl ConnectionTrait, account: Uuid, wanted: Wanted, page: &Page) -> Result<Rows<notification::Model>> {
    let condition = match wanted {
        Wanted::All => Condition::all(),
        Wanted::Read => Condition::all().add(Column::ReadAt.is_not_null()),
        Wanted::Unread => Condition::all().add(Column::ReadAt.is_null()),
    };
    page::read(connection, visible_to(Some(account)).filter(condition), page, vec![NEWEST], Column::Id).await
}

/// How many notifications a person has not read.
///
/// # Errors
/// When the database cannot be read.
pub async fn count_unread(connection: &impl ConnectionTrait, account: Uuid) -> Result<u64> {
    Ok(visible_to(Some(account)).filter(Column::ReadAt.is_null()).count(connection).await?)
}

/// A person's notification that the use case is about to change.
///
/// # Errors
/// When the database cannot be read.
pub async fn notification_to_change(connection: &impl ConnectionTrait, account: Uuid, id: Uuid) -> Result<Option<notification::Model>> {
    Ok(to_change(visible_to(Some(account)).filter(Column::Id.eq(id))).one(connection).await?)
}

/// Marks a person's notifications as read: all, or those that are no newer than one of them.
///
/// # Errors
/// When the database refuses.
pub async fn mark_read(connection: &impl ConnectionTrait, account: Uuid, up_to: Option<&notification::Model>, now: DateTime<Utc>) -> Result<()> {
    let no_newer = up_to.map(|last| {
        let equal = Condition::all().add(Column::CreatedAt.eq(last.created_at)).add(Column::Id.lte(last.id));
        Condition::any().add(Column::CreatedAt.lt(last.created_at)).add(equal)
    });
    notification::Entity::update_many()
        .set(notification::ActiveModel { read_at: Set(Some(now)), ..Default::default() })
        .filter(Column::AccountId.eq(account))
        .filter(Column::ReadAt.is_null())
        .filter(Condition::all().add_option(no_newer))
        .exec(connection)
        .await?;
    Ok(())
}

/// Up to which place the journal was heard; 0 before its first event.
///
/// # Errors
/// When the database cannot be read.
pub async fn heard(connection: &impl ConnectionTrait) -> Result<i64> {
    Ok(reference::store::setting(connection, HEARD).await?.and_then(|place| place.parse().ok()).unwrap_or(0))
}

/// Notes up to which place the journal was heard.
///
/// # Errors
/// When the database refuses.
pub async fn set_heard(connection: &impl ConnectionTrait, place: i64) -> Result<()> {
    reference::store::set_setting(connection, HEARD, &place.to_string()).await
}

/// The associations that were checked.
///
/// # Errors
/// When the database cannot be read.
pub async fn associations(connection: &impl ConnectionTrait) -> Result<Vec<Uuid>> {
    Ok(checked_associations().into_tuple().all(connection).await?)
}

/// The memberships of some organisations.
///
/// # Errors
/// When the database cannot be read.
pub async fn members(connection: &impl ConnectionTrait, organisations: &[Uuid]) -> Result<Vec<membership::Model>> {
    Ok(in_chunks(organisations, |ids| membership::Entity::find().filter(membership::Column::OrganisationId.is_in(ids)).all(connection)).await?)
}

/// How those of some people who have an account still want to hear of what is new; `usual` is for whoever said nothing.
///
/// # Errors
/// When the database cannot be read.
pub async fn rhythms(connection: &impl ConnectionTrait, accounts: &[Uuid], usual: Rhythm) -> Result<HashMap<Uuid, Rhythm>> {
    let there = |ids| {
        account::Entity::find()
            .select_only()
            .column(account::Column::Id)
            .filter(account::Column::Id.is_in(ids))
            .filter(account::Column::ErasedAt.is_null())
            .into_tuple::<Uuid>()
            .all(connection)
    };
    let mut rhythms: HashMap<Uuid, Rhythm> = in_chunks(accounts, there).await?.into_iter().map(|account| (account, usual)).collect();
    let said = in_chunks(accounts, |ids: Vec<Uuid>| preference::Entity::find().filter(preference::Column::AccountId.is_in(ids)).all(connection)).await?;
    for preference::Model { account_id, email, .. } in said {
        rhythms.insert(account_id, email);
    }
    Ok(rhythms)
}

/// What a person said of how they want to hear of what is new.
///
/// # Errors
/// When the database cannot be read.
pub async fn preference(connection: &impl ConnectionTrait, account: Uuid) -> Result<Option<preference::Model>> {
    Ok(preference::Entity::find_by_id(account).one(connection).await?)
}

/// Writes how a person wants to hear of what is new, instead of what they said before.
///
/// # Errors
/// When the database refuses.
pub async fn set_preference(connection: &impl ConnectionTrait, account: Uuid, email: Rhythm, now: DateTime<Utc>) -> Result<()> {
    let row = preference::ActiveModel { account_id: Set(account), email: Set(email), updated_at: Set(now) };
    let replace = OnConflict::column(preference::Column::AccountId).update_columns([preference::Column::Email, preference::Column::UpdatedAt]).to_owned();
    preference::Entity::insert(row).on_conflict(replace).exec_without_returning(connection).await?;
    Ok(())
}

/// The open digests of some people, held until the use case ends.
///
/// # Errors
/// When the database cannot be read.
pub async fn open_digests(connection: &impl ConnectionTrait, accounts: &[Uuid]) -> Result<Vec<digest::Model>> {
    let open = |ids: Vec<Uuid>| to_change(digest::Entity::find().filter(digest::Column::AccountId.is_in(ids)).filter(digest::Column::Open.eq(true))).all(connection);
    Ok(in_chunks(accounts, open).await?)
}

/// A digest that the use case is about to change.
///
/// # Errors
/// When the database cannot be read.
pub async fn digest_to_change(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<digest::Model>> {
    Ok(to_change(digest::Entity::find_by_id(id)).one(connection).await?)
}

/// What a digest holds that its person may still see and has not read, or has and is of one of some kinds, the oldest first, at most `limit`;
/// and how much there is in all. Reminders of what was done meanwhile are not in it, nor what waited for a decision that was taken.
///
/// # Errors
/// When the database cannot be read.
pub async fn unread_in(connection: &impl ConnectionTrait, digest: &digest::Model, also: impl Iterator<Item = Kind>, limit: u64) -> Result<(Vec<notification::Model>, u64)> {
    let untold = Condition::any().add(Column::ReadAt.is_null()).add(Column::Kind.is_in(also));
    let unread = visible_to(Some(digest.account_id)).filter(Column::DigestId.eq(digest.id)).filter(untold).filter(still_so());
    let rows = unread.clone().order_by_asc(Column::OccurredAt).order_by_asc(Column::Id).limit(limit).all(connection).await?;
    let all = if (rows.len() as u64) < limit { rows.len() as u64 } else { unread.count(connection).await? };
    Ok((rows, all))
}

/// What reminds of something does so as long as the interest awaits it, and what waits for a decision as long as nobody decided.
fn still_so() -> Condition {
    let undecided = |ids| Column::NodeId.in_subquery(ids);
    let waiting = undecided(claims::store::undecided().into_query()).or(undecided(verification::store::undecided().into_query()));
    let decided_or_not = Column::Kind.is_not_in(WAITING).or(waiting);
    REMINDERS.iter().fold(Condition::all().add(decided_or_not), |all, (kind, state)| {
        let awaiting = interest::Entity::find().select_only().column(interest::Column::Id).filter(interest::Column::State.eq(*state)).into_query();
        all.add(Column::Kind.ne(*kind).or(Column::NodeId.in_subquery(awaiting)))
    })
}

/// An interest for the service itself, a draft too.
///
/// # Errors
/// When the database cannot be read.
pub async fn interest(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<interest::Model>> {
    Ok(interest::Entity::find_by_id(id).one(connection).await?)
}

/// Takes away the notifications that were made before a moment, read or not, and the digests that were closed before it.
///
/// # Errors
/// When the database refuses.
pub async fn purge(db: &Db, before: DateTime<Utc>) -> Result<()> {
    db::delete_in_turns::<notification::Entity>(db, Column::Id, Condition::all().add(Column::CreatedAt.lt(before))).await?;
    // What is in a digest came before it was closed, so it is gone.
    Ok(db::delete_in_turns::<digest::Entity>(db, digest::Column::Id, Condition::all().add(digest::Column::ClosedAt.lt(before))).await?)
}

/// Takes away all that is kept of a person here, inside the use case that erases them.
///
/// # Errors
/// When the database refuses.
pub async fn remove_of_account(connection: &impl ConnectionTrait, account: Uuid) -> Result<()> {
    notification::Entity::delete_many().filter(Column::AccountId.eq(account)).exec(connection).await?;
    digest::Entity::delete_many().filter(digest::Column::AccountId.eq(account)).exec(connection).await?;
    preference::Entity::delete_by_id(account).exec(connection).await?;
    Ok(())
}

/// Writes new notifications; of one cause a person hears once, whoever writes it when.
///
/// # Errors
/// When the database refuses.
pub async fn put(connection: &impl ConnectionTrait, rows: Vec<notification::ActiveModel>) -> Result<()> {
    for chunk in rows.chunks(ROWS_A_STATEMENT) {
        let once = OnConflict::columns([Column::AccountId, Column::Cause]).do_nothing().to_owned();
        notification::Entity::insert_many(chunk.iter().cloned()).on_conflict(once).exec_without_returning(connection).await?;
    }
    Ok(())
}
