//! What the letter of a digest says, and that of an alert.

use entity::notification;
use entity::notification_preference::Rhythm;

use super::wording::{self, Facts};
use crate::locale::{Locale, Said};

/// Its subject and its text: what is new, the oldest first, how much more there is, and how to get no more letters at `url`.
pub(super) fn letter(items: &[(notification::Model, Facts)], more: u64, rhythm: Rhythm, url: &str, locale: Locale) -> (String, String) {
    let many = |all| Said::new(format!("Нових сповіщень у «Містку»: {all}"), format!("What is new at Mistok: {all}"));
    let (subject, news, rest) = (subject(items, more, many), news(items, locale), rest(more));
    let how_often = how_often(rhythm);
    let text = Said::new(
        format!(
            "Вітаємо!\n\nОсь що нового для вас у «Містку».\n\n{}\n{}Такі листи надходять {}. Щоб їх більше не було, відкрийте посилання й натисніть кнопку:\n\n{url}\n\nМісток\n",
            news, rest.uk, how_often.uk
        ),
        format!(
            "Hello!\n\nThis is new for you at Mistok.\n\n{}\n{}Letters like this come {}. To get no more of them, open the link and press the button:\n\n{url}\n\nMistok\n",
            news, rest.en, how_often.en
        ),
    );
    (subject.in_locale(locale).to_owned(), text.in_locale(locale).to_owned())
}

/// The letter of what concerns safety: what happened, the oldest first, and what to do if it was somebody else, who is shut out from the page
/// at `url`. There is no way out of it.
pub(super) fn alert(items: &[(notification::Model, Facts)], more: u64, url: &str, locale: Locale) -> (String, String) {
    let many = |all| Said::new(format!("Ваша безпека в «Містку»: змін – {all}"), format!("Changes that concern your safety at Mistok: {all}"));
    let (subject, news, rest) = (subject(items, more, many), news(items, locale), rest(more));
    let text = Said::new(
        format!(
            "Вітаємо!\n\nЦе стосується вашої безпеки в «Містку».\n\n{news}\n{}Якщо це зробили ви або хтось за вашою згодою, нічого робити не треба. \
             Якщо ні, у ваш обліковий запис міг потрапити хтось інший: негайно попросіть новий пароль на цій сторінці:\n\n{url}\n\n\
             Лист із посиланням прийде на цю адресу, а з новим паролем усі сеанси завершаться. \
             Якщо ввійти ви ще можете, одразу завершіть усі сеанси самі (signOutEverywhere).\n\n\
             Такі листи надходять завжди, хоч би як часто ви хотіли отримувати інші.\n\nМісток\n",
            rest.uk
        ),
        format!(
            "Hello!\n\nThis concerns your safety at Mistok.\n\n{news}\n{}If you did this, or agreed to it, there is nothing to do. \
             If not, somebody else may have come into your account: ask for a new password at once on this page:\n\n{url}\n\n\
             The letter with the link comes to this address, \
             and the new password ends all sign-ins. If you can still sign in, end all sign-ins yourself right away (signOutEverywhere).\n\n\
             Letters like this always come, however often you want others.\n\nMistok\n",
            rest.en
        ),
    );
    (subject.in_locale(locale).to_owned(), text.in_locale(locale).to_owned())
}

/// What the only one is called, or how many there are.
fn subject(items: &[(notification::Model, Facts)], more: u64, many: impl Fn(u64) -> Said) -> Said {
    match items {
        [(only, _)] if more == 0 => wording::title(only.kind),
        _ => many(items.len() as u64 + more),
    }
}

/// What happened, one after another.
fn news(items: &[(notification::Model, Facts)], locale: Locale) -> String {
    let item = |(row, facts): &(notification::Model, Facts)| {
        let (time, title, text) = (wording::said_time(row.occurred_at), wording::title(row.kind), wording::text(row, facts));
        format!("{}\n{}\n{}\n", title.in_locale(locale), text.in_locale(locale), time.in_locale(locale))
    };
    items.iter().map(item).collect::<Vec<_>>().join("\n")
}

/// How much more there is than the letter tells.
fn rest(more: u64) -> Said {
    match more {
        0 => Said::new("", ""),
        more => Said::new(format!("Є ще {more}; усі сповіщення видно після входу.\n\n"), format!("There are {more} more; sign in to see them all.\n\n")),
    }
}

/// How often letters come.
fn how_often(rhythm: Rhythm) -> Said {
    let (uk, en) = match rhythm {
        Rhythm::Instant => ("щойно щось стається", "as soon as something happens"),
        Rhythm::Daily => ("щодня о 8:00, якщо є новини", "at 8:00 each day on which there is news"),
        Rhythm::Weekly => ("щопонеділка о 8:00, якщо є новини, а нагадування про строки раніше", "at 8:00 on Mondays if there is news, and reminders of deadlines before that"),
        Rhythm::Never => ("за вашим бажанням", "as you wish"),
    };
    Said::new(uk, en)
}
