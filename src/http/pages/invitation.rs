//! What the page of an invitation says, and what its buttons do.

use super::{Button, Words};
use crate::app::App;
use crate::error::{Error, Result};
use crate::locale::{Locale, Said};
use crate::members::service::{self as members, Answer, Invited, Standing};

const ACCEPT: &str = "accept";
const DECLINE: &str = "decline";

/// The page for whom an invitation is: who cannot accept yet reads what to do first, and can decline all the same.
pub(super) fn words(invited: Invited) -> Words {
    let Invited { organisation, roles, email, standing } = invited;
    let (uk, en) = (organisation.in_locale(Locale::Uk), organisation.in_locale(Locale::En));
    let first = match standing {
        Standing::Known => Said::new("", ""),
        Standing::Unknown => Said::new(
            format!(" Щоб прийняти, спершу зареєструйтеся в «Містку» з адресою {email} і підтвердьте її. Тоді відкрийте це посилання ще раз або прийміть запрошення, увійшовши."),
            format!(" To accept, first sign up at Mistok with the address {email} and confirm it. Then open this link once more, or sign in and accept there."),
        ),
        Standing::Unconfirmed => Said::new(
            format!(
                " Адресу {email} ще не підтверджено. Відкрийте посилання з листа, що надійшов після реєстрації, а якщо реєструвалися не ви, попросіть новий пароль. Тоді відкрийте це посилання ще раз."
            ),
            format!(
                " The address {email} is not confirmed yet. Open the link of the letter that came when you signed up, or ask for a new password if it was not you who did. Then open this link once more."
            ),
        ),
    };
    let accept = (standing == Standing::Known).then(accept);
    Words {
        lead: Said::new(
            format!("Вас запрошують діяти від імені організації: {uk}. Ваша роль: {}.{}", roles.uk, first.uk),
            format!("You are invited to act for {en}. Your role: {}.{}", roles.en, first.en),
        ),
        buttons: accept.into_iter().chain([decline()]).collect(),
        ..plain()
    }
}

/// The page where nothing is known of the invitation.
pub(super) fn plain() -> Words {
    Words {
        title: Said::new("Запрошення до організації", "An invitation to an organisation"),
        lead: Said::new("Вас запрошують діяти від імені організації.", "You are invited to act for an organisation."),
        fields: Vec::new(),
        buttons: vec![accept(), decline()],
        done: Said::new("Запрошення прийнято", "The invitation is accepted"),
        next: Said::new("Увійдіть і дійте від імені організації. Цю сторінку можна закрити.", "Sign in and act for the organisation. You can close this page."),
    }
}

fn accept() -> Button {
    Button { answer: ACCEPT, label: Said::new("Прийняти запрошення", "Accept the invitation") }
}

fn decline() -> Button {
    Button { answer: DECLINE, label: Said::new("Відмовитися", "Decline") }
}

/// Answers as the pressed button says; gives what is said of it.
pub(super) async fn answer(app: &App, token: &str, pressed: &str) -> Result<(Said, Said)> {
    match pressed {
        ACCEPT => {
            members::answer_by_link(app, Answer::Accept, token).await?;
            let Words { done, next, .. } = plain();
            Ok((done, next))
        }
        DECLINE => {
            members::answer_by_link(app, Answer::Decline, token).await?;
            Ok((
                Said::new("Ви відмовилися від запрошення", "You declined the invitation"),
                Said::new("Більше нічого робити не треба. Цю сторінку можна закрити.", "There is nothing else to do. You can close this page."),
            ))
        }
        _ => Err(Error::bad_input(
            "answer",
            Said::new("Ви ще не відповіли на запрошення.", "You have not answered the invitation yet."),
            Said::new("Натисніть одну з кнопок.", "Press one of the buttons."),
        )),
    }
}
