//! Relay connections over the one pagination of [`crate::page`].

use async_graphql::connection::{Connection, Edge, EmptyFields};
use async_graphql::{Context, OutputType, SimpleObject};

use crate::error::Result;
use crate::page::{Page, Rows};

/// What a connection has beside its edges.
#[derive(SimpleObject)]
pub struct Counted {
    /// How many there are in all, as far as the caller may see; counted only when asked.
    pub total_count: Option<u64>,
}

/// A Relay connection.
pub type List<T> = Connection<String, T, Counted, EmptyFields>;

/// Takes the arguments of a list.
///
/// # Errors
/// When `first` is not from 1 to 100.
pub fn arguments(ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<Page> {
    Page::new(first, after, ctx.look_ahead().field("totalCount").exists())
}

/// Makes the connection of a page.
pub fn connection<M, T: OutputType>(rows: Rows<M>, node: impl Fn(M) -> T) -> List<T> {
    let mut list = Connection::with_additional_fields(rows.before, rows.more, Counted { total_count: rows.total });
    list.edges.extend(rows.rows.into_iter().map(|(cursor, row)| Edge::new(cursor, node(row))));
    list
}
