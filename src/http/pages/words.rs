//! What the pages say.

use entity::link::Purpose;

use super::invitation;
use super::sheet::Way;
use crate::auth::password::{FEWEST_DIFFERENT, SHORTEST};
use crate::locale::Said;

/// What a page says.
pub(super) struct Words {
    pub(super) title: Said,
    pub(super) lead: Said,
    pub(super) fields: Vec<Field>,
    pub(super) buttons: Vec<Button>,
    /// Where it leads who cannot or will not press a button.
    pub(super) aside: &'static [Way],
    /// What is said once it is done.
    pub(super) done: Ending,
    /// What is said to whoever comes again once it is done.
    pub(super) already: Ending,
    /// How to get another link, where this one is good no more.
    pub(super) anew: Anew,
}

/// What a page ends with.
#[derive(Clone)]
pub(super) struct Ending {
    pub(super) title: Said,
    pub(super) lead: Said,
    pub(super) ways: &'static [Way],
}

/// How to get another link.
pub(super) struct Anew {
    pub(super) remedy: Said,
    pub(super) ways: &'static [Way],
}

/// What a form is sent with, and what that says.
pub(super) struct Button {
    pub(super) answer: &'static str,
    pub(super) label: Said,
}

/// What a form asks.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    pub(super) autocomplete: &'static str,
    pub(super) label: Said,
    pub(super) hint: Said,
}

/// The one button of a form that asks for no choice.
pub(super) fn yes(label: Said) -> Vec<Button> {
    vec![Button { answer: "yes", label }]
}

/// The field of an address.
pub(super) fn email() -> Field {
    Field { name: "email", kind: "email", autocomplete: "email", label: Said::new("Адреса електронної пошти", "E-mail address"), hint: Said::new("", "") }
}

/// What the page of a link says.
pub(super) fn words(purpose: Purpose) -> Words {
    match purpose {
        Purpose::ConfirmEmail => confirm_email(),
        Purpose::ResetPassword => reset_password(),
        Purpose::FirstAdministrator => first_administrator(),
        Purpose::Invitation => invitation::plain(),
    }
}

fn confirm_email() -> Words {
    Words {
        title: Said::new("Підтвердьте свою адресу", "Confirm your address"),
        lead: Said::new(
            "Введіть пароль, з яким реєструвалися, і натисніть кнопку. Якщо ви його не знаєте, попросіть лист, щоб вибрати новий. Якщо реєструвалися не ви, цю сторінку закрийте.",
            "Give the password that you signed up with, and press the button. If you do not know it, ask for a letter to choose a new one. If it was not you who signed up, close this page.",
        ),
        fields: vec![Field {
            name: "password", kind: "password", autocomplete: "current-password", label: Said::new("Ваш пароль", "Your password"), hint: Said::new("", "")
        }],
        buttons: yes(Said::new("Так, адреса моя", "Yes, it is mine")),
        aside: &[Way::NewPassword],
        done: Ending {
            title: Said::new("Адресу підтверджено", "Your address is confirmed"),
            lead: Said::new("Дякуємо! Тепер увійдіть із цією адресою і своїм паролем.", "Thank you! Now sign in with this address and your password."),
            ways: &[Way::Front],
        },
        already: Ending {
            title: Said::new("Адресу вже підтверджено", "Your address is confirmed already"),
            lead: Said::new("Більше нічого робити не треба: входьте з цією адресою і своїм паролем.", "There is nothing else to do: sign in with this address and your password."),
            ways: &[Way::Front, Way::NewPassword],
        },
        anew: Anew {
            remedy: Said::new(
                "Якщо є новіший лист, відкрийте посилання з нього. Якщо немає, увійдіть і попросіть ще один, або попросіть лист, щоб вибрати новий пароль: він теж підтверджує адресу.",
                "If there is a newer letter, open its link. If there is none, sign in and ask for another, or ask for a letter to choose a new password: that confirms the address too.",
            ),
            ways: &[Way::NewPassword, Way::Front],
        },
    }
}

fn reset_password() -> Words {
    Words {
        title: Said::new("Виберіть новий пароль", "Choose a new password"),
        lead: Said::new("Після цього всюди, де ви ввійшли, треба буде ввійти знову.", "After that you will have to sign in again wherever you are signed in."),
        fields: vec![new_password(Said::new("Новий пароль", "New password"))],
        buttons: yes(Said::new("Зберегти пароль", "Save the password")),
        aside: &[],
        done: Ending {
            title: Said::new("Новий пароль збережено", "Your new password is saved"),
            lead: Said::new("Тепер увійдіть із ним.", "Now sign in with it."),
            ways: &[Way::Front],
        },
        already: Ending {
            title: Said::new("За цим посиланням пароль уже вибрано", "A password was chosen by this link already"),
            lead: Said::new(
                "Увійдіть із тим паролем, який тоді зберегли. Якщо ви його не пам’ятаєте або вибирали не ви, попросіть новий лист.",
                "Sign in with the password that was saved then. If you do not remember it, or it was not you who chose it, ask for a new letter.",
            ),
            ways: &[Way::Front, Way::NewPassword],
        },
        anew: Anew {
            remedy: Said::new(
                "Якщо є новіший лист, відкрийте посилання з нього. Якщо немає, попросіть ще один.",
                "If there is a newer letter, open its link. If there is none, ask for another.",
            ),
            ways: &[Way::NewPassword, Way::Front],
        },
    }
}

fn first_administrator() -> Words {
    let name =
        Field { name: "name", kind: "text", autocomplete: "name", label: Said::new("Як до вас звертатися", "How you want to be called"), hint: Said::new("", "") };
    Words {
        title: Said::new("Перший адміністратор", "The first administrator"),
        lead: Said::new("Цей обліковий запис керуватиме платформою.", "This account will run the platform."),
        fields: vec![name, email(), new_password(Said::new("Пароль", "Password"))],
        buttons: yes(Said::new("Створити обліковий запис", "Make the account")),
        aside: &[],
        done: Ending {
            title: Said::new("Обліковий запис створено", "The account is made"),
            lead: Said::new("Тепер увійдіть із ним.", "Now sign in with it."),
            ways: &[Way::Front],
        },
        already: Ending {
            title: Said::new("За цим посиланням обліковий запис уже створено", "An account was made by this link already"),
            lead: Said::new(
                "Увійдіть із ним. Якщо його створили не ви, скажіть тому, хто обслуговує сервер.",
                "Sign in with it. If it was not you who made it, tell whoever operates the server.",
            ),
            ways: &[Way::Front, Way::NewPassword],
        },
        anew: Anew {
            remedy: Said::new(
                "Сервер друкує нове посилання щоразу, коли запускається, доки адміністратора немає: візьміть останнє. Інший спосіб – команда mistok admin create.",
                "The server prints a new link each time it starts while there is no administrator: take the last one. Another way is the command mistok admin create.",
            ),
            ways: &[Way::Front],
        },
    }
}

fn new_password(label: Said) -> Field {
    Field {
        name: "password",
        kind: "password",
        autocomplete: "new-password",
        label,
        hint: Said::new(
            format!("Від {SHORTEST} знаків, серед яких щонайменше {FEWEST_DIFFERENT} різних, наприклад кілька слів; але не ваша адреса."),
            format!("{SHORTEST} characters or more, at least {FEWEST_DIFFERENT} of them different, such as a few words; but not your address."),
        ),
    }
}
