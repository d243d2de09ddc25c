//! What every answer has in common: a request id, the caller's address, safe headers, words for a failure, one line in the access
//! log, its place in what is counted and in what is traced.
//!
//! The line names the route and the figures, never a query's text, a variable, a token or the address as it was sent: tokens may stand in it.

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::time::Instant;
use tracing::Instrument as _;

use super::accept;
use super::answer::Ran;
use super::failure::{Failure, Protocol};
use super::forwarded::{self, ClientAddress, Peer};
use super::trace;
use crate::app::App;
use crate::locale::Said;

/// The header of a request's id, in calls and answers.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const LONGEST_ID: usize = 64;
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
const NEGOTIATED: HeaderValue = HeaderValue::from_static("Accept, Accept-Language, Authorization");
const A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// The id under which a request is in the log.
#[derive(Clone, Debug)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The caller's own id if it is sane, else a new one.
    fn of(headers: &HeaderMap, app: &App) -> Self {
        let given = headers.get(&REQUEST_ID).filter(|value| is_sane(value.as_bytes()));
        let made = || HeaderValue::try_from(app.ids.next(app.clock.now()).to_string());
        given.cloned().map_or_else(|| Self(made().unwrap_or(HeaderValue::from_static("unknown"))), Self)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

fn is_sane(id: &[u8]) -> bool {
    !id.is_empty() && id.len() <= LONGEST_ID && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

/// Puts the frame around the answer to a request.
pub async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = RequestId::of(request.headers(), &app);
    let locale = accept::language(request.headers());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let is_secure = request.headers().get(&FORWARDED_PROTO).is_some_and(|value| value == "https");
    let route = request.extensions().get::<MatchedPath>().cloned();
    let client = request.extensions().get::<Peer>().map(|Peer(peer)| forwarded::client(*peer, request.headers(), &app.config.trusted_proxies));
    request.extensions_mut().insert(id.clone());
    if let Some(client) = client {
        request.extensions_mut().insert(ClientAddress(client));
    }

    let (traced, span) = (trace::begin(&request, id.as_str(), &app.config.trusted_proxies), tracing::info_span!("request", id = id.as_str()));
    let mut response = if lacks_host(&request) { hostless() } else { next.run(request).instrument(span.clone()).instrument(traced.clone()).await };
    let code = response.extensions_mut().remove::<Failure>().map(|failure| {
        response = worded(failure.render(locale, id.as_str()), &response);
        failure.code()
    });
    shield(response.headers_mut(), &path, is_secure);
    response.headers_mut().insert(REQUEST_ID, id.0);

    let ran = response.extensions().get::<Ran>();
    let (status, taken) = (response.status().as_u16(), begun.elapsed());
    app.metrics.answered(&method, route.as_ref().map(MatchedPath::as_str), status, taken);
    code.into_iter().chain(ran.into_iter().flat_map(|ran| &ran.codes).map(String::as_str)).for_each(|code| app.metrics.failed(code));
    if let Some(ran) = ran {
        app.metrics.ran(ran.mutation, ran.cost);
    }
    trace::end(&traced, status, ran);
    let (mutation, cost, errors) = (ran.map(|ran| ran.mutation), ran.map(|ran| ran.cost), ran.map(|ran| ran.codes.len()));
    let (client, milliseconds) = (client.map(tracing::field::display), taken.as_secs_f64() * 1e3);
    span.in_scope(|| tracing::info!(%method, path = route.as_ref().map(MatchedPath::as_str), status, milliseconds, client, code, mutation, cost, errors, "answered"));
    response
}

/// Whether a request lacks what HTTP/1.1 demands (RFC 9112, 3.2).
fn lacks_host(request: &Request) -> bool {
    request.version() == Version::HTTP_11 && !request.headers().contains_key(HOST)
}

fn hostless() -> Response {
    let missing = Said::new("У запиті немає заголовка Host.", "The request has no header Host.");
    Failure::of(Protocol::BadInput).saying(missing, Said::new("Додайте Host з іменем сервера.", "Add Host with the name of the server.")).into_response()
}

/// The worded failure with the headers that were set on the bare one.
fn worded(mut worded: Response, bare: &Response) -> Response {
    for (name, value) in bare.headers() {
        if !worded.headers().contains_key(name) && name != axum::http::header::CONTENT_LENGTH {
            worded.headers_mut().append(name, value.clone());
        }
    }
    worded
}

fn shield(headers: &mut HeaderMap, path: &str, is_secure: bool) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(NOTHING);
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if path == "/graphql" {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.append(VARY, NEGOTIATED);
    }
    if is_secure {
        headers.insert(STRICT_TRANSPORT_SECURITY, A_YEAR);
    }
}
