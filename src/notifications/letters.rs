//! What the letter of a digest says.

use entity::notification;
use entity::notification_preference::Rhythm;

use super::wording::{self, Facts};
use crate::locale::{Locale, Said};

/// Its subject and its text: what is new, the oldest first, how much more there is, and how to get no more letters at `url`.
pub(super) fn letter(items: &[(notification::Model, Facts)], more: u64, rhythm: Rhythm, url: &str, locale: Locale) -> (String, String) {
    let subject = match items {
        [(only, _)] if more == 0 => wording::title(only.kind),
        _ => {
            let all = items.len() as u64 + more;
            Said::new(format!("Нових сповіщень у «Містку»: {all}"), format!("What is new at Mistok: {all}"))
        }
    };
    let item = |(row, facts): &(notification::Model, Facts)| {
        let (time, title, text) = (wording::said_time(row.occurred_at), wording::title(row.kind), wording::text(row, facts));
        format!("{}\n{}\n{}\n", title.in_locale(locale), text.in_locale(locale), time.in_locale(locale))
    };
    let news: Vec<String> = items.iter().map(item).collect();
    let rest = match more {
        0 => Said::new("", ""),
        more => Said::new(format!("Є ще {more}; усі сповіщення видно після входу.\n\n"), format!("There are {more} more; sign in to see them all.\n\n")),
    };
    let how_often = how_often(rhythm);
    let text = Said::new(
        format!(
            "Вітаємо!\n\nОсь що нового для вас у «Містку».\n\n{}\n{}Такі листи надходять {}. Щоб їх більше не було, відкрийте посилання й натисніть кнопку:\n\n{url}\n\nМісток\n",
            news.join("\n"),
            rest.uk,
            how_often.uk
        ),
        format!(
            "Hello!\n\nThis is new for you at Mistok.\n\n{}\n{}Letters like this come {}. To get no more of them, open the link and press the button:\n\n{url}\n\nMistok\n",
            news.join("\n"),
            rest.en,
            how_often.en
        ),
    );
    (subject.in_locale(locale).to_owned(), text.in_locale(locale).to_owned())
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
