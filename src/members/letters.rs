//! What the letter of an invitation says.

use entity::link::Purpose;

use crate::accounts::letters::said_lifetime;
use crate::locale::{Locale, Said};

/// Its subject and its text, with the link to `url`. An organisation is named once the association has seen who it is: before
/// that its name may be anything, and the letter goes to whomever its owner likes.
pub(super) fn letter(verified_name: Option<&str>, roles: &Said, url: &str, locale: Locale) -> (String, String) {
    let (subject, house) = match verified_name {
        Some(name) => (Said::new(format!("Запрошення до організації: {name}"), format!("An invitation to {name}")), Said::new(format!("організації: {name}"), name)),
        None => (
            Said::new("Запрошення до організації в «Містку»", "An invitation to an organisation at Mistok"),
            Said::new("організації, яку ще не перевірено (її назву видно за посиланням)", "an organisation that nobody has verified yet (the link shows its name)"),
        ),
    };
    let time = said_lifetime(Purpose::Invitation);
    let text = Said::new(
        format!(
            "Вітаємо!\n\nВас запрошують діяти в «Містку» від імені {}. У «Містку» громади й підприємства знаходять одне одного для відбудови.\n\n\
             Ваша роль: {}.\n\nЩоб прийняти запрошення або відмовитися, відкрийте посилання:\n\n{url}\n\n\
             Посилання діє {}. Якщо запрошення не для вас, просто не зважайте на цей лист: без вашої згоди нічого не зміниться.\n\nМісток\n",
            house.uk, roles.uk, time.uk
        ),
        format!(
            "Hello!\n\nYou are invited to act at Mistok for {}. At Mistok municipalities and businesses find each other for recovery.\n\n\
             Your role: {}.\n\nTo accept or decline, open the link:\n\n{url}\n\n\
             The link is good for {}. If this is not for you, simply ignore this letter: nothing changes without your consent.\n\nMistok\n",
            house.en, roles.en, time.en
        ),
    );
    (subject.in_locale(locale).to_owned(), text.in_locale(locale).to_owned())
}
