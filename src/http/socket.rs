//! `/graphql/ws`: the schema over a WebSocket, by the protocol graphql-transport-ws
//! (<https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverWebSocket.md>).
//!
//! Every message of the caller is asked anew who they are, so that a sign-in, a membership or a token that ended ends here too.

mod message;
mod operation;
mod session;

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use axum::response::Response;

use super::allowance::Payer;
use super::asked::MOST_BODY;
use super::failure::{Failure, Protocol};
use super::forwarded::{ClientAddress, place};
use super::frame::RequestId;
use super::seats::Seats;
use super::{Shell, accept};
use crate::locale::Said;
pub use operation::is_cut;

/// The one protocol that is spoken.
const PROTOCOL: &str = "graphql-transport-ws";

/// Subscriptions of a process at a time; each takes some 50 KiB.
const MOST_SUBSCRIPTIONS: usize = 1_000;
/// Sockets of a process at a time.
const MOST_SOCKETS: usize = 1_000;
/// Those of one caller, or of one address.
const MOST_OF_ONE: usize = 100;

/// Places for sockets, by the address that they are opened from.
pub fn seats() -> Arc<Seats> {
    Seats::new(MOST_SOCKETS, MOST_OF_ONE)
}

/// Places for subscriptions, by their callers.
pub fn seats_of_subscriptions() -> Arc<Seats> {
    Seats::new(MOST_SUBSCRIPTIONS, MOST_OF_ONE)
}

/// Opens a socket.
pub async fn open(
    State(shell): State<Shell>,
    Extension(id): Extension<RequestId>,
    from: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Failure> {
    let upgrade = upgrade.map_err(|_| {
        Failure::of(Protocol::BadInput).saying(
            Said::new("Це адреса вебсокета.", "This is the address of a WebSocket."),
            Said::new(
                "Відкрийте її за протоколом graphql-transport-ws; запити HTTP – на /graphql.",
                "Open it with the protocol graphql-transport-ws; calls over HTTP go to /graphql.",
            ),
        )
    })?;
    if !is_ours(&shell, &headers) {
        return Err(Failure::of(Protocol::Forbidden).saying(
            Said::new("Сторінкам цього походження не дозволено звертатися сюди.", "Pages of this origin may not call here."),
            Said::new("Додайте його до --cors.", "Add it to --cors."),
        ));
    }
    let from = place(from);
    let seat = shell.sockets.take(from.map(Payer::Address)).ok_or_else(|| Failure::of(Protocol::RateLimited))?;
    let locale = accept::language(&headers);
    let open = shell.app.open.clone();
    Ok(upgrade
        .protocols([PROTOCOL])
        .max_message_size(MOST_BODY)
        .max_frame_size(MOST_BODY)
        .on_upgrade(move |socket| open.track_future(session::run(shell, socket, locale, id, from, seat))))
}

/// Whether a page that may call opens the socket: a browser says whose it is, and asks nobody else.
fn is_ours(shell: &Shell, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let own = origin.split_once("://").is_some_and(|(_, rest)| rest == host) || shell.app.config.public_url.has_origin(origin);
    own || shell.app.config.cors.iter().any(|known| known.trim_end_matches('/') == origin)
}
