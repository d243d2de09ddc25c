//! What the command line takes. What holds for an installation can be given as a `MISTOK_*` variable and in the settings file too
//! (`settings`); what is said once, such as `--yes`, is not.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use ipnet::IpNet;

use super::failure::Failure;
use crate::config::{ClientSecret, Collector, Issuer, Oidc, PublicUrl, SecondFactor, address, network};
use crate::locale::Locale;
use crate::mail::Mailbox;
use crate::objects::Place;
use crate::telemetry;

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

/// Whether strong rights ask for a second factor.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum SecondFactorSetting {
    /// Who has none cannot use these rights.
    Required,
    /// Everybody decides for themselves.
    Optional,
}

impl From<SecondFactorSetting> for SecondFactor {
    fn from(setting: SecondFactorSetting) -> Self {
        match setting {
            SecondFactorSetting::Required => Self::Required,
            SecondFactorSetting::Optional => Self::Optional,
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
    Keys(super::keys::KeysCommand),
    /// Prove that nobody changed the journal
    #[command(subcommand)]
    Audit(super::audit::AuditCommand),
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

/// How the API is served.
#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    /// Serve a demonstration from a folder of its own, on loopback only
    #[arg(long, env = "MISTOK_DEMO", value_parser = BoolishValueParser::new())]
    pub(super) demo: bool,
    /// Where to listen
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = address, env = "MISTOK_LISTEN")]
    pub(super) listen: SocketAddr,
    /// Leave the schema as it is; pending steps are then an error
    #[arg(long, env = "MISTOK_NO_MIGRATE", value_parser = BoolishValueParser::new())]
    pub(super) no_migrate: bool,
    /// Origins that browsers may call from, separated by commas
    #[arg(long, value_name = "ORIGINS", value_delimiter = ',', env = "MISTOK_CORS")]
    pub(super) cors: Vec<String>,
    /// Hours after which a sign-in ends by itself
    #[arg(long, value_name = "HOURS", default_value_t = crate::config::SESSION_HOURS, value_parser = clap::value_parser!(u32).range(1..=8760), env = "MISTOK_SESSION_HOURS")]
    pub(super) session_hours: u32,
    /// Minutes for which an access token holds; a refresh token gives the next
    #[arg(long, value_name = "MINUTES", default_value_t = crate::config::ACCESS_MINUTES, value_parser = clap::value_parser!(u32).range(1..=1440), env = "MISTOK_ACCESS_MINUTES")]
    pub(super) access_minutes: u32,
    /// Whether to sign, to act for the association and to run the platform ask for a second factor [default: required; with --demo optional]
    #[arg(long, value_enum, value_name = "WHETHER", env = "MISTOK_SECOND_FACTOR")]
    pub(super) second_factor: Option<SecondFactorSetting>,
    /// Where people's browsers reach this service, for the links in letters [default: http:// and the address of --listen]
    #[arg(long, value_name = "URL", value_parser = PublicUrl::parse, env = "MISTOK_PUBLIC_URL")]
    pub(super) public_url: Option<PublicUrl>,
    /// The OpenID provider at which people can sign in, by the address that it calls itself
    #[arg(long, value_name = "URL", value_parser = Issuer::parse, env = "MISTOK_OIDC_ISSUER")]
    pub(super) oidc_issuer: Option<Issuer>,
    /// What the provider calls this installation
    #[arg(long, value_name = "ID", env = "MISTOK_OIDC_CLIENT_ID")]
    pub(super) oidc_client_id: Option<String>,
    /// What this installation shows the provider; better given as the variable, since others can see a command line
    #[arg(long, value_name = "SECRET", env = "MISTOK_OIDC_CLIENT_SECRET", hide_env_values = true)]
    pub(super) oidc_client_secret: Option<Secret>,
    /// What people call the provider
    #[arg(long, value_name = "NAME", default_value = "OpenID Connect", env = "MISTOK_OIDC_NAME")]
    pub(super) oidc_name: String,
    /// How letters go out: files (in the data folder), stdout, or a server such as `smtps://user:password@mail.example` [default: files]
    #[arg(long, value_name = "ROUTE", env = "MISTOK_MAIL", hide_env_values = true)]
    pub(super) mail: Option<Secret>,
    /// Whom letters are from, such as Mistok <mistok@hromada.gov.ua>
    #[arg(long, value_name = "SENDER", value_parser = Mailbox::parse, env = "MISTOK_MAIL_FROM")]
    pub(super) mail_from: Option<Mailbox>,
    /// Networks of the proxies whose header Forwarded is believed, such as 10.0.0.0/8, separated by commas; without them it is ignored
    #[arg(long, value_name = "NETWORKS", value_delimiter = ',', value_parser = network, env = "MISTOK_TRUSTED_PROXIES")]
    pub(super) trusted_proxies: Vec<IpNet>,
    /// Where /metrics is served for Prometheus, on an address of its own such as 127.0.0.1:9090; nowhere when absent
    #[arg(long, value_name = "ADDRESS", value_parser = address, env = "MISTOK_METRICS_LISTEN")]
    pub(super) metrics_listen: Option<SocketAddr>,
    /// Collector of traces that speaks OTLP over HTTP, such as `http://127.0.0.1:4318`; none when absent
    #[arg(long, value_name = "URL", value_parser = Collector::parse, env = "MISTOK_OTLP_ENDPOINT")]
    pub(super) otlp_endpoint: Option<Collector>,
    /// E-mail address of the first administrator, made at the start where there is none; without it the start prints a one-time link
    #[arg(long, value_name = "EMAIL", env = "MISTOK_ADMIN_EMAIL")]
    pub(super) admin_email: Option<String>,
    /// Their password; better given as the variable or in the settings file, since others can see a command line
    #[arg(long, value_name = "PASSWORD", env = "MISTOK_ADMIN_PASSWORD", hide_env_values = true)]
    pub(super) admin_password: Option<Secret>,
}

impl Serve {
    /// The OpenID provider, if one is named. Its parts may come from several places, so they are looked at together only here.
    pub(super) fn oidc(&self) -> Result<Option<Oidc>, Failure> {
        let client_secret = self.oidc_client_secret.as_ref().map(|Secret(secret)| ClientSecret::new(secret));
        match (self.oidc_issuer.clone(), self.oidc_client_id.clone()) {
            (Some(issuer), Some(client_id)) => Ok(Some(Oidc { issuer, client_id, client_secret, name: self.oidc_name.clone() })),
            (None, None) if client_secret.is_none() => Ok(None),
            (None, _) => Err(Failure::new("oidc_client_id or oidc_client_secret is set without oidc_issuer").remedy("Set the issuer too, or none of them.").of_settings()),
            (Some(_), None) => Err(Failure::new("oidc_issuer is set without oidc_client_id").remedy("Set both, or neither.").of_settings()),
        }
    }

    /// The data folder: a demonstration has its own.
    pub(super) fn data(&self, global: &Global) -> PathBuf {
        if self.demo { global.data.clone().unwrap_or_else(|| DEMO_DATA.into()) } else { global.data() }
    }
}

/// What is done with the settings. Each takes all that `serve` takes.
#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Print each setting with where it comes from, without passwords, as a settings file
    Print(Box<Serve>),
    /// Say what is wrong with the settings; opens and changes nothing
    Check(Box<Serve>),
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

/// What is done with the database's schema.
#[derive(Debug, Subcommand)]
pub(super) enum Migrate {
    /// Apply the steps that are pending
    Up,
    /// Take the last steps back, with the data in them
    Down {
        /// How many
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        steps: u32,
        /// Do it though rows go with the steps
        #[arg(long)]
        yes: bool,
    },
    /// Say which steps are applied and which are pending; exits with 1 unless the schema is current
    Status,
}

/// What is done with the GraphQL schema.
#[derive(Debug, clap::Args)]
pub(super) struct Schema {
    /// Compare it with `schema.graphql` in the working folder
    #[arg(long)]
    pub(super) check: bool,
}

/// What is done for administrators.
#[derive(Debug, Subcommand)]
pub(super) enum Admin {
    /// Make an account that runs the platform; its password is generated and printed once
    Create {
        /// E-mail address
        #[arg(long)]
        email: String,
        /// How they want to be called
        #[arg(long)]
        name: String,
        /// Language they read
        #[arg(long, value_enum, default_value = "uk")]
        locale: Language,
        /// Read the password from the first line of standard input instead
        #[arg(long)]
        password_stdin: bool,
    },
    /// Take the second factor of a person away who lost both the app and the recovery codes; see to it first that it is they who ask
    RemoveSecondFactor {
        /// E-mail address of the account
        email: String,
    },
    /// Print an access token of an account, for scripts; no second factor is asked for
    Token {
        /// E-mail address of the account
        email: String,
        /// Hours for which it holds
        #[arg(long, value_name = "HOURS", default_value_t = crate::config::SESSION_HOURS, value_parser = clap::value_parser!(u32).range(1..=8760))]
        session_hours: u32,
    },
}

/// What is imported.
#[derive(Debug, Subcommand)]
pub(super) enum Import {
    /// Awards: each row becomes a past work of the business that won it or bid for it
    #[command(after_help = super::import::awards_help())]
    Awards(Facts),
    /// Tenders: each row becomes a project, a reference one when it is finished
    #[command(after_help = super::import::tenders_help())]
    Tenders(Facts),
    /// The whole codifier of territories (KATOTTG), as the ministry's CSV, plain or gz
    Territories(List),
    /// The whole list of a classification, plain or gz
    Classification {
        #[command(flatten)]
        list: List,
        /// Which classification
        #[arg(long, value_enum)]
        scheme: Scheme,
        /// How the list is written [default: by the file's name]
        #[arg(long, value_enum)]
        format: Option<ListFormat>,
    },
}

/// A table of facts.
#[derive(Debug, clap::Args)]
pub(super) struct Facts {
    #[command(flatten)]
    pub(super) list: List,
    /// Who says it, such as PROZORRO; a row is known by source and key [default: the file's name]
    #[arg(long, value_name = "NAME")]
    pub(super) source: Option<String>,
    /// Language (BCP 47) of texts where the table does not say
    #[arg(long, value_name = "TAG")]
    pub(super) language: Option<String>,
}

/// A file and in whose name it is imported.
#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// The file
    pub(super) file: PathBuf,
    /// E-mail address of the administrator who imports; may be left out where there is one
    #[arg(long = "as", value_name = "EMAIL")]
    pub(super) acting_as: Option<String>,
    /// Say what would happen and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// A classification whose list can be imported.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Scheme {
    /// DK 021:2015, which is CPV 2008.
    #[value(name = "CPV", alias = "cpv")]
    Cpv,
    /// KVED-2010, which is NACE Rev. 2.
    #[value(name = "KVED", alias = "kved")]
    Kved,
}

/// How a list is written.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ListFormat {
    /// A JSON object of code and Ukrainian name.
    JsonUk,
    /// A JSON object of code and English name.
    JsonEn,
    /// CSV.
    Csv,
}

/// What is ranked for.
#[derive(Debug, clap::Args)]
pub(super) struct Match {
    /// Reference of a project (P-2026-000123), its id at its source (UA-2021-01-02-000123-a), or the API's id of a project or work package
    #[arg(value_name = "REFERENCE")]
    pub(super) wanted: String,
    /// Language of titles and reasons
    #[arg(long, value_enum, default_value = "en")]
    pub(super) locale: Language,
    /// How many businesses
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(super) first: u32,
}

/// Which awards are replayed.
#[derive(Debug, clap::Args)]
pub(super) struct Backtest {
    /// Past awards, CSV, plain or gz
    #[arg(long, value_name = "FILE")]
    pub(super) awards: PathBuf,
    /// The suppliers to rank
    #[arg(long, value_name = "FILE")]
    pub(super) suppliers: PathBuf,
    /// The later awards to rank them for; without them only the end of the past awards is ranked
    #[arg(long, value_name = "FILE")]
    pub(super) cases: Option<PathBuf>,
    /// Where the first 100 of each case are written, tab-separated: `case_id`, `supplier_id`, `rank`
    #[arg(long, value_name = "FILE", requires = "cases")]
    pub(super) out: Option<PathBuf>,
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
