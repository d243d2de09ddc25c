//! The span of a request for a collector of traces: which route, how it went, what it cost. No path, document, variable or address.

use axum::extract::{MatchedPath, Request};
use axum::http::HeaderMap;
use ipnet::IpNet;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing::field::Empty;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::answer::Ran;
use super::forwarded::{Peer, is_trusted};
use crate::telemetry::TRACES;

/// The header in which a caller names the trace that a request belongs to (W3C Trace Context).
const PARENT: &str = "traceparent";

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(axum::http::HeaderName::as_str).collect()
    }
}

/// Begins the span of a request; without a collector it is none. Its trace is the caller's where a trusted proxy says so: anybody else
/// could put their requests into another's trace, or have all of them kept.
pub fn begin(request: &Request, id: &str, trusted: &[IpNet]) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    let method = request.method().as_str();
    let span = tracing::info_span!(
        target: TRACES,
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        mistok.request_id = id,
        mistok.operation = Empty,
        mistok.cost = Empty,
    );
    let is_believed = request.extensions().get::<Peer>().is_some_and(|Peer(peer)| is_trusted(*peer, trusted));
    if is_believed && !span.is_disabled() && request.headers().contains_key(PARENT) {
        // It fails where the span goes nowhere.
        let _ = span.set_parent(TraceContextPropagator::new().extract(&Headers(request.headers())));
    }
    span
}

/// Notes how the request went.
pub fn end(span: &Span, status: u16, ran: Option<&Ran>) {
    span.record("http.response.status_code", status);
    if status >= 500 {
        span.record("otel.status_code", "ERROR");
    }
    if let Some(ran) = ran {
        span.record("mistok.operation", if ran.mutation { "mutation" } else { "query" });
        span.record("mistok.cost", ran.cost);
    }
}
