//! Letters to people: plain text, by SMTP, or as files or on standard output where nobody is to be written to.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox as Address, Message, SinglePart};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use tokio::io::AsyncWriteExt as _;
use uuid::Uuid;

use crate::config::{Config, is_here};
use crate::locale::Locale;

/// How long a server of SMTP may take for a letter. A job's lease is longer than a batch of letters that all take so long.
const SMTP_TIME: Duration = Duration::from_secs(5);
/// A letter holds a one-time link, so its file is its owner's alone.
const FILE_MODE: u32 = 0o600;
/// What a mailbox posts to the page of the way out when its reader presses its own button (RFC 8058).
const ONE_CLICK: &str = "List-Unsubscribe=One-Click";
/// The folder of letters in the data folder.
const FOLDER: &str = "mail";

/// A letter to one person.
#[derive(Clone)]
pub struct Letter {
    /// What it is known by: sent twice, it is the same letter.
    pub id: Uuid,
    /// The address.
    pub to: String,
    /// The language it is written in.
    pub locale: Locale,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// The page on which whoever gets it says that they want no more like it; none for a letter that somebody asked for.
    pub way_out: Option<String>,
}

/// Why a letter did not go out.
#[derive(Debug, thiserror::Error)]
pub enum Unsent {
    /// It may do later.
    #[error("the letter cannot go out now")]
    Later(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It never will: the address is none, or the server refuses it for good.
    #[error("the letter cannot go out")]
    Never(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Whom letters are from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox(Address);

impl Mailbox {
    /// Takes an address, with or without a name: `Mistok <mistok@hromada.gov.ua>`.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        Address::from_str(text).map(Self).map_err(|_| "a sender is such as Mistok <mistok@hromada.gov.ua>".to_owned())
    }
}

impl Mailbox {
    /// Whether it is of no domain that others know, so that their servers take no letter from it.
    #[must_use]
    pub fn is_here(&self) -> bool {
        let domain = self.0.email.domain();
        domain == "localhost" || domain.starts_with("localhost.")
    }
}

impl fmt::Display for Mailbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

impl Default for Mailbox {
    fn default() -> Self {
        let address = lettre::Address::new("mistok", "localhost").unwrap_or_else(|_| unreachable!("it is an address"));
        Self(Address::new(Some("Mistok".to_owned()), address))
    }
}

/// How letters go out. An address of SMTP may hold a password: it prints without it.
#[derive(Clone, PartialEq, Eq)]
pub enum Route {
    /// As files in a folder.
    Files(PathBuf),
    /// On standard output.
    Output,
    /// To a server.
    Smtp(String),
}

impl Route {
    /// As files in a data folder.
    #[must_use]
    pub fn files_in(data: &Path) -> Self {
        Self::Files(data.join(FOLDER))
    }

    /// Takes `files`, `stdout` or an address of SMTP.
    ///
    /// # Errors
    /// With what is accepted.
    pub fn parse(text: &str, data: &Path) -> Result<Self, String> {
        match text {
            "files" => Ok(Self::files_in(data)),
            "stdout" => Ok(Self::Output),
            _ => {
                let smtp = ["smtp://", "smtps://"].iter().any(|scheme| text.starts_with(scheme));
                if !smtp || AsyncSmtpTransport::<Tokio1Executor>::from_url(text).is_err() {
                    return Err("letters go to files, to stdout, or to a server such as smtps://user:password@mail.example".to_owned());
                }
                if text.starts_with("smtp://") && text.contains('@') && !text.contains("tls=required") {
                    return Err("a password does not go over the net in the clear: write smtps://…, or smtp://…?tls=required".to_owned());
                }
                Ok(Self::Smtp(text.to_owned()))
            }
        }
    }
}

impl Route {
    /// Whether letters, with the one-time links in them, may go to another machine in the clear.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let Self::Smtp(address) = self else { return false };
        let Some(rest) = address.strip_prefix("smtp://") else { return false };
        let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
        !is_here(host) && !address.contains("tls=required")
    }
}

impl fmt::Display for Route {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Files(folder) => write!(formatter, "files in {}", folder.display()),
            Self::Output => formatter.write_str("stdout"),
            Self::Smtp(url) => match (url.split_once("://"), url.rsplit_once('@')) {
                (Some((scheme, _)), Some((_, host))) => write!(formatter, "{scheme}://…@{host}"),
                _ => formatter.write_str(url),
            },
        }
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }
}

/// Sends a letter.
///
/// # Errors
/// Whether it may do later, and why not now.
pub async fn send(config: &Config, letter: Letter, now: DateTime<Utc>) -> Result<(), Unsent> {
    let id = letter.id;
    let message = written(config, letter, now).map_err(Unsent::Never)?;
    match &config.mail {
        Route::Files(folder) => keep(folder, id, &message.formatted()).await.map_err(|cause| Unsent::Later(cause.into())),
        Route::Output => show(&message.formatted()).await.map_err(|cause| Unsent::Later(cause.into())),
        Route::Smtp(url) => {
            let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|cause| Unsent::Later(cause.into()))?.timeout(Some(SMTP_TIME)).build();
            match tokio::time::timeout(SMTP_TIME, transport.send(message)).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(cause)) if is_about_the_address(&cause) => Err(Unsent::Never(refused(&cause))),
                Ok(Err(cause)) => Err(Unsent::Later(refused(&cause))),
                Err(cause) => Err(Unsent::Later(cause.into())),
            }
        }
    }
}

/// Whether the server refuses this address for good (RFC 5321, 4.2.3), and not our password or all that we send.
fn is_about_the_address(cause: &lettre::transport::smtp::Error) -> bool {
    cause.status().is_some_and(|code| [550, 551, 553].contains(&u16::from(code)))
}

/// Why the server refused, by its code: its words may hold the address.
fn refused(cause: &lettre::transport::smtp::Error) -> Box<dyn std::error::Error + Send + Sync> {
    match cause.status() {
        Some(code) => format!("the server answers {code}").into(),
        None => "the server cannot be reached, or says what is no SMTP".into(),
    }
}

fn written(config: &Config, letter: Letter, now: DateTime<Utc>) -> Result<Message, Box<dyn std::error::Error + Send + Sync>> {
    let Letter { id, to, locale, subject, text, way_out } = letter;
    let header = |name: &'static str, value: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned());
    let text = text.replace('\n', "\r\n");
    // A server gets what every server takes; a person reads files and standard output as they are.
    let body = match config.mail {
        Route::Smtp(_) => Body::new(text),
        Route::Files(_) | Route::Output => Body::dangerous_pre_encoded(text.into_bytes(), ContentTransferEncoding::EightBit),
    };
    let body = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(body);
    let message = Message::builder()
        .from(config.mail_from.0.clone())
        .to(Address::new(None, to.parse()?))
        .subject(subject)
        .date(SystemTime::from(now))
        .message_id(Some(format!("<{id}@{}>", config.public_url.host())))
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("Content-Language", locale.tag()));
    let message = match way_out {
        // A mailbox presses the button itself over HTTPS alone.
        Some(url) if url.starts_with("https://") => message.raw_header(header("List-Unsubscribe", &format!("<{url}>"))).raw_header(header("List-Unsubscribe-Post", ONE_CLICK)),
        Some(url) => message.raw_header(header("List-Unsubscribe", &format!("<{url}>"))),
        None => message,
    };
    Ok(message.singlepart(body)?)
}

async fn keep(folder: &Path, id: Uuid, letter: &[u8]) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let mut file = tokio::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(FILE_MODE).open(folder.join(format!("{id}.eml"))).await?;
    file.write_all(letter).await?;
    file.flush().await
}

/// Letters in a row, each with an empty line after it.
async fn show(letter: &[u8]) -> std::io::Result<()> {
    let mut out = tokio::io::stdout();
    out.write_all(letter).await?;
    out.write_all(b"\n\n").await?;
    out.flush().await
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use chrono::DateTime;
    use uuid::Uuid;

    use super::{Letter, Mailbox, Route, written};
    use crate::config::{Config, DatabaseUrl};
    use crate::locale::Locale;

    #[test]
    fn a_route_prints_without_its_password() {
        let route = |text: &str| Route::parse(text, Path::new("data"));
        assert_eq!(format!("{:?}", route("smtps://mistok:s3cr%40et@mail.example:465").expect("a route")), "smtps://…@mail.example:465");
        assert_eq!(route("files").expect("a route").to_string(), "files in data/mail");
        for wrong in ["mail.example", "http://mail.example", "smtp://user:password@mail.example", ""] {
            assert!(route(wrong).is_err(), "{wrong}");
        }
        let is_open = |text: &str| route(text).expect("a route").is_open();
        assert!(is_open("smtp://mail.example") && is_open("smtp://localhost.example:25?tls=opportunistic"));
        assert!(!["smtp://127.0.0.1:2525", "smtp://localhost", "smtps://mail.example", "smtp://mail.example?tls=required", "files"].iter().any(|text| is_open(text)));
        assert!(route("smtp://127.0.0.1:2525").is_ok() && route("smtp://user:password@mail.example?tls=required").is_ok());
    }

    #[test]
    fn a_mailbox_may_press_the_button_of_a_way_out_over_https_alone() {
        let config = Config::new("data".into(), DatabaseUrl::sqlite_in(Path::new("data")));
        let head = |way_out: Option<&str>| {
            let (to, subject, text) = ("olha@mistok.example".to_owned(), "Новини".to_owned(), "Вітаємо!".to_owned());
            let letter = Letter { id: Uuid::nil(), to, locale: Locale::Uk, subject, text, way_out: way_out.map(str::to_owned) };
            String::from_utf8(written(&config, letter, DateTime::UNIX_EPOCH).expect("a letter").formatted()).expect("text")
        };
        let long = format!("https://mistok.example/notifications/stop?token={}&lang=uk", "a".repeat(64));
        let secure = head(Some(&long));
        assert!(secure.contains(&format!("List-Unsubscribe: <{long}>\r\n")) && secure.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), "{secure}");
        let open = head(Some("http://127.0.0.1:8080/notifications/stop?token=a"));
        assert!(open.contains("List-Unsubscribe: <http://") && !open.contains("One-Click"), "{open}");
        assert!(!head(None).contains("List-Unsubscribe"));
    }

    #[test]
    fn a_sender_is_an_address() {
        assert!(Mailbox::parse("Місток <mistok@hromada.gov.ua>").is_ok());
        assert!(Mailbox::parse("Місток").is_err());
    }
}
