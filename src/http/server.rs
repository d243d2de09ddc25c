//! The listener: time-outs for headers and idle connections, a cap on connections, and an orderly end.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tower::Service as _;

use super::forwarded::Peer;

/// How long the headers of a request may take, and how long a connection may wait for its first or next request.
const HEADER_TIME: Duration = Duration::from_secs(10);
/// How long open calls may go on once the end has begun.
const DRAIN_TIME: Duration = Duration::from_secs(30);
/// Connections at a time; the next wait until one ends.
const MOST_CONNECTIONS: usize = 2048;
/// Most headers of a request, in bytes.
const MOST_HEADERS: usize = 32 * 1024;
/// The same for HTTP/2.
const MOST_HEADER_LIST: u32 = 32 * 1024;
/// Calls at a time on one HTTP/2 connection.
const MOST_STREAMS: u32 = 64;
/// Wait after the system refused a connection, for want of file handles as a rule.
const BREATH: Duration = Duration::from_millis(100);

/// Serves `router` until `shutdown`, then lets open calls finish.
///
/// # Errors
/// When the listener's address cannot be read.
pub async fn serve(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    tracing::info!(address = %listener.local_addr()?, "serving");
    let graceful = GracefulShutdown::new();
    let seats = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let builder = builder();
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            (stream, peer, seat) = next(&listener, &seats) => {
                tokio::spawn(connection(builder.clone(), stream, peer, router.clone(), graceful.watcher(), seat));
            }
        }
    }
    drop(listener);
    tracing::info!(connections = graceful.count(), "no new calls are taken; open ones finish");
    if tokio::time::timeout(DRAIN_TIME, graceful.shutdown()).await.is_err() {
        tracing::warn!("some calls did not finish in time and were cut off");
    }
    Ok(())
}

/// Ends when the process is told to end: SIGTERM or SIGINT.
pub async fn terminated() {
    let interrupt = async {
        if let Err(cause) = tokio::signal::ctrl_c().await {
            tracing::warn!(%cause, "SIGINT cannot be heard");
            std::future::pending::<()>().await;
        }
    };
    tokio::select! { () = interrupt => {}, () = sigterm() => {} }
}

#[cfg(unix)]
async fn sigterm() {
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(cause) => {
            tracing::warn!(%cause, "SIGTERM cannot be heard");
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(not(unix))]
async fn sigterm() {
    std::future::pending::<()>().await;
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIME).max_buf_size(MOST_HEADERS);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(HEADER_TIME)
        .keep_alive_timeout(HEADER_TIME)
        .max_concurrent_streams(MOST_STREAMS)
        .max_header_list_size(MOST_HEADER_LIST);
    builder
}

/// The next connection, once there is a seat for it.
async fn next(listener: &TcpListener, seats: &Arc<Semaphore>) -> (TcpStream, Peer, Option<OwnedSemaphorePermit>) {
    let seat = Arc::clone(seats).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, address)) => return (stream, Peer(address.ip()), seat),
            Err(cause) => {
                tracing::warn!(%cause, "a connection could not be taken");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

/// Serves one connection. hyper's header time-out begins only after it knows the protocol's version, so a caller who sends
/// nothing, or half of HTTP/2's first words, is shown out here.
async fn connection(builder: Builder<TokioExecutor>, stream: TcpStream, peer: Peer, router: Router, watcher: Watcher, seat: Option<OwnedSemaphorePermit>) {
    if let Err(cause) = stream.set_nodelay(true) {
        tracing::debug!(%cause, "a connection stays slow");
    }
    let begun = Arc::new(Notify::new());
    let signal = Arc::clone(&begun);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        signal.notify_one();
        request.extensions_mut().insert(peer);
        router.clone().call(request.map(Body::new))
    });
    let served = watcher.watch(builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned());
    let silent = async {
        if tokio::time::timeout(HEADER_TIME, begun.notified()).await.is_ok() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        outcome = served => if let Err(cause) = outcome {
            tracing::debug!(%cause, "a connection ended early");
        },
        () = silent => tracing::debug!("a connection sent no request"),
    }
    drop(seat);
}
