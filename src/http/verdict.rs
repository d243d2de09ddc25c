//! What the library itself reports, put into our codes; what no code fits is a fault of ours and stays in the log.

use async_graphql::{ServerError, Value, Variables};

use super::failure::Protocol;
use crate::graphql::guard::{Guard, argument_at};
use crate::graphql::scalars::form_of;
use crate::ids::{self, GIVEN, WANTED};
use crate::locale::{Locale, Said};
use crate::page;

/// Most errors in an answer.
const MOST_ERRORS: usize = 100;
/// Most characters of a message.
const LONGEST_MESSAGE: usize = 500;
/// How the library words a value that does not fit an argument.
const BAD_ARGUMENT: &str = "Invalid value for argument ";
/// How the library ends when a field is missing.
const MISSING: &str = "is required but not provided";
/// How the library words a field that its type does not have.
const UNKNOWN: &str = ", unknown field ";
/// How the library words a value that a scalar does not take.
const BAD_VALUE: [&str; 2] = ["Failed to parse ", "Expected input type "];
/// How the library names the types around a value that a scalar does not take, from within to without.
const WITHIN: &str = "(occurred while parsing \"";

/// What all errors of an answer have in common.
pub struct Context<'a> {
    /// What knows the schema's types.
    pub guard: &'a Guard,
    /// The document that ran.
    pub query: &'a str,
    /// Its variables.
    pub variables: &'a Variables,
    /// The language of the caller.
    pub locale: Locale,
    /// The request's id.
    pub request_id: &'a str,
}

/// Whether the document ran: the library reports what it refuses to run without a path.
#[must_use]
pub fn ran(response: &async_graphql::Response) -> bool {
    response.errors.is_empty() || response.data != Value::Null || response.errors.iter().any(|error| !error.path.is_empty())
}

/// Gives each error its code, remedy and request id, and leaves off those beyond the hundredth.
pub fn settle(errors: &mut Vec<ServerError>, context: &Context<'_>) {
    errors.truncate(MOST_ERRORS);
    for error in errors {
        error.source = None;
        if !has_code(error) {
            classify(error, context);
        }
        clip(&mut error.message);
        error.extensions.get_or_insert_default().set("requestId", context.request_id);
    }
}

/// The message in bounds: the library repeats the caller's own words in it.
fn clip(message: &mut String) {
    if let Some((end, _)) = message.char_indices().nth(LONGEST_MESSAGE) {
        message.truncate(end);
        message.push('…');
    }
}

fn has_code(error: &ServerError) -> bool {
    error.extensions.as_ref().is_some_and(|extensions| extensions.get("code").is_some())
}

fn classify(error: &mut ServerError, context: &Context<'_>) {
    if error.message.starts_with(BAD_ARGUMENT) || BAD_VALUE.iter().any(|words| error.message.starts_with(words)) {
        bad_input(error, context);
    } else if error.path.is_empty() {
        let said = Said::new(in_ukrainian(&error.message), &error.message);
        say(error, context, Protocol::Validation, &said);
    } else {
        tracing::error!(message = %error.message, path = ?error.path, "the library failed");
        error.extensions = None;
        let (message, _) = Protocol::Internal.words();
        say(error, context, Protocol::Internal, &message);
    }
}

/// What the library says of a document that does not fit the schema; what it says seldom is quoted.
fn in_ukrainian(message: &str) -> String {
    let quoted: Vec<&str> = message.split('"').skip(1).step_by(2).collect();
    match quoted.as_slice() {
        [field, of] if message.starts_with("Unknown field") => format!("У типі {of} немає поля {field}."),
        [argument, field, of] if message.starts_with("Unknown argument") => format!("У поля {field} типу {of} немає аргументу {argument}."),
        [field, argument, _] if message.starts_with("Field ") && message.ends_with(MISSING) => format!("Полю {field} бракує обов'язкового аргументу {argument}."),
        [field, of] if message.ends_with("must have a selection of subfields") => format!("Полю {field} типу {of} бракує переліку полів у фігурних дужках."),
        [field, of] if message.ends_with("has no subfields") => format!("У поля {field} типу {of} немає вкладених полів."),
        [of] if message.starts_with("Unknown type") => format!("Типу {of} немає."),
        [variable, ..] if message.contains("is not defined") => format!("Змінну {variable} не оголошено."),
        [variable, ..] if message.contains("is not used") => format!("Змінна {variable} не використовується."),
        _ => format!("Документ не відповідає схемі: «{message}»."),
    }
}

fn bad_input(error: &mut ServerError, context: &Context<'_>) {
    let place = error.locations.first().copied();
    let text = |name: &str| match error.extensions.as_ref()?.get(name)? {
        Value::String(text) => Some(text.clone()),
        _ => None,
    };
    let (given, wanted) = (text(GIVEN), text(WANTED));
    let argument = || argument_at(context.query, place?, context.variables);
    let field = quoted_path(&error.message).or_else(|| {
        Some(match unparsed(&error.message) {
            Some((scalar, of)) if given.is_none() => context.guard.path_to(argument()?, of, scalar),
            _ => argument()?.path_to(given.as_deref()),
        })
    });
    let (message, remedy) = match (&given, &wanted) {
        (Some(given), Some(wanted)) => ids::refusal(given, wanted),
        _ => words(&error.message, field.as_deref().unwrap_or_default()),
    };
    let field = field.map(|field| whole(field, &error.message));
    error.extensions = None;
    say(error, context, Protocol::BadInput, &message);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("remedy", remedy.in_locale(context.locale));
    if let Some(field) = field {
        let field = below_input(field).into_iter().map(Value::from).collect();
        extensions.set("field", Value::List(field));
    }
}

/// The path of a field that is missing or unknown, where the library names the one above it.
fn whole(mut field: Vec<String>, message: &str) -> Vec<String> {
    if (message.ends_with(MISSING) || message.contains(UNKNOWN))
        && let Some(below) = message.split('"').nth(3)
    {
        field.push(below.to_owned());
    }
    field
}

/// The path as `userErrors` write it: below `input`, the one argument of a mutation.
fn below_input(mut field: Vec<String>) -> Vec<String> {
    if field.len() > 1 && field[0] == "input" {
        field.remove(0);
    }
    field
}

/// What the library says of a value that does not fit, and what would mend it, in both languages.
fn words(message: &str, field: &[String]) -> (Said, Said) {
    let name = name_of(field);
    let quoted: Vec<&str> = message.split('"').skip(1).step_by(2).collect();
    let wrong = Said::new(format!("Значення поля {name} не підходить."), format!("The value of {name} cannot be taken."));
    let (_, look) = Protocol::BadInput.words();
    match quoted.as_slice() {
        _ if field == ["first"] => (wrong, page::wanted()),
        [_, missing, _] if message.ends_with(MISSING) => (
            Said::new(format!("Немає обов'язкового поля {missing}."), format!("The required field {missing} is missing.")),
            Said::new(format!("Дайте {missing}."), format!("Give {missing}.")),
        ),
        [_, unknown, kind] if message.contains(UNKNOWN) => (Said::new(format!("Поля {unknown} у {kind} немає."), format!("There is no field {unknown} in {kind}.")), look),
        [_, kind, value] if message.contains("enumeration type") => {
            (Said::new(format!("Значення {value} у переліку {kind} немає."), format!("There is no value {value} in the list {kind}.")), listed_in(kind))
        }
        [_, kind] if message.contains("expected type") => (wrong, form_of(kind).unwrap_or_else(|| listed_in(kind))),
        [kind, ..] if BAD_VALUE.iter().any(|words| message.starts_with(words)) => (wrong, form_of(kind).unwrap_or(look)),
        _ => (wrong, look),
    }
}

/// The last name of a path, with the places in lists that follow it: `activities.1`.
fn name_of(field: &[String]) -> String {
    let is_place = |step: &String| step.bytes().all(|byte| byte.is_ascii_digit());
    let from = field.iter().rposition(|step| !is_place(step)).unwrap_or_default();
    field[from..].join(".")
}

fn listed_in(kind: &str) -> Said {
    Said::new(format!("Візьміть значення типу {kind} зі схеми: /schema.graphql."), format!("Take a value of the type {kind} from the schema: /schema.graphql."))
}

/// The path of the argument in `Invalid value for argument "input.amount", expected …`.
fn quoted_path(message: &str) -> Option<Vec<String>> {
    let (path, _) = message.strip_prefix(BAD_ARGUMENT)?.strip_prefix('"')?.split_once('"')?;
    Some(path.split('.').map(str::to_owned).collect())
}

/// The scalar that took no value, and the type of the argument, in `Failed to parse "Int": … (occurred while parsing "NeedInput")`.
fn unparsed(message: &str) -> Option<(&str, &str)> {
    let scalar = message.strip_prefix(BAD_VALUE[0])?.strip_prefix('"')?.split('"').next()?;
    let of = message.rsplit_once(WITHIN).and_then(|(_, of)| of.split('"').next()).unwrap_or(scalar);
    Some((scalar, of.trim_matches(['[', ']', '!'])))
}

fn say(error: &mut ServerError, context: &Context<'_>, protocol: Protocol, message: &Said) {
    let (_, remedy) = protocol.words();
    message.in_locale(context.locale).clone_into(&mut error.message);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", protocol.code());
    extensions.set("remedy", remedy.in_locale(context.locale));
}

#[cfg(test)]
mod tests {
    use super::{below_input, in_ukrainian, words};

    #[tokio::test]
    async fn what_does_not_fit_the_schema_is_said_in_ukrainian_as_the_library_words_it() {
        let api = crate::graphql::schema();
        for (document, said) in [
            ("{ sectors { kode } }", "У типі Sector немає поля kode."),
            ("{ sectors(page: 1) { code } }", "У поля sectors типу Query немає аргументу page."),
            ("{ node { id } }", "Полю node бракує обов'язкового аргументу id."),
            ("{ sectors }", "Полю sectors типу Sector бракує переліку полів у фігурних дужках."),
            ("{ sectors { code { x } } }", "У поля code типу String немає вкладених полів."),
            ("query($a: Kode) { sectors { code } }", "Типу Kode немає."),
            ("{ territories(first: $n) { nodes { code } } }", "Змінну $n не оголошено."),
            ("query($n: Int) { sectors { code } }", "Змінна $n не використовується."),
        ] {
            let errors = api.execute(document).await.errors;
            assert!(errors.iter().any(|error| in_ukrainian(&error.message) == said), "{document}: {errors:?}");
        }
    }

    #[test]
    fn what_the_library_says_is_said_in_both_languages_with_a_remedy() {
        for (message, path, uk, remedy) in [
            ("Invalid value for argument \"first\", expected type \"Int\"", "first", "Значення поля first не підходить.", "від 1 до 100"),
            ("Invalid value for argument \"input.value.amount\", expected type \"Decimal\"", "input.value.amount", "Значення поля amount не підходить.", "рядком: до 15 цифр"),
            (
                "Invalid value for argument \"input.kind\", enumeration type \"OrganisationKind\" does not contain the value \"BAKERY\"",
                "input.kind",
                "Значення BAKERY у переліку OrganisationKind немає.",
                "OrganisationKind",
            ),
            ("Invalid value for argument \"input\", field \"name\" of type \"String!\" is required but not provided", "input", "Немає обов'язкового поля name.", "Дайте name."),
            ("Invalid value for argument \"input\", unknown field \"colour\" of type \"SignUpInput\"", "input", "Поля colour у SignUpInput немає.", "/schema.graphql"),
            ("Invalid value for argument \"input.activities.1\", expected type \"KvedCode\"", "input.activities.1", "Значення поля activities.1 не підходить.", "КВЕД як NN"),
            ("Failed to parse \"DateTime\": premature end of input (occurred while parsing \"DateTimeRange\")", "filter", "Значення поля filter не підходить.", "RFC 3339"),
        ] {
            let path: Vec<String> = path.split('.').map(str::to_owned).collect();
            let (said, mends) = words(message, &path);
            assert_eq!(said.uk, uk);
            assert!(mends.uk.contains(remedy), "{message}: {}", mends.uk);
        }
    }

    #[test]
    fn a_path_is_written_as_in_user_errors() {
        let path = |text: &str| below_input(text.split('.').map(str::to_owned).collect()).join(".");
        assert_eq!(path("input.value.amount"), "value.amount");
        assert_eq!(path("input"), "input");
        assert_eq!(path("filter.search"), "filter.search");
    }
}
