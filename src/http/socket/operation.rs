//! One call of a socket: a query or mutation with one result, or a subscription with many.

use std::pin::pin;

use async_graphql::parser::types::OperationType;
use async_graphql::{Response, Value};
use axum::extract::ws::Message;
use axum::http::HeaderMap;
use futures_util::StreamExt as _;
use tokio::sync::mpsc;
use tokio::task::Id;
use tokio::time::timeout;

use super::super::accept::Form;
use super::super::allowance::Payer;
use super::super::asked::Asked;
use super::super::failure::{Failure, Protocol};
use super::super::frame::RequestId;
use super::super::graphql::{CALL_TIME, Passed, admit};
use super::super::seats::Seat;
use super::super::{Shell, answer, caller, verdict};
use super::message::{Close, Plain, ToClient};
use super::session::shut;
use crate::auth::Actor;
use crate::graphql;
use crate::locale::Locale;

/// What a call hands to its socket.
pub enum Said {
    /// A message, with more to come.
    More(Call, Message),
    /// Its last message.
    Last(Call, Message),
    /// What ends the whole socket.
    Enough(Close),
}

/// Which call it is: its name, and the task that runs it.
#[derive(Clone)]
pub struct Call {
    /// What the client calls it.
    pub name: String,
    /// What runs it.
    pub task: Id,
}

/// What the calls of one socket have in common.
pub struct Side {
    /// What every handler may use.
    pub shell: Shell,
    /// The id under which the socket is in the log.
    pub id: RequestId,
    /// The language of its client.
    pub locale: Locale,
    /// Who the client says they are.
    pub headers: HeaderMap,
}

/// A call that may run.
pub struct Operation {
    side: Side,
    actor: Actor,
    passed: Passed,
    /// Held while a subscription runs.
    seat: Option<Seat>,
}

impl Operation {
    /// A call whose document passes the guard.
    pub fn of(side: Side, actor: Actor, asked: Asked) -> Result<Self, Failure> {
        let (passed, _) = admit(&side.shell, asked, &actor, Form::Graphql)?;
        let seat = match passed.kind {
            OperationType::Subscription => Some(side.shell.subscriptions.take(Payer::of(&actor)).ok_or_else(|| Failure::of(Protocol::RateLimited))?),
            OperationType::Query | OperationType::Mutation => None,
        };
        let actor = caller::under_key(&side.shell.app, actor, &side.headers, &passed)?;
        Ok(Self { side, actor, passed, seat })
    }

    /// Runs it in a task of its own, and tells the socket what comes of it.
    pub async fn run(self, name: String, say: mpsc::Sender<Said>) {
        let call = Call { name: name.clone(), task: tokio::task::id() };
        let Self { side, actor, passed: Passed { kind, cost, request, query, variables, root: _ }, seat: _seat } = self;
        tracing::info!(id = side.id.as_str(), ?kind, cost, "called on a socket");
        let Shell { api, app, guard, .. } = &side.shell;
        let context = verdict::Context { guard, query: &query, variables: &variables, locale: side.locale, request_id: side.id.as_str() };
        let result = |response: Response| written(&name, response, &context);
        if kind != OperationType::Subscription {
            let answered = timeout(CALL_TIME, graphql::execute(api, app, actor, side.locale, request)).await;
            let last = answered.map_or_else(|_| failed(&name, &side, &Failure::of(Protocol::Timeout)), result);
            if tell(&say, &call, last).await {
                tell(&say, &call, completed(&name)).await;
            }
            return;
        }
        let mut responses = pin!(graphql::subscribe(api, app, actor.clone(), side.locale, request));
        while let Some(response) = responses.next().await {
            // What was read for the caller as they were then is sent only if they are the same still.
            if let Err(failure) = caller::still(app, &side.headers, &actor).await {
                return enough(&say, shut(&failure)).await;
            }
            side.shell.allowances.wait_for(Payer::of(&actor), cost.max(1)).await;
            // What could not be told has no cursor, so nothing may come after it.
            let written = if is_cut(&response) { refused(&name, response, &context) } else { result(response) };
            if !tell(&say, &call, written).await {
                return;
            }
        }
        tell(&say, &call, completed(&name)).await;
    }
}

/// A message of a call, and whether more may follow.
struct Written {
    message: Message,
    more: bool,
}

/// Hands a message over; false when nothing may follow.
async fn tell(say: &mpsc::Sender<Said>, call: &Call, Written { message, more }: Written) -> bool {
    let said = if more { Said::More(call.clone(), message) } else { Said::Last(call.clone(), message) };
    say.send(said).await.is_ok() && more
}

async fn enough(say: &mpsc::Sender<Said>, close: Close) {
    // A socket that is gone already needs no end.
    let _ = say.send(Said::Enough(close)).await;
}

/// Whether there is nothing to tell but why.
pub fn is_cut(response: &Response) -> bool {
    response.data == Value::Null && !response.errors.is_empty()
}

fn written(name: &str, response: Response, context: &verdict::Context<'_>) -> Written {
    if !verdict::ran(&response) {
        return refused(name, response, context);
    }
    Written { message: ToClient::Next { id: name, payload: answer::body(response, context).0 }.written(), more: true }
}

fn refused(name: &str, response: Response, context: &verdict::Context<'_>) -> Written {
    Written { message: ToClient::Error { id: name, payload: answer::body(response, context).0.errors }.written(), more: false }
}

fn failed(name: &str, side: &Side, failure: &Failure) -> Written {
    Written { message: ToClient::Error { id: name, payload: [failure.error(side.locale, side.id.as_str())] }.written(), more: false }
}

fn completed(name: &str) -> Written {
    Written { message: Plain::Complete { id: name }.written(), more: false }
}
