//! What the command line takes. What holds for an installation can be given as a `MISTOK_*` variable and in the settings file too
//! (`settings`); what is said once, such as `--yes`, is not. Here is what all commands share; below, what each takes.

mod admin;
mod import;
mod rank;
mod schema;
mod serve;

use std::fmt;
use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::locale::Locale;
use crate::objects::Place;
use crate::telemetry;
pub(super) use admin::{Admin, AuditCommand, KeysCommand, RotatedKey};
pub(super) use import::{Facts, Import, List, ListFormat, Scheme};
pub(super) use rank::{Backtest, Match};
pub(super) use schema::{Migrate, Schema};
pub(super) use serve::{ConfigCommand, Serve};

/// Where the keys and the embedded database are, unless told otherwise.
pub(super) const DATA: &str = "mistok-data";
/// Where those of the demonstration are, unless told otherwise.
pub(super) const DEMO_DATA: &str = "mistok-demo";

/// Mistok brings municipalities, utilities and businesses together around recovery projects.
#[derive(Debug, Parser)]
#[command(
    name = "mistok",
    version,
    after_help = "Flags go before MISTOK_* variables, variables before the settings file, that before defaults.\n\nExit codes: 0 done; 1 failed; 2 wrong command line or settings file; 3 an import went through and refused rows."
)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

impl Args {
    /// The data folder, as far as the command line and the environment say.
    pub(super) fn data(&self) -> PathBuf {
        match &self.command {
            Command::Serve(serve) | Command::Config(ConfigCommand::Print(serve) | ConfigCommand::Check(serve)) => serve.data(&self.global),
            _ => self.global.data(),
        }
    }
}

/// What every command takes.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Everywhere")]
pub(super) struct Global {
    /// Folder of the keys and, on SQLite, the database [default: mistok-data; with --demo mistok-demo]
    #[arg(long, global = true, value_name = "DIR", env = "MISTOK_DATA")]
    pub(super) data: Option<PathBuf>,

    /// File of settings, in TOML [default: mistok.toml in the data folder, if it is there]
    #[arg(long, global = true, value_name = "FILE", env = "MISTOK_CONFIG")]
    pub(super) config: Option<PathBuf>,

    /// Database address, sqlite:… or postgres://…; SQLite in the data folder when absent
    #[arg(long, global = true, value_name = "URL", env = "MISTOK_DATABASE_URL", hide_env_values = true)]
    pub(super) database: Option<Secret>,

    /// Take the address from `DATABASE_URL` when none is given; otherwise that variable is another project's
    #[arg(long, global = true, env = "MISTOK_USE_DATABASE_URL", value_parser = BoolishValueParser::new())]
    pub(super) use_database_url: bool,

    /// Where attachments are kept: a folder, or a bucket such as `s3://bucket/prefix` with the usual `AWS_*` variables [default: attachments in the data folder]
    #[arg(long, global = true, value_name = "PLACE", value_parser = Place::parse, env = "MISTOK_ATTACHMENTS")]
    pub(super) attachments: Option<Place>,

    /// Print JSON for machines
    #[arg(long, global = true, env = "MISTOK_JSON", value_parser = BoolishValueParser::new())]
    pub(super) json: bool,

    /// How the log is written
    #[arg(long, global = true, value_enum, default_value = "text", env = "MISTOK_LOG_FORMAT")]
    pub(super) log_format: LogFormat,

    /// What is logged, such as `info` or `mistok=debug,sqlx=warn` (goes before -v)
    #[arg(long, global = true, value_name = "FILTER", env = "MISTOK_LOG")]
    pub(super) log: Option<String>,

    /// Log more: -v what is done, -vv everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count, env = "MISTOK_VERBOSE")]
    pub(super) verbose: u8,
}

impl Global {
    /// What is logged: a server tells what it does, a command only what goes wrong.
    pub(super) fn log_filter(&self, serves: bool) -> String {
        let step = usize::from(self.verbose) + usize::from(serves);
        let level = ["warn", "info", "debug", "trace"][step.min(3)];
        self.log.clone().unwrap_or_else(|| format!("warn,mistok={level}"))
    }
}

/// A language of the product.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Language {
    /// Ukrainian.
    Uk,
    /// English.
    En,
}

impl From<Language> for Locale {
    fn from(language: Language) -> Self {
        match language {
            Language::Uk => Self::Uk,
            Language::En => Self::En,
        }
    }
}

/// How the log is written.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

impl From<LogFormat> for telemetry::Format {
    fn from(format: LogFormat) -> Self {
        match format {
            LogFormat::Text => Self::Lines,
            LogFormat::Json => Self::Json,
        }
    }
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Serve the API
    Serve(Box<Serve>),
    /// Bring the database's schema up, take it back, or say how it stands
    #[command(subcommand)]
    Migrate(Migrate),
    /// Print the GraphQL schema, or check `schema.graphql` against it
    Schema(Schema),
    /// Make administrators and access tokens
    #[command(subcommand)]
    Admin(Admin),
    /// Rotate the keys of access tokens or checkpoints
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Prove that nobody changed the journal
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Import awards, tenders or reference lists
    #[command(subcommand)]
    Import(Import),
    /// Rank the businesses for a work package or project, with reasons
    Match(Match),
    /// Replay past awards and see where their winners would have ranked
    Backtest(Backtest),
    /// Print versions, settings, schema and counts; fails when something is wrong
    Doctor,
    /// Print the settings with where each comes from, or check them
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Copy the database, the keys and the attachments into one file, also while `serve` runs
    Backup {
        /// The file to make; one that is there is never replaced. It holds the keys: keep it as you keep them
        file: PathBuf,
    },
    /// Put a backup into an empty data folder
    Restore {
        /// The file that `backup` made
        file: PathBuf,
    },
    /// Print what makes a shell complete this command line
    Completions {
        /// Which shell
        shell: Shell,
    },
}

/// A value that is never shown. Whatever may hold one hides its variable in the help (`hide_env_values`), which `config print` goes by.
#[derive(Clone)]
pub(super) struct Secret(pub(super) String);

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("…")
    }
}

#[cfg(test)]
mod tests {
    use super::Args;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent_and_what_holds_for_an_installation_has_its_variable() {
        let command = Args::command();
        command.clone().debug_assert();
        let mut rest = vec![command];
        while let Some(command) = rest.pop() {
            let lasting = matches!(command.get_name(), "mistok" | "serve" | "print" | "check");
            for flag in command.get_arguments().filter(|flag| !matches!(flag.get_id().as_str(), "help" | "version")) {
                let variable = flag.get_env().map(|name| name.to_string_lossy().into_owned());
                assert_eq!(variable.is_some_and(|name| name.starts_with("MISTOK_")), lasting, "{} {}", command.get_name(), flag.get_id());
            }
            rest.extend(command.get_subcommands().cloned());
        }
    }
}
