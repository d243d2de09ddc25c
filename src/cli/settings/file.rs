//! The settings file: TOML whose keys are the names of flags with `_`. All that is wrong with it is told at once, with its line.

use std::error::Error as _;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgAction, Command};
use toml_edit::{Document, Item};

use super::{Kind, all, shown};
use crate::auth::key_file::OTHERS;
use crate::cli::args::Args;
use crate::cli::failure::Failure;

/// The file in the data folder that is read when none is named.
pub(in crate::cli) const NAME: &str = "mistok.toml";
/// What decides which file is read, and so can stand only in one that was named.
pub(super) const OF_NAMED_ONES: [&str; 2] = ["data", "demo"];

/// A settings file that was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) path: PathBuf,
    /// Settings by the ids of their flags.
    values: Vec<(String, Vec<Value>)>,
}

/// A value as it would stand on the command line; it may be a password.
#[derive(Clone, PartialEq, Eq)]
struct Value(String);

impl std::fmt::Debug for Value {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("…")
    }
}

impl File {
    /// Reads the file that is named, or the one in the data folder if it is there.
    ///
    /// # Errors
    /// When it cannot be read, with all that is wrong in it, or when it holds a password that others can read.
    pub(super) fn find(args: &Args) -> Result<Option<Self>, Failure> {
        let (path, is_named) = args.global.config.clone().map_or_else(|| (args.data().join(NAME), false), |path| (path, true));
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(cause) if cause.kind() == ErrorKind::NotFound && !is_named => return Ok(None),
            Err(cause) => return Err(Failure::because(format!("the settings file {} cannot be read", path.display()), cause).of_settings()),
        };
        let refused: &[&str] = if is_named { &[] } else { &OF_NAMED_ONES };
        let values = settings(&text, refused).map_err(|wrong| Failure::new(told(&path, &wrong)).of_settings())?;
        let file = Self { path, values };
        file.is_its_owners()?;
        Ok(Some(file))
    }

    /// Whether it says something of a setting.
    pub(super) fn holds(&self, id: &str) -> bool {
        self.values.iter().any(|(known, _)| known == id)
    }

    /// The command line with what the file says in place of its defaults.
    pub(super) fn under(&self, command: Command) -> Command {
        let default = |setting: Arg| {
            let said = self.values.iter().find(|(id, _)| setting.get_env().is_some() && setting.get_id() == id.as_str());
            said.map_or_else(|| setting.clone(), |(_, values)| setting.clone().default_values(values.iter().map(|Value(value)| value.clone())))
        };
        command.mut_args(default).mut_subcommands(|below| self.under(below))
    }

    /// Refuses a file with a password that others can read.
    fn is_its_owners(&self) -> Result<(), Failure> {
        let is_secret = |setting: &Arg| {
            let said = self.values.iter().filter(|(id, _)| setting.get_id() == id.as_str());
            said.flat_map(|(_, values)| values).any(|Value(value)| shown(setting, value) != *value)
        };
        let mode = fs::metadata(&self.path).map_err(|cause| Failure::because(format!("the mode of {} cannot be read", self.path.display()), cause))?.permissions().mode();
        match all().iter().find(|setting| is_secret(setting)) {
            Some(setting) if mode & OTHERS != 0 => {
                Err(Failure::new(format!("{} can be read by others (mode {:o}), and its {} holds a password", self.path.display(), mode & 0o777, setting.get_id()))
                    .remedy("Make it its owner's alone with chmod 600, and change the password if others may have read it.")
                    .of_settings())
            }
            _ => Ok(()),
        }
    }
}

/// Something that is wrong, and its line from 1.
type Wrong = (usize, String);

fn told(path: &Path, wrong: &[Wrong]) -> String {
    let lines: Vec<String> = wrong.iter().map(|(line, what)| format!("{}, line {line}: {what}", path.display())).collect();
    lines.join("\n  ")
}

/// What a text says of the settings, or all that is wrong with it.
fn settings(text: &str, refused: &[&str]) -> Result<Vec<(String, Vec<Value>)>, Vec<Wrong>> {
    let line = |span: Option<std::ops::Range<usize>>| text[..span.map_or(0, |span| span.start.min(text.len()))].matches('\n').count() + 1;
    // The parser's own words may quote the line, and a password in it.
    let document = Document::parse(text).map_err(|error| vec![(line(error.span()), format!("this is no TOML: {}", error.message().lines().next().unwrap_or_default()))])?;
    let (known, mut values, mut wrong) = (all(), Vec::new(), Vec::new());
    for (key, item) in document.iter() {
        let at = line(document.as_table().key(key).and_then(toml_edit::Key::span));
        let setting = known.iter().find(|setting| setting.get_id() == key);
        match setting.ok_or_else(|| unknown(key, &known)).and_then(|setting| value(setting, item, refused)) {
            Ok(held) => values.push((key.to_owned(), held)),
            Err(what) => wrong.push((at, what)),
        }
    }
    if wrong.is_empty() { Ok(values) } else { Err(wrong) }
}

/// That there is no such setting, with the one that may have been meant.
fn unknown(key: &str, known: &[Arg]) -> String {
    let asked = Command::new("mistok").no_binary_name(true).args(bare(known)).try_get_matches_from([format!("--{}", key.replace('_', "-"))]);
    let near = asked.err().and_then(|error| match error.get(ContextKind::SuggestedArg) {
        Some(ContextValue::String(near)) => Some(format!("; {} is one", near.trim_start_matches('-').replace('-', "_"))),
        _ => None,
    });
    format!("{key} is no setting{}. `mistok config print` shows all", near.unwrap_or_default())
}

/// The settings without their variables, so that only what is given counts.
fn bare(settings: &[Arg]) -> impl Iterator<Item = Arg> {
    settings.iter().map(|setting| setting.clone().env(None::<&'static str>).global(false))
}

/// The values as they would stand on the command line, if they could.
fn value(setting: &Arg, item: &Item, refused: &[&str]) -> Result<Vec<Value>, String> {
    let (key, kind) = (setting.get_id().as_str(), Kind::of(setting));
    if refused.contains(&key) {
        return Err(format!("{key} decides which file is read, and can stand only in one that --config names"));
    }
    let text = |value: &toml_edit::Value| value.as_str().map(str::to_owned);
    let values = match kind {
        Kind::Switch => item.as_bool().map(|on| vec![on.to_string()]),
        Kind::Number => item.as_integer().map(|number| vec![number.to_string()]),
        Kind::List => item.as_array().and_then(|list| list.iter().map(text).collect()),
        Kind::Text => item.as_str().map(|text| vec![text.to_owned()]),
    };
    let values = values.ok_or_else(|| format!("{key} is {}, not {}", kind.wanted(), item.type_name()))?;
    let flag = format!("--{}", setting.get_long().unwrap_or_default());
    match setting.get_action() {
        ArgAction::SetTrue => {}
        ArgAction::Count => {
            if let Some(value) = values.iter().find(|value| value.parse::<u8>().is_err()) {
                return Err(format!("{key} cannot be {value}: it is a number from 0 to 255"));
            }
        }
        _ => {
            let command = Command::new("mistok").no_binary_name(true).args(bare(std::slice::from_ref(setting)));
            let taken = command.try_get_matches_from(values.iter().map(|value| format!("{flag}={value}")));
            taken.map_err(|error| format!("{key} has a value that is not accepted: {}", accepted(&error)))?;
        }
    }
    Ok(values.into_iter().map(Value).collect())
}

/// What a setting takes; never the value itself.
fn accepted(error: &clap::Error) -> String {
    match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(values)) if !values.is_empty() => format!("it is {}", values.join(" or ")),
        _ => error.source().map_or_else(|| "its help says what it takes".to_owned(), ToString::to_string),
    }
}

#[cfg(test)]
mod tests {
    use super::settings;

    fn wrong(text: &str) -> String {
        let wrong = settings(text, &["data"]).expect_err("it is wrong");
        wrong.iter().map(|(line, what)| format!("{line} {what}")).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_is_wrong_in_a_file_is_told_with_its_line_and_what_would_do() {
        assert_eq!(wrong("\n\nsesion_hours = 5\n"), "3 sesion_hours is no setting; session_hours is one. `mistok config print` shows all");
        assert!(wrong("wholly_else = 5\n").starts_with("1 wholly_else is no setting. "));
        assert_eq!(wrong("session_hours = \"5\"\n"), "1 session_hours is a whole number, not string");
        assert_eq!(wrong("session_hours = 0\n"), "1 session_hours has a value that is not accepted: 0 is not in 1..=8760");
        assert_eq!(wrong("second_factor = \"never\""), "1 second_factor has a value that is not accepted: it is required or optional");
        assert_eq!(wrong("cors = \"https://a.example\""), "1 cors is a list of texts, such as [\"a\", \"b\"], not string");
        assert_eq!(wrong("json = 1\nverbose = 300\n").lines().count(), 2, "all at once");
        assert!(wrong("data = \"elsewhere\"").contains("--config"));
        assert!(wrong("[serve]\nlisten = \"127.0.0.1:1\"").contains("1 serve is no setting"));
        assert!(wrong("trusted_proxies = [\"10.0.0.0/33\"]").contains("such as 10.0.0.0/8"));
    }

    #[test]
    fn a_password_in_a_broken_line_is_not_told() {
        for text in ["admin_password = \"s3cret", "admin_password = s3cret", "admin_password = [\"s3cret\"]", "database = { url = \"s3cret\" }", "s3cret"] {
            assert!(!wrong(text).contains("s3cret") || text == "s3cret", "{}", wrong(text));
        }
    }
}
