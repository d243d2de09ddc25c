//! What an e-mail address and a name must be.

use crate::error::{Error, Result};
use crate::locale::Said;
use crate::text;

/// Most characters of an e-mail address (RFC 5321).
const LONGEST_EMAIL: usize = 254;
/// Most characters of a person's name.
const LONGEST_NAME: usize = 200;

/// Takes an e-mail address and the key that is unique.
///
/// # Errors
/// When it is no address.
pub fn email(text: &str) -> Result<(String, String)> {
    let address = text::required("email", text, LONGEST_EMAIL)?;
    let valid = address.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.'))
        && !address.contains(char::is_whitespace);
    if !valid {
        return Err(Error::bad_input(
            "email",
            Said::new("Це не адреса електронної пошти.", "This is no e-mail address."),
            Said::new("Дайте адресу на зразок ivanna@hromada.gov.ua.", "Give an address such as ivanna@hromada.gov.ua."),
        ));
    }
    let key = address.to_lowercase();
    Ok((address, key))
}

/// The key of an address that is only looked for; what is no address is nobody's.
#[must_use]
pub fn email_key(text: &str) -> Option<String> {
    email(text).ok().map(|(_, key)| key)
}

/// Takes a person's name.
///
/// # Errors
/// When it is empty or too long.
pub fn name(text: &str) -> Result<String> {
    text::required("name", text, LONGEST_NAME)
}
