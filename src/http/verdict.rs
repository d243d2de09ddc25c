//! What the library itself reports, put into our codes; what no code fits is a fault of ours and stays in the log.

use async_graphql::{ServerError, Value, Variables};

use super::failure::Protocol;
use crate::graphql::guard::argument_at;
use crate::graphql::scalars::form_of;
use crate::ids::GIVEN;
use crate::locale::{Locale, Said};

/// Most errors in an answer.
const MOST_ERRORS: usize = 100;
/// Most characters of a message.
const LONGEST_MESSAGE: usize = 500;
/// How the library words a value that does not fit an argument.
const BAD_ARGUMENT: &str = "Invalid value for argument ";
/// How the library words a value that a scalar does not take.
const BAD_VALUE: [&str; 2] = ["Failed to parse ", "Expected input type "];

/// What all errors of an answer have in common.
pub struct Context<'a> {
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
        clip(&mut error.message);
        if !has_code(error) {
            classify(error, context);
        }
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
        let said = Said::new(format!("Документ не відповідає схемі: {}", error.message), &error.message);
        say(error, context, Protocol::Validation, &said);
    } else {
        tracing::error!(message = %error.message, path = ?error.path, "the library failed");
        error.extensions = None;
        let (message, _) = Protocol::Internal.words();
        say(error, context, Protocol::Internal, &message);
    }
}

fn bad_input(error: &mut ServerError, context: &Context<'_>) {
    let place = error.locations.first().copied();
    let given = error.extensions.as_ref().and_then(|extensions| extensions.get(GIVEN)).cloned();
    let given = given.as_ref().and_then(|value| if let Value::String(text) = value { Some(text.as_str()) } else { None });
    let field = quoted_path(&error.message).or_else(|| Some(argument_at(context.query, place?, context.variables)?.path_to(given)));
    error.extensions = None;
    let said = Said::new(format!("Значення не підходить: {}", error.message), &error.message);
    let form = expected_type(&error.message).and_then(form_of);
    say(error, context, Protocol::BadInput, &said);
    if let Some(form) = form {
        error.extensions.get_or_insert_default().set("remedy", form.in_locale(context.locale));
    }
    if let Some(field) = field {
        let field = field.into_iter().map(Value::from).collect();
        error.extensions.get_or_insert_default().set("field", Value::List(field));
    }
}

/// The path of the argument in `Invalid value for argument "input.amount", expected …`.
fn quoted_path(message: &str) -> Option<Vec<String>> {
    let (path, _) = message.strip_prefix(BAD_ARGUMENT)?.strip_prefix('"')?.split_once('"')?;
    Some(path.split('.').map(str::to_owned).collect())
}

/// The type in `Invalid value for argument "input.amount", expected type "Decimal"`.
fn expected_type(message: &str) -> Option<&str> {
    message.rsplit_once("expected type \"")?.1.strip_suffix('"')
}

fn say(error: &mut ServerError, context: &Context<'_>, protocol: Protocol, message: &Said) {
    let (_, remedy) = protocol.words();
    message.in_locale(context.locale).clone_into(&mut error.message);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", protocol.code());
    extensions.set("remedy", remedy.in_locale(context.locale));
}
