//! What a list of programmes can be asked for: its words on the wire and their meaning in SQL.

use async_graphql::{Enum, InputObject};
use entity::organisation;
use entity::programme::Column;
use sea_orm::{ColumnTrait as _, Condition};

use crate::error::Result;
use crate::graphql::filter::{OrderDirection, combine, search};
use crate::ids::Id;
use crate::page::Term;

/// Which programmes.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ProgrammeFilter {
    /// All of these hold.
    and: Option<Vec<ProgrammeFilter>>,
    /// One of these holds.
    or: Option<Vec<ProgrammeFilter>>,
    /// This does not hold.
    not: Option<Box<ProgrammeFilter>>,
    /// Funded by this donor.
    funder_id: Option<Id<organisation::Entity>>,
    /// With all these words, or beginnings of words, in its name; an empty text is as if absent.
    search: Option<String>,
}

impl ProgrammeFilter {
    /// Its meaning.
    ///
    /// # Errors
    /// When the search is too long.
    pub fn condition(&self) -> Result<Condition> {
        let Self { and, or, not, funder_id, search: words } = self;
        let own = Condition::all()
            .add_option(funder_id.map(|id| Column::FunderId.eq(id.0)))
            .add_option(words.as_ref().map(|words| search("filter.search", words, Column::NameKey)).transpose()?);
        combine(own, and.as_ref(), or.as_ref(), not.as_deref(), Self::condition)
    }
}

/// What programmes are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ProgrammeOrderField {
    /// Its name, in Ukrainian alphabetical order.
    Name,
    /// When it was set up.
    CreatedAt,
}

/// One term of an order.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct ProgrammeOrder {
    /// By what.
    field: ProgrammeOrderField,
    /// Which way.
    direction: OrderDirection,
}

impl From<ProgrammeOrder> for Term<Column> {
    fn from(ProgrammeOrder { field, direction }: ProgrammeOrder) -> Self {
        let column = match field {
            ProgrammeOrderField::Name => Column::NameKey,
            ProgrammeOrderField::CreatedAt => Column::CreatedAt,
        };
        Self { column, order: direction.into() }
    }
}
