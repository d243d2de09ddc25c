//! Appending events in the transaction of their use case, and reading them in journal order.

use chrono::{DateTime, Utc};
use entity::event;
use sea_orm::sea_query::SelectStatement;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{Event, EventKind};
use crate::auth::{Actor, Who};
use crate::db::insert_many;
use crate::error::{Error, Result};
use crate::ids::NodeKind;

/// Makes the rows of the events of one use case.
///
/// # Errors
/// When a detail cannot be written as JSON.
pub fn rows(events: Vec<Event>, operation: Uuid, actor: &Actor, now: DateTime<Utc>, mut new_id: impl FnMut() -> Uuid) -> Result<Vec<event::ActiveModel>> {
    events
        .into_iter()
        .map(|Event { kind, node, id, version, audience, detail }| {
            Ok(event::ActiveModel {
                id: Set(new_id()),
                seq: Set(None),
                prev: Set(None),
                hash: Set(None),
                kind: Set(kind.as_str().to_owned()),
                entity_kind: Set(node.journal_name().to_owned()),
                entity_id: Set(id),
                entity_version: Set(version),
                operation_id: Set(operation),
                account_id: Set(actor.account()),
                api_token_id: Set(actor.api_token()),
                organisation_id: Set(audience.organisation),
                counterpart_id: Set(audience.counterpart),
                public: Set(audience.public),
                occurred_at: Set(now),
                payload: Set(serde_json::to_vec(&detail).map_err(Error::internal)?),
            })
        })
        .collect()
}

/// Appends rows in the transaction of their use case. On SQLite, whose one writer holds the lock, they are sequenced at once.
///
/// # Errors
/// When the database refuses.
pub async fn append(transaction: &impl ConnectionTrait, mut rows: Vec<event::ActiveModel>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    if transaction.get_database_backend() == DbBackend::Sqlite {
        let mut seq = last_sequence(transaction).await?;
        for row in &mut rows {
            seq += 1;
            row.seq = Set(Some(seq));
        }
    }
    Ok(insert_many(transaction, rows).await?)
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

/// Sequenced events in journal order, as far as the actor may learn of them.
///
/// # Errors
/// When the database cannot be read.
pub async fn feed(connection: &impl ConnectionTrait, actor: &Actor, feed: &Feed) -> Result<Vec<event::Model>> {
    let mut query = event::Entity::find().filter(event::Column::Seq.gt(feed.after)).order_by_asc(event::Column::Seq).limit(feed.limit);
    if !feed.kinds.is_empty() {
        query = query.filter(event::Column::Kind.is_in(feed.kinds.iter().map(|kind| kind.as_str())));
    }
    let ours = actor.organisations();
    if actor.who != Who::System {
        // A draft of an interest is its business's alone, and a person the administrator's.
        let draft = Condition::all().add(event::Column::EntityKind.eq(NodeKind::Interest.journal_name())).add(event::Column::CounterpartId.is_null());
        query = query.filter(Condition::any().add(draft.not()).add(event::Column::OrganisationId.is_in(ours.iter().copied())));
        if !actor.is_administrator() {
            query = query.filter(event::Column::EntityKind.ne(NodeKind::Account.journal_name()));
        }
    }
    if !actor.sees_all() {
        query = query.filter(
            Condition::any()
                .add(event::Column::Public.eq(true))
                .add(event::Column::OrganisationId.is_in(ours.iter().copied()))
                .add(event::Column::CounterpartId.is_in(ours))
                .add_option(feed.concerning.clone().map(|entities| event::Column::EntityId.in_subquery(entities))),
        );
    }
    Ok(query.all(connection).await?)
}
