//! Every setting: its type, its default and what it means. The command line and `MISTOK_*` variables fill it in (`cli/args.rs`).

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Hours after which a sign-in ends by itself, unless told otherwise.
pub const SESSION_HOURS: u32 = 12;

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
        // Both the part before the host and the part after `?` may hold a password.
        let shown = self.0.split('?').next().unwrap_or_default();
        match (shown.split_once("://"), shown.rsplit_once('@')) {
            (Some((scheme, _)), Some((_, rest))) => write!(formatter, "{scheme}://…@{rest}"),
            _ => formatter.write_str(shown),
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
    use super::DatabaseUrl;

    #[test]
    fn an_address_prints_without_its_password() {
        let shown = |text: &str| DatabaseUrl::parse(text).expect("an address").to_string();
        assert_eq!(shown("postgres://mistok:s3cr%40et@db.local:5432/mistok"), "postgres://…@db.local:5432/mistok");
        assert_eq!(shown("postgresql://db.local/mistok?user=mistok&password=s3cret"), "postgresql://db.local/mistok");
        assert_eq!(shown("sqlite://data/mistok.db?mode=rwc"), "sqlite://data/mistok.db?mode=rwc");
        assert!(DatabaseUrl::parse("mysql://db.local/mistok").is_err());
    }

    #[test]
    fn a_folder_with_odd_letters_in_its_name_is_kept() {
        let url = DatabaseUrl::sqlite_in(std::path::Path::new("/tmp/50% done?"));
        assert_eq!(url.expose(), "sqlite:///tmp/50%25 done%3F/mistok.db?mode=rwc");
    }
}
