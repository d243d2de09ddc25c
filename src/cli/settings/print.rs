//! `config print`: each setting as it is and where it comes from, without passwords, in a form that a settings file can begin with.

use serde_json::json;
use toml_edit::{Array, Value};

use super::file::OF_NAMED_ONES;
use super::{Given, Kind, Setting, Source, shown};
use crate::cli::failure::Failure;
use crate::cli::{DONE, output};

/// Prints all settings.
pub(in crate::cli) fn print(given: &Given) -> Result<u8, Failure> {
    let file = given.file.as_ref().map(|file| file.path.display().to_string());
    if given.args.global.json {
        let settings: Vec<_> = given.settings().iter().map(Setting::for_machines).collect();
        output::json(&json!({ "file": file, "settings": settings }))?;
    } else {
        output::line(format!("# The settings of this installation; read from the file: {}", file.as_deref().unwrap_or("none")))?;
        given.settings().iter().try_for_each(|setting| output::text_of(&setting.for_people()))?;
    }
    Ok(DONE)
}

impl Setting {
    fn shown(&self) -> Vec<String> {
        self.values.iter().map(|value| shown(&self.arg, value)).collect()
    }

    /// Where it comes from, in words.
    fn origin(&self) -> String {
        match self.source {
            Source::Flag => "flag".to_owned(),
            Source::Variable => format!("variable {}", self.arg.get_env().map(|name| name.to_string_lossy()).unwrap_or_default()),
            Source::File => "file".to_owned(),
            Source::Default => "default".to_owned(),
        }
    }

    fn for_machines(&self) -> serde_json::Value {
        let variable = self.arg.get_env().map(|name| name.to_string_lossy());
        let value = match (Kind::of(&self.arg), self.shown().as_slice()) {
            (Kind::List, values) => json!(values),
            (_, []) => serde_json::Value::Null,
            (Kind::Switch | Kind::Number, [value, ..]) => value.parse().unwrap_or_else(|_| json!(value)),
            (Kind::Text, [value, ..]) => json!(value),
        };
        json!({ "name": self.arg.get_id().as_str(), "variable": variable, "value": value, "source": self.source, "hidden": self.is_masked() })
    }

    fn is_masked(&self) -> bool {
        self.shown() != self.values
    }

    /// What it means in a comment, then the setting, which is a comment too where there is no value that could be taken over.
    fn for_people(&self) -> String {
        let help = self.arg.get_help().map(ToString::to_string).unwrap_or_default();
        let name = self.arg.get_id().as_str();
        let values = self.shown();
        let value = match (Kind::of(&self.arg), values.as_slice()) {
            (Kind::List, values) => Array::from_iter(values).to_string(),
            (_, []) => return format!("\n# {help}\n# {name} is not set\n"),
            (Kind::Switch | Kind::Number, [value, ..]) => value.clone(),
            (Kind::Text, [value, ..]) => Value::from(value).to_string(),
        };
        let (comment, why) = if self.is_masked() {
            ("# ", ", its password left out")
        } else if OF_NAMED_ONES.contains(&name) {
            ("# ", "; only in a file that --config names")
        } else {
            ("", "")
        };
        format!("\n# {help}\n{comment}{name} = {value} # {}{why}\n", self.origin())
    }
}
