//! Which pages of other origins may call: those in the configuration, none by default.

use std::time::Duration;

use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Method};
use tower_http::cors::CorsLayer;

use super::allowance::{LEFT, POLICY};
use super::answer::COST;
use super::caller::{KEY, ORGANISATION};
use super::frame::REQUEST_ID;

const PREFLIGHT_HOLDS: Duration = Duration::from_mins(10);

/// Lets pages of `origins` call. Cookies are no part of this service, so no credentials are allowed.
pub fn layer(origins: &[String]) -> CorsLayer {
    let origins: Vec<HeaderValue> = origins.iter().filter_map(|origin| HeaderValue::from_str(origin.trim_end_matches('/')).ok()).filter(|origin| origin != "*").collect();
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST, Method::PUT])
        .allow_headers([ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, COST, KEY, ORGANISATION, REQUEST_ID])
        .expose_headers([REQUEST_ID, RETRY_AFTER, POLICY, LEFT])
        .max_age(PREFLIGHT_HOLDS)
}
