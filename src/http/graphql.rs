//! `/graphql`: a document comes in by GET or POST, passes the guard, and is run for its caller.
//!
//! The library's own handler runs mutations over GET and takes forms and plain text, which a foreign page can send; hence this one.

use std::time::Duration;

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Variables};
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;

use super::accept::{self, Form};
use super::answer::{Call, refused};
use super::asked::Asked;
use super::failure::{Failure, Location, Protocol};
use super::frame::RequestId;
use super::{Shell, caller, explorer, verdict};
use crate::auth::Actor;
use crate::graphql;
use crate::graphql::guard::{Checked, Fault, Refused, RootField};
use crate::locale::Said;

/// How long a call may take, from its headers to its answer.
pub const CALL_TIME: Duration = Duration::from_secs(15);

/// `GET`: a query in the address, or the explorer for a browser that asks for a page.
pub async fn read(State(shell): State<Shell>, Extension(id): Extension<RequestId>, address: Uri, headers: HeaderMap) -> Result<Response, Failure> {
    if accept::wants_page(&headers) && !asks(&address) {
        return Ok(explorer::page());
    }
    in_time(&headers, async |form| {
        let asked = Asked::from_address(&address)?;
        run(&shell, &id, &headers, form, Method::GET, asked).await
    })
    .await
}

/// `POST`: a query or mutation as a JSON object.
pub async fn write(State(shell): State<Shell>, Extension(id): Extension<RequestId>, headers: HeaderMap, body: Body) -> Result<Response, Failure> {
    in_time(&headers, async |form| {
        let asked = Asked::from_body(&headers, body).await?;
        run(&shell, &id, &headers, form, Method::POST, asked).await
    })
    .await
}

/// Any other method.
pub async fn other() -> Failure {
    Failure::of(Protocol::MethodNotAllowed).allowing("GET, POST")
}

/// Whether the address has a query in it, or the hash of one.
fn asks(address: &Uri) -> bool {
    address.query().is_some_and(|query| query.split('&').any(|pair| matches!(pair.split('=').next(), Some("query" | "extensions"))))
}

/// Agrees on the form of the answer, and sees to it that there is one in time.
async fn in_time(headers: &HeaderMap, call: impl AsyncFnOnce(Form) -> Result<Response, Failure>) -> Result<Response, Failure> {
    let form = Form::wanted(headers).ok_or_else(|| Failure::of(Protocol::NotAcceptable))?;
    let outcome = tokio::time::timeout(CALL_TIME, call(form)).await;
    outcome.unwrap_or_else(|_| Err(Failure::of(Protocol::Timeout))).map_err(|failure| failure.in_media_type(form.media_type()))
}

async fn run(shell: &Shell, id: &RequestId, headers: &HeaderMap, form: Form, method: Method, asked: Asked) -> Result<Response, Failure> {
    let actor = caller::actor(&shell.app, headers).await?;
    let passed = pass(shell, asked, &actor, form)?;
    match passed.kind {
        OperationType::Subscription => return Err(only_on_a_socket()),
        OperationType::Mutation if method == Method::GET => return Err(only_queries()),
        OperationType::Mutation | OperationType::Query => {}
    }
    let actor = caller::under_key(&shell.app, actor, headers, &passed)?;
    let locale = accept::language(headers);
    let call = Call { headers, form, cost: passed.cost, mutation: passed.is_mutation() };
    let Passed { request, query, variables, .. } = passed;
    let response = graphql::execute(&shell.api, &shell.app, actor, locale, request).await;
    Ok(call.answer(response, &verdict::Context { guard: &shell.guard, query: &query, variables: &variables, locale, request_id: id.as_str() }))
}

/// A document that may run, ready for the library.
pub struct Passed {
    /// What the selected operation is.
    pub kind: OperationType,
    /// Objects that it can return.
    pub cost: u64,
    /// What it asks for at its root.
    pub root: Vec<RootField>,
    /// What the library takes.
    pub request: Request,
    /// The document's text.
    pub query: String,
    /// Its variables.
    pub variables: Variables,
}

impl Passed {
    /// Whether the selected operation changes anything.
    pub fn is_mutation(&self) -> bool {
        self.kind == OperationType::Mutation
    }
}

/// Lets a call's document pass the guard, or says what is wrong with it in the form of its answer.
pub fn pass(shell: &Shell, asked: Asked, actor: &Actor, form: Form) -> Result<Passed, Failure> {
    let Asked { query, hash, operation_name, variables } = asked;
    let query = shell.persisted.document(query, hash.as_deref())?;
    let checked = shell.guard.check(&query, operation_name.as_deref(), &variables, actor.is_known()).map_err(|refusal| failure(*refusal, form))?;
    if let Some(hash) = hash {
        shell.persisted.keep(&hash, &query);
    }
    let mut request = Request::new(query.as_str()).variables(variables.clone());
    request.operation_name = operation_name;
    let Checked { document, cost, limit: _, kind, root } = checked;
    request.set_parsed_query(document);
    Ok(Passed { kind, cost, root, request, query, variables })
}

fn only_on_a_socket() -> Failure {
    Failure::of(Protocol::BadInput).saying(
        Said::new("Підписки працюють через вебсокет.", "Subscriptions run over a WebSocket."),
        Said::new("Відкрийте /graphql/ws за протоколом graphql-transport-ws, або читайте changes.", "Open /graphql/ws with the protocol graphql-transport-ws, or read changes."),
    )
}

fn only_queries() -> Failure {
    Failure::of(Protocol::MethodNotAllowed).allowing("POST").saying(
        Said::new("Через GET виконуються лише запити query.", "Only queries run over GET."),
        Said::new("Надішліть цю операцію через POST.", "Send this operation with POST."),
    )
}

/// What the guard refuses, in the form that the caller asked for.
fn failure(refusal: Refused, form: Form) -> Failure {
    let protocol = match refusal.fault {
        Fault::Syntax => Protocol::Syntax,
        Fault::Validation => Protocol::Validation,
        Fault::Variable => Protocol::BadInput,
        Fault::TooComplex => Protocol::TooComplex,
    };
    Failure::of(protocol)
        .saying(refusal.message, refusal.remedy)
        .about(refusal.variable.into_iter().collect())
        .at(refusal.position.map(|place| Location { line: place.line, column: place.column }))
        .with_status(refused(form))
}
