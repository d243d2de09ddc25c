//! The command line: parse, call a service, print; errors with their causes, for the one who operates the program.
//!
//! Flags go before `MISTOK_*` variables, variables before defaults; what is said once has no variable. What a program reads goes to standard output, what a
//! person reads meanwhile (log, progress, errors) to standard error.

mod admin;
mod args;
mod backtest;
mod demo;
mod doctor;
mod failure;
mod import;
mod keys;
mod open;
mod output;
mod rank;
mod schema;
mod serve;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};
use failure::Failure;

use crate::telemetry;

/// A command went through.
const DONE: u8 = 0;
/// A command failed; clap itself ends with 2 when the command line is wrong.
const FAILED: u8 = 1;
/// An import went through and refused rows.
const REFUSED_ROWS: u8 = 3;

/// Runs the command that the command line names.
#[must_use]
pub fn main() -> ExitCode {
    let args = Args::parse();
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|cause| Failure::because("the runtime does not start", cause))
        .and_then(|runtime| runtime.block_on(run(args)));
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            failure.print();
            ExitCode::from(FAILED)
        }
    }
}

async fn run(Args { global, command }: Args) -> Result<u8, Failure> {
    let filter = global.log_filter(matches!(command, Command::Serve(_)));
    telemetry::init(global.log_format.into(), Some(&filter)).map_err(|cause| Failure::because("the log cannot be opened", cause))?;
    match command {
        Command::Serve(serve) => serve::run(&global, &serve).await,
        Command::Migrate(migrate) => schema::migrate(&global, &migrate).await,
        Command::Schema(schema) => schema::print(&schema),
        Command::Admin(admin) => admin::run(&global, &admin).await,
        Command::Keys(command) => keys::run(&global, &command).await,
        Command::Import(import) => import::run(&global, &import).await,
        Command::Match(rank) => rank::run(&global, &rank).await,
        Command::Backtest(backtest) => backtest::run(&global, &backtest),
        Command::Doctor => doctor::run(&global).await,
    }
}
