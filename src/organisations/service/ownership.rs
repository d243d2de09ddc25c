//! Whose an organisation is: for whom it is registered, whether somebody speaks for it, and giving it to somebody else.

use entity::organisation::{self, Verification};
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::{Finding, event, found_because, save};
use crate::accounts;
use crate::accounts::service::Ground;
use crate::app::{App, UseCase};
use crate::auth::{Actor, Role, allow, person};
use crate::error::{Code, Error, Result};
use crate::events::EventKind;
use crate::locale::Said;
use crate::tokens;

/// Whose an organisation becomes: the actor's, or when the administrator acts for somebody, theirs. An address that was not
/// confirmed may have been somebody else's to give.
///
/// # Errors
/// When nobody is signed in, the address is nobody's or was not confirmed, or the actor may not act for somebody else.
pub async fn owner_account(app: &App, actor: &Actor, email: Option<String>) -> Result<Uuid> {
    let account = person(actor)?;
    let Some(email) = email else { return Ok(account) };
    let remedy = Said::new("Для когось іншого реєструє лише адміністратор.", "Only the administrator registers for somebody else.");
    allow(actor, Actor::acts_as_administrator, remedy)?;
    let found = accounts::service::find(app, &email).await?.ok_or_else(nobody_there)?;
    if found.email_confirmed_at.is_some() { Ok(found.id) } else { Err(not_confirmed("ownerEmail")) }
}

/// As [`owner_account`], where it is theirs from now on: so the actor confirmed their address too, if it is they.
///
/// # Errors
/// As those; and when the actor did not.
pub(super) async fn founder(app: &App, actor: &Actor, email: Option<String>) -> Result<Uuid> {
    let for_themselves = email.is_none();
    let owner = owner_account(app, actor, email).await?;
    if for_themselves && !is_confirmed(app.db.reader(), owner).await? {
        return Err(accounts::rules::own_address_not_confirmed());
    }
    Ok(owner)
}

/// Whether a person showed that their address is theirs.
async fn is_confirmed(connection: &impl ConnectionTrait, owner: Uuid) -> Result<bool> {
    Ok(accounts::store::account(connection, owner).await?.is_some_and(|account| account.email_confirmed_at.is_some()))
}

/// Nobody has signed up with the address of an owner.
fn nobody_there() -> Error {
    Error::refused(
        Code::NotFound,
        "ownerEmail",
        Said::new("Людини з такою адресою тут немає.", "Nobody with this address is here."),
        Said::new(
            "Нехай майбутній власник спершу зареєструється (signUp) з цією адресою і підтвердить її за посиланням з листа; після цього повторіть.",
            "Let the future owner sign up (signUp) with this address first, and confirm it by the link in the letter; then repeat this.",
        ),
    )
}

/// Whoever signed up with the address of an owner has not shown that it is theirs.
fn not_confirmed(field: &str) -> Error {
    Error::refused(
        Code::InvalidState,
        field,
        Said::new(
            "Адресу майбутнього власника ще не підтверджено: невідомо, чи з нею зареєструвався саме він.",
            "The future owner's address was not confirmed: it may be somebody else who signed up with it.",
        ),
        Said::new(
            "Нехай майбутній власник вибере новий пароль за посиланням із листа (requestPasswordReset), навіть якщо реєструвався не він, або відкриє посилання з листа про реєстрацію і введе свій пароль; після цього повторіть.",
            "Let the future owner choose a new password by a letter (requestPasswordReset), even if it was not they who signed up, or open the link in the letter of the sign-up and give their password; then repeat this.",
        ),
    )
}

/// Nobody speaks for the organisation that the use case holds, or only those whom the association refused.
///
/// # Errors
/// When somebody does.
pub async fn ownerless(case: &UseCase<'_>, field: &str, row: &organisation::Model) -> Result<()> {
    let refused = row.verification == Verification::Rejected;
    if refused || accounts::store::with_members(&**case, vec![row.id]).await?.is_empty() { Ok(()) } else { Err(owned(field)) }
}

fn owned(field: &str) -> Error {
    Error::refused(
        Code::AlreadyExists,
        field,
        Said::new("Ця організація вже має власника.", "This organisation has an owner already."),
        Said::new("Попросіть її власника додати вас.", "Ask its owner to add you."),
    )
}

/// Gives an organisation that the use case holds to an owner and signer who was checked together with it, and who showed that
/// their address is theirs. Those whom the association refused are its members no longer, and their API tokens are worth nothing.
///
/// # Errors
/// When the new owner's address was not confirmed.
pub async fn hand_over(case: &mut UseCase<'_>, row: organisation::Model, owner: Uuid) -> Result<organisation::Model> {
    if !is_confirmed(&**case, owner).await? {
        return Err(not_confirmed("id"));
    }
    let detail = json!({ "finding": Finding::Verified.as_str(), "ground": Ground::Claim.as_str() });
    let row = found_because(case, row, Finding::Verified, detail).await?;
    accounts::service::revoke_all(case, row.id).await?;
    tokens::service::revoke_all(case, row.id).await?;
    accounts::service::grant(case, owner, row.id, &[Role::Owner, Role::Signer], Ground::Claim).await?;
    Ok(row)
}

/// Takes a person's address out of an organisation that the use case holds, where it is how the organisation is reached.
///
/// # Errors
/// When the database refuses.
pub async fn strike_contact(case: &mut UseCase<'_>, mut row: organisation::Model, email_key: &str) -> Result<()> {
    if row.contact_email.as_deref().is_some_and(|address| accounts::rules::email_key(address) == email_key) {
        row.contact_email = None;
        let row = save(case, row).await?;
        case.record(event(EventKind::OrganisationUpdated, &row));
    }
    Ok(())
}
