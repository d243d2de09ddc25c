//! The page on which whoever forgot their password asks for a letter. Whether an address is somebody's it does not tell.

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use entity::link::Purpose;

use super::words::{Anew, Ending, Words, email, yes};
use super::{Pairs, Reader, Shell, Way, given, lost, value};
use crate::accounts::letters::said_lifetime;
use crate::accounts::{rules, service as accounts};
use crate::auth::Actor;
use crate::error::Result;
use crate::http::forwarded::{ClientAddress, place};
use crate::locale::Said;

/// Shows the form.
pub(super) async fn open(headers: HeaderMap, uri: Uri) -> Response {
    Reader::new(&headers, &uri).form(&words(), &Pairs::new(), None, StatusCode::OK)
}

/// Sends the letter.
pub(super) async fn act(State(shell): State<Shell>, from: Option<Extension<ClientAddress>>, headers: HeaderMap, uri: Uri, request: Request) -> Response {
    let reader = Reader::new(&headers, &uri);
    let Some(given) = given(request).await else { return reader.refuse(&words(), &Pairs::new(), lost()) };
    let somebody = Actor { from: place(from), ..Actor::public() };
    match asked(&shell, &somebody, value(&given, "email")).await {
        Ok(()) => reader.ending(&words().done),
        Err(error) => reader.refuse(&words(), &given, error),
    }
}

/// Asks for the letter to what can be an address.
async fn asked(shell: &Shell, somebody: &Actor, email: &str) -> Result<()> {
    accounts::request_password_reset(&shell.app, somebody, &rules::email("email", email)?).await
}

fn words() -> Words {
    let time = said_lifetime(Purpose::ResetPassword);
    let done = Ending {
        title: Said::new("Перевірте свою пошту", "Look into your mailbox"),
        lead: Said::new(
            format!(
                "Якщо з цією адресою хтось зареєстрований, лист уже в дорозі. Посилання з нього діє {}. Якщо за кілька хвилин листа немає, перевірте теку «Спам» і чи правильно введено адресу.",
                time.uk
            ),
            format!(
                "If somebody is signed up with this address, a letter is on its way. Its link is good for {}. If there is none in a few minutes, look among the unwanted letters, and check that you typed the address right.",
                time.en
            ),
        ),
        ways: &[Way::NewPassword, Way::Front],
    };
    Words {
        title: Said::new("Забули пароль?", "Forgot your password?"),
        lead: Said::new(
            "Введіть адресу, з якою ви зареєструвалися: надішлемо лист із посиланням, за яким можна вибрати новий пароль. Доки ви його не вибрали, діє старий.",
            "Give the address that you signed up with: we will send a letter with a link to choose a new password. Until you choose one, the old one holds.",
        ),
        fields: vec![email()],
        buttons: yes(Said::new("Надіслати лист", "Send the letter")),
        aside: &[Way::Front],
        already: done.clone(),
        done,
        anew: Anew { remedy: Said::new("Спробуйте ще раз.", "Try again."), ways: &[Way::NewPassword, Way::Front] },
    }
}
