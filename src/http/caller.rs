//! Who calls: the actor behind the header `Authorization`, and for which of their organisations, where `Mistok-Organisation`
//! names one, and under which key. A token that does not hold is refused, never taken as nobody's.

use std::net::IpAddr;

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName};
use uuid::Uuid;

use super::failure::{Failure, Protocol};
use super::graphql::Passed;
use crate::app::App;
use crate::auth::Actor;
use crate::auth::api_token::PREFIX;
use crate::error::{Code, Error};
use crate::events::turn;
use crate::idempotency::Key;
use crate::ids::{NodeKind, decode};
use crate::locale::Said;
use crate::{accounts, tokens};

/// Longest token that is looked at, in bytes.
const MOST_TOKEN: usize = 4096;

/// The header that names the organisation for which a call is made, by its id.
pub const ORGANISATION: HeaderName = HeaderName::from_static("mistok-organisation");

/// The header under whose value a call is made once.
pub const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// It as the documentation writes it.
const KEY_NAME: &str = "Idempotency-Key";
/// Longest key, in bytes.
const MOST_KEY: usize = 255;

/// The actor behind the headers, who calls from somewhere.
pub async fn actor(app: &App, headers: &HeaderMap, from: Option<IpAddr>) -> Result<Actor, Failure> {
    let actor = Actor { from, ..person(app, headers).await? };
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

/// Sees to it that a caller who stays has the rights still with which they began.
pub async fn still(app: &App, headers: &HeaderMap, began: &Actor) -> Result<(), Failure> {
    let _turn = turn().await.map_err(|error| failure(&error))?;
    if actor(app, headers, began.from).await?.has_rights_of(began) {
        return Ok(());
    }
    Err(Failure::of(Protocol::Forbidden)
        .saying(Said::new("Ваші права змінилися.", "Your rights have changed."), Said::new("Підпишіться знову з останнім cursor.", "Subscribe again with the last cursor.")))
}

/// The actor with the key of the header `Idempotency-Key`, where a mutation comes with one. A query is repeated as it is.
pub fn under_key(app: &App, mut actor: Actor, headers: &HeaderMap, passed: &Passed) -> Result<Actor, Failure> {
    let Some(sent) = sent_key(headers)? else { return Ok(actor) };
    if !passed.is_mutation() {
        return Ok(actor);
    }
    let [field] = passed.root.as_slice() else {
        return Err(wrong_key(
            Said::new("З ключем повторення в запиті має бути рівно одна мутація.", "With an idempotency key a request has exactly one mutation."),
            Said::new("Надішліть мутації окремо, кожну зі своїм ключем.", "Send the mutations one by one, each with a key of its own."),
        ));
    };
    let key = Key::new(&app.keys, &actor, organisation(headers)?, &sent, &field.name, &field.arguments);
    actor.key = Some(key.ok_or_else(|| {
        Failure::of(Protocol::Unauthenticated).about(vec![KEY_NAME.to_owned()]).saying(
            Said::new("Ключ повторення належить тому, хто ввійшов.", "An idempotency key belongs to who is signed in."),
            Said::new(
                "Для входу, реєстрації та одноразових посилань приберіть заголовок Idempotency-Key; для решти надішліть токен.",
                "For sign-in, sign-up and one-time links leave the header Idempotency-Key out; for all else send a token.",
            ),
        )
    })?);
    Ok(actor)
}

/// The key that was sent, with or without the quotation marks of the header's draft.
fn sent_key(headers: &HeaderMap) -> Result<Option<String>, Failure> {
    let mut values = headers.get_all(KEY).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().ok().map(str::trim);
    let text = text.map(|text| text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text));
    match text.filter(|text| !text.is_empty() && values.next().is_none()) {
        Some(text) if text.len() > MOST_KEY => Err(wrong_key(
            Said::new(
                format!("Знаків у ключі повторення: {}, найбільше можна {MOST_KEY}.", text.len()),
                format!("The idempotency key has {} characters; at most {MOST_KEY} are taken.", text.len()),
            ),
            Said::new("Дайте коротший ключ: найкраще UUID.", "Give a shorter key: best a UUID."),
        )),
        Some(text) => Ok(Some(text.to_owned())),
        None => Err(wrong_key(
            Said::new("Заголовок Idempotency-Key не містить ключа.", "The header Idempotency-Key holds no key."),
            Said::new(
                format!("Дайте один ключ з латинських літер, цифр і знаків, щонайбільше {MOST_KEY}: найкраще UUID."),
                format!("Give one key of ASCII letters, digits and signs, {MOST_KEY} at most: best a UUID."),
            ),
        )),
    }
}

fn wrong_key(message: Said, remedy: Said) -> Failure {
    Failure::of(Protocol::BadInput).about(vec![KEY_NAME.to_owned()]).saying(message, remedy)
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
    if token.starts_with(PREFIX) {
        return tokens::service::authenticate(app, token).await.map_err(|error| of_program(failure(&error)));
    }
    accounts::service::authenticate(app, token).await.map_err(|error| failure(&error))
}

/// The failure of a token that no sign-in mends.
fn of_program(failure: Failure) -> Failure {
    if failure.code() != Protocol::Unauthenticated.code() {
        return failure;
    }
    failure.saying(
        Said::new(
            "Цей API-токен не діє: його скасовано, його час минув або його скопійовано не повністю.",
            "This API token does not hold: it was revoked, its time is over, or it was not copied whole.",
        ),
        Said::new(
            "Попросіть власника (OWNER) організації створити новий (createApiToken) і дайте його програмі.",
            "Have an OWNER of the organisation make another (createApiToken), and give that to the program.",
        ),
    )
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
