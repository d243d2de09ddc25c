//! A subscription over server-sent events, as `graphql-sse` has it in its mode of distinct connections
//! (<https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md>): `next` with each result, `complete` after the last one.
//!
//! A stream that ends without `complete` was cut off, and is begun again after the last cursor: the process ends, the client read too
//! slowly, or the caller is not who they were, of which the last `next` tells.

use std::convert::Infallible;
use std::pin::pin;

use axum::http::HeaderMap;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::{Stream, StreamExt as _, stream};
use tokio::sync::mpsc;
use tokio::time::{Instant, interval_at, timeout};

use super::allowance::Payer;
use super::failure::{Failure, Protocol};
use super::frame::RequestId;
use super::graphql::{Passed, Side};
use super::seats::Seat;
use super::{LOOK, READ_TIME, Shell, accept, answer, caller, verdict};
use crate::auth::Actor;
use crate::graphql;
use crate::locale::Locale;

/// The stream of a subscription whose document passed.
pub fn begin(side: &Side<'_>, passed: Passed, actor: Actor) -> Result<Response, Failure> {
    let Side { shell, id, headers, .. } = *side;
    let seat = shell.subscriptions.take(Payer::of(&actor)).ok_or_else(|| Failure::of(Protocol::RateLimited))?;
    let (say, said) = mpsc::channel(1);
    let follower = Follower { shell: shell.clone(), id: id.clone(), headers: headers.clone(), locale: accept::language(headers), actor, say, seat };
    tokio::spawn(shell.app.open.track_future(follower.follow(passed)));
    // A proxy that keeps an answer until it is whole would keep this one for good.
    Ok(([("x-accel-buffering", "no")], Sse::new(received(said))).into_response())
}

fn received(mut said: mpsc::Receiver<Event>) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::poll_fn(move |context| said.poll_recv(context).map(|event| event.map(Ok)))
}

/// Who follows a subscription.
struct Follower {
    shell: Shell,
    id: RequestId,
    headers: HeaderMap,
    locale: Locale,
    actor: Actor,
    say: mpsc::Sender<Event>,
    /// Held as long as they follow.
    seat: Seat,
}

impl Follower {
    /// Tells all that comes, until one side has enough.
    async fn follow(self, passed: Passed) {
        let Self { shell, id, headers, locale, actor, say, seat } = self;
        let Passed { request, query, variables, cost, .. } = passed;
        tracing::info!(id = id.as_str(), cost, "follows as server-sent events");
        let context = verdict::Context { guard: &shell.guard, query: &query, variables: &variables, locale, request_id: id.as_str() };
        let tell = async |event| timeout(READ_TIME, say.send(event)).await.is_ok_and(|sent| sent.is_ok());
        let mut responses = pin!(graphql::subscribe(&shell.api, &shell.app, actor.clone(), locale, request));
        let mut look = interval_at(Instant::now() + LOOK, LOOK);
        loop {
            let event = tokio::select! {
                () = shell.app.closing.cancelled() => break,
                () = say.closed() => break,
                _ = look.tick() => Some(Event::default().comment("")),
                response = responses.next() => response.map(|response| next(&answer::body(response, &context).0)),
            };
            if let Err(failure) = caller::still(&shell.app, &headers, &actor).await {
                tell(next(&failure.body(locale, id.as_str()))).await;
                break;
            }
            let last = event.is_none();
            if !tell(event.unwrap_or_else(|| Event::default().event("complete").data(""))).await || last {
                break;
            }
        }
        drop(seat);
    }
}

fn next(result: &impl serde::Serialize) -> Event {
    Event::default().event("next").data(serde_json::to_string(result).unwrap_or_default())
}
