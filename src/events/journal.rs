//! Appending events in the transaction of their use case, and reading them in journal order.

use chrono::{DateTime, Utc};
use entity::event;
use sea_orm::sea_query::SelectStatement;
use sea_orm::{ActiveModelTrait as _, ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel as _, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::chain::{self, Head, Salt};
use super::{Event, EventKind};
use crate::auth::{Actor, Who};
use crate::db::insert_many;
use crate::error::{Error, Result};
use crate::ids::NodeKind;

/// Makes the rows of the events of one use case, each with its digest.
///
/// # Errors
/// When a detail cannot be written as JSON, or there is no salt.
pub fn rows(
    events: Vec<Event>,
    operation: Uuid,
    actor: &Actor,
    now: DateTime<Utc>,
    mut new_id: impl FnMut() -> Uuid,
    mut new_salt: impl FnMut() -> Result<Salt>,
) -> Result<Vec<event::Model>> {
    events
        .into_iter()
        .map(|Event { kind, node, id, version, audience, detail }| {
            let mut row = event::Model {
                id: new_id(),
                seq: None,
                hash: None,
                digest: None,
                salt: None,
                kind: kind.as_str().to_owned(),
                entity_kind: node.journal_name().to_owned(),
                entity_id: id,
                entity_version: version,
                operation_id: operation,
                account_id: actor.account(),
                api_token_id: actor.api_token(),
                organisation_id: audience.organisation,
                counterpart_id: audience.counterpart,
                public: audience.public,
                occurred_at: now,
                payload: Some(chain::canonical(&detail).map_err(Error::internal)?),
            };
            chain::seal(&mut row, new_salt()?).map_err(Error::internal)?;
            Ok(row)
        })
        .collect()
}

/// Appends rows in the transaction of their use case. On SQLite, whose one writer holds the lock, they are sequenced and chained at once.
///
/// # Errors
/// When the database refuses.
pub async fn append(transaction: &impl ConnectionTrait, mut rows: Vec<event::Model>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    if transaction.get_database_backend() == DbBackend::Sqlite {
        let mut head = head(transaction).await?;
        for row in &mut rows {
            head = head.followed_by(digest_of(row.digest.as_deref())?);
            (row.seq, row.hash) = (Some(head.seq), Some(head.hash.to_vec()));
        }
    }
    Ok(insert_many(transaction, rows.into_iter().map(|row| row.into_active_model().reset_all()).collect()).await?)
}

/// Up to where the journal is sequenced and chained.
///
/// # Errors
/// When the database cannot be read, or the newest event has no hash: `fill` gives it one when the program starts.
pub async fn head(connection: &impl ConnectionTrait) -> Result<Head> {
    let newest = event::Entity::find()
        .select_only()
        .columns([event::Column::Seq, event::Column::Hash])
        .filter(event::Column::Seq.is_not_null())
        .order_by_desc(event::Column::Seq)
        .into_tuple::<(i64, Option<Vec<u8>>)>()
        .one(connection)
        .await?;
    let Some((seq, hash)) = newest else { return Ok(Head::START) };
    let hash = hash.and_then(|hash| hash.try_into().ok()).ok_or_else(|| Error::internal("the newest event of the journal has no hash: start the program again"))?;
    Ok(Head { seq, hash })
}

/// The digest of an event that is about to get its place.
///
/// # Errors
/// When it has none, as what an older program wrote.
pub fn digest_of(digest: Option<&[u8]>) -> Result<&[u8]> {
    digest.ok_or_else(|| Error::internal("an event has no digest: start the program again"))
}

/// The sequence of the newest sequenced event; 0 for an empty journal.
///
/// # Errors
/// When the database cannot be read.
pub async fn last_sequence(connection: &impl ConnectionTrait) -> Result<i64> {
    let newest = event::Entity::find()
        .select_only()
        .column(event::Column::Seq)
        .filter(event::Column::Seq.is_not_null())
        .order_by_desc(event::Column::Seq)
        .into_tuple::<Option<i64>>()
        .one(connection)
        .await?;
    Ok(newest.flatten().unwrap_or(0))
}

/// How many events wait for their place, and since when the oldest does.
///
/// # Errors
/// When the database cannot be read.
pub async fn backlog(connection: &impl ConnectionTrait) -> Result<(i64, Option<DateTime<Utc>>)> {
    let waiting = event::Entity::find().filter(event::Column::Seq.is_null());
    let row = waiting.select_only().column_as(event::Column::Id.count(), "waiting").column_as(event::Column::OccurredAt.min(), "since");
    Ok(row.into_tuple().one(connection).await?.unwrap_or_default())
}

/// Which events a reader asks for.
#[derive(Clone, Debug, Default)]
pub struct Feed {
    /// Those after this sequence.
    pub after: i64,
    /// Those of these kinds; all when empty.
    pub kinds: Vec<EventKind>,
    /// At most so many.
    pub limit: u64,
    /// Ids of entities of which the actor learns, though an event of theirs is neither public nor told to their organisations.
    pub concerning: Option<SelectStatement>,
}

/// Sequenced events in journal order, as far as the actor may learn of them. One whose body was erased proves nothing of itself: it is left out.
///
/// # Errors
/// When the database cannot be read.
pub async fn feed(connection: &impl ConnectionTrait, actor: &Actor, feed: &Feed) -> Result<Vec<event::Model>> {
    let proven = event::Entity::find().filter(event::Column::Payload.is_not_null());
    let mut query = proven.filter(event::Column::Seq.gt(feed.after)).order_by_asc(event::Column::Seq).limit(feed.limit);
    if !feed.kinds.is_empty() {
        query = query.filter(event::Column::Kind.is_in(feed.kinds.iter().map(|kind| kind.as_str())));
    }
    Ok(query.filter(learns(actor, feed.concerning.clone())).all(connection).await?)
}

/// Sequenced events in journal order, whosever they are.
///
/// # Errors
/// When the database cannot be read.
pub async fn entries(connection: &impl ConnectionTrait, after: i64, limit: u64) -> Result<Vec<event::Model>> {
    Ok(event::Entity::find().filter(event::Column::Seq.gt(after)).order_by_asc(event::Column::Seq).limit(limit).all(connection).await?)
}

/// Those of some events whose bodies the actor may read: of a side of theirs, or all for those who see all. A body says more than
/// `changes` does, such as who acted; so that an event is public is not enough.
///
/// # Errors
/// When the database cannot be read.
pub async fn bodies_for(connection: &impl ConnectionTrait, actor: &Actor, events: Vec<Uuid>) -> Result<Vec<Uuid>> {
    let query = event::Entity::find().select_only().column(event::Column::Id).filter(event::Column::Id.is_in(events));
    Ok(query.filter(told(actor, of_a_side(actor))).into_tuple().all(connection).await?)
}

/// Of which events the actor may learn; `concerning` are ids of entities of which they do beside.
fn learns(actor: &Actor, concerning: Option<SelectStatement>) -> Condition {
    let others = concerning.map(|entities| event::Column::EntityId.in_subquery(entities));
    told(actor, of_a_side(actor).add(event::Column::Public.eq(true)).add_option(others))
}

/// The events of the actor's organisations, whichever side they are.
fn of_a_side(actor: &Actor) -> Condition {
    let ours = actor.organisations();
    Condition::any().add(event::Column::OrganisationId.is_in(ours.iter().copied())).add(event::Column::CounterpartId.is_in(ours))
}

/// The events under a condition, or all for those who see all, without what is kept from them too.
fn told(actor: &Actor, under: Condition) -> Condition {
    let mut told = Condition::all();
    if actor.who != Who::System {
        // A draft of an interest is its business's alone, and a person the administrator's.
        let draft = Condition::all().add(event::Column::EntityKind.eq(NodeKind::Interest.journal_name())).add(event::Column::CounterpartId.is_null());
        told = told.add(Condition::any().add(draft.not()).add(event::Column::OrganisationId.is_in(actor.organisations())));
        if !actor.is_administrator() {
            told = told.add(event::Column::EntityKind.ne(NodeKind::Account.journal_name()));
        }
    }
    if actor.sees_all() { told } else { told.add(under) }
}
