//! What the page of an invitation says, and what its buttons do.

use super::Way;
use super::words::{Anew, Button, Ending, Words};
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
    let aside: &'static [Way] = match standing {
        Standing::Known => &[],
        Standing::Unknown => &[Way::Front],
        Standing::Unconfirmed => &[Way::NewPassword, Way::Front],
    };
    let accept = (standing == Standing::Known).then(accept);
    Words {
        lead: Said::new(
            format!("Вас запрошують діяти від імені організації: {uk}. Ваша роль: {}.{}", roles.uk, first.uk),
            format!("You are invited to act for {en}. Your role: {}.{}", roles.en, first.en),
        ),
        buttons: accept.into_iter().chain([decline()]).collect(),
        aside,
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
        aside: &[],
        done: ended(Answer::Accept),
        already: again(Answer::Accept),
        anew: Anew {
            remedy: Said::new(
                "Якщо ви вже відповіли, увійшовши, більше нічого робити не треба. Інакше попросіть того, хто вас запрошував, надіслати запрошення ще раз.",
                "If you have answered when signed in, there is nothing else to do. Otherwise ask whoever invited you to send the invitation again.",
            ),
            ways: &[Way::Front],
        },
    }
}

/// What is said of an answer.
fn ended(answer: Answer) -> Ending {
    match answer {
        Answer::Accept => Ending {
            title: Said::new("Запрошення прийнято", "The invitation is accepted"),
            lead: Said::new("Увійдіть і дійте від імені організації.", "Sign in and act for the organisation."),
            ways: &[Way::Front],
        },
        Answer::Decline => Ending {
            title: Said::new("Ви відмовилися від запрошення", "You declined the invitation"),
            lead: Said::new("Більше нічого робити не треба.", "There is nothing else to do."),
            ways: &[Way::Front],
        },
    }
}

/// What is said to whoever comes again.
pub(super) fn again(answer: Answer) -> Ending {
    match answer {
        Answer::Accept => Ending { title: Said::new("Запрошення вже прийнято", "The invitation is accepted already"), ..ended(answer) },
        Answer::Decline => Ending {
            title: Said::new("Ви вже відмовилися від цього запрошення", "You have declined this invitation already"),
            lead: Said::new(
                "Якщо передумали, попросіть того, хто вас запрошував, надіслати запрошення ще раз.",
                "If you changed your mind, ask whoever invited you to send the invitation again.",
            ),
            ..ended(answer)
        },
    }
}

fn accept() -> Button {
    Button { answer: ACCEPT, label: Said::new("Прийняти запрошення", "Accept the invitation") }
}

fn decline() -> Button {
    Button { answer: DECLINE, label: Said::new("Відмовитися", "Decline") }
}

/// Answers as the pressed button says; gives what is said of it.
pub(super) async fn answer(app: &App, token: &str, pressed: &str) -> Result<Ending> {
    let answer = match pressed {
        ACCEPT => Answer::Accept,
        DECLINE => Answer::Decline,
        _ => {
            return Err(Error::bad_input(
                "answer",
                Said::new("Ви ще не відповіли на запрошення.", "You have not answered the invitation yet."),
                Said::new("Натисніть одну з кнопок.", "Press one of the buttons."),
            ));
        }
    };
    members::answer_by_link(app, answer, token).await?;
    Ok(ended(answer))
}
