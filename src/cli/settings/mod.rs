//! The settings of an installation, from wherever they come: flags, `MISTOK_*` variables, the settings file, defaults.
//!
//! A setting is a flag that has a variable. What the file says of it becomes the flag's default, so that one mechanism, clap's,
//! decides which goes first and reads the value, and no setting can be forgotten.

mod check;
mod file;
mod print;

use std::any::TypeId;
use std::ffi::OsString;
use std::path::Path;

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory as _, FromArgMatches as _};

use super::args::{self, Args};
use super::failure::Failure;
use crate::config::DatabaseUrl;
use crate::mail::Route;
pub(super) use check::check;
use file::File;
pub(super) use file::NAME as FILE;
pub(super) use print::print;

/// The setting that names the file, and so cannot stand in it.
const CONFIG: &str = "config";

/// What was given.
pub(super) struct Given {
    /// All of it, read.
    pub(super) args: Args,
    matches: ArgMatches,
    file: Option<File>,
}

/// Reads the command line, the environment and the settings file.
///
/// # Errors
/// When the file cannot be read; a wrong command line ends the process.
pub(super) fn read(words: impl IntoIterator<Item = OsString>) -> Result<Given, Failure> {
    let words: Vec<OsString> = words.into_iter().collect();
    let parse = |command: Command| {
        let matches = command.try_get_matches_from(&words)?;
        Ok((Args::from_arg_matches(&matches)?, matches))
    };
    let (args, matches) = parse(Args::command()).unwrap_or_else(|error: clap::Error| error.exit());
    let file = match args.command {
        args::Command::Completions { .. } => None,
        _ => File::find(&args)?,
    };
    let Some(file) = file else { return Ok(Given { args, matches, file: None }) };
    let (args, matches) = parse(file.under(Args::command())).map_err(|cause| Failure::because("the settings do not go together", cause).of_settings())?;
    Ok(Given { args, matches, file: Some(file) })
}

/// All settings, in the order of the help.
fn all() -> Vec<Arg> {
    let command = Args::command();
    let serve = command.find_subcommand("serve").into_iter().flat_map(Command::get_arguments);
    command.get_arguments().chain(serve).filter(|setting| setting.get_env().is_some() && setting.get_id() != CONFIG).cloned().collect()
}

/// How a setting is written in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Switch,
    Number,
    List,
    Text,
}

impl Kind {
    fn of(setting: &Arg) -> Self {
        match setting.get_action() {
            ArgAction::SetTrue => Self::Switch,
            ArgAction::Count => Self::Number,
            _ if setting.get_value_delimiter().is_some() => Self::List,
            _ if setting.get_value_parser().type_id() == TypeId::of::<u32>() => Self::Number,
            _ => Self::Text,
        }
    }

    /// What the file has to hold.
    const fn wanted(self) -> &'static str {
        match self {
            Self::Switch => "true or false",
            Self::Number => "a whole number",
            Self::List => "a list of texts, such as [\"a\", \"b\"]",
            Self::Text => "a text in quotes",
        }
    }
}

/// The value as others may see it.
fn shown(setting: &Arg, value: &str) -> String {
    if !setting.is_hide_env_values_set() {
        return value.to_owned();
    }
    let masked = match setting.get_id().as_str() {
        "database" => DatabaseUrl::parse(value).ok().map(|address| address.to_string()),
        "mail" => Route::parse(value, Path::new("")).ok().map(|route| if matches!(route, Route::Smtp(_)) { route.to_string() } else { value.to_owned() }),
        _ => None,
    };
    masked.unwrap_or_else(|| "…".to_owned())
}

/// A setting as it is.
struct Setting {
    arg: Arg,
    values: Vec<String>,
    source: Source,
}

/// Where a setting comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
enum Source {
    Flag,
    Variable,
    File,
    Default,
}

impl Given {
    /// All settings as they are.
    fn settings(&self) -> Vec<Setting> {
        let given = deepest(&self.matches);
        let setting = |arg: Arg| {
            let id = arg.get_id().as_str();
            let values = given.get_raw(id).into_iter().flatten().map(|value| value.to_string_lossy().into_owned()).collect();
            let source = match given.value_source(id) {
                Some(ValueSource::CommandLine) => Source::Flag,
                Some(ValueSource::EnvVariable) => Source::Variable,
                Some(_) if self.file.as_ref().is_some_and(|file| file.holds(id)) => Source::File,
                _ => Source::Default,
            };
            Setting { arg, values, source }
        };
        all().into_iter().map(setting).collect()
    }
}

fn deepest(matches: &ArgMatches) -> &ArgMatches {
    matches.subcommand().map_or(matches, |(_, below)| deepest(below))
}

#[cfg(test)]
mod tests {
    use super::{all, shown};

    #[test]
    fn a_setting_is_called_alike_as_a_flag_as_a_variable_and_in_the_file() {
        for setting in all() {
            let id = setting.get_id().as_str().to_owned();
            assert_eq!(setting.get_long(), Some(id.replace('_', "-").as_str()));
            let variable = if id == "database" { "MISTOK_DATABASE_URL".to_owned() } else { format!("MISTOK_{}", id.to_uppercase()) };
            assert_eq!(setting.get_env().and_then(|name| name.to_str()), Some(variable.as_str()));
        }
    }

    #[test]
    fn the_readme_tells_of_every_setting() {
        let readme = include_str!("../../../README.md");
        for setting in all() {
            let variable = setting.get_env().and_then(|name| name.to_str()).expect("a variable").to_owned();
            assert!(readme.contains(&format!("`{variable}`")), "README.md does not tell of {variable}");
        }
    }

    #[test]
    fn what_may_hold_a_secret_hides_it() {
        for setting in all() {
            let id = setting.get_id().as_str();
            if ["password", "secret", "key", "token", "database"].iter().any(|word| id.split('_').any(|part| part == *word)) && id != "use_database_url" {
                assert!(setting.is_hide_env_values_set(), "{id} shows its value");
            }
            for secret in ["postgres://mistok:s3cret@db/mistok", "smtps://mistok:s3cret@mail.example", "s3cret"] {
                assert!(!setting.is_hide_env_values_set() || !shown(&setting, secret).contains("s3cret"), "{id}");
            }
        }
    }
}
