//! What a list of calls can be asked for: its words on the wire and their meaning in SQL.

use async_graphql::{Enum, InputObject};
use entity::call::{Column, State};
use entity::{organisation, project};
use sea_orm::{ColumnTrait as _, Condition};

use super::graphql::CallState;
use crate::error::Result;
use crate::graphql::filter::{among, DateTimeRange, OrderDirection, combine};
use crate::ids::Id;
use crate::page::Term;

/// Which calls.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CallFilter {
    /// All of these hold.
    and: Option<Vec<CallFilter>>,
    /// One of these holds.
    or: Option<Vec<CallFilter>>,
    /// This does not hold.
    not: Option<Box<CallFilter>>,
    /// In one of these states.
    state: Option<Vec<CallState>>,
    /// On this project.
    project_id: Option<Id<project::Entity>>,
    /// By this organisation.
    organisation_id: Option<Id<organisation::Entity>>,
    /// That close within this time.
    closes_at: Option<DateTimeRange>,
}

impl CallFilter {
    /// Its meaning.
    ///
    /// # Errors
    /// When a value cannot be taken.
    pub fn condition(&self) -> Result<Condition> {
        let Self { and, or, not, state, project_id, organisation_id, closes_at } = self;
        let own = Condition::all()
            .add_option(state.as_ref().map(|states| among("filter.state", states.iter().map(|state| State::from(*state)), Column::State)).transpose()?)
            .add_option(project_id.map(|id| Column::ProjectId.eq(id.0)))
            .add_option(organisation_id.map(|id| Column::OrganisationId.eq(id.0)))
            .add_option(closes_at.map(|range| range.condition("filter.closesAt", Column::ClosesAt)).transpose()?);
        combine(own, and.as_ref(), or.as_ref(), not.as_deref(), Self::condition)
    }
}

/// What calls are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CallOrderField {
    /// When it closes.
    ClosesAt,
    /// When it was drafted.
    CreatedAt,
}

/// One term of an order.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct CallOrder {
    /// By what.
    field: CallOrderField,
    /// Which way.
    direction: OrderDirection,
}

impl From<CallOrder> for Term<Column> {
    fn from(CallOrder { field, direction }: CallOrder) -> Self {
        let column = match field {
            CallOrderField::ClosesAt => Column::ClosesAt,
            CallOrderField::CreatedAt => Column::CreatedAt,
        };
        Self { column, order: direction.into() }
    }
}
