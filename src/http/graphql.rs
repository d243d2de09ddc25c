//! `/graphql`: a document comes in by GET or POST, passes the guard, and is run for its caller.
//!
//! The library's own handler runs mutations over GET and takes forms and plain text, which a foreign page can send; hence this one.

use std::net::IpAddr;
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Variables};
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;

use super::accept::{self, Form};
use super::allowance::{CALL, Left, Payer, REFUSED};
use super::answer::{Call, refused};
use super::asked::Asked;
use super::failure::{Failure, Location, Protocol};
use super::forwarded::{ClientAddress, place};
use super::frame::RequestId;
use super::{Shell, caller, event_stream, explorer, verdict};
use crate::auth::Actor;
use crate::graphql;
use crate::graphql::guard::{Checked, Fault, Refused, RootField};
use crate::locale::Said;

/// How long a call may take, from its headers to its answer.
pub const CALL_TIME: Duration = Duration::from_secs(15);

/// `GET`: a query in the address, or the explorer for a browser that asks for a page.
pub async fn read(
    State(shell): State<Shell>,
    Extension(id): Extension<RequestId>,
    from: Option<Extension<ClientAddress>>,
    address: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    if accept::wants_page(&headers) && !asks(&address) {
        return Ok(explorer::page());
    }
    in_time(&headers, async |form| {
        let asked = Asked::from_address(&address)?;
        Side { shell: &shell, id: &id, headers: &headers, from: place(from) }.run(form, Method::GET, asked).await
    })
    .await
}

/// `POST`: a query or mutation as a JSON object.
pub async fn write(
    State(shell): State<Shell>,
    Extension(id): Extension<RequestId>,
    from: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    in_time(&headers, async |form| {
        let asked = Asked::from_body(&headers, body).await?;
        Side { shell: &shell, id: &id, headers: &headers, from: place(from) }.run(form, Method::POST, asked).await
    })
    .await
}

/// Any other method.
pub async fn other() -> Failure {
    Failure::of(Protocol::MethodNotAllowed).allowing("GET, POST")
}

/// Whether the address has a query in it, or the hash of one.
fn asks(address: &Uri) -> bool {
    address.query().is_some_and(|query| query.split('&').any(|pair| matches!(pair.split('=').next(), Some("query" | "documentId" | "extensions"))))
}

/// Agrees on the form of the answer, and sees to it that there is one in time.
async fn in_time(headers: &HeaderMap, call: impl AsyncFnOnce(Form) -> Result<Response, Failure>) -> Result<Response, Failure> {
    let refusals_of_a_stream = || accept::wants_events(headers).then_some(Form::Graphql);
    let form = Form::wanted(headers).or_else(refusals_of_a_stream).ok_or_else(|| Failure::of(Protocol::NotAcceptable))?;
    let outcome = tokio::time::timeout(CALL_TIME, call(form)).await;
    outcome.unwrap_or_else(|_| Err(Failure::of(Protocol::Timeout))).map_err(|failure| failure.in_media_type(form.media_type()))
}

/// What is known of a call before it is read.
pub struct Side<'a> {
    /// What every handler may use.
    pub shell: &'a Shell,
    /// The id under which it is in the log.
    pub id: &'a RequestId,
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// From where it comes.
    pub from: Option<IpAddr>,
}

impl Side<'_> {
    /// Runs what is asked, and tells the caller in each case what they have left.
    async fn run(&self, form: Form, method: Method, asked: Asked) -> Result<Response, Failure> {
        let Self { shell, headers, from, .. } = *self;
        let actor = match caller::actor(&shell.app, headers, from).await {
            Ok(actor) => actor,
            Err(failure) => {
                // Whoever shares the place with somebody who asks for too much hears still that their token ended.
                let left = shell.allowances.take(from.map(Payer::Address), REFUSED).ok().flatten();
                return Err(failure.with_left(left));
            }
        };
        let (passed, left) = admit(shell, asked, &actor, form)?;
        let answered = self.execute(form, &method, passed, actor).await;
        answered.map_err(|failure| failure.with_left(left)).map(|mut answer| {
            left.inspect(|left| left.tell(answer.headers_mut()));
            answer
        })
    }

    async fn execute(&self, form: Form, method: &Method, passed: Passed, actor: Actor) -> Result<Response, Failure> {
        let Self { shell, id, headers, .. } = *self;
        match passed.kind {
            OperationType::Subscription if accept::wants_events(headers) => return event_stream::begin(self, passed, actor),
            OperationType::Subscription => return Err(only_bit_by_bit()),
            OperationType::Mutation | OperationType::Query if Form::wanted(headers).is_none() => return Err(Failure::of(Protocol::NotAcceptable)),
            OperationType::Mutation if *method == Method::GET => return Err(only_queries()),
            OperationType::Mutation | OperationType::Query => {}
        }
        let actor = caller::under_key(&shell.app, actor, headers, &passed)?;
        let locale = accept::language(headers);
        let call = Call { headers, form, cost: passed.cost, mutation: passed.is_mutation() };
        let Passed { request, query, variables, .. } = passed;
        let response = graphql::execute(&shell.api, &shell.app, actor, locale, request).await;
        Ok(call.answer(response, &verdict::Context { guard: &shell.guard, query: &query, variables: &variables, locale, request_id: id.as_str() }))
    }
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

/// Lets a call pass whose caller may ask for so much still, and says what they have left then.
pub fn admit(shell: &Shell, asked: Asked, actor: &Actor, form: Form) -> Result<(Passed, Option<Left>), Failure> {
    let payer = Payer::of(actor);
    // Who has nothing left is not read any more.
    shell.allowances.take(payer, CALL)?;
    let passed = pass(shell, asked, actor, form);
    let left = shell.allowances.take(payer, passed.as_ref().map_or(REFUSED, |passed| passed.cost.max(1)))?;
    Ok((passed.map_err(|failure| failure.with_left(left))?, left))
}

/// Lets a call's document pass the guard, or says what is wrong with it in the form of its answer.
fn pass(shell: &Shell, asked: Asked, actor: &Actor, form: Form) -> Result<Passed, Failure> {
    let Asked { query, name, operation_name, variables } = asked;
    let query = shell.persisted.document(query, name.as_deref())?;
    let checked = shell.guard.check(&query, operation_name.as_deref(), &variables, actor.is_known()).map_err(|refusal| failure(*refusal, form))?;
    if let Some(name) = name {
        shell.persisted.keep(&name, &query);
    }
    let mut request = Request::new(query.as_str()).variables(variables.clone());
    request.operation_name = operation_name;
    let Checked { document, cost, limit: _, kind, root } = checked;
    request.set_parsed_query(document);
    Ok(Passed { kind, cost, root, request, query, variables })
}

fn only_bit_by_bit() -> Failure {
    Failure::of(Protocol::BadInput).saying(
        Said::new("Підписки працюють через вебсокет або подіями сервера.", "Subscriptions run over a WebSocket, or as server-sent events."),
        Said::new(
            "Відкрийте /graphql/ws за протоколом graphql-transport-ws, надішліть Accept: text/event-stream, або читайте changes.",
            "Open /graphql/ws with the protocol graphql-transport-ws, send Accept: text/event-stream, or read changes.",
        ),
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
