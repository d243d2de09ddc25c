//! One socket from its first message to its last.

use std::collections::HashMap;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION};
use axum::http::{HeaderMap, HeaderValue};
use serde_json::{Map, Value};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{Instant, interval_at, sleep_until, timeout};

use super::super::asked::Asked;
use super::super::caller::{self, ORGANISATION};
use super::super::failure::{Failure, Protocol};
use super::super::frame::RequestId;
use super::super::{Shell, accept};
use super::message::{Close, FromClient, Plain, ToClient};
use super::operation::{Operation, Said, Side};
use crate::error::Code;
use crate::locale::{self, Locale};

/// How long a client may take to say who they are.
const INIT_TIME: Duration = Duration::from_secs(10);
/// How long a client may take to read a message.
const READ_TIME: Duration = Duration::from_secs(10);
/// How often a silent socket is asked whether its caller still is who they were.
const LOOK: Duration = Duration::from_secs(10);
/// Calls of one socket at a time.
const MOST_CALLS: usize = 20;
/// Messages of its calls that wait to be sent.
const MOST_WAITING: usize = 16;

/// Serves a socket.
pub async fn run(shell: Shell, mut socket: WebSocket, locale: Locale, id: RequestId) {
    if socket.protocol().is_none() {
        end(&mut socket, Close::SubprotocolNotAcceptable).await;
        return;
    }
    let (say, said) = mpsc::channel(MOST_WAITING);
    let mut session = Session { shell, id, locale, headers: None, calls: HashMap::new(), say };
    if let Err(close) = session.serve(&mut socket, said).await {
        end(&mut socket, close).await;
    }
    for call in session.calls.into_values() {
        call.abort();
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
    /// What its calls come with; none before the client said who they are.
    headers: Option<HeaderMap>,
    calls: HashMap<String, AbortHandle>,
    say: mpsc::Sender<Said>,
}

impl Session {
    /// Hears and answers until one side has enough.
    async fn serve(&mut self, socket: &mut WebSocket, mut said: mpsc::Receiver<Said>) -> Result<(), Close> {
        let begun = Instant::now();
        let mut look = interval_at(begun + LOOK, LOOK);
        let closing = self.shell.app.closing.clone();
        loop {
            tokio::select! {
                () = closing.cancelled() => return Err(Close::ServiceRestart),
                () = sleep_until(begun + INIT_TIME), if self.headers.is_none() => return Err(Close::InitialisationTimeout),
                _ = look.tick(), if self.headers.is_some() => self.look().await?,
                Some(said) = said.recv() => self.pass_on(socket, said).await?,
                heard = socket.recv() => match heard {
                    Some(Ok(Message::Text(text))) => self.hear(socket, text.as_str()).await?,
                    Some(Ok(Message::Binary(_))) => return Err(Close::BadRequest),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return Ok(()),
                },
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
                caller::actor(&self.shell.app, &headers).await.map_err(|failure| shut(&failure))?;
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
        let actor = caller::actor(&self.shell.app, &headers).await.map_err(|failure| shut(&failure))?;
        let side = Side { shell: self.shell.clone(), id: self.id.clone(), locale: self.locale, headers };
        let begun = if self.calls.len() >= MOST_CALLS { Err(too_many()) } else { Asked::from_map(payload).and_then(|asked| Operation::of(side, actor, asked)) };
        match begun {
            Ok(operation) => {
                let task = tokio::spawn(operation.run(name.clone(), self.say.clone()));
                self.calls.insert(name, task.abort_handle());
                Ok(())
            }
            Err(failure) => send(socket, ToClient::Error { id: &name, payload: [failure.error(self.locale, self.id.as_str())] }.written()).await,
        }
    }

    /// Sends what a call has to say, unless the client ended it meanwhile.
    async fn pass_on(&mut self, socket: &mut WebSocket, said: Said) -> Result<(), Close> {
        match said {
            Said::More(name, message) if self.calls.contains_key(&name) => send(socket, message).await,
            Said::Last(name, message) if self.calls.remove(&name).is_some() => send(socket, message).await,
            Said::More(..) | Said::Last(..) => Ok(()),
            Said::Enough(close) => Err(close),
        }
    }

    /// Ends the socket once its caller's token does not hold any more.
    async fn look(&self) -> Result<(), Close> {
        let Some(headers) = &self.headers else { return Ok(()) };
        caller::actor(&self.shell.app, headers).await.map(|_| ()).or_else(|failure| match shut(&failure) {
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
    let ours = [Code::Unavailable.as_str(), Code::Internal.as_str()];
    if ours.contains(&failure.code()) { Close::InternalServerError } else { Close::Forbidden }
}

fn too_many() -> Failure {
    Failure::of(Protocol::RateLimited).saying(
        locale::Said::new("На цьому вебсокеті забагато викликів водночас.", "There are too many calls at a time on this socket."),
        locale::Said::new(format!("Завершіть котрийсь: водночас може бути {MOST_CALLS}."), format!("Complete one of them: {MOST_CALLS} may run at a time.")),
    )
}

/// What a client says of itself, as the headers of a call over HTTP have it.
fn headers(payload: &Map<String, Value>) -> HeaderMap {
    let known = [AUTHORIZATION, ORGANISATION, ACCEPT_LANGUAGE];
    let found = payload.iter().filter_map(|(name, value)| {
        let name = known.iter().find(|known| known.as_str().eq_ignore_ascii_case(name))?;
        // What is no text cannot be a token; it is refused as one that does not hold.
        let value = HeaderValue::from_str(value.as_str().unwrap_or_default()).unwrap_or(HeaderValue::from_static(""));
        Some((name.clone(), value))
    });
    found.collect()
}
