//! What a list of projects can be asked for: its words on the wire and their meaning in SQL.

use async_graphql::{Enum, InputObject};
use entity::project::{Column, State};
use entity::{organisation, programme};
use sea_orm::{ColumnTrait as _, Condition};

use super::graphql::ProjectState;
use super::store::critical;
use crate::error::Result;
use crate::graphql::filter::{DateTimeRange, MoneyRange, OrderDirection, among, combine, search, sectors, under};
use crate::graphql::scalars::KatottgCode;
use crate::ids::Id;
use crate::page::Term;
use crate::reference::known::Known;

/// Which projects.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ProjectFilter {
    /// All of these hold.
    and: Option<Vec<ProjectFilter>>,
    /// One of these holds.
    or: Option<Vec<ProjectFilter>>,
    /// This does not hold.
    not: Option<Box<ProjectFilter>>,
    /// Of one of these OC4IDS sectors.
    sector: Option<Vec<String>>,
    /// In one of these states.
    state: Option<Vec<ProjectState>>,
    /// Of this organisation.
    organisation_id: Option<Id<organisation::Entity>>,
    /// In this programme.
    programme_id: Option<Id<programme::Entity>>,
    /// In this territory.
    territory_under: Option<KatottgCode>,
    /// With a budget in this range.
    budget: Option<MoneyRange>,
    /// Finished projects recorded as references, or the others.
    finished: Option<bool>,
    /// With all these words, or beginnings of words, in its title or description; an empty text is as if absent.
    search: Option<String>,
    /// Changed within this time.
    updated_at: Option<DateTimeRange>,
}

impl ProjectFilter {
    /// Its meaning.
    ///
    /// # Errors
    /// When a value cannot be taken.
    pub fn condition(&self, known: &Known) -> Result<Condition> {
        let Self { and, or, not, sector, state, organisation_id, programme_id, territory_under, budget, finished, search: words, updated_at } = self;
        let own = Condition::all()
            .add_option(sector.as_ref().map(|codes| sectors("filter.sector", codes, Column::Sector)).transpose()?)
            .add_option(state.as_ref().map(|states| among("filter.state", states.iter().map(|state| State::from(*state)), Column::State)).transpose()?)
            .add_option(organisation_id.map(|id| Column::OrganisationId.eq(id.0)))
            .add_option(programme_id.map(|id| Column::ProgrammeId.eq(id.0)))
            .add_option(territory_under.as_ref().map(|code| place(known, code)).transpose()?)
            .add_option(budget.map(|range| range.condition("filter.budget", Column::Budget, Column::Currency)).transpose()?)
            .add_option(finished.map(|finished| Column::Finished.eq(finished)))
            .add_option(words.as_ref().map(|words| search("filter.search", words, Column::TextKey)).transpose()?)
            .add_option(updated_at.map(|range| range.condition("filter.updatedAt", Column::UpdatedAt)).transpose()?);
        combine(own, and.as_ref(), or.as_ref(), not.as_deref(), |part| part.condition(known))
    }
}

/// Projects in a territory. Where critical infrastructure is, and a cancelled project, shows as its hromada, so a narrower
/// territory finds none of it.
fn place(known: &Known, code: &KatottgCode) -> Result<Condition> {
    let within = under(known, "filter.territoryUnder", code, Column::Territory)?;
    Ok(if code.0.is_within_hromada() { within.add(Column::Id.not_in_subquery(critical())).add(Column::State.ne(State::Cancelled)) } else { within })
}

/// What projects are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ProjectOrderField {
    /// Its readable reference.
    Reference,
    /// When it was set up.
    CreatedAt,
    /// When it last changed.
    UpdatedAt,
}

/// One term of an order.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct ProjectOrder {
    /// By what.
    field: ProjectOrderField,
    /// Which way.
    direction: OrderDirection,
}

impl From<ProjectOrder> for Term<Column> {
    fn from(ProjectOrder { field, direction }: ProjectOrder) -> Self {
        let column = match field {
            ProjectOrderField::Reference => Column::Reference,
            ProjectOrderField::CreatedAt => Column::CreatedAt,
            ProjectOrderField::UpdatedAt => Column::UpdatedAt,
        };
        Self { column, order: direction.into() }
    }
}
