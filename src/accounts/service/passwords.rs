//! Confirming an address, and changing a password that is known or forgotten.

use entity::account;
use entity::link::Purpose;

use super::{find, links, save};
use crate::accounts::store;
use crate::app::App;
use crate::auth::{Actor, password, person};
use crate::error::{Error, Result};
use crate::events::EventKind;
use crate::locale::Said;

/// Sends the signed-in person another letter to confirm their address, unless it is confirmed already.
///
/// # Errors
/// When nobody is signed in.
pub async fn request_email_confirmation(app: &App, actor: &Actor) -> Result<account::Model> {
    let id = person(actor)?;
    let case = app.begin(actor).await?;
    let account = store::account_to_change(&*case, id).await?.ok_or_else(Error::unauthenticated)?;
    if account.email_confirmed_at.is_none() {
        links::write(&case, Purpose::ConfirmEmail, Some(id)).await?;
    }
    case.commit().await?;
    Ok(account)
}

/// Confirms the address to which the token's letter went.
///
/// # Errors
/// When the token is none, was used, or its time is over.
pub async fn confirm_email(app: &App, actor: &Actor, token: &str) -> Result<account::Model> {
    let mut case = app.begin(actor).await?;
    let link = links::take(&case, Purpose::ConfirmEmail, token).await?;
    let mut account = store::account_to_change(&*case, link.subject_id.unwrap_or_default()).await?.ok_or_else(|| Error::not_found("token"))?;
    if account.email_confirmed_at.is_none() {
        account.email_confirmed_at = Some(case.now);
        account = save(&mut case, EventKind::EmailConfirmed, account).await?;
    }
    case.commit().await?;
    Ok(account)
}

/// Sends a letter with which a forgotten password is changed, if the address is somebody's. The answer, and what is written
/// before it, are the same if it is nobody's: that link leads nowhere, and its letter is not sent.
///
/// # Errors
/// When the database refuses.
pub async fn request_password_reset(app: &App, actor: &Actor, email: &str) -> Result<()> {
    let found = find(app, email).await?;
    let case = app.begin(actor).await?;
    links::write(&case, Purpose::ResetPassword, found.map(|account| account.id)).await?;
    case.commit().await
}

/// Gives the account of the token's letter a new password and ends all its sign-ins. The address is confirmed thereby.
///
/// # Errors
/// When the token is none, was used, or its time is over; when the password is too short; when too many passwords are hashed.
pub async fn reset_password(app: &App, actor: &Actor, token: &str, new: String) -> Result<account::Model> {
    // Before a password is hashed, so that a wrong token costs nothing.
    links::is_good(app, Purpose::ResetPassword, token).await?;
    let password_hash = password::hash(new).await?;
    let mut case = app.begin(actor).await?;
    let link = links::take(&case, Purpose::ResetPassword, token).await?;
    let mut account = store::account_to_change(&*case, link.subject_id.unwrap_or_default()).await?.ok_or_else(|| Error::not_found("token"))?;
    account.password_hash = password_hash;
    account.email_confirmed_at = account.email_confirmed_at.or(Some(case.now));
    let account = save(&mut case, EventKind::PasswordChanged, account).await?;
    store::revoke_all(&*case, account.id, None, case.now).await?;
    case.commit().await?;
    Ok(account)
}

/// Gives the signed-in person a new password and ends their other sign-ins.
///
/// # Errors
/// When nobody is signed in, the old password is wrong, the new one too short, or too many passwords are hashed.
pub async fn change_password(app: &App, actor: &Actor, current: String, new: String) -> Result<account::Model> {
    let id = person(actor)?;
    password::fits(&new)?;
    let known = store::account(app.db.reader(), id).await?.ok_or_else(Error::unauthenticated)?;
    if !password::verify(current, Some(known.password_hash.clone())).await? {
        return Err(wrong("currentPassword"));
    }
    let password_hash = password::hash(new).await?;
    let mut case = app.begin(actor).await?;
    let mut account = store::account_to_change(&*case, id).await?.ok_or_else(Error::unauthenticated)?;
    if account.password_hash != known.password_hash {
        // It was changed meanwhile: what was given is the old one no more.
        return Err(wrong("currentPassword"));
    }
    account.password_hash = password_hash;
    let account = save(&mut case, EventKind::PasswordChanged, account).await?;
    store::revoke_all(&*case, id, actor.session(), case.now).await?;
    store::spend_links(&*case, Purpose::ResetPassword, Some(id), case.now).await?;
    case.commit().await?;
    Ok(account)
}

/// A password that is not the one that holds.
pub(super) fn wrong(field: &str) -> Error {
    Error::bad_input(
        field,
        Said::new("Це не ваш теперішній пароль.", "This is not your present password."),
        Said::new("Перевірте розкладку клавіатури й спробуйте ще раз.", "Check the keyboard layout and try again."),
    )
}
