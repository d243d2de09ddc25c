//! The lines that dump and fill a database on PostgreSQL, for a person to type: with all that the address says but its password.

use std::path::Path;
use std::str::FromStr as _;

use sea_orm::sqlx::postgres::PgConnectOptions;

use crate::cli::failure::Failure;
use crate::config::DatabaseUrl;

/// The line that dumps the database beside a backup.
pub(super) fn dump(database: &DatabaseUrl, backup: &Path) -> Result<String, Failure> {
    Ok(format!("pg_dump {} --format=custom --file={}", place(database)?, dumped(backup)))
}

/// The line that fills an empty database from the dump beside a backup.
pub(super) fn fill(database: &DatabaseUrl, backup: &Path) -> Result<String, Failure> {
    Ok(format!("pg_restore {} --no-owner --exit-on-error --single-transaction {}", place(database)?, dumped(backup)))
}

fn dumped(backup: &Path) -> String {
    quoted(&format!("{}.dump", backup.display()))
}

fn place(database: &DatabaseUrl) -> Result<String, Failure> {
    // The driver's words may repeat the address.
    let options = PgConnectOptions::from_str(database.expose()).map_err(|_| Failure::new(format!("the address of the database {database} cannot be read")))?;
    let host = options.get_socket().map_or_else(|| options.get_host().to_owned(), |socket| socket.display().to_string());
    let name = options.get_database().unwrap_or_else(|| options.get_username());
    Ok(format!("--host={} --port={} --username={} --dbname={}", quoted(&host), options.get_port(), quoted(options.get_username()), quoted(name)))
}

/// A word of the shell.
fn quoted(word: &str) -> String {
    let plain = !word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_./:@".contains(letter));
    if plain { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{dump, fill};
    use crate::config::DatabaseUrl;

    #[test]
    fn the_lines_name_the_database_and_not_its_password() {
        let database = DatabaseUrl::parse("postgres://mistok:s3cr%40et@db.local:5433/my%20hub?sslmode=require").expect("an address");
        assert_eq!(
            dump(&database, Path::new("/backup/it's.tar")).expect("a line"),
            "pg_dump --host=db.local --port=5433 --username=mistok --dbname='my hub' --format=custom --file='/backup/it'\\''s.tar.dump'"
        );
        let line = fill(&database, Path::new("m.tar")).expect("a line");
        assert!(line.ends_with("--no-owner --exit-on-error --single-transaction m.tar.dump") && !line.contains("s3cr"), "{line}");
    }
}
