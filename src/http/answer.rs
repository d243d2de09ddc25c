//! The answer to a document, as GraphQL over HTTP wants it.

use std::collections::BTreeMap;

use async_graphql::{ServerError, Value};
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::accept::Form;
use super::failure::{Failure, Protocol};
use super::verdict;

/// The header that asks for the cost in the answer.
pub const COST: HeaderName = HeaderName::from_static("x-mistok-cost");

/// What ran, for the access log and what is counted.
#[derive(Clone, Debug)]
pub struct Ran {
    /// Whether it may have changed something.
    pub mutation: bool,
    /// What it may have cost.
    pub cost: u64,
    /// The codes of the errors that it met.
    pub codes: Vec<String>,
}

/// The parts of an answer, errors first as the specification advises.
#[derive(Serialize)]
pub struct Body {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    /// Why it failed, or parts of it.
    pub errors: Vec<ServerError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// What was asked for; none when the document did not run.
    pub data: Option<Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    /// What was asked for beside it.
    pub extensions: BTreeMap<String, Value>,
}

/// What is known of the call beside the library's response.
pub struct Call<'a> {
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// The form of its answer.
    pub form: Form,
    /// What the guard found.
    pub cost: u64,
    /// Whether it is a mutation.
    pub mutation: bool,
}

/// The parts of an answer, with the library's errors in our codes; and whether the document ran.
pub fn body(response: async_graphql::Response, context: &verdict::Context<'_>) -> (Body, bool) {
    let ran = verdict::ran(&response);
    let async_graphql::Response { data, mut errors, extensions, .. } = response;
    verdict::settle(&mut errors, context);
    (Body { errors, data: ran.then_some(data), extensions }, ran)
}

impl Call<'_> {
    /// Puts the library's response into an answer.
    pub fn answer(&self, response: async_graphql::Response, context: &verdict::Context<'_>) -> Response {
        let (mut body, ran) = body(response, context);
        if self.headers.get(COST).is_some_and(|value| value == "1") {
            body.extensions.insert("cost".to_owned(), self.cost.into());
        }
        let log = Ran { mutation: self.mutation, cost: self.cost, codes: body.errors.iter().filter_map(code).collect() };
        let Ok(json) = serde_json::to_string(&body) else { return Failure::of(Protocol::Internal).into_response() };
        let status = if ran { StatusCode::OK } else { refused(self.form) };
        let headers = [(CONTENT_TYPE, self.form.media_type()), (CONTENT_LANGUAGE, context.locale.tag())];
        let mut answer = (status, headers, json).into_response();
        answer.extensions_mut().insert(log);
        answer
    }
}

fn code(error: &ServerError) -> Option<String> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code.clone()),
        Value::Enum(code) => Some(code.to_string()),
        _ => None,
    }
}

/// The status of a well-formed call whose document was not run.
#[must_use]
pub const fn refused(form: Form) -> StatusCode {
    match form {
        Form::Graphql => StatusCode::BAD_REQUEST,
        Form::Json => StatusCode::OK,
    }
}
