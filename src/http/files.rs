//! Where files come in and go out: `PUT /uploads` and `GET /downloads`, each with a token that the API gave. The token stands in the
//! query, which no log has.
//!
//! What goes out is saved by a browser and never shown: nothing of it runs here.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, put};
use futures_util::{Stream, StreamExt as _, stream};
use tracing::Instrument as _;

use super::Shell;
use super::failure::{Failure, Protocol};
use crate::attachments::service;
use crate::error::{Code, Error};
use crate::locale::Said;

/// How long the bytes of a file may take to arrive.
const UPLOAD_TIME: Duration = Duration::from_mins(10);
/// How long nothing of them may come.
const SILENCE: Duration = Duration::from_secs(30);
/// A browser that shows a file all the same gives it no rights.
const SANDBOX: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'");
const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-store");

/// The routes.
pub fn routes() -> Router<Shell> {
    Router::new().route("/uploads", put(upload)).route("/downloads", get(download))
}

/// Takes the bytes of a file that was described with `requestUpload`.
async fn upload(State(shell): State<Shell>, address: Uri, headers: HeaderMap, body: Body) -> Result<StatusCode, Failure> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    let (app, parts) = (shell.app, Box::pin(unbroken(body)));
    // Of its own, so that an upload whose connection is gone still clears up after itself.
    let taken = tokio::spawn(async move { service::upload(&app, &token(&address), announced, parts).await }.in_current_span()).await;
    match taken.unwrap_or_else(|cause| Err(Error::internal(cause))) {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(failure(&error)),
    }
}

/// Gives a file to be saved.
async fn download(State(shell): State<Shell>, address: Uri) -> Result<Response, Failure> {
    let service::Download { attachment, bytes } = service::follow(&shell.app, &token(&address)).await.map_err(|error| failure(&error))?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::try_from(attachment.media_type)),
        (CONTENT_DISPOSITION, HeaderValue::try_from(disposition(&attachment.file_name))),
        (CONTENT_LENGTH, Ok(HeaderValue::from(attachment.size))),
        (CONTENT_SECURITY_POLICY, Ok(SANDBOX)),
        (CACHE_CONTROL, Ok(PRIVATE)),
    ];
    let mut response = Body::from_stream(bytes).into_response();
    for (name, value) in headers {
        response.headers_mut().insert(name, value.map_err(|cause| failure(&Error::internal(cause)))?);
    }
    Ok(response)
}

fn token(address: &Uri) -> String {
    let pairs = Query::<Vec<(String, String)>>::try_from_uri(address).map_or_else(|_| Vec::new(), |Query(pairs)| pairs);
    pairs.into_iter().find(|(name, _)| name == "token").map(|(_, token)| token).unwrap_or_default()
}

/// The parts of a body; one that breaks off, falls silent or takes too long ends with why.
fn unbroken(body: Body) -> impl Stream<Item = crate::error::Result<Bytes>> {
    let end = Box::pin(tokio::time::sleep(UPLOAD_TIME));
    stream::unfold(Some((body.into_data_stream(), end)), |open| async {
        let (mut parts, mut end) = open?;
        let part = tokio::select! {
            () = &mut end => return Some((Err(slow()), None)),
            part = tokio::time::timeout(SILENCE, parts.next()) => part,
        };
        match part {
            Ok(None) => None,
            Ok(Some(Ok(part))) => Some((Ok(part), Some((parts, end)))),
            Ok(Some(Err(_))) => Some((Err(broken()), None)),
            Err(_) => Some((Err(slow()), None)),
        }
    })
}

fn broken() -> Error {
    Error::bad_input(
        "",
        Said::new("Файл надійшов не цілком.", "The file did not arrive whole."),
        Said::new("Надішліть його ще раз на ту саму адресу.", "Send it once more to the same address."),
    )
}

fn slow() -> Error {
    Error::bad_input(
        "",
        Said::new("Файл надходив надто повільно.", "The file came too slowly."),
        Said::new(
            "Надішліть його ще раз на ту саму адресу: за 10 хвилин, без пауз понад 30 секунд.",
            "Send it once more to the same address: within 10 minutes, without pauses of more than 30 seconds.",
        ),
    )
}

/// The header that has a browser save a file under its name: in ASCII for old ones, and as it is (RFC 6266, RFC 8187).
fn disposition(name: &str) -> String {
    let plain: String = name.chars().map(|letter| if letter.is_ascii_alphanumeric() || "-_. ".contains(letter) { letter } else { '_' }).collect();
    let whole: String =
        name.bytes().map(|byte| if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

/// A refusal in the words of the protocol.
fn failure(error: &Error) -> Failure {
    let Error::Refused(refusal) = error else {
        tracing::error!(?error, "a file could not be taken or given");
        return Failure::of(Protocol::Internal);
    };
    let protocol = match refusal.code {
        Code::NotFound => Protocol::NotFound,
        Code::Forbidden | Code::SecondFactorRequired => Protocol::Forbidden,
        Code::OutOfTime => Protocol::OutOfTime,
        Code::Unavailable => Protocol::Unavailable,
        _ => Protocol::BadInput,
    };
    Failure::of(protocol).saying(refusal.message.clone(), refusal.remedy.clone()).about(refusal.field.clone())
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_breaks_out_of_no_header() {
        assert_eq!(disposition("a\"; x=\".pdf"), "attachment; filename=\"a__ x__.pdf\"; filename*=UTF-8''a%22%3B%20x%3D%22.pdf");
        assert_eq!(disposition("Ї.pdf"), "attachment; filename=\"_.pdf\"; filename*=UTF-8''%D0%87.pdf");
    }
}
