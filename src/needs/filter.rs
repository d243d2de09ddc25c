//! What a list of needs can be asked for: its words on the wire and their meaning in SQL.

use async_graphql::{Enum, InputObject};
use entity::need::{Column, State, Urgency};
use entity::organisation;
use sea_orm::{ColumnTrait as _, Condition};

use super::graphql::{NeedState, NeedUrgency};
use crate::error::Result;
use crate::graphql::filter::{DateTimeRange, MoneyRange, OrderDirection, among, combine, search, sectors, under};
use crate::graphql::scalars::KatottgCode;
use crate::ids::Id;
use crate::page::Term;
use crate::reference::known::Known;

/// Which needs.
#[derive(Clone, Debug, Default, InputObject)]
pub struct NeedFilter {
    /// All of these hold.
    and: Option<Vec<NeedFilter>>,
    /// One of these holds.
    or: Option<Vec<NeedFilter>>,
    /// This does not hold.
    not: Option<Box<NeedFilter>>,
    /// Of one of these OC4IDS sectors.
    sector: Option<Vec<String>>,
    /// In one of these states.
    state: Option<Vec<NeedState>>,
    /// Of one of these urgencies.
    urgency: Option<Vec<NeedUrgency>>,
    /// Of this organisation.
    organisation_id: Option<Id<organisation::Entity>>,
    /// In this territory.
    territory_under: Option<KatottgCode>,
    /// With the upper end of its cost in this range.
    cost: Option<MoneyRange>,
    /// With all these words, or beginnings of words, in its title or description; an empty text is as if absent.
    search: Option<String>,
    /// Changed within this time.
    updated_at: Option<DateTimeRange>,
}

impl NeedFilter {
    /// Its meaning.
    ///
    /// # Errors
    /// When a value cannot be taken.
    pub fn condition(&self, known: &Known) -> Result<Condition> {
        let Self { and, or, not, sector, state, urgency, organisation_id, territory_under, cost, search: words, updated_at } = self;
        let own = Condition::all()
            .add_option(sector.as_ref().map(|codes| sectors("filter.sector", codes, Column::Sector)).transpose()?)
            .add_option(state.as_ref().map(|states| among("filter.state", states.iter().map(|state| State::from(*state)), Column::State)).transpose()?)
            .add_option(urgency.as_ref().map(|urgencies| among("filter.urgency", urgencies.iter().map(|urgency| Urgency::from(*urgency)), Column::Urgency)).transpose()?)
            .add_option(organisation_id.map(|id| Column::OrganisationId.eq(id.0)))
            .add_option(territory_under.as_ref().map(|code| place(known, code)).transpose()?)
            .add_option(cost.map(|range| range.condition("filter.cost", Column::CostMax, Column::Currency)).transpose()?)
            .add_option(words.as_ref().map(|words| search("filter.search", words, Column::TextKey)).transpose()?)
            .add_option(updated_at.map(|range| range.condition("filter.updatedAt", Column::UpdatedAt)).transpose()?);
        combine(own, and.as_ref(), or.as_ref(), not.as_deref(), |part| part.condition(known))
    }
}

/// Needs in a territory. Where critical infrastructure is shows as its hromada, so a narrower territory finds none of it.
fn place(known: &Known, code: &KatottgCode) -> Result<Condition> {
    let within = under(known, "filter.territoryUnder", code, Column::Territory)?;
    Ok(if code.0.is_within_hromada() { within.add(Column::Critical.eq(false)) } else { within })
}

/// What needs are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum NeedOrderField {
    /// Its readable reference.
    Reference,
    /// When it was drafted.
    CreatedAt,
    /// When it last changed.
    UpdatedAt,
}

/// One term of an order.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct NeedOrder {
    /// By what.
    field: NeedOrderField,
    /// Which way.
    direction: OrderDirection,
}

impl From<NeedOrder> for Term<Column> {
    fn from(NeedOrder { field, direction }: NeedOrder) -> Self {
        let column = match field {
            NeedOrderField::Reference => Column::Reference,
            NeedOrderField::CreatedAt => Column::CreatedAt,
            NeedOrderField::UpdatedAt => Column::UpdatedAt,
        };
        Self { column, order: direction.into() }
    }
}
