//! The log: lines for people or JSON for machines, on standard error, so that standard output stays a command's own.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};

/// What is logged unless a filter says otherwise.
const USUAL: &str = "info,sqlx=warn,hyper=warn,h2=warn";

/// How the lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Lines,
    /// One JSON object a line.
    Json,
}

/// Why the log could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The filter is none; write for example `info,mistok=debug`.
    #[error("the log filter cannot be read; write for example info,mistok=debug")]
    Filter(#[from] ParseError),
    /// Something logs already.
    #[error("the log was opened twice")]
    Twice(#[from] TryInitError),
}

/// Opens the log, for the rest of the process.
///
/// # Errors
/// When the filter cannot be read, or the log is open already.
pub fn init(format: Format, filter: Option<&str>) -> Result<(), LogError> {
    let filter = EnvFilter::try_new(filter.unwrap_or(USUAL))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(io::stderr().is_terminal()).with_writer(io::stderr).log_internal_errors(false);
    match format {
        Format::Lines => log.with_target(false).finish().try_init()?,
        Format::Json => log.json().flatten_event(true).finish().try_init()?,
    }
    Ok(())
}
