//! Pages of matches. A list of matches is ranked, not read, so that its cursor is a match's rank: it holds while others come and go.

use async_graphql::connection::{Connection, Edge};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::engine::Rank;
use super::graphql::{Match, MatchConnection, Ranked};
use crate::error::{Error, Result};
use crate::locale::Said;
use crate::page::Page;

/// How many were looked at for a list.
#[derive(Clone, Copy)]
pub(super) struct Counts {
    /// Those that suit.
    pub passed: usize,
    /// Those that fail one.
    pub excluded: usize,
}

/// How many are ranked for a page: one more than it shows tells whether it goes on.
pub(super) fn ranked(page: &Page) -> usize {
    shown(page) + 1
}

fn shown(page: &Page) -> usize {
    usize::try_from(page.first).unwrap_or(0)
}

/// The rank after which a page begins.
pub(super) fn rank_after(page: &Page) -> Result<Option<Rank>> {
    page.after.as_deref().map(read).transpose()
}

/// One page of those that are ranked behind its cursor, of which one more than it shows are given.
pub(super) fn page_of(ranked: impl Iterator<Item = (Rank, Match)>, page: &Page, counts: Counts) -> MatchConnection {
    let mut ranked = ranked.peekable();
    let edges: Vec<_> = ranked.by_ref().take(shown(page)).map(|(rank, found)| Edge::new(cursor(rank), found)).collect();
    let total_count = page.count.then(|| u64::try_from(counts.passed).unwrap_or(u64::MAX));
    let mut list = Connection::with_additional_fields(page.after.is_some(), ranked.peek().is_some(), Ranked { total_count, excluded: counts.excluded });
    list.edges = edges;
    list
}

fn cursor(rank: Rank) -> String {
    URL_SAFE_NO_PAD.encode(format!("match:{:x}:{:x}", rank.total.to_bits(), rank.id))
}

fn read(cursor: &str) -> Result<Rank> {
    let text = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let parse = |text: &str| {
        let (total, id) = text.strip_prefix("match:")?.split_once(':')?;
        Some(Rank { total: f64::from_bits(u64::from_str_radix(total, 16).ok()?), id: u128::from_str_radix(id, 16).ok()? })
    };
    text.as_deref().and_then(parse).ok_or_else(|| {
        Error::bad_input(
            "after",
            Said::new("Це не курсор переліку збігів.", "This is no cursor of a list of matches."),
            Said::new("Візьміть endCursor попередньої сторінки.", "Take the endCursor of the page before."),
        )
    })
}
