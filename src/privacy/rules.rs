//! Where personal data is, and what must be right before it is erased.

use entity::account;

use crate::accounts::rules as accounts;
use crate::error::{Error, Result};
use crate::locale::Said;

/// The columns that hold a person's name, their address, or words about them, by table; all that an erasure empties or takes away.
pub const PERSONAL: [(&str, &str); 9] = [
    ("account", "email"),
    ("account", "email_key"),
    ("account", "name"),
    ("claim", "evidence"),
    ("claim", "reason"),
    // What an OpenID provider calls the person.
    ("identity", "subject"),
    ("invitation", "email"),
    ("invitation", "email_key"),
    // Where it is the address of a member.
    ("organisation", "contact_email"),
];

/// That the account which is to be erased is the one that is meant: its address is said once more.
///
/// # Errors
/// When it is another.
pub(super) fn is_meant(account: &account::Model, email: &str) -> Result<()> {
    if accounts::sought_key(email).as_deref() == Some(account.email_key.as_str()) {
        return Ok(());
    }
    Err(Error::bad_input(
        "email",
        Said::new("Це не адреса вашого облікового запису.", "This is not the address of your account."),
        Said::new("Введіть адресу, з якою ви входите: так видно, що вилучення не помилка.", "Give the address that you sign in with: it shows that the erasure is meant."),
    ))
}
