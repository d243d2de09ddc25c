//! Who calls: the actor behind the header `Authorization`. A token that does not hold is refused, never taken as nobody's.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use super::failure::{Failure, Protocol};
use crate::app::App;
use crate::auth::Actor;
use crate::auth::api_token::PREFIX;
use crate::error::{Code, Error};
use crate::{accounts, tokens};

/// Longest token that is looked at, in bytes.
const MOST_TOKEN: usize = 4096;

/// The actor behind the headers.
pub async fn actor(app: &App, headers: &HeaderMap) -> Result<Actor, Failure> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(Actor::public()) };
    let token = value.to_str().ok().and_then(bearer).filter(|_| values.next().is_none());
    let token = token.ok_or_else(|| Failure::of(Protocol::Unauthenticated))?;
    let actor = if token.starts_with(PREFIX) { tokens::service::authenticate(app, token).await } else { accounts::service::authenticate(app, token).await };
    actor.map_err(|error| failure(&error))
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= MOST_TOKEN).then_some(token)
}

fn failure(error: &Error) -> Failure {
    if let Error::Internal(cause) = error {
        tracing::error!(%cause, "a token could not be looked up");
    }
    Failure::of(match error.code() {
        Code::Unavailable => Protocol::Unavailable,
        Code::Internal => Protocol::Internal,
        _ => Protocol::Unauthenticated,
    })
}
