//! What a list of claims can be asked for: its words on the wire and their meaning in SQL.

use async_graphql::InputObject;
use entity::claim::{Column, State};
use entity::organisation;
use sea_orm::{ColumnTrait as _, Condition};

use super::graphql::ClaimState;
use crate::error::Result;
use crate::graphql::filter::among;
use crate::ids::Id;

/// Which claims.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ClaimFilter {
    /// In one of these states.
    state: Option<Vec<ClaimState>>,
    /// To this organisation.
    organisation_id: Option<Id<organisation::Entity>>,
}

impl ClaimFilter {
    /// Its meaning.
    ///
    /// # Errors
    /// When a value cannot be taken.
    pub fn condition(&self) -> Result<Condition> {
        let Self { state, organisation_id } = self;
        Ok(Condition::all()
            .add_option(state.as_ref().map(|states| among("filter.state", states.iter().map(|state| State::from(*state)), Column::State)).transpose()?)
            .add_option(organisation_id.map(|id| Column::OrganisationId.eq(id.0))))
    }
}
