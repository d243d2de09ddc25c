//! What a call asks: the query, its operation, variables and extensions, from a body or from an address.

use std::time::Duration;

use async_graphql::Variables;
use axum::body::{Body, Bytes};
use axum::extract::Query;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, Uri};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde_json::{Map, Value};

use super::failure::{Failure, Protocol};
use crate::locale::Said;

/// Longest body, in bytes.
pub const MOST_BODY: usize = 256 * 1024;
/// Deepest nesting of variables.
const MOST_NESTING: usize = 24;
/// How long a body may take to arrive.
pub const BODY_TIME: Duration = Duration::from_secs(5);

/// One call, not yet looked into.
#[derive(Debug)]
pub struct Asked {
    /// The document, unless it is named by its hash.
    pub query: Option<String>,
    /// The SHA-256 of the document in hexadecimal digits, or the id of a trusted one.
    pub name: Option<String>,
    /// The name of the operation to run.
    pub operation_name: Option<String>,
    /// Its variables.
    pub variables: Variables,
}

impl Asked {
    /// Reads the body of a POST.
    pub async fn from_body(headers: &HeaderMap, body: Body) -> Result<Self, Failure> {
        if !is_json(headers) {
            return Err(Failure::of(Protocol::UnsupportedMediaType));
        }
        let bytes = collect(headers, body).await?;
        let value: Value = serde_json::from_slice(&bytes).map_err(|error| not_json(&error))?;
        match value {
            Value::Object(map) => Self::from_map(map),
            Value::Array(_) => Err(Failure::of(Protocol::BadInput).saying(
                Said::new("Кілька запитів в одному тілі не приймаємо.", "Several queries in one body are not taken."),
                Said::new("Надсилайте їх окремо або об'єднайте поля в одному документі.", "Send them one by one, or put their fields into one document."),
            )),
            _ => Err(Failure::of(Protocol::BadInput).saying(
                Said::new("Тіло запиту не є об'єктом JSON.", "The body is no JSON object."),
                Said::new("Надішліть {\"query\": …, \"variables\": …}.", "Send {\"query\": …, \"variables\": …}."),
            )),
        }
    }

    /// Reads the query string of a GET.
    pub fn from_address(address: &Uri) -> Result<Self, Failure> {
        let encoded = || Failure::parameter("query", Said::new("Закодуйте параметри адреси.", "Encode the parameters of the address."));
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(address).map_err(|_| encoded())?;
        let mut map = Map::new();
        for (name, text) in pairs {
            let value = match name.as_str() {
                "query" | "operationName" | "documentId" => Value::String(text),
                "variables" | "extensions" if text.is_empty() => Value::Null,
                "variables" | "extensions" => serde_json::from_str(&text).map_err(|_| not_an_object(&name))?,
                _ => continue,
            };
            map.insert(name, value);
        }
        Self::from_map(map)
    }

    /// Reads the parts of a call.
    pub fn from_map(mut map: Map<String, Value>) -> Result<Self, Failure> {
        let query = match map.remove("query") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text),
            Some(_) => return Err(Failure::parameter("query", Said::new("Дайте документ GraphQL рядком.", "Give a GraphQL document as a string."))),
        };
        let operation_name = match map.remove("operationName") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(name).filter(|name| !name.is_empty()),
            Some(_) => return Err(Failure::parameter("operationName", Said::new("Дайте рядок або null.", "Give a string or null."))),
        };
        let name = hash(&object(&mut map, "extensions")?).or_else(|| document_id(&mut map));
        let variables = Value::Object(object(&mut map, "variables")?);
        if is_deeper(&variables, MOST_NESTING) {
            return Err(Failure::parameter(
                "variables",
                Said::new(format!("Дайте щонайбільше {MOST_NESTING} рівнів вкладення."), format!("Give {MOST_NESTING} levels of nesting at most.")),
            ));
        }
        let variables = Variables::from_json(variables);
        Ok(Self { query, name, operation_name, variables })
    }
}

/// Whether a value is nested deeper than so many levels.
fn is_deeper(value: &Value, levels: usize) -> bool {
    let deeper = |value: &Value| levels == 0 || is_deeper(value, levels - 1);
    match value {
        Value::Array(values) => values.iter().any(deeper),
        Value::Object(fields) => fields.values().any(deeper),
        _ => false,
    }
}

fn object(map: &mut Map<String, Value>, name: &str) -> Result<Map<String, Value>, Failure> {
    match map.remove(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(not_an_object(name)),
    }
}

/// The hash in `persistedQuery`, as Apollo's protocol has it.
fn hash(extensions: &Map<String, Value>) -> Option<String> {
    extensions.get("persistedQuery")?.get("sha256Hash")?.as_str().map(str::to_owned)
}

/// The document's id; that of a persisted document is its hash with the name of the hash before it.
fn document_id(map: &mut Map<String, Value>) -> Option<String> {
    let id = map.remove("documentId")?;
    let id = id.as_str()?;
    Some(id.strip_prefix("sha256:").unwrap_or(id).to_owned())
}

fn not_an_object(name: &str) -> Failure {
    Failure::parameter(name, Said::new("Дайте об'єкт JSON або null.", "Give a JSON object or null."))
}

fn not_json(error: &serde_json::Error) -> Failure {
    let (line, column) = (error.line(), error.column());
    Failure::of(Protocol::BadInput).saying(
        Said::new(format!("Тіло запиту не є JSON (рядок {line}, знак {column})."), format!("The body is no JSON (line {line}, column {column}).")),
        Said::new("Надішліть об'єкт JSON у кодуванні UTF-8.", "Send a JSON object in UTF-8."),
    )
}

/// Whether the body says that it is JSON in UTF-8.
fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let (Some(Ok(value)), None) = (values.next().map(axum::http::HeaderValue::to_str), values.next()) else { return false };
    let mut parts = value.split(';').map(|part| part.trim().to_ascii_lowercase());
    parts.next().as_deref() == Some("application/json")
        && parts.all(|parameter| match parameter.split_once('=') {
            Some(("charset", charset)) => matches!(charset.trim_matches('"'), "utf-8" | "utf8"),
            _ => true,
        })
}

async fn collect(headers: &HeaderMap, body: Body) -> Result<Bytes, Failure> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()).and_then(|text| text.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MOST_BODY) {
        return Err(Failure::of(Protocol::TooLarge));
    }
    match tokio::time::timeout(BODY_TIME, Limited::new(body, MOST_BODY).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Failure::of(Protocol::TooLarge)),
        Ok(Err(_)) => Err(Failure::of(Protocol::BadInput)),
        Err(_) => Err(Failure::of(Protocol::SlowBody)),
    }
}
