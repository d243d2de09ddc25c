//! The way out of letters with notifications: a page whose button ends them, and the same at one press in a mailbox (RFC 8058).
//!
//! The link of each letter is good for as long as the installation's keys; what it does can be done again.

use axum::Form;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

use super::{Pairs, Reader, Shell, Words, value, yes};
use crate::error::{Code, Error};
use crate::http::asked::BODY_TIME;
use crate::locale::Said;
use crate::notifications::service as notifications;

/// Shows the form, if the link is one of ours.
pub(super) async fn open(State(shell): State<Shell>, headers: HeaderMap, uri: Uri) -> Response {
    let reader = Reader::new(&headers, &uri);
    let token = value(&reader.asked, "token");
    let given = Pairs::from([("token".to_owned(), token.to_owned())]);
    match notifications::way_out_is_good(&shell.app, token).await {
        Ok(()) => reader.form(&words(), &given, None, StatusCode::OK),
        Err(error) => refuse(&reader, error),
    }
}

/// Ends the letters. Our form names the token; a mailbox that presses the button itself says no more than that it does, in whatever
/// form, and the token stands in the address.
pub(super) async fn act(State(shell): State<Shell>, headers: HeaderMap, uri: Uri, request: Request) -> Response {
    let reader = Reader::new(&headers, &uri);
    let given = match tokio::time::timeout(BODY_TIME, Form::<Pairs>::from_request(request, &())).await {
        Ok(Ok(Form(given))) => given,
        _ => Pairs::new(),
    };
    let token = [value(&given, "token"), value(&reader.asked, "token")].into_iter().find(|token| !token.is_empty()).unwrap_or_default();
    match notifications::stop(&shell.app, token).await {
        Ok(()) => {
            let Words { done, next, .. } = words();
            reader.page(StatusCode::OK, &done, Some(&next), None, None)
        }
        Err(error) => refuse(&reader, error),
    }
}

fn refuse(reader: &Reader, error: Error) -> Response {
    match error {
        Error::Refused(refusal) if refusal.code == Code::Unavailable => reader.fault(StatusCode::SERVICE_UNAVAILABLE, &refusal.message, &refusal.remedy),
        Error::Refused(refusal) => reader.fault(StatusCode::BAD_REQUEST, &refusal.message, &refusal.remedy),
        Error::Internal(cause) => {
            tracing::error!(%cause, page = notifications::WAY_OUT_PAGE, "a page failed");
            reader.failed()
        }
    }
}

fn words() -> Words {
    Words {
        title: Said::new("Листи зі сповіщеннями", "Letters with notifications"),
        lead: Said::new(
            "Натисніть кнопку, і ми більше не надсилатимемо вам листів зі сповіщеннями. Самі сповіщення й далі видно після входу; листи про безпеку вашого облікового запису надходитимуть і далі.",
            "Press the button, and we will send you no more letters with notifications. The notifications themselves are still there when you sign in; letters about the safety of your account still come.",
        ),
        fields: Vec::new(),
        buttons: yes(Said::new("Більше не надсилати", "Send no more")),
        done: Said::new("Листів зі сповіщеннями більше не буде", "There will be no more letters with notifications"),
        next: Said::new(
            "Якщо передумаєте, ввійдіть і виберіть, як часто їх надсилати (setNotificationPreferences). Цю сторінку можна закрити.",
            "If you change your mind, sign in and choose how often they come (setNotificationPreferences). You can close this page.",
        ),
    }
}
