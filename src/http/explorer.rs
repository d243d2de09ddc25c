//! The page with which a person tries queries in a browser. Nothing is loaded from another host.

use axum::Router;
use axum::response::{Html, IntoResponse as _, Response};

/// The page's own files.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
}

/// The page.
pub fn page() -> Response {
    Html("<!doctype html><title>Mistok</title><p>POST GraphQL to <code>/graphql</code>; the schema is at <a href=\"/schema.graphql\">/schema.graphql</a>.").into_response()
}
