//! A client of `/graphql/ws`, over a listener of its own.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::program::Served;
use super::{Person, TestApp};

/// How long a test waits for what has to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// A client of a socket.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// Where to open sockets.
#[derive(Clone)]
pub struct Address(String);

impl TestApp {
    /// Listens for sockets.
    pub async fn listen(&self) -> Address {
        Address::serving(self.node()).await
    }
}

impl Address {
    /// Where a node of its own opens sockets.
    pub async fn serving(node: axum::Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(mistok::http::serve(listener, node, std::future::pending()));
        Self(format!("ws://{address}/graphql/ws"))
    }

    /// Where a service that runs opens sockets.
    pub fn of_service(served: &Served) -> Self {
        Self(format!("{}/ws", served.address("GraphQL").replace("http://", "ws://")))
    }

    /// Where the same service is called over HTTP.
    pub fn http(&self) -> String {
        self.0.replace("ws://", "http://").trim_end_matches("/ws").to_owned()
    }

    /// Opens a socket with headers.
    pub async fn open(&self, headers: &[(&'static str, &str)]) -> Result<Socket, Error> {
        let mut request = self.0.as_str().into_client_request().expect("an address");
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().expect("a header"));
        }
        connect_async(request).await.map(|(socket, _)| Socket(socket))
    }

    /// Opens a socket by the protocol.
    pub async fn speaking(&self) -> Socket {
        self.open(&[("Sec-WebSocket-Protocol", "graphql-transport-ws")]).await.expect("opens")
    }

    /// Opens a socket for somebody.
    pub async fn of(&self, person: &Person, more: Value) -> Socket {
        let mut socket = self.speaking().await;
        let mut payload = more;
        if let Some(token) = person.token() {
            payload["Authorization"] = json!(format!("Bearer {token}"));
        }
        socket.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.hears().await, json!({ "type": "connection_ack" }));
        socket
    }
}

impl Socket {
    /// Says something.
    pub async fn say(&mut self, message: Value) {
        self.say_text(message.to_string()).await;
    }

    /// Says a text, unless the other side has closed.
    pub async fn say_text(&mut self, text: String) {
        let _ = self.0.send(Message::text(text)).await;
    }

    /// Calls.
    pub async fn call(&mut self, name: &str, query: &str, variables: Value) {
        self.say(json!({ "type": "subscribe", "id": name, "payload": { "query": query, "variables": variables } })).await;
    }

    /// The next message.
    pub async fn hears(&mut self) -> Value {
        match self.next().await {
            Some(Ok(Message::Text(text))) => serde_json::from_str(text.as_str()).expect("JSON"),
            other => panic!("no message came but {other:?}"),
        }
    }

    /// The result of a call that has one.
    pub async fn answer(&mut self, name: &str) -> Value {
        let next = self.hears().await;
        assert_eq!((&next["type"], &next["id"]), (&json!("next"), &json!(name)), "{next:#}");
        assert_eq!(self.hears().await, json!({ "type": "complete", "id": name }));
        next["payload"].clone()
    }

    /// The code with which the other side closes, now.
    pub async fn is_closed(&mut self) -> u16 {
        match self.next().await {
            Some(Ok(Message::Close(Some(frame)))) => CloseCode::into(frame.code),
            other => panic!("it is not closed, but {other:?} came"),
        }
    }

    /// Takes leave.
    pub async fn leaves(&mut self) {
        self.0.close(Some(CloseFrame { code: CloseCode::Normal, reason: "".into() })).await.expect("says so");
    }

    /// Whether the other side ends it without another word.
    pub async fn ends(&mut self) -> bool {
        !matches!(self.next().await, Some(Ok(Message::Text(_) | Message::Binary(_))))
    }

    async fn next(&mut self) -> Option<Result<Message, Error>> {
        timeout(PATIENCE, self.0.next()).await.expect("something comes in time")
    }
}
