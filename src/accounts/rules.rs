//! What an e-mail address and a name must be.

use crate::error::{Error, Result};
use crate::locale::Said;
use crate::text;

/// Most characters of an e-mail address (RFC 5321).
const LONGEST_EMAIL: usize = 254;
/// Most characters of a person's name.
const LONGEST_NAME: usize = 200;

/// Takes an e-mail address.
///
/// # Errors
/// When it is no address.
pub fn email(field: &str, text: &str) -> Result<String> {
    let address = text::required(field, text, LONGEST_EMAIL)?;
    let label = |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-');
    let valid =
        !text.chars().any(text::is_ignorable) && address.rsplit_once('@').is_some_and(|(local, domain)| is_local(local) && domain.contains('.') && domain.split('.').all(label));
    if !valid {
        return Err(Error::bad_input(
            field,
            Said::new("Це не адреса електронної пошти.", "This is no e-mail address."),
            Said::new("Дайте адресу на зразок ivanna@hromada.gov.ua.", "Give an address such as ivanna@hromada.gov.ua."),
        ));
    }
    Ok(address)
}

/// What may stand before the `@`: no space, no second `@`, no empty part between points (RFC 5321 without quoted strings).
fn is_local(local: &str) -> bool {
    local.split('.').all(|part| !part.is_empty())
        && !local.contains(|letter: char| letter.is_whitespace() || matches!(letter, '@' | '"' | '(' | ')' | ',' | ':' | ';' | '<' | '>' | '[' | ']' | '\\'))
}

/// The key of an address, which is unique.
#[must_use]
pub fn email_key(address: &str) -> String {
    address.to_lowercase()
}

/// The key of an address that is only looked for; what no row can hold is nobody's.
#[must_use]
pub fn sought_key(text: &str) -> Option<String> {
    text::required("email", text, LONGEST_EMAIL).ok().map(|address| email_key(&address))
}

/// Takes a person's name.
///
/// # Errors
/// When it is empty or too long.
pub fn name(text: &str) -> Result<String> {
    text::required("name", text, LONGEST_NAME)
}

/// The refusal of whoever has yet to confirm their own address.
#[must_use]
pub fn own_address_not_confirmed() -> Error {
    Error::invalid_state(
        Said::new("Свою адресу ви ще не підтвердили.", "You have not confirmed your address yet."),
        Said::new(
            "Відкрийте посилання з листа (новий надішле requestEmailConfirmation); після цього повторіть.",
            "Open the link of the letter (requestEmailConfirmation sends another); then repeat this.",
        ),
    )
}

/// How a person is called who has none but the place that an erased account leaves.
#[must_use]
pub fn erased_name() -> Said {
    Said::new("Вилучений обліковий запис", "Erased account")
}

#[cfg(test)]
mod tests {
    use super::{email, sought_key};

    #[test]
    fn an_address_is_told_from_what_is_none() {
        for text in ["ivanna@hromada.gov.ua", "o'neil+tag@x-y.example", "пошта@приклад.укр", " a@b.example "] {
            assert!(email("email", text).is_ok(), "{text}");
        }
        for text in [
            "",
            "a",
            "a@b",
            "@b.example",
            "a@x..example",
            "a@.example",
            "a@example.",
            "a@-x.example",
            "a..b@x.example",
            "a b@x.example",
            "a@@x.example",
            "o\u{200b}lena@x.example",
            "a@x.exa mple",
            "<a@x.example>",
            "a\n@x.example",
        ] {
            assert!(email("email", text).is_err(), "{text}");
        }
        assert_eq!(sought_key(" Ivanna@Hromada.gov.ua ").as_deref(), Some("ivanna@hromada.gov.ua"));
    }
}
