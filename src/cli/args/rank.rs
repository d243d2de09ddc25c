//! What `match` and `backtest` take.

use std::path::PathBuf;

use super::Language;

/// What is ranked for.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Match {
    /// Reference of a project (P-2026-000123), its id at its source (UA-2021-01-02-000123-a), or the API's id of a project or work package
    #[arg(value_name = "REFERENCE")]
    pub(in crate::cli) wanted: String,
    /// Language of titles and reasons
    #[arg(long, value_enum, default_value = "en")]
    pub(in crate::cli) locale: Language,
    /// How many businesses
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(in crate::cli) first: u32,
}

/// Which awards are replayed.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Backtest {
    /// Past awards, CSV, plain or gz
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) awards: PathBuf,
    /// The suppliers to rank
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) suppliers: PathBuf,
    /// The later awards to rank them for; without them only the end of the past awards is ranked
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) cases: Option<PathBuf>,
    /// Where the first 100 of each case are written, tab-separated: `case_id`, `supplier_id`, `rank`
    #[arg(long, value_name = "FILE", requires = "cases")]
    pub(in crate::cli) out: Option<PathBuf>,
}
