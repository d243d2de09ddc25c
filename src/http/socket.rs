//! `/graphql/ws`: the schema over a WebSocket, by the protocol graphql-transport-ws
//! (<https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverWebSocket.md>).
//!
//! Every message of the caller is asked anew who they are, so that a sign-in, a membership or a token that ended ends here too.

mod message;
mod operation;
mod session;

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use axum::response::Response;

use super::asked::MOST_BODY;
use super::failure::{Failure, Protocol};
use super::frame::RequestId;
use super::{Shell, accept};
use crate::locale::Said;

/// The one protocol that is spoken.
const PROTOCOL: &str = "graphql-transport-ws";

/// Subscriptions of a process at a time; each takes some 50 KiB.
pub const MOST_SUBSCRIPTIONS: usize = 1_000;
/// Sockets of a process at a time.
const MOST_SOCKETS: usize = 1_000;

/// Opens a socket.
pub async fn open(
    State(shell): State<Shell>,
    Extension(id): Extension<RequestId>,
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
    if shell.app.open.len() >= MOST_SOCKETS {
        return Err(Failure::of(Protocol::RateLimited));
    }
    let locale = accept::language(&headers);
    let open = shell.app.open.clone();
    Ok(upgrade.protocols([PROTOCOL]).max_message_size(MOST_BODY).max_frame_size(MOST_BODY).on_upgrade(move |socket| open.track_future(session::run(shell, socket, locale, id))))
}

/// Whether a page that may call opens the socket: a browser says whose it is, and asks nobody else.
fn is_ours(shell: &Shell, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let own = origin.split_once("://").is_some_and(|(_, rest)| rest == host) || shell.app.config.public_url.has_origin(origin);
    own || shell.app.config.cors.iter().any(|known| known.trim_end_matches('/') == origin)
}
