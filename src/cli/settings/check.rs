//! `config check`: whether the settings can be taken and go together. It opens no database and changes nothing.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;

use super::Given;
use crate::auth::key_file::{KEY_FILE, KEY_FILE_MODE};
use crate::cli::args::Serve;
use crate::cli::failure::Failure;
use crate::cli::finding::{Finding, mode, told};
use crate::config::{Config, SecondFactor};
use crate::mail::Route;
use crate::objects::Place;

/// What a mode says of what anybody but the owner may write.
const OTHERS_WRITE: u32 = 0o022;

/// Looks at all settings and prints what was found.
pub(in crate::cli) fn check(given: &Given, serve: &Serve) -> Result<u8, Failure> {
    let mut findings = vec![Finding::new("settings file", given.file.as_ref().map_or_else(|| "none".to_owned(), |file| file.path.display().to_string()), true)];
    match serve.config(&given.args.global, serve.listen) {
        Ok(config) => findings.extend(about(&config, serve)),
        Err(failure) => findings.push(Finding::new("settings", failure.line(), false)),
    }
    told(&given.args.global, &findings)
}

fn about(config: &Config, serve: &Serve) -> Vec<Finding> {
    let mut findings = vec![
        folder("data folder", &config.data),
        attachments(config),
        keys(&config.data),
        Finding::new("database", config.database.to_string(), true),
        listen(config, serve),
        public_url(config, serve),
    ];
    findings.push(match &config.mail {
        Route::Smtp(_) if config.mail.is_open() => {
            Finding::new("letters", format!("{}: one-time links would go over the net in the clear; write smtps://…, or ?tls=required", config.mail), false)
        }
        Route::Smtp(_) => Finding::new("letters", config.mail.to_string(), true),
        Route::Files(_) | Route::Output => Finding::new("letters", format!("{}, so nobody gets any", config.mail), true),
    });
    findings.push(sender(config));
    findings.extend(config.cors.iter().map(|origin| Finding::new("origin of browsers", origin, is_origin(origin))));
    let everybody = config.trusted_proxies.iter().any(|network| network.prefix_len() == 0);
    let proxies: Vec<String> = config.trusted_proxies.iter().map(ToString::to_string).collect();
    let behind_one = proxies.is_empty() && config.listen.ip().is_loopback() && !config.public_url.is_here();
    let words = match proxies.as_slice() {
        [] if behind_one => "none, so all who come through the proxy before this seem to be one; name it in trusted_proxies, and have it set Forwarded".to_owned(),
        [] => "none; Forwarded is ignored".to_owned(),
        named => named.join(", "),
    };
    findings.push(Finding::new("trusted proxies", words, !everybody && !behind_one));
    if let Some(address) = config.metrics_listen {
        let words = match clash(address, config.listen) {
            true => ", where the API is served; choose another port",
            false if address.ip().is_loopback() => "",
            false => ", for all who reach it",
        };
        findings.push(Finding::new("metrics", format!("http://{address}/metrics{words}"), !clash(address, config.listen)));
    }
    findings.extend(config.trusted_documents.iter().map(|documents| Finding::new("trusted documents", documents.count().to_string(), documents.count() > 0)));
    findings.extend(serve.otlp_endpoint.iter().map(|collector| Finding::new("traces", collector.traces(), true)));
    let factor = if config.second_factor == SecondFactor::Required { "required" } else { "optional" };
    findings.push(Finding::new("second factor", factor, true));
    findings
}

/// Whether two listeners want the same port of one machine.
fn clash(one: SocketAddr, other: SocketAddr) -> bool {
    let is_of_all = one.ip().is_unspecified() || other.ip().is_unspecified();
    one.port() != 0 && one.port() == other.port() && (one.ip() == other.ip() || is_of_all)
}

/// A folder of ours: whether it is its owner's to write, and can be written.
fn folder(name: &str, path: &Path) -> Finding {
    let shown = path.display();
    match mode(path) {
        Err(cause) if cause.kind() == ErrorKind::NotFound => match written(above(path)) {
            Ok(()) => Finding::new(name, format!("{shown}, missing; the first start makes it"), true),
            Err(cause) => Finding::new(name, format!("{shown} is missing and cannot be made: {cause}"), false),
        },
        Err(cause) => Finding::new(name, format!("{shown}: {cause}"), false),
        Ok(mode) if mode & OTHERS_WRITE != 0 => Finding::new(name, format!("{shown} can be written by others (mode {mode:04o}); chmod 700 mends that"), false),
        Ok(mode) => match written(path) {
            Ok(()) => Finding::new(name, format!("{shown} (mode {mode:04o})"), true),
            Err(cause) => Finding::new(name, format!("{shown} cannot be written: {cause}"), false),
        },
    }
}

/// The nearest folder above that is there.
fn above(path: &Path) -> &Path {
    path.ancestors().skip(1).find(|folder| !folder.as_os_str().is_empty() && folder.exists()).unwrap_or(Path::new("."))
}

/// Writes a file without a name, gone with its handle.
fn written(folder: &Path) -> std::io::Result<()> {
    tempfile::tempfile_in(folder).map(drop)
}

fn attachments(config: &Config) -> Finding {
    match &config.attachments {
        Place::Folder(path) => folder("attachments", path),
        Place::Bucket(address) => Finding::new("attachments", address, true),
    }
}

fn keys(data: &Path) -> Finding {
    match mode(&data.join(KEY_FILE)) {
        Err(cause) if cause.kind() == ErrorKind::NotFound => Finding::new("key file", "missing; the first start makes it", true),
        Err(cause) => Finding::new("key file", cause.to_string(), false),
        Ok(mode) => Finding::new("key file mode", format!("{mode:04o}"), mode == KEY_FILE_MODE),
    }
}

fn listen(config: &Config, serve: &Serve) -> Finding {
    let is_public_demo = serve.demo && !config.listen.ip().is_loopback();
    let words = if is_public_demo { ", and the demonstration's passwords are public" } else { "" };
    Finding::new("listens at", format!("{}{words}", config.listen), !is_public_demo)
}

/// Whom letters are from: other people's servers take none from this machine's own name.
fn sender(config: &Config) -> Finding {
    let wrong = matches!(config.mail, Route::Smtp(_)) && config.mail_from.is_here();
    let words = if wrong { ", from which other servers take no letters; set mail_from, such as Mistok <mistok@hromada.gov.ua>" } else { "" };
    Finding::new("sender of letters", format!("{}{words}", config.mail_from), !wrong)
}

/// The address in letters: others cannot open this machine's own, and passwords do not go over the net in the clear.
fn public_url(config: &Config, serve: &Serve) -> Finding {
    let shown = config.public_url.page("/");
    let is_here = config.public_url.is_here();
    let for_others = !config.listen.ip().is_loopback() || matches!(config.mail, Route::Smtp(_));
    let wrong = match serve.public_url {
        _ if is_here && !for_others => None,
        _ if is_here => Some("others cannot open this; set public_url to where their browsers reach the service, such as https://hub.example"),
        _ if config.listen.ip().is_loopback() && config.public_url.is_secure() => None,
        None => Some("others cannot open this; set public_url"),
        Some(_) if !config.public_url.is_secure() => Some("passwords would go over the net in the clear; put a TLS proxy before it and write https"),
        Some(_) => None,
    };
    Finding::new("links in letters", wrong.map_or_else(|| shown.clone(), |wrong| format!("{shown}: {wrong}")), wrong.is_none())
}

/// An origin is a scheme and a host, no path.
fn is_origin(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.trim_end_matches('/').is_empty() && !rest.trim_end_matches('/').contains(['/', '?', '#', '*', ' ']))
}

#[cfg(test)]
mod tests {
    use super::{clash, is_origin};
    use crate::config::address;

    #[test]
    fn two_listeners_clash_on_one_port_of_one_machine() {
        let clash = |one: &str, other: &str| clash(address(one).expect("an address"), address(other).expect("an address"));
        assert!(clash("127.0.0.1:8080", "0.0.0.0:8080") && clash("[::]:8080", "127.0.0.1:8080") && clash("127.0.0.1:8080", "127.0.0.1:8080"));
        assert!(!clash("127.0.0.1:8080", "127.0.0.1:9090") && !clash("127.0.0.1:8080", "[::1]:8080") && !clash("127.0.0.1:0", "0.0.0.0:0"));
    }

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        assert!(is_origin("https://hub.example") && is_origin("http://localhost:3000/"));
        for wrong in ["*", "hub.example", "https://", "https://hub.example/path", "https://*.example"] {
            assert!(!is_origin(wrong), "{wrong}");
        }
    }
}
