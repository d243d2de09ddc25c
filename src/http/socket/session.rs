//! One socket from its first message to its last.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket};
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION};
use axum::http::{HeaderMap, HeaderValue};
use serde_json::{Map, Value};
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinError, JoinSet};
use tokio::time::{Instant, interval_at, sleep_until, timeout};

use super::super::allowance::{Payer, REFUSED};
use super::super::asked::Asked;
use super::super::caller::{self, KEY, ORGANISATION};
use super::super::failure::{Failure, Protocol};
use super::super::frame::RequestId;
use super::super::seats::Seat;
use super::super::{LOOK, READ_TIME, Shell, accept};
use super::message::{Close, FromClient, Plain, ToClient};
use super::operation::{Call, Operation, Said, Side};
use crate::locale::{self, Locale};

/// How long a client may take to say who they are.
const INIT_TIME: Duration = Duration::from_secs(10);
/// How long a client may be silent that is asked whether it is there.
const SILENCE: Duration = Duration::from_secs(35);
/// Calls of one socket at a time.
const MOST_CALLS: usize = 20;
/// Messages of its calls that wait to be sent.
const MOST_WAITING: usize = 16;

/// Serves a socket.
pub async fn run(shell: Shell, mut socket: WebSocket, locale: Locale, id: RequestId, from: Option<IpAddr>, seat: Seat) {
    if socket.protocol().is_none() {
        end(&mut socket, Close::SubprotocolNotAcceptable).await;
        return;
    }
    let (say, said) = mpsc::channel(MOST_WAITING);
    // Its calls end with it.
    let mut session = Session { shell, id, locale, from, seat, headers: None, calls: HashMap::new(), tasks: JoinSet::new(), say };
    if let Err(close) = session.serve(&mut socket, said).await {
        end(&mut socket, close).await;
    }
}

async fn end(socket: &mut WebSocket, close: Close) {
    tracing::debug!(?close, "a socket is closed");
    if timeout(READ_TIME, socket.send(close.written())).await.is_err() {
        tracing::debug!("its client did not read that");
    }
}

/// What is known of one socket.
struct Session {
    shell: Shell,
    id: RequestId,
    locale: Locale,
    from: Option<IpAddr>,
    /// Held as long as it is open: by the place that it comes from, and then by its caller.
    seat: Seat,
    /// What its calls come with; none before the client said who they are.
    headers: Option<HeaderMap>,
    /// What runs, by the client's names; a name is used again once its call is over.
    calls: HashMap<String, AbortHandle>,
    tasks: JoinSet<()>,
    say: mpsc::Sender<Said>,
}

impl Session {
    /// Hears and answers until one side has enough.
    async fn serve(&mut self, socket: &mut WebSocket, mut said: mpsc::Receiver<Said>) -> Result<(), Close> {
        let begun = Instant::now();
        let mut heard_at = begun;
        let mut look = interval_at(begun + LOOK, LOOK);
        let closing = self.shell.app.closing.clone();
        loop {
            tokio::select! {
                () = closing.cancelled() => return Err(Close::ServiceRestart),
                () = sleep_until(begun + INIT_TIME), if self.headers.is_none() => return Err(Close::InitialisationTimeout),
                _ = look.tick(), if self.headers.is_some() => {
                    if heard_at.elapsed() > SILENCE {
                        return Err(Close::TryAgainLater);
                    }
                    self.look().await?;
                    send(socket, Message::Ping(Bytes::new())).await?;
                }
                Some(ended) = self.tasks.join_next() => self.mourn(socket, ended).await?,
                Some(said) = said.recv() => self.pass_on(socket, said).await?,
                heard = socket.recv() => { heard_at = Instant::now(); match heard {
                    Some(Ok(Message::Text(text))) => self.hear(socket, text.as_str()).await?,
                    Some(Ok(Message::Binary(_))) => return Err(Close::BadRequest),
                    // To go on reading sends the answer to their ping, and to their farewell.
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Close(_))) => {}
                    Some(Err(_)) | None => return Ok(()),
                } },
            }
        }
    }

    async fn hear(&mut self, socket: &mut WebSocket, text: &str) -> Result<(), Close> {
        match serde_json::from_str(text).map_err(|_| Close::BadRequest)? {
            FromClient::ConnectionInit { payload } => {
                if self.headers.is_some() {
                    return Err(Close::TooManyInitialisations);
                }
                let headers = headers(&payload.unwrap_or_default());
                let actor = caller::actor(&self.shell.app, &headers, self.from).await.map_err(|failure| {
                    // A token that does not hold costs here what it costs over HTTP.
                    let _ = self.shell.allowances.take(self.from.map(Payer::Address), REFUSED);
                    shut(&failure)
                })?;
                if !self.seat.pass_to(Payer::of(&actor)) {
                    return Err(Close::TryAgainLater);
                }
                if headers.contains_key(ACCEPT_LANGUAGE) {
                    self.locale = accept::language(&headers);
                }
                self.headers = Some(headers);
                send(socket, Plain::ConnectionAck.written()).await
            }
            FromClient::Ping {} => send(socket, Plain::Pong.written()).await,
            FromClient::Pong {} => Ok(()),
            FromClient::Complete { id } => {
                if let Some(call) = self.calls.remove(&id) {
                    call.abort();
                }
                Ok(())
            }
            FromClient::Subscribe { id, payload } => self.call(socket, id, payload).await,
        }
    }

    /// Begins a call.
    async fn call(&mut self, socket: &mut WebSocket, name: String, payload: Map<String, Value>) -> Result<(), Close> {
        let Some(headers) = self.headers.clone() else { return Err(Close::Unauthorized) };
        if self.calls.contains_key(&name) {
            return Err(Close::SubscriberAlreadyExists);
        }
        let actor = caller::actor(&self.shell.app, &headers, self.from).await.map_err(|failure| shut(&failure))?;
        let headers = with_key(headers, &payload);
        let side = Side { shell: self.shell.clone(), id: self.id.clone(), locale: self.locale, headers };
        let begun = if self.calls.len() >= MOST_CALLS { Err(too_many()) } else { Asked::from_map(payload).and_then(|asked| Operation::of(side, actor, asked)) };
        match begun {
            Ok(operation) => {
                let task = self.tasks.spawn(operation.run(name.clone(), self.say.clone()));
                self.calls.insert(name, task);
                Ok(())
            }
            Err(failure) => send(socket, ToClient::Error { id: &name, payload: [failure.error(self.locale, self.id.as_str())] }.written()).await,
        }
    }

    /// Sends what a call has to say, unless the client ended it meanwhile.
    async fn pass_on(&mut self, socket: &mut WebSocket, said: Said) -> Result<(), Close> {
        match said {
            Said::More(call, message) if self.runs(&call) => send(socket, message).await,
            Said::Last(call, message) if self.runs(&call) => {
                self.calls.remove(&call.name);
                send(socket, message).await
            }
            Said::More(..) | Said::Last(..) => Ok(()),
            Said::Enough(close) => Err(close),
        }
    }

    /// Whether it is this call that runs under its name, and not a later one.
    fn runs(&self, call: &Call) -> bool {
        self.calls.get(&call.name).is_some_and(|running| running.id() == call.task)
    }

    /// Answers a call whose task ended without a last word.
    async fn mourn(&mut self, socket: &mut WebSocket, ended: Result<(), JoinError>) -> Result<(), Close> {
        let Some(task) = ended.err().filter(JoinError::is_panic).map(|panic| panic.id()) else { return Ok(()) };
        let Some(name) = self.calls.iter().find(|(_, running)| running.id() == task).map(|(name, _)| name.clone()) else { return Ok(()) };
        self.calls.remove(&name);
        send(socket, ToClient::Error { id: &name, payload: [Failure::of(Protocol::Internal).error(self.locale, self.id.as_str())] }.written()).await
    }

    /// Ends the socket once its caller's token does not hold any more.
    async fn look(&self) -> Result<(), Close> {
        let Some(headers) = &self.headers else { return Ok(()) };
        caller::actor(&self.shell.app, headers, self.from).await.map(|_| ()).or_else(|failure| match shut(&failure) {
            // A database that is away for a moment is no reason.
            Close::InternalServerError => Ok(()),
            close => Err(close),
        })
    }
}

async fn send(socket: &mut WebSocket, message: Message) -> Result<(), Close> {
    match timeout(READ_TIME, socket.send(message)).await {
        Ok(_) => Ok(()),
        Err(_) => Err(Close::TryAgainLater),
    }
}

/// What ends a socket whose caller cannot be known.
pub(super) fn shut(failure: &Failure) -> Close {
    if failure.is_ours() { Close::InternalServerError } else { Close::Forbidden(failure.code()) }
}

fn too_many() -> Failure {
    Failure::of(Protocol::RateLimited).saying(
        locale::Said::new("На цьому вебсокеті забагато викликів водночас.", "There are too many calls at a time on this socket."),
        locale::Said::new(format!("Завершіть котрийсь: водночас може бути {MOST_CALLS}."), format!("Complete one of them: {MOST_CALLS} may run at a time.")),
    )
}

/// The headers of one call: with its key, which stands in its extensions.
fn with_key(mut headers: HeaderMap, payload: &Map<String, Value>) -> HeaderMap {
    if let Some(key) = payload.get("extensions").and_then(|extensions| extensions.get("idempotencyKey")) {
        headers.insert(KEY, header_value(key));
    }
    headers
}

/// A value as a header has it. What is no text cannot be a token or a key, and is refused as one that does not hold.
fn header_value(value: &Value) -> HeaderValue {
    HeaderValue::from_str(value.as_str().unwrap_or_default()).unwrap_or(HeaderValue::from_static(""))
}

/// What a client says of itself, as the headers of a call over HTTP have it.
fn headers(payload: &Map<String, Value>) -> HeaderMap {
    let known = [AUTHORIZATION, ORGANISATION, ACCEPT_LANGUAGE];
    let found = payload.iter().filter_map(|(name, value)| {
        let name = known.iter().find(|known| known.as_str().eq_ignore_ascii_case(name))?;
        Some((name.clone(), header_value(value)))
    });
    found.collect()
}
