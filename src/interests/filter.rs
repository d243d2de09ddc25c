//! What a list of interests can be asked for: its words on the wire and their meaning in SQL.

use async_graphql::InputObject;
use entity::interest::{Column, State};
use entity::{call, organisation};
use sea_orm::{ColumnTrait as _, Condition};

use super::graphql::InterestState;
use crate::error::Result;
use crate::graphql::filter::among;
use crate::ids::Id;

/// Which interests.
#[derive(Clone, Debug, Default, InputObject)]
pub struct InterestFilter {
    /// In one of these states.
    state: Option<Vec<InterestState>>,
    /// In this call.
    call_id: Option<Id<call::Entity>>,
    /// Of this business.
    organisation_id: Option<Id<organisation::Entity>>,
}

impl InterestFilter {
    /// Its meaning.
    ///
    /// # Errors
    /// When a value cannot be taken.
    pub fn condition(&self) -> Result<Condition> {
        let Self { state, call_id, organisation_id } = self;
        Ok(Condition::all()
            .add_option(state.as_ref().map(|states| among("filter.state", states.iter().map(|state| State::from(*state)), Column::State)).transpose()?)
            .add_option(call_id.map(|id| Column::CallId.eq(id.0)))
            .add_option(organisation_id.map(|id| Column::OrganisationId.eq(id.0))))
    }
}
