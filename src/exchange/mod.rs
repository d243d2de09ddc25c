//! Facts from outside: awards and tenders of public registers, read from CSV tables, and the replay of past awards.
//!
//! An import acts as the administrator who runs it and records facts, not transitions: an award becomes a past work of its
//! bidder, a finished tender a reference project that no call can open, an open one a project in DEFINED. Identifiers,
//! texts, money and codes pass the same rules as what people type; what is recorded goes through the services of its slice
//! and into the journal, one event an entity.
//!
//! Invariants: a row is known by its source and its key there, so the same file again changes nothing; a row that is
//! refused takes no other with it; rows go in by whole batches, so an interrupted import leaves no half of one.

mod access;
pub mod awards;
pub mod backtest;
mod cells;
mod import;
mod places;
mod report;
mod tables;
pub mod tenders;

pub use import::Options;
pub use report::{Note, Report};
pub use tables::{Column, Source};

use std::io::Read;

use crate::app::App;
use crate::auth::Actor;
use crate::error::Result;

/// Imports a table of awards ([`awards::COLUMNS`]).
///
/// # Errors
/// When the caller may not import, or the table cannot be read at all. A fault after the first row ends the import and is
/// told in the report ([`Report::stopped`]).
pub async fn import_awards(app: &App, actor: &Actor, options: &Options, table: impl Read + Send + 'static) -> Result<Report> {
    import::run::<awards::Awards>(app, actor, options, table).await
}

/// Imports a table of tenders ([`tenders::COLUMNS`]).
///
/// # Errors
/// As [`import_awards`].
pub async fn import_tenders(app: &App, actor: &Actor, options: &Options, table: impl Read + Send + 'static) -> Result<Report> {
    import::run::<tenders::Tenders>(app, actor, options, table).await
}

/// Whether an actor may import at all; for the imports that other slices do.
///
/// # Errors
/// When they may not.
pub fn may_import(actor: &Actor) -> Result<()> {
    access::may_import(actor)
}
