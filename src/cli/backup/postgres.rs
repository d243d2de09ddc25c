//! The lines that dump and fill a database on PostgreSQL, for a person to type: with all that the address says but its password.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use reqwest::Url;

use crate::cli::failure::Failure;
use crate::config::DatabaseUrl;

/// What the driver and PostgreSQL's own programs call alike, beside what is told of TLS.
const OF_BOTH: [&str; 6] = ["host", "hostaddr", "port", "user", "dbname", "application_name"];

/// What a dump in the custom format begins with.
const MAGIC: [u8; 5] = *b"PGDMP";
/// How long ago a dump may have ended: files that no row names any more stay for a day, and a dump has the rows of when it began.
const OLDEST: Duration = Duration::from_hours(12);

/// Refuses a backup before its dump: made in the other order, rows could lack the files that they name.
pub(super) fn is_dumped(database: &DatabaseUrl, backup: &Path, now: SystemTime) -> Result<(), Failure> {
    let dump = dumped(backup);
    let shown = dump.display();
    let wrong = match age(&dump, now) {
        Ok(Some(age)) if age <= OLDEST => return Ok(()),
        Ok(Some(_)) => format!("the dump {shown} is more than twelve hours old, and files that its rows name may be gone since"),
        Ok(None) => format!("{shown} is no dump in the custom format of pg_dump"),
        Err(cause) if cause.kind() == ErrorKind::NotFound => format!("there is no dump {shown} yet, and no row of it may lack its file, so it comes first"),
        Err(cause) => return Err(Failure::because(format!("the dump {shown} cannot be read"), cause)),
    };
    let line = dump_line(database, backup)?;
    Err(Failure::new(wrong).remedy(format!("Dump the database, and then say this again:\n  {line}\n  pg_dump asks for the password, or takes it from PGPASSWORD or ~/.pgpass.")))
}

/// How old a dump is; none when the file is something else.
fn age(dump: &Path, now: SystemTime) -> io::Result<Option<Duration>> {
    let mut file = File::open(dump)?;
    let mut begins = Vec::new();
    file.by_ref().take(MAGIC.len() as u64).read_to_end(&mut begins)?;
    Ok(if begins == MAGIC { Some(now.duration_since(file.metadata()?.modified()?).unwrap_or_default()) } else { None })
}

/// The file of the dump that goes with a backup.
pub(super) fn dumped(backup: &Path) -> PathBuf {
    format!("{}.dump", backup.display()).into()
}

/// The line that dumps the database beside a backup.
fn dump_line(database: &DatabaseUrl, backup: &Path) -> Result<String, Failure> {
    Ok(format!("pg_dump --dbname={} --format=custom --file={}", place(database)?, quoted(&dumped(backup).display().to_string())))
}

/// The line that fills an empty database from the dump beside a backup.
pub(super) fn fill(database: &DatabaseUrl, backup: &Path) -> Result<String, Failure> {
    Ok(format!("pg_restore --dbname={} --no-owner --exit-on-error --single-transaction {}", place(database)?, quoted(&dumped(backup).display().to_string())))
}

/// The address as PostgreSQL's own programs take it, with all that it says but its password and what only the driver knows.
fn place(database: &DatabaseUrl) -> Result<String, Failure> {
    // The parser's words may repeat the address.
    let cannot = || Failure::new(format!("the address of the database {database} cannot be read"));
    let mut address = Url::parse(database.expose()).map_err(|_| cannot())?;
    if address.password().is_some() {
        address.set_password(None).map_err(|()| cannot())?;
    }
    let (mut kept, mut options) = (Vec::new(), Vec::new());
    for (key, value) in address.query_pairs().into_owned() {
        match key.as_str() {
            "sslmode" | "ssl-mode" => kept.push(("sslmode", value)),
            "sslrootcert" | "ssl-root-cert" | "ssl-ca" => kept.push(("sslrootcert", value)),
            "sslcert" | "ssl-cert" => kept.push(("sslcert", value)),
            "sslkey" | "ssl-key" => kept.push(("sslkey", value)),
            "options" => options.push(value),
            other => match (OF_BOTH.iter().find(|known| **known == other), other.strip_prefix("options[").and_then(|name| name.strip_suffix(']'))) {
                (Some(known), _) => kept.push((known, value)),
                (None, Some(name)) => options.push(format!("-c {name}={value}")),
                (None, None) => {}
            },
        }
    }
    if !options.is_empty() {
        kept.push(("options", options.join(" ")));
    }
    address.set_query(None);
    if !kept.is_empty() {
        address.query_pairs_mut().extend_pairs(kept);
        // They read + as itself.
        let query = address.query().map(|query| query.replace('+', "%20"));
        address.set_query(query.as_deref());
    }
    Ok(quoted(address.as_str()))
}

/// A word of the shell.
fn quoted(word: &str) -> String {
    let plain = !word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_./:@".contains(letter));
    if plain { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{dump_line, fill};
    use crate::config::DatabaseUrl;

    #[test]
    fn the_lines_name_the_database_with_all_but_its_password() {
        let database =
            DatabaseUrl::parse("postgres://mistok:s3cr%40et@db.local:5433/my%20hub?sslmode=verify-full&ssl-ca=/etc/ca.pem&statement-cache-capacity=5").expect("an address");
        assert_eq!(
            dump_line(&database, Path::new("/backup/it's.tar")).expect("a line"),
            "pg_dump --dbname='postgres://mistok@db.local:5433/my%20hub?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem' --format=custom --file='/backup/it'\\''s.tar.dump'"
        );
        let line = fill(&database, Path::new("m.tar")).expect("a line");
        assert!(line.ends_with("--no-owner --exit-on-error --single-transaction m.tar.dump") && !line.contains("s3cr"), "{line}");
        let socket = DatabaseUrl::parse("postgres:///hub?host=/run/postgresql&user=mistok&password=s3cret&options[search_path]=hub").expect("an address");
        let line = fill(&socket, Path::new("m.tar")).expect("a line");
        assert!(line.contains("'postgres:///hub?host=%2Frun%2Fpostgresql&user=mistok&options=-c%20search_path%3Dhub'"), "{line}");
    }
}
