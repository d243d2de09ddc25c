//! The messages of graphql-transport-ws, and the codes with which a socket is closed.

use axum::extract::ws::{CloseFrame, Message};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a client says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromClient {
    /// Who they are.
    ConnectionInit {
        /// The headers of the calls to come.
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    /// That they are there.
    Ping {},
    /// That they are there still.
    Pong {},
    /// A call.
    Subscribe {
        /// What they call it.
        id: String,
        /// The call, as the body of a POST has it.
        payload: Map<String, Value>,
    },
    /// That they want no more of a call.
    Complete {
        /// Which.
        id: String,
    },
}

/// What we say.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToClient<'a, P: Serialize> {
    /// They may call.
    ConnectionAck,
    /// We are there.
    Pong,
    /// A result.
    Next {
        /// Of which call.
        id: &'a str,
        /// The result.
        payload: P,
    },
    /// Why a call did not run.
    Error {
        /// Which.
        id: &'a str,
        /// The errors.
        payload: P,
    },
    /// There is no more of a call.
    Complete {
        /// Which.
        id: &'a str,
    },
}

/// What we say without more ado.
pub type Plain<'a> = ToClient<'a, ()>;

impl<P: Serialize> ToClient<'_, P> {
    /// As it goes over the wire.
    pub fn written(&self) -> Message {
        Message::Text(serde_json::to_string(self).unwrap_or_default().into())
    }
}

/// Why a socket is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    /// The process ends.
    ServiceRestart,
    /// The client reads too slowly; it goes on by its cursor.
    TryAgainLater,
    /// A message is none of the protocol's.
    BadRequest,
    /// A call before the client said who they are.
    Unauthorized,
    /// The token does not hold, or no longer, or the rights of its caller changed; with the code that HTTP would answer.
    Forbidden(&'static str),
    /// The client speaks another protocol.
    SubprotocolNotAcceptable,
    /// The client did not say in time who they are.
    InitialisationTimeout,
    /// A call of this name runs already.
    SubscriberAlreadyExists,
    /// The client said twice who they are.
    TooManyInitialisations,
    /// A fault of ours.
    InternalServerError,
}

impl Close {
    /// As it goes over the wire.
    pub fn written(self) -> Message {
        let (code, reason) = match self {
            Self::ServiceRestart => (1012, "Service restart"),
            Self::TryAgainLater => (1013, "Too slow; go on with the last cursor"),
            Self::BadRequest => (4400, "No message of graphql-transport-ws"),
            Self::Unauthorized => (4401, "Unauthorized"),
            Self::Forbidden(code) => (4403, code),
            Self::SubprotocolNotAcceptable => (4406, "Subprotocol not acceptable"),
            Self::InitialisationTimeout => (4408, "Connection initialisation timeout"),
            Self::SubscriberAlreadyExists => (4409, "Subscriber already exists"),
            Self::TooManyInitialisations => (4429, "Too many initialisation requests"),
            Self::InternalServerError => (4500, "Internal server error"),
        };
        Message::Close(Some(CloseFrame { code, reason: reason.into() }))
    }
}
