//! `changes`: the public change feed in journal order; and, below, the chain that proves it.

mod chain;

pub use chain::ChainQuery;

use async_graphql::{Context, ID, Object, SimpleObject, Subscription};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use entity::{delegation, event};
use futures_util::{Stream, TryStreamExt as _};
use serde_json::Value;
use uuid::Uuid;

use super::{EventKind, Feed, Heard, Turn, feed, follow, last_sequence};
use crate::delegations::graphql::Delegation;
use crate::error::{Error, Result};
use crate::graphql::context::RequestContext as _;
use crate::graphql::loader::ById;
use crate::graphql::node::{self, Node};
use crate::ids::{NodeKind, encode};
use crate::locale::Said;
use crate::page::Page;
use crate::{projects, text};

/// Most types that a feed is narrowed to; there are fewer.
const MOST_TYPES: usize = 100;
/// How many changes a follower reads at once.
const BATCH: u64 = 50;

/// One change of one entity.
pub struct Change {
    event: event::Model,
    /// Of one that is told to a follower.
    _turn: Option<Turn>,
}

/// One change of one entity.
#[Object]
impl Change {
    /// Where to go on reading: the `after` of the next call.
    async fn cursor(&self) -> String {
        cursor(self.event.seq.unwrap_or_default())
    }

    /// What happened.
    #[graphql(name = "type")]
    async fn kind(&self) -> Option<EventKind> {
        EventKind::parse(&self.event.kind)
    }

    /// When it happened.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.event.occurred_at
    }

    /// The entity's version after it.
    async fn version(&self) -> i32 {
        self.event.entity_version
    }

    /// Common to the changes of one action.
    async fn operation(&self) -> String {
        self.event.operation_id.to_string()
    }

    /// The delegation by which an association did it on behalf of another organisation; for the members of both, the association and
    /// the administrator.
    async fn delegation(&self, ctx: &Context<'_>) -> Result<Option<Delegation>> {
        let Some(payload) = &self.event.payload else { return Ok(None) };
        let detail: Value = serde_json::from_slice(payload).map_err(Error::internal)?;
        let Some(id) = detail["delegation"].as_str().and_then(|id| Uuid::parse_str(id).ok()) else { return Ok(None) };
        Ok(ctx.loaders().load_one(ById::<delegation::Entity>::new(id)).await?.map(Delegation))
    }

    /// The entity's id.
    async fn node_id(&self) -> Option<ID> {
        NodeKind::from_journal_name(&self.event.entity_kind).map(|kind| encode(kind, self.event.entity_id))
    }

    /// The entity as it is now; none when the caller may no longer see it.
    async fn node(&self, ctx: &Context<'_>) -> Result<Option<Node>> {
        let Some(kind) = NodeKind::from_journal_name(&self.event.entity_kind) else { return Ok(None) };
        node::load(ctx, kind, self.event.entity_id).await
    }

    /// Whether the caller may no longer see the entity.
    async fn removed(&self, ctx: &Context<'_>) -> Result<bool> {
        let Some(kind) = NodeKind::from_journal_name(&self.event.entity_kind) else { return Ok(false) };
        Ok(node::load(ctx, kind, self.event.entity_id).await?.is_none())
    }
}

/// Changes in journal order.
#[derive(SimpleObject)]
pub struct ChangeList {
    /// The changes.
    nodes: Vec<Change>,
    /// Where to go on reading; the given `after` when there is nothing new.
    end_cursor: String,
    /// Whether more are there already.
    has_more: bool,
}

/// Queries of this file.
#[derive(Default)]
pub struct ChangesQuery;

#[Object]
impl ChangesQuery {
    /// What changed after a cursor, in journal order, as far as the caller may learn of it. A cursor never skips a change.
    async fn changes(&self, ctx: &Context<'_>, after: Option<String>, types: Option<Vec<EventKind>>, first: Option<i32>) -> Result<ChangeList> {
        let page = Page::new(first, None, false)?;
        let after = match after {
            Some(cursor) => place(ctx, &cursor).await?,
            None => 0,
        };
        let kinds = types.unwrap_or_default();
        text::at_most("types", kinds.len(), MOST_TYPES)?;
        let wanted = Feed { after, kinds, limit: page.first + 1, concerning: projects::store::concerning(ctx.actor()) };
        let mut rows = feed(ctx.app().db.reader(), ctx.actor(), &wanted).await?;
        let first = usize::try_from(page.first).unwrap_or(usize::MAX);
        let has_more = rows.len() > first;
        rows.truncate(first);
        let end = rows.last().and_then(|row| row.seq).unwrap_or(after);
        Ok(ChangeList { nodes: rows.into_iter().map(|event| Change { event, _turn: None }).collect(), end_cursor: cursor(end), has_more })
    }
}

/// Subscriptions of this file.
#[derive(Default)]
pub struct ChangesSubscription;

#[Subscription]
impl ChangesSubscription {
    /// What changes from now on, or after a cursor, in journal order, as far as the caller may learn of it. A cursor never skips a change:
    /// whoever was cut off goes on with the last one they saw.
    async fn changed(&self, ctx: &Context<'_>, types: Option<Vec<EventKind>>, after: Option<String>) -> Result<impl Stream<Item = Result<Change>> + use<>> {
        let kinds = types.unwrap_or_default();
        text::at_most("types", kinds.len(), MOST_TYPES)?;
        Ok(following(ctx, kinds, after).await?.map_ok(|Heard { event, turn }| Change { event, _turn: Some(turn) }))
    }
}

/// A place in the journal, as callers name it.
#[must_use]
pub fn cursor(sequence: i64) -> String {
    URL_SAFE_NO_PAD.encode(format!("seq:{sequence}"))
}

/// The events of some kinds as they come, or after a cursor, as far as the caller may learn of them.
///
/// # Errors
/// When the cursor is none, or the database cannot be read.
pub async fn following(ctx: &Context<'_>, kinds: Vec<EventKind>, after: Option<String>) -> Result<impl Stream<Item = Result<Heard>> + use<>> {
    let (app, actor) = (ctx.app().clone(), ctx.actor().clone());
    let after = match after {
        Some(cursor) => place(ctx, &cursor).await?,
        None => last_sequence(app.db.reader()).await?,
    };
    let concerning = projects::store::concerning(&actor);
    Ok(follow(app, actor, Feed { after, kinds, limit: BATCH, concerning }))
}

/// The place that a cursor names. One beyond the journal's end comes from another journal, or from before a restore, and would pass over what
/// is still to come.
///
/// # Errors
/// When the cursor is none, or of another journal, or the database cannot be read.
async fn place(ctx: &Context<'_>, cursor: &str) -> Result<i64> {
    let (app, place) = (ctx.app(), sequence(cursor)?);
    if place > app.newest.sequence(app.db.reader()).await? && place > last_sequence(app.db.reader()).await? {
        return Err(Error::bad_input(
            "after",
            Said::new("Цей курсор не з цього журналу: він за його кінцем.", "This cursor is not of this journal: it lies beyond its end."),
            Said::new(
                "Журнал могли відновити з резервної копії; почніть спочатку, без after, і прочитайте все знову.",
                "The journal may have been restored from a backup; begin anew, without after, and read all again.",
            ),
        ));
    }
    Ok(place)
}

fn sequence(cursor: &str) -> Result<i64> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    bytes.as_deref().and_then(|text| text.strip_prefix("seq:")).and_then(|number| number.parse().ok()).filter(|number| *number >= 0).ok_or_else(|| {
        Error::bad_input(
            "after",
            Said::new("Це не курсор змін.", "This is no cursor of changes."),
            Said::new("Візьміть endCursor попередньої відповіді.", "Take the endCursor of the answer before."),
        )
    })
}
