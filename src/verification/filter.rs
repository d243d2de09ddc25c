//! What a list of requests can be asked for: its words on the wire and their meaning in SQL.

use async_graphql::InputObject;
use entity::organisation;
use entity::verification_request::{Column, State};
use sea_orm::{ColumnTrait as _, Condition};

use super::graphql::VerificationRequestState;
use crate::error::Result;
use crate::graphql::filter::among;
use crate::ids::Id;

/// Which requests for verification.
#[derive(Clone, Debug, Default, InputObject)]
pub struct VerificationRequestFilter {
    /// In one of these states.
    state: Option<Vec<VerificationRequestState>>,
    /// Of this organisation.
    organisation_id: Option<Id<organisation::Entity>>,
}

impl VerificationRequestFilter {
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
