//! Every setting: its type, its default and what it means. The command line, `MISTOK_*` variables and the settings file fill it in
//! (`cli/args`, `cli/settings`).

pub mod documents;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use documents::TrustedDocuments;
use ipnet::IpNet;

use crate::mail::{Mailbox, Route};
use crate::objects::Place;

/// Hours after which a sign-in ends by itself, unless told otherwise.
pub const SESSION_HOURS: u32 = 12;
/// Minutes for which an access token holds, unless told otherwise.
pub const ACCESS_MINUTES: u32 = 30;
/// Where HTTP is served, unless told otherwise.
pub const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// How this process runs.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of the keys and, on SQLite, the database. Default `mistok-data`.
    pub data: PathBuf,
    /// Where the rows are.
    pub database: DatabaseUrl,
    /// Where HTTP is served. Default `127.0.0.1:8080`.
    pub listen: SocketAddr,
    /// Origins that browsers may call from; none by default.
    pub cors: Vec<String>,
    /// Hours after which a sign-in ends by itself. Default 12.
    pub session_hours: u32,
    /// Minutes for which an access token holds; then the refresh token gives the next. Default 30.
    pub access_minutes: u32,
    /// Whether rights that bind others ask for a second factor. Default required.
    pub second_factor: SecondFactor,
    /// Where people's browsers reach this service. Default `http://` and the address of `listen`.
    pub public_url: PublicUrl,
    /// The OpenID provider at which people can sign in. Default none.
    pub oidc: Option<Oidc>,
    /// How letters go out. Default: as files in the data folder.
    pub mail: Route,
    /// Whom letters are from. Default `Mistok <mistok@localhost>`.
    pub mail_from: Mailbox,
    /// Where attachments are kept. Default: `attachments` in the data folder.
    pub attachments: Place,
    /// Networks of the proxies whose header `Forwarded` is believed; none by default.
    pub trusted_proxies: Vec<IpNet>,
    /// Where `/metrics` is served; nowhere by default.
    pub metrics_listen: Option<SocketAddr>,
    /// How much callers may ask for in a minute.
    pub allowance: Allowance,
    /// The documents that are run, and no others; any by default.
    pub trusted_documents: Option<TrustedDocuments>,
}

impl Config {
    /// The defaults, with the rows in `database`.
    #[must_use]
    pub fn new(data: PathBuf, database: DatabaseUrl) -> Self {
        Self {
            mail: Route::files_in(&data),
            attachments: Place::within(&data),
            mail_from: Mailbox::default(),
            public_url: PublicUrl::of(LISTEN),
            oidc: None,
            data,
            database,
            listen: LISTEN,
            cors: Vec::new(),
            session_hours: SESSION_HOURS,
            access_minutes: ACCESS_MINUTES,
            second_factor: SecondFactor::default(),
            trusted_proxies: Vec::new(),
            metrics_listen: None,
            allowance: Allowance::default(),
            trusted_documents: None,
        }
    }
}

/// Whether to sign, to act for the association and to run the platform ask for a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecondFactor {
    /// Who has none cannot use these rights.
    #[default]
    Required,
    /// Everybody decides for themselves.
    Optional,
}

/// How many objects a minute callers may ask for; none where that is not bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Each person and each API token.
    pub of_a_caller: Option<NonZeroU32>,
    /// Each address from which others call.
    pub of_an_address: Option<NonZeroU32>,
}

/// Objects a minute for each person and each API token, unless told otherwise.
pub const CALLER_ALLOWANCE: u32 = 300_000;
/// Objects a minute for all others at one address, unless told otherwise.
pub const ADDRESS_ALLOWANCE: u32 = 60_000;

impl Default for Allowance {
    fn default() -> Self {
        Self { of_a_caller: NonZeroU32::new(CALLER_ALLOWANCE), of_an_address: NonZeroU32::new(ADDRESS_ALLOWANCE) }
    }
}

/// An OpenID provider at which people can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oidc {
    /// The address that the provider calls itself.
    pub issuer: Issuer,
    /// What the provider calls this installation.
    pub client_id: String,
    /// What this installation shows the provider; none where it is registered as a public client.
    pub client_secret: Option<ClientSecret>,
    /// What people call the provider.
    pub name: String,
}

/// The address of an OpenID provider: `https`, or `http` on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer(String);

impl Issuer {
    /// Takes an address as the provider writes it, to the last slash.
    ///
    /// # Errors
    /// With what is accepted, when it is another.
    pub fn parse(text: &str) -> Result<Self, String> {
        let here = text.strip_prefix("http://").is_some_and(is_here);
        let web = text.strip_prefix("https://").is_some_and(|rest| !rest.is_empty());
        let plain = !text.contains(|letter: char| letter.is_whitespace() || "?#@".contains(letter));
        if (here || web) && plain { Ok(Self(text.to_owned())) } else { Err("an OpenID provider is such as https://id.example/realms/hromada, without ? and #".to_owned()) }
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What this installation shows an OpenID provider: it prints masked.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientSecret(String);

impl ClientSecret {
    /// Takes a secret.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The secret, for the provider alone.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("…")
    }
}

/// The address under which people's browsers reach this service, without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// The address of a listener, for who is on the same machine.
    #[must_use]
    pub fn of(mut listen: SocketAddr) -> Self {
        if listen.ip().is_unspecified() {
            listen.set_ip(LISTEN.ip());
        }
        Self(format!("http://{listen}"))
    }

    /// Takes an address.
    ///
    /// # Errors
    /// With what is accepted, when it is not `http` or `https`, or has a query.
    pub fn parse(text: &str) -> Result<Self, String> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let plain = rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(|letter: char| letter.is_whitespace() || "?#@\"<>".contains(letter)));
        if plain { Ok(Self(text.trim_end_matches('/').to_owned())) } else { Err("a public address is such as https://mistok.example, without ? and #".to_owned()) }
    }

    /// The address of a page.
    #[must_use]
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// Whether browsers reach it in a way that nobody can listen to.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Whether the browsers of this machine alone reach it.
    #[must_use]
    pub fn is_here(&self) -> bool {
        self.0.split_once("://").is_some_and(|(_, rest)| is_here(rest))
    }

    /// Whether it is of an origin, as browsers name that.
    #[must_use]
    pub fn has_origin(&self, origin: &str) -> bool {
        self.0.strip_prefix(origin).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The host, as the right half of the ids of letters.
    #[must_use]
    pub fn host(&self) -> &str {
        let rest = self.0.split_once("://").map_or(self.0.as_str(), |(_, rest)| rest);
        rest.split(['/', ':']).next().unwrap_or_default()
    }
}

/// Whether what follows the scheme of an address names this machine, which no other reaches by that.
#[must_use]
pub fn is_here(rest: &str) -> bool {
    ["localhost", "127.0.0.1", "[::1]"].iter().filter_map(|here| rest.strip_prefix(here)).any(|rest| rest.is_empty() || rest.starts_with([':', '/', '?']))
}

/// A collector of traces that speaks OTLP over HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collector(String);

impl Collector {
    /// Takes an address.
    ///
    /// # Errors
    /// With what is accepted: spans go to a collector near by, in the clear and without a password.
    pub fn parse(text: &str) -> Result<Self, String> {
        match PublicUrl::parse(text) {
            Ok(PublicUrl(address)) if address.starts_with("http://") => Ok(Self(address)),
            _ => Err("a collector of traces is near by, such as http://127.0.0.1:4318".to_owned()),
        }
    }

    /// Where traces go: the collector's usual place, unless the address names another.
    #[must_use]
    pub fn traces(&self) -> String {
        let has_path = self.0.trim_start_matches("http://").contains('/');
        if has_path { self.0.clone() } else { format!("{}/v1/traces", self.0) }
    }
}

/// Takes an address to listen at.
///
/// # Errors
/// With what is accepted.
pub fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "an address is such as 127.0.0.1:8080 or [::1]:8080".to_owned())
}

/// Takes a network such as `10.0.0.0/8`, or one address.
///
/// # Errors
/// With what is accepted.
pub fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).map_err(|_| "a network is such as 10.0.0.0/8 or fd00::/8, or one address".to_owned())
}

/// The embedded database's file in the data folder.
pub const SQLITE_FILE: &str = "mistok.db";

/// A database address, which may hold a password: it prints without it.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The embedded database in a data folder.
    #[must_use]
    pub fn sqlite_in(data: &Path) -> Self {
        let file = data.join(SQLITE_FILE).to_string_lossy().replace('%', "%25").replace('?', "%3F");
        Self(format!("sqlite://{file}?mode=rwc"))
    }

    /// Takes an address.
    ///
    /// # Errors
    /// With what is accepted, when it is neither `sqlite:` nor `postgres:`.
    pub fn parse(text: &str) -> Result<Self, String> {
        if ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme)) {
            Ok(Self(text.to_owned()))
        } else {
            Err("a database address begins with sqlite: or postgres://".to_owned())
        }
    }

    /// The whole address, for the driver alone.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is the embedded database of a data folder.
    #[must_use]
    pub fn is_embedded_in(&self, data: &Path) -> bool {
        *self == Self::sqlite_in(data)
    }

    /// Whether it is PostgreSQL.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        self.0.starts_with("postgres")
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_postgres() {
            return formatter.write_str(&self.0);
        }
        // Both the part before the host and the part after `?` may hold a password, and one that was not escaped may hold `?` and `@`.
        let (scheme, rest) = self.0.split_once("://").unwrap_or_default();
        let host = |text: &str| text.split('?').next().unwrap_or_default().to_owned();
        match rest.rsplit_once('@') {
            None => write!(formatter, "{scheme}://{}", host(rest)),
            Some((before, _)) if before.contains('?') => write!(formatter, "{scheme}://…"),
            Some((_, after)) => write!(formatter, "{scheme}://…@{}", host(after)),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::{ClientSecret, Collector, DatabaseUrl, Issuer, PublicUrl};

    #[test]
    fn a_public_address_is_of_the_web_and_ends_without_a_slash() {
        let url = PublicUrl::parse("https://mistok.example:8443/hub/").expect("an address");
        assert_eq!((url.page("/reset-password").as_str(), url.host()), ("https://mistok.example:8443/hub/reset-password", "mistok.example"));
        for wrong in ["mistok.example", "ftp://mistok.example", "https://", "https://a/?b", "https://user@host"] {
            assert!(PublicUrl::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_provider_is_reached_securely_or_on_this_machine() {
        for right in ["https://id.example", "https://id.example/realms/hromada/", "http://127.0.0.1:8090", "http://localhost/realm"] {
            assert_eq!(Issuer::parse(right).expect("an address").as_str(), right);
        }
        for wrong in ["http://id.example", "http://localhost.example", "id.example", "https://", "https://user@id.example", "https://id.example?x"] {
            assert!(Issuer::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(format!("{:?}", ClientSecret::new("s3cret")), "…");
    }

    #[test]
    fn a_collector_is_asked_at_its_usual_place() {
        let traces = |text: &str| Collector::parse(text).map(|collector| collector.traces());
        assert_eq!(traces("http://127.0.0.1:4318/"), Ok("http://127.0.0.1:4318/v1/traces".to_owned()));
        assert_eq!(traces("http://otel:4318/own/traces"), Ok("http://otel:4318/own/traces".to_owned()));
        assert!(traces("https://otel.example").is_err() && traces("http://user:password@otel").is_err());
    }

    #[test]
    fn an_address_prints_without_its_password() {
        let shown = |text: &str| DatabaseUrl::parse(text).expect("an address").to_string();
        assert_eq!(shown("postgres://mistok:s3cr%40et@db.local:5432/mistok"), "postgres://…@db.local:5432/mistok");
        assert_eq!(shown("postgresql://db.local/mistok?user=mistok&password=s3cret"), "postgresql://db.local/mistok");
        assert_eq!(shown("postgres://mistok:s3/cr@et@db.local/mistok?sslmode=require"), "postgres://…@db.local/mistok");
        for unescaped in ["postgres://mistok:s3?cret@db.local/mistok", "postgres://db.local/mistok?password=s3@cr?et", "postgres://m:a?s3@cret@db.local/mistok"] {
            assert_eq!(shown(unescaped), "postgres://…");
        }
        assert_eq!(shown("sqlite://data/mistok.db?mode=rwc"), "sqlite://data/mistok.db?mode=rwc");
        assert!(DatabaseUrl::parse("mysql://db.local/mistok").is_err());
    }

    #[test]
    fn a_folder_with_odd_letters_in_its_name_is_kept() {
        let url = DatabaseUrl::sqlite_in(std::path::Path::new("/tmp/50% done?"));
        assert_eq!(url.expose(), "sqlite:///tmp/50%25 done%3F/mistok.db?mode=rwc");
    }
}
