//! A subscription over server-sent events, as `graphql-sse` has it in its mode of distinct connections
//! (<https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md>): `next` with each result, `complete` after the last one.
//!
//! Subscriptions alone come so; what cannot begin is refused as over HTTP, in JSON. A stream that ends without `complete` was cut off, and is
//! begun again after the last cursor: the process ends, the client read too slowly, or of what came last it could only be told why not,
//! as of a caller who is not who they were.

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
use super::socket::is_cut;
use super::{LOOK, READ_TIME, Shell, accept, answer, caller, verdict};
use crate::auth::Actor;
use crate::graphql;
use crate::locale::Locale;

/// The stream of a subscription whose document passed.
pub fn begin(side: &Side<'_>, passed: Passed, actor: Actor) -> Result<Response, Failure> {
    let Side { shell, id, headers, .. } = *side;
    let seat = shell.subscriptions.take(Payer::of(&actor)).ok_or_else(|| Failure::of(Protocol::RateLimited))?;
    let (say, said) = mpsc::channel(1);
    let follower = Follower { shell: shell.clone(), id: id.clone(), headers: headers.clone(), locale: accept::language(headers), actor, say, _seat: seat };
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
    _seat: Seat,
}

impl Follower {
    /// Tells all that comes, until one side has enough.
    async fn follow(self, passed: Passed) {
        let end = tokio::select! {
            () = self.shell.app.closing.cancelled() => None,
            () = self.say.closed() => None,
            end = self.tell_all(passed) => end,
            failure = self.watch() => Some(next(&failure.body(self.locale, self.id.as_str()))),
        };
        if let Some(last) = end {
            self.tell(last).await;
        }
    }

    /// Tells each result, and gives the last word: none where the client does not read.
    async fn tell_all(&self, passed: Passed) -> Option<Event> {
        let Self { shell, id, headers, locale, actor, .. } = self;
        let Passed { request, query, variables, cost, .. } = passed;
        tracing::info!(id = id.as_str(), cost, "follows as server-sent events");
        let context = verdict::Context { guard: &shell.guard, query: &query, variables: &variables, locale: *locale, request_id: id.as_str() };
        let mut responses = pin!(graphql::subscribe(&shell.api, &shell.app, actor.clone(), *locale, request));
        while let Some(response) = responses.next().await {
            // What was read for the caller as they were then is sent only if they are the same still.
            if let Err(failure) = caller::still(&shell.app, headers, actor).await {
                return Some(next(&failure.body(*locale, id.as_str())));
            }
            shell.allowances.wait_for(Payer::of(actor), cost.max(1)).await;
            let cut = is_cut(&response);
            let told = next(&answer::body(response, &context).0);
            // What could not be told has no cursor, so nothing may come after it.
            if cut {
                return Some(told);
            }
            if !self.tell(told).await {
                return None;
            }
        }
        // Browsers do not hand an event on that has no data.
        Some(Event::default().event("complete").data("null"))
    }

    /// Looks from time to time who the caller is, and shows the client that this is here still; gives why it ends.
    async fn watch(&self) -> Failure {
        let mut look = interval_at(Instant::now() + LOOK, LOOK);
        loop {
            look.tick().await;
            // A client that has something to read already needs no sign.
            let _ = self.say.try_send(Event::default().comment(""));
            match caller::actor(&self.shell.app, &self.headers, self.actor.from).await {
                Err(failure) if !failure.is_ours() => return failure,
                // A database that is away for a moment is no reason.
                Ok(_) | Err(_) => {}
            }
        }
    }

    async fn tell(&self, event: Event) -> bool {
        timeout(READ_TIME, self.say.send(event)).await.is_ok_and(|sent| sent.is_ok())
    }
}

fn next(result: &impl serde::Serialize) -> Event {
    Event::default().event("next").data(serde_json::to_string(result).unwrap_or_default())
}
