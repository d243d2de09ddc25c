//! `backtest`: past awards replayed with the engine that the API uses.

use super::args::{Backtest, Global};
use super::failure::Failure;

/// Replays the awards, writes the rankings and prints the figures.
pub(super) fn run(_global: &Global, _backtest: &Backtest) -> Result<u8, Failure> {
    Err(Failure::new("pending"))
}
