//! `journal` and `journalCheckpoints`: the chain of the journal, for everybody to verify. The digest stands for the event, and its body is
//! shown to its organisations and to those who see all.

use std::collections::HashSet;

use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::{checkpoint, event};
use uuid::Uuid;

use super::{cursor, sequence};
use crate::error::{Error, Result};
use crate::events::{bodies_for, chain, checkpoints, entries};
use crate::graphql::context::RequestContext as _;
use crate::graphql::page::{List, arguments, connection};
use crate::hash::hex;
use crate::page::Page;

/// What the journal was at a moment, signed. Who keeps it can tell later whether what came before was changed.
pub struct JournalCheckpoint(checkpoint::Model);

/// What the journal was at a moment, signed. Who keeps it can tell later whether what came before was changed.
#[Object]
impl JournalCheckpoint {
    /// The place of the newest event that it covers.
    async fn sequence(&self) -> i64 {
        self.0.seq
    }

    /// The hash of the chain there, in hexadecimal.
    async fn hash(&self) -> String {
        hex(&self.0.hash)
    }

    /// When it was signed.
    async fn time(&self) -> DateTime<Utc> {
        self.0.time
    }

    /// The key that signed, as `/.well-known/mistok-checkpoint-keys.json` names it.
    async fn key_id(&self) -> &str {
        &self.0.key_id
    }

    /// All of it as a compact JWS (RFC 7515, EdDSA): what to keep.
    async fn jws(&self) -> &str {
        &self.0.signature
    }
}

/// A link of the chain.
#[derive(SimpleObject)]
pub struct JournalEntry {
    /// Its place: 1 for the first.
    sequence: i64,
    /// The digest of its event, in hexadecimal.
    digest: String,
    /// The hash of the chain up to it, in hexadecimal: SHA-256 of `mistok link 1` with a zero byte, the hash before (32 zero bytes for
    /// the first), the place as 8 bytes, and the digest.
    hash: String,
    /// The event; none but for members of its organisation and its counterpart and for those who see all, and none where its body was erased.
    event: Option<JournalEvent>,
}

/// What the digest of an event was computed from.
#[derive(SimpleObject)]
pub struct JournalEvent {
    /// Random bytes, in hexadecimal. The digest is SHA-256 of `mistok event 1` with a zero byte, these bytes, and the body.
    salt: String,
    /// The event as canonical JSON (RFC 8785), to be hashed as it is.
    body: String,
}

/// Links of the chain in journal order.
#[derive(SimpleObject)]
pub struct JournalList {
    /// The links.
    nodes: Vec<JournalEntry>,
    /// Where to go on reading; the given `after` when there is nothing new.
    end_cursor: String,
    /// Whether more are there already.
    has_more: bool,
}

/// Queries of this file.
#[derive(Default)]
pub struct ChainQuery;

#[Object]
impl ChainQuery {
    /// The chain of the journal after a cursor, which may be one of `changes`: every event as a digest, and with its
    /// body where the caller is of one of its organisations or sees all.
    async fn journal(&self, ctx: &Context<'_>, after: Option<String>, first: Option<i32>) -> Result<JournalList> {
        let page = Page::new(first, None, false)?;
        let after = after.as_deref().map_or(Ok(0), sequence)?;
        let mut rows = entries(ctx.app().db.reader(), after, page.first + 1).await?;
        let first = usize::try_from(page.first).unwrap_or(usize::MAX);
        let has_more = rows.len() > first;
        rows.truncate(first);
        let ids = rows.iter().map(|row| row.id).collect();
        let known = bodies_for(ctx.app().db.reader(), ctx.actor(), ids).await?.into_iter().collect();
        let end = rows.last().and_then(|row| row.seq).unwrap_or(after);
        let nodes = rows.iter().map(|row| entry(row, &known)).collect::<Result<_>>()?;
        Ok(JournalList { nodes, end_cursor: cursor(end), has_more })
    }

    /// Signed checkpoints of the journal, newest first; one each hour in which anything happened.
    async fn journal_checkpoints(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<List<JournalCheckpoint>> {
        let page = arguments(ctx, first, after)?;
        Ok(connection(checkpoints(ctx.app().db.reader(), &page).await?, JournalCheckpoint))
    }
}

fn entry(row: &event::Model, known: &HashSet<Uuid>) -> Result<JournalEntry> {
    let body = if known.contains(&row.id) { chain::body(row).map_err(Error::internal)? } else { None };
    let event = match (body, &row.salt) {
        (Some(body), Some(salt)) => Some(JournalEvent { salt: hex(salt), body: String::from_utf8(body).map_err(Error::internal)? }),
        _ => None,
    };
    let written = |bytes: &Option<Vec<u8>>| hex(bytes.as_deref().unwrap_or_default());
    Ok(JournalEntry { sequence: row.seq.unwrap_or_default(), digest: written(&row.digest), hash: written(&row.hash), event })
}
