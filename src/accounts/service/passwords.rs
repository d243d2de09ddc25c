//! Confirming an address, and changing a password that is known or forgotten.

use entity::account;
use entity::link::Purpose;
use uuid::Uuid;

use super::brake::{self, Braked};
use super::{count_place, factor, find, links, save};
use crate::accounts::{rules, store};
use crate::app::App;
use crate::auth::{Actor, password, person};
use crate::error::{Error, Result};
use crate::events::EventKind;
use crate::ids::NodeKind;
use crate::locale::Said;

/// What stands for the account of an address that is nobody's.
const NOBODY: &str = "nobody";

/// Sends the signed-in person another letter to confirm their address, unless it is confirmed already or one went out a moment ago.
///
/// # Errors
/// When nobody is signed in.
pub async fn request_email_confirmation(app: &App, actor: &Actor) -> Result<account::Model> {
    let id = person(actor)?;
    let mut case = app.begin(actor).await?;
    case.touch(NodeKind::Account, id);
    let account = store::account_to_change(&*case, id).await?.ok_or_else(Error::unauthenticated)?;
    if account.email_confirmed_at.is_none() {
        links::ask(&case, Purpose::ConfirmEmail, id).await?;
    }
    case.commit().await?;
    Ok(account)
}

/// Confirms the address to which the token's letter went, for whoever knows the account's password too: else a stranger who
/// signed up with somebody's address would have that person's click vouch for the stranger's account.
///
/// # Errors
/// When the token is none, was used, or its time is over; when the password is wrong; when too many passwords are hashed.
pub async fn confirm_email(app: &App, actor: &Actor, token: &str, given: String) -> Result<account::Model> {
    let known = links::account(app, Purpose::ConfirmEmail, token).await?;
    if !brake::is_right(app, &[Braked::Password(known.id)], given, Some(known.password_hash.clone())).await? {
        return Err(not_of_this_account());
    }
    let mut case = app.begin(actor).await?;
    let mut account = links::take_for_account(&case, Purpose::ConfirmEmail, token).await?;
    if account.password_hash != known.password_hash {
        return Err(not_of_this_account());
    }
    if account.email_confirmed_at.is_none() {
        account.email_confirmed_at = Some(case.now);
        account = save(&mut case, EventKind::EmailConfirmed, account).await?;
    }
    case.commit().await?;
    Ok(account)
}

/// Sends a letter with which a forgotten password is changed, if the address is somebody's and none went out a moment ago. The
/// answer, and what is read and written before it, are the same if it is nobody's: that link leads nowhere, and its letter is not sent.
///
/// # Errors
/// When too much is asked for from one place, by whatever addresses.
pub async fn request_password_reset(app: &App, actor: &Actor, email: &str) -> Result<()> {
    count_place(app, actor).await?;
    let found = find(app, email).await?;
    let subject = found.map_or_else(|| nobody(app, email), |account| account.id);
    let case = app.begin(actor).await?;
    store::account_to_change(&*case, subject).await?;
    links::ask(&case, Purpose::ResetPassword, subject).await?;
    case.commit().await
}

/// The same id each time for the same address, so that asking for it again and again costs as little as for somebody's.
fn nobody(app: &App, email: &str) -> Uuid {
    let bytes = app.keys.derive(NOBODY, rules::sought_key(email).unwrap_or_default().as_bytes());
    bytes.first_chunk().copied().map(Uuid::from_bytes).unwrap_or_default()
}

/// Gives the account of the token's letter a new password and ends all its sign-ins. The address is confirmed thereby; a second
/// factor that was set up before anybody had shown that it is theirs goes.
///
/// # Errors
/// When the token is none, was used, or its time is over; when the password does not fit; when too many passwords are hashed.
pub async fn reset_password(app: &App, actor: &Actor, token: &str, new: String) -> Result<account::Model> {
    // Before a password is hashed, so that a wrong token costs nothing.
    let known = links::account(app, Purpose::ResetPassword, token).await?;
    let password_hash = password::hash(new, &known.email).await?;
    let mut case = app.begin(actor).await?;
    let mut account = links::take_for_account(&case, Purpose::ResetPassword, token).await?;
    if account.email_confirmed_at.is_none() {
        account = factor::remove(&mut case, account).await?;
        account.email_confirmed_at = Some(case.now);
    }
    account.password_hash = password_hash;
    let account = save(&mut case, EventKind::PasswordChanged, account).await?;
    store::revoke_all(&*case, account.id, None, case.now).await?;
    case.commit().await?;
    Ok(account)
}

/// Gives the signed-in person a new password and ends their other sign-ins.
///
/// # Errors
/// When nobody is signed in, the old password is wrong, the new one does not fit, or too many passwords are hashed.
pub async fn change_password(app: &App, actor: &Actor, current: String, new: String) -> Result<account::Model> {
    let id = person(actor)?;
    let known = store::account(app.db.reader(), id).await?.ok_or_else(Error::unauthenticated)?;
    password::fits(&new, &known.email)?;
    if !brake::is_right(app, &[Braked::Password(id)], current, Some(known.password_hash.clone())).await? {
        return Err(wrong("currentPassword"));
    }
    let password_hash = password::hash(new, &known.email).await?;
    let mut case = app.begin(actor).await?;
    let mut account = store::account_to_change(&*case, id).await?.ok_or_else(Error::unauthenticated)?;
    if account.password_hash != known.password_hash {
        // It was changed meanwhile: what was given is the old one no more.
        return Err(wrong("currentPassword"));
    }
    account.password_hash = password_hash;
    let account = save(&mut case, EventKind::PasswordChanged, account).await?;
    store::spend_links(&*case, Purpose::ResetPassword, Some(id), case.now).await?;
    store::revoke_all(&*case, id, actor.session(), case.now).await?;
    case.commit().await?;
    Ok(account)
}

/// A password that is not that of the account whose address is to be confirmed.
fn not_of_this_account() -> Error {
    Error::bad_input(
        "password",
        Said::new("Це не пароль облікового запису з цією адресою.", "This is not the password of the account with this address."),
        Said::new(
            "Введіть пароль, з яким реєструвалися. Якщо ви його не знаєте або реєструвалися не ви, попросіть лист, щоб вибрати новий: він теж підтверджує адресу, і діятиме лише він.",
            "Give the password of the sign-up. If you do not know it, or it was not you who signed up, ask for a letter to choose a new one: it confirms the address too, and no other will hold.",
        ),
    )
}

/// A password that is not the one that holds.
pub(super) fn wrong(field: &str) -> Error {
    Error::bad_input(
        field,
        Said::new("Це не ваш теперішній пароль.", "This is not your present password."),
        Said::new(
            "Перевірте розкладку клавіатури й спробуйте ще раз. Якщо ви входите через провайдера й пароля не маєте, виберіть його: requestPasswordReset.",
            "Check the keyboard layout and try again. If you sign in by a provider and have no password, choose one: requestPasswordReset.",
        ),
    )
}
