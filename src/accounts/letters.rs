//! What the letters with one-time links say, and how long such a link is good.

use chrono::TimeDelta;
use entity::link::Purpose;

use crate::locale::{Locale, Said};

/// How long a link is good. Whoever was without power for days still confirms; a new password is wanted at once.
#[must_use]
pub fn lifetime(purpose: Purpose) -> TimeDelta {
    match purpose {
        Purpose::ConfirmEmail => TimeDelta::days(7),
        Purpose::ResetPassword => TimeDelta::hours(4),
        Purpose::Invitation => TimeDelta::days(14),
        Purpose::FirstAdministrator => TimeDelta::hours(24),
    }
}

/// How people say for how long a link is good.
#[must_use]
pub fn said_lifetime(purpose: Purpose) -> Said {
    let lifetime = lifetime(purpose);
    let (count, uk, en) = match lifetime.num_days() {
        0 | 1 => (lifetime.num_hours(), ["годину", "години", "годин"], "hour"),
        days => (days, ["день", "дні", "днів"], "day"),
    };
    let form = match (count % 10, count % 100) {
        (1, rest) if rest != 11 => 0,
        (2..=4, rest) if !(12..=14).contains(&rest) => 1,
        _ => 2,
    };
    Said::new(format!("{count} {}", uk[form]), format!("{count} {en}{}", if count == 1 { "" } else { "s" }))
}

/// The page on which whoever forgot their password, or fears that somebody else has it, asks for a letter.
pub const FORGOTTEN_PAGE: &str = "/forgotten-password";

/// The page that a link opens.
#[must_use]
pub fn page(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::ConfirmEmail => "/confirm-email",
        Purpose::ResetPassword => "/reset-password",
        Purpose::Invitation => "/invitation",
        Purpose::FirstAdministrator => "/first-administrator",
    }
}

/// The subject and the text of the letter with a link to `url`; none for a link that no letter of this slice carries. A person's name is not
/// in it: whoever signed up with somebody else's address could write anything there.
#[must_use]
pub fn letter(purpose: Purpose, url: &str, locale: Locale) -> Option<(String, String)> {
    let Said { uk: time_uk, en: time_en } = said_lifetime(purpose);
    let (subject, text) = match purpose {
        Purpose::ConfirmEmail => (
            Said::new("Підтвердьте свою адресу в «Містку»", "Confirm your address at Mistok"),
            Said::new(
                format!(
                    "Вітаємо!\n\nЦю адресу вказали під час реєстрації в «Містку», де громади й підприємства знаходять одне одного для відбудови.\n\n\
                     Щоб підтвердити, що адреса ваша, відкрийте посилання й введіть пароль, з яким реєструвалися:\n\n{url}\n\n\
                     Посилання діє {time_uk} і лише один раз. Якщо реєструвалися не ви, просто не зважайте на цей лист.\n\nМісток\n"
                ),
                format!(
                    "Hello!\n\nThis address was given to sign up at Mistok, where municipalities and businesses find each other for recovery.\n\n\
                     To confirm that the address is yours, open the link and give the password that you signed up with:\n\n{url}\n\n\
                     The link is good for {time_en}, and once. If it was not you who signed up, simply ignore this letter.\n\nMistok\n"
                ),
            ),
        ),
        Purpose::ResetPassword => (
            Said::new("Новий пароль для «Містка»", "A new password for Mistok"),
            Said::new(
                format!(
                    "Вітаємо!\n\nДля вашого облікового запису в «Містку» попросили новий пароль.\n\nЩоб вибрати його, відкрийте посилання:\n\n{url}\n\n\
                     Посилання діє {time_uk} і лише один раз. Доки ви не вибрали нового пароля, діє старий. Якщо ви про це не просили, просто не зважайте на цей лист: нічого не зміниться.\n\nМісток\n"
                ),
                format!(
                    "Hello!\n\nA new password was asked for your account at Mistok.\n\nTo choose one, open the link:\n\n{url}\n\n\
                     The link is good for {time_en}, and once. Until you choose a new password the old one holds. If you did not ask for this, simply ignore this letter: nothing will change.\n\nMistok\n"
                ),
            ),
        ),
        Purpose::Invitation | Purpose::FirstAdministrator => return None,
    };
    Some((subject.in_locale(locale).to_owned(), text.in_locale(locale).to_owned()))
}

/// The subject and the text of the letter that says that an account is erased.
#[must_use]
pub fn farewell(locale: Locale) -> (String, String) {
    let subject = Said::new("Ваш обліковий запис у «Містку» вилучено", "Your account at Mistok is erased");
    let text = Said::new(
        "Вітаємо!\n\nВаш обліковий запис у «Містку» вилучено, як ви просили: ваше ім’я, цю адресу, пароль і другий чинник стерто, усі входи закінчено, \
         членство в організаціях припинено. У журналі подій лишається номер запису без імені та адреси.\n\n\
         Це останній наш лист на цю адресу; з нею можна будь-коли зареєструватися знову. Якщо про вилучення просили не ви, негайно напишіть адміністраторам платформи.\n\nМісток\n",
        "Hello!\n\nYour account at Mistok is erased, as you asked: your name, this address, the password and the second factor are gone, all sign-ins have \
         ended, and so have your memberships in organisations. The journal of events keeps the number of the account, without name and address.\n\n\
         This is our last letter to this address; you can sign up with it again at any time. If it was not you who asked for this, write to the administrators of the platform at once.\n\nMistok\n",
    );
    (subject.in_locale(locale).to_owned(), text.in_locale(locale).to_owned())
}

#[cfg(test)]
mod tests {
    use entity::link::Purpose;

    use super::{letter, said_lifetime};
    use crate::locale::Locale;

    #[test]
    fn a_letter_says_for_how_long_its_link_is_good() {
        let said = |purpose| said_lifetime(purpose);
        assert_eq!((said(Purpose::ConfirmEmail).uk.as_str(), said(Purpose::FirstAdministrator).uk.as_str()), ("7 днів", "24 години"));
        for purpose in [Purpose::ConfirmEmail, Purpose::ResetPassword] {
            for locale in [Locale::Uk, Locale::En] {
                let (_, text) = letter(purpose, "https://mistok.example/", locale).expect("a letter");
                assert!(text.contains(said(purpose).in_locale(locale)), "{text}");
            }
        }
    }
}
