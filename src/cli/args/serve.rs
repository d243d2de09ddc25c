//! What `serve` takes, and so `config`: the settings of an installation beside those that every command takes.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Subcommand, ValueEnum};
use ipnet::IpNet;

use super::{DEMO_DATA, Global, Secret};
use crate::cli::failure::Failure;
use crate::config::{ADDRESS_ALLOWANCE, CALLER_ALLOWANCE, ClientSecret, Collector, Issuer, Oidc, PublicUrl, SecondFactor, address, network};
use crate::mail::Mailbox;

/// How the API is served.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Serve {
    /// Serve a demonstration from a folder of its own, on loopback only
    #[arg(long, env = "MISTOK_DEMO", value_parser = BoolishValueParser::new())]
    pub(in crate::cli) demo: bool,
    /// Where to listen
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = address, env = "MISTOK_LISTEN")]
    pub(in crate::cli) listen: SocketAddr,
    /// Leave the schema as it is; pending steps are then an error
    #[arg(long, env = "MISTOK_NO_MIGRATE", value_parser = BoolishValueParser::new())]
    pub(in crate::cli) no_migrate: bool,
    /// Origins that browsers may call from, separated by commas
    #[arg(long, value_name = "ORIGINS", value_delimiter = ',', env = "MISTOK_CORS")]
    pub(in crate::cli) cors: Vec<String>,
    /// Hours after which a sign-in ends by itself
    #[arg(long, value_name = "HOURS", default_value_t = crate::config::SESSION_HOURS, value_parser = clap::value_parser!(u32).range(1..=8760), env = "MISTOK_SESSION_HOURS")]
    pub(in crate::cli) session_hours: u32,
    /// Minutes for which an access token holds; a refresh token gives the next
    #[arg(long, value_name = "MINUTES", default_value_t = crate::config::ACCESS_MINUTES, value_parser = clap::value_parser!(u32).range(1..=1440), env = "MISTOK_ACCESS_MINUTES")]
    pub(in crate::cli) access_minutes: u32,
    /// Whether to sign, to act for the association and to run the platform ask for a second factor [default: required; with --demo optional]
    #[arg(long, value_enum, value_name = "WHETHER", env = "MISTOK_SECOND_FACTOR")]
    pub(in crate::cli) second_factor: Option<SecondFactorSetting>,
    /// Where people's browsers reach this service, for the links in letters [default: http:// and the address of --listen]
    #[arg(long, value_name = "URL", value_parser = PublicUrl::parse, env = "MISTOK_PUBLIC_URL")]
    pub(in crate::cli) public_url: Option<PublicUrl>,
    /// The OpenID provider at which people can sign in, by the address that it calls itself
    #[arg(long, value_name = "URL", value_parser = Issuer::parse, env = "MISTOK_OIDC_ISSUER")]
    pub(in crate::cli) oidc_issuer: Option<Issuer>,
    /// What the provider calls this installation
    #[arg(long, value_name = "ID", env = "MISTOK_OIDC_CLIENT_ID")]
    pub(in crate::cli) oidc_client_id: Option<String>,
    /// What this installation shows the provider; better given as the variable, since others can see a command line
    #[arg(long, value_name = "SECRET", env = "MISTOK_OIDC_CLIENT_SECRET", hide_env_values = true)]
    pub(in crate::cli) oidc_client_secret: Option<Secret>,
    /// What people call the provider
    #[arg(long, value_name = "NAME", default_value = "OpenID Connect", env = "MISTOK_OIDC_NAME")]
    pub(in crate::cli) oidc_name: String,
    /// How letters go out: files (in the data folder), stdout, or a server such as `smtps://user:password@mail.example` [default: files]
    #[arg(long, value_name = "ROUTE", env = "MISTOK_MAIL", hide_env_values = true)]
    pub(in crate::cli) mail: Option<Secret>,
    /// Whom letters are from, such as Mistok <mistok@hromada.gov.ua>
    #[arg(long, value_name = "SENDER", value_parser = Mailbox::parse, env = "MISTOK_MAIL_FROM")]
    pub(in crate::cli) mail_from: Option<Mailbox>,
    /// Networks of the proxies whose header Forwarded is believed, such as 10.0.0.0/8, separated by commas; without them it is ignored
    #[arg(long, value_name = "NETWORKS", value_delimiter = ',', value_parser = network, env = "MISTOK_TRUSTED_PROXIES")]
    pub(in crate::cli) trusted_proxies: Vec<IpNet>,
    /// Where /metrics is served for Prometheus, on an address of its own such as 127.0.0.1:9090; nowhere when absent
    #[arg(long, value_name = "ADDRESS", value_parser = address, env = "MISTOK_METRICS_LISTEN")]
    pub(in crate::cli) metrics_listen: Option<SocketAddr>,
    /// Objects that each person and each API token may ask for in a minute; 0 for as many as they like
    #[arg(long, value_name = "OBJECTS", default_value_t = CALLER_ALLOWANCE, env = "MISTOK_CALLER_ALLOWANCE")]
    pub(in crate::cli) caller_allowance: u32,
    /// Objects that all others at one address may ask for in a minute; 0 for as many as they like
    #[arg(long, value_name = "OBJECTS", default_value_t = ADDRESS_ALLOWANCE, env = "MISTOK_ADDRESS_ALLOWANCE")]
    pub(in crate::cli) address_allowance: u32,
    /// Documents that are run, and no others: a JSON file of their ids and texts; any document when absent
    #[arg(long, value_name = "FILE", env = "MISTOK_TRUSTED_DOCUMENTS")]
    pub(in crate::cli) trusted_documents: Option<PathBuf>,
    /// Collector of traces that speaks OTLP over HTTP, such as `http://127.0.0.1:4318`; none when absent
    #[arg(long, value_name = "URL", value_parser = Collector::parse, env = "MISTOK_OTLP_ENDPOINT")]
    pub(in crate::cli) otlp_endpoint: Option<Collector>,
    /// E-mail address of the first administrator, made at the start where there is none; without it the start prints a one-time link
    #[arg(long, value_name = "EMAIL", env = "MISTOK_ADMIN_EMAIL")]
    pub(in crate::cli) admin_email: Option<String>,
    /// Their password; better given as the variable or in the settings file, since others can see a command line
    #[arg(long, value_name = "PASSWORD", env = "MISTOK_ADMIN_PASSWORD", hide_env_values = true)]
    pub(in crate::cli) admin_password: Option<Secret>,
}

impl Serve {
    /// The OpenID provider, if one is named. Its parts may come from several places, so they are looked at together only here.
    pub(in crate::cli) fn oidc(&self) -> Result<Option<Oidc>, Failure> {
        let client_secret = self.oidc_client_secret.as_ref().map(|Secret(secret)| ClientSecret::new(secret));
        match (self.oidc_issuer.clone(), self.oidc_client_id.clone()) {
            (Some(issuer), Some(client_id)) => Ok(Some(Oidc { issuer, client_id, client_secret, name: self.oidc_name.clone() })),
            (None, None) if client_secret.is_none() => Ok(None),
            (None, _) => Err(Failure::new("oidc_client_id or oidc_client_secret is set without oidc_issuer").remedy("Set the issuer too, or none of them.").of_settings()),
            (Some(_), None) => Err(Failure::new("oidc_issuer is set without oidc_client_id").remedy("Set both, or neither.").of_settings()),
        }
    }

    /// The data folder: a demonstration has its own.
    pub(in crate::cli) fn data(&self, global: &Global) -> PathBuf {
        if self.demo { global.data.clone().unwrap_or_else(|| DEMO_DATA.into()) } else { global.data() }
    }
}

/// What is done with the settings. Each takes all that `serve` takes.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ConfigCommand {
    /// Print each setting with where it comes from, without passwords, as a settings file
    Print(Box<Serve>),
    /// Say what is wrong with the settings; opens and changes nothing
    Check(Box<Serve>),
}

/// Whether strong rights ask for a second factor.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(in crate::cli) enum SecondFactorSetting {
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
