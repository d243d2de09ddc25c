//! What a list of organisations can be asked for: its words on the wire and their meaning in SQL.

use async_graphql::{Enum, InputObject};
use entity::organisation::{Column, Kind, Scale, Verification};
use sea_orm::Condition;

use super::graphql::{OrganisationKind, OrganisationScale, OrganisationVerification};
use crate::error::Result;
use crate::graphql::filter::{DateTimeRange, OrderDirection, among, combine, search, under};
use crate::graphql::scalars::KatottgCode;
use crate::page::Term;
use crate::reference::known::Known;

/// Which organisations.
#[derive(Clone, Debug, Default, InputObject)]
pub struct OrganisationFilter {
    /// All of these hold.
    and: Option<Vec<OrganisationFilter>>,
    /// One of these holds.
    or: Option<Vec<OrganisationFilter>>,
    /// This does not hold.
    not: Option<Box<OrganisationFilter>>,
    /// Of one of these kinds.
    kind: Option<Vec<OrganisationKind>>,
    /// Of one of these sizes.
    scale: Option<Vec<OrganisationScale>>,
    /// Checked or not.
    verification: Option<Vec<OrganisationVerification>>,
    /// With its seat in this territory.
    territory_under: Option<KatottgCode>,
    /// With all these words, or beginnings of words, in its name; an empty text is as if absent.
    search: Option<String>,
    /// Changed within this time.
    updated_at: Option<DateTimeRange>,
}

impl OrganisationFilter {
    /// Its meaning.
    ///
    /// # Errors
    /// When a value cannot be taken.
    pub fn condition(&self, known: &Known) -> Result<Condition> {
        let Self { and, or, not, kind, scale, verification, territory_under, search: words, updated_at } = self;
        let own = Condition::all()
            .add_option(kind.as_ref().map(|kinds| among("filter.kind", kinds.iter().map(|kind| Kind::from(*kind)), Column::Kind)).transpose()?)
            .add_option(scale.as_ref().map(|scales| among("filter.scale", scales.iter().map(|scale| Scale::from(*scale)), Column::Scale)).transpose()?)
            .add_option(verification.as_ref().map(|states| among("filter.verification", states.iter().map(|state| Verification::from(*state)), Column::Verification)).transpose()?)
            .add_option(territory_under.as_ref().map(|code| under(known, "filter.territoryUnder", code, Column::Territory)).transpose()?)
            .add_option(words.as_ref().map(|words| search("filter.search", words, Column::NameKey)).transpose()?)
            .add_option(updated_at.map(|range| range.condition("filter.updatedAt", Column::UpdatedAt)).transpose()?);
        combine(own, and.as_ref(), or.as_ref(), not.as_deref(), |part| part.condition(known))
    }
}

/// What organisations are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrganisationOrderField {
    /// Its name, in Ukrainian alphabetical order.
    Name,
    /// When it was registered.
    CreatedAt,
    /// When it last changed.
    UpdatedAt,
}

/// One term of an order.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct OrganisationOrder {
    /// By what.
    field: OrganisationOrderField,
    /// Which way.
    direction: OrderDirection,
}

impl From<OrganisationOrder> for Term<Column> {
    fn from(OrganisationOrder { field, direction }: OrganisationOrder) -> Self {
        let column = match field {
            OrganisationOrderField::Name => Column::NameKey,
            OrganisationOrderField::CreatedAt => Column::CreatedAt,
            OrganisationOrderField::UpdatedAt => Column::UpdatedAt,
        };
        Self { column, order: direction.into() }
    }
}
