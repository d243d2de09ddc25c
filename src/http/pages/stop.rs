//! The way out of letters with notifications: a page whose button ends them, and the same at one press in a mailbox (RFC 8058).
//!
//! The link of each letter is good for as long as the installation's keys; what it does can be done again.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

use super::words::{Anew, Ending, Words, yes};
use super::{Pairs, Reader, Shell, Way, given, value};
use crate::locale::Said;
use crate::notifications::service as notifications;

/// Shows the form, if the link is one of ours.
pub(super) async fn open(State(shell): State<Shell>, headers: HeaderMap, uri: Uri) -> Response {
    let reader = Reader::new(&headers, &uri);
    let token = value(&reader.asked, "token");
    let given = Pairs::from([("token".to_owned(), token.to_owned())]);
    match notifications::way_out_is_good(&shell.app, token).await {
        Ok(()) => reader.form(&words(), &given, None, StatusCode::OK),
        Err(error) => reader.refuse(&words(), &given, error),
    }
}

/// Ends the letters. Our form names the token; a mailbox that presses the button itself says no more than that it does, in whatever
/// form, and the token stands in the address.
pub(super) async fn act(State(shell): State<Shell>, headers: HeaderMap, uri: Uri, request: Request) -> Response {
    let reader = Reader::new(&headers, &uri);
    let given = given(request).await.unwrap_or_default();
    let token = [value(&given, "token"), value(&reader.asked, "token")].into_iter().find(|token| !token.is_empty()).unwrap_or_default();
    match notifications::stop(&shell.app, token).await {
        Ok(()) => reader.ending(&words().done),
        Err(error) => reader.refuse(&words(), &given, error),
    }
}

fn words() -> Words {
    let done = Ending {
        title: Said::new("Листів зі сповіщеннями більше не буде", "There will be no more letters with notifications"),
        lead: Said::new("Якщо передумаєте, увійдіть і виберіть, як часто їх надсилати.", "If you change your mind, sign in and choose how often they come."),
        ways: &[Way::Front],
    };
    Words {
        title: Said::new("Листи зі сповіщеннями", "Letters with notifications"),
        lead: Said::new(
            "Натисніть кнопку, і ми більше не надсилатимемо вам листів зі сповіщеннями. Самі сповіщення й далі видно після входу; листи про безпеку вашого облікового запису надходитимуть і далі.",
            "Press the button, and we will send you no more letters with notifications. The notifications themselves are still there when you sign in; letters about the safety of your account still come.",
        ),
        fields: Vec::new(),
        buttons: yes(Said::new("Більше не надсилати", "Send no more")),
        aside: &[],
        already: done.clone(),
        done,
        anew: Anew {
            remedy: Said::new("Відкрийте посилання з найновішого листа або ввійдіть.", "Open the link of the newest letter, or sign in."), ways: &[Way::Front]
        },
    }
}
