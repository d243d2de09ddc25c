//! Who calls: the actor behind the header `Authorization`, and for which of their organisations, where `Mistok-Organisation`
//! names one. A token that does not hold is refused, never taken as nobody's.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName};
use uuid::Uuid;

use super::failure::{Failure, Protocol};
use crate::app::App;
use crate::auth::Actor;
use crate::auth::api_token::PREFIX;
use crate::error::{Code, Error};
use crate::ids::{NodeKind, decode};
use crate::locale::Said;
use crate::{accounts, tokens};

/// Longest token that is looked at, in bytes.
const MOST_TOKEN: usize = 4096;

/// The header that names the organisation for which a call is made, by its id.
pub const ORGANISATION: HeaderName = HeaderName::from_static("mistok-organisation");

/// The actor behind the headers.
pub async fn actor(app: &App, headers: &HeaderMap) -> Result<Actor, Failure> {
    let actor = person(app, headers).await?;
    let Some(organisation) = organisation(headers)? else { return Ok(actor) };
    if !actor.is_known() {
        return Err(Failure::of(Protocol::Unauthenticated).saying(
            Said::new("Щоб діяти від імені організації, треба ввійти.", "To act for an organisation needs a sign-in."),
            Said::new(
                "Викличте signIn і надішліть токен у заголовку Authorization: Bearer, або приберіть заголовок Mistok-Organisation.",
                "Call signIn and send the token in the header Authorization: Bearer, or leave the header Mistok-Organisation out.",
            ),
        ));
    }
    actor.acting_for(organisation).ok_or_else(|| Failure::of(Protocol::Forbidden).about(vec![named()]))
}

/// The organisation that the headers name, if they do.
fn organisation(headers: &HeaderMap) -> Result<Option<Uuid>, Failure> {
    let mut values = headers.get_all(ORGANISATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    match value.to_str().ok().and_then(decode).filter(|_| values.next().is_none()) {
        Some((NodeKind::Organisation, id)) => Ok(Some(id)),
        _ => Err(Failure::of(Protocol::BadInput).about(vec![named()]).saying(
            Said::new("Заголовок Mistok-Organisation не містить id організації.", "The header Mistok-Organisation holds no id of an organisation."),
            Said::new(
                "Дайте один id таким, яким його повернув запит viewer.memberships, або приберіть заголовок.",
                "Give one id as the query viewer.memberships returned it, or leave the header out.",
            ),
        )),
    }
}

/// The header as the documentation writes it.
fn named() -> String {
    "Mistok-Organisation".to_owned()
}

async fn person(app: &App, headers: &HeaderMap) -> Result<Actor, Failure> {
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
