//! `backtest`: past awards replayed with the engine that the API uses.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressStyle};

use super::args::{Backtest, Global};
use super::failure::Failure;
use super::{DONE, output};
use crate::exchange::backtest::{self, Options};

/// Replays the awards, writes the ranks and prints the figures.
pub(super) fn run(global: &Global, Backtest { awards, suppliers, cases, out }: &Backtest) -> Result<u8, Failure> {
    let options = Options { awards: awards.clone(), suppliers: suppliers.clone(), cases: cases.clone(), ranks: out.clone() };
    let bar = if std::io::stderr().is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos} of {len} cases, {eta} left") {
        bar.set_style(style);
    }
    let mut progress = |done: usize, total: usize| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    };
    let report = tokio::task::block_in_place(|| backtest::run(&options, &mut progress)).map_err(|cause| Failure::because("the backtest cannot be run", cause))?;
    bar.finish_and_clear();
    if global.json {
        output::json(&report)?;
    } else {
        output::text_of(&report.to_string())?;
    }
    Ok(DONE)
}
