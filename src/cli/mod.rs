//! The command line: parse, call a service, print; errors with their causes, for the one who operates the program.
//!
//! Flags go before `MISTOK_*` variables, variables before the settings file, that before defaults; what is said once has no variable. What a program reads goes to standard output, what a
//! person reads meanwhile (log, progress, errors) to standard error.

mod admin;
mod args;
mod audit;
mod backtest;
mod backup;
mod demo;
mod doctor;
mod failure;
mod finding;
mod import;
mod keys;
mod open;
mod output;
mod rank;
mod schema;
mod serve;
mod settings;

use std::process::ExitCode;

use clap::CommandFactory as _;

use args::{Args, Command, ConfigCommand};
use failure::Failure;
use settings::Given;

use crate::telemetry;

/// A command went through.
const DONE: u8 = 0;
/// A command failed.
const FAILED: u8 = 1;
/// The settings file is wrong; clap itself ends so when the command line is.
const WRONG: u8 = 2;
/// An import went through and refused rows.
const REFUSED_ROWS: u8 = 3;

/// Runs the command that the command line names.
#[must_use]
pub fn main() -> ExitCode {
    // The one provider of TLS; the clients of buckets and collectors bring none of their own.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let outcome = settings::read(std::env::args_os()).and_then(|given| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|cause| Failure::because("the runtime does not start", cause))?;
        runtime.block_on(run(given))
    });
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            failure.print();
            ExitCode::from(failure.code())
        }
    }
}

async fn run(given: Given) -> Result<u8, Failure> {
    let Args { global, command } = &given.args;
    let (serves, collector) = match command {
        Command::Serve(serve) => (true, serve.otlp_endpoint.as_ref()),
        _ => (false, None),
    };
    let spans = telemetry::init(global.log_format.into(), Some(&global.log_filter(serves)), collector).map_err(|cause| Failure::because("the log cannot be opened", cause))?;
    let outcome = command_of(&given).await;
    spans.end();
    outcome
}

async fn command_of(given: &Given) -> Result<u8, Failure> {
    let Args { global, command } = &given.args;
    match command {
        Command::Serve(serve) => serve::run(global, serve).await,
        Command::Migrate(migrate) => schema::migrate(global, migrate).await,
        Command::Schema(schema) => schema::print(schema),
        Command::Admin(admin) => admin::run(global, admin).await,
        Command::Keys(command) => keys::run(global, command).await,
        Command::Audit(command) => audit::run(global, command).await,
        Command::Import(import) => import::run(global, import).await,
        Command::Match(rank) => rank::run(global, rank).await,
        Command::Backtest(backtest) => backtest::run(global, backtest),
        Command::Doctor => doctor::run(global).await,
        Command::Config(ConfigCommand::Print(_)) => settings::print(given),
        Command::Config(ConfigCommand::Check(serve)) => settings::check(given, serve),
        Command::Backup { file } => backup::make(global, file).await,
        Command::Restore { file } => backup::restore(global, file).await,
        Command::Completions { shell } => completions(*shell),
    }
}

/// Prints what makes a shell complete the command line.
fn completions(shell: clap_complete::Shell) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "mistok", &mut script);
    output::text_of(&String::from_utf8_lossy(&script))?;
    Ok(DONE)
}
