//! Roles and states of invitations: what they must be, and what people call them.

use chrono::{DateTime, Utc};
use entity::invitation::State;

use crate::auth::Role;
use crate::error::{Code, Error, Result};
use crate::locale::{Locale, Said, Translations};
use crate::text;

/// There are so many roles.
const ROLES: usize = 4;
/// Most organisations that a refusal names.
const MOST_NAMED: usize = 5;
/// Most pending invitations of one organisation.
const MOST_PENDING: u64 = 1_000;

/// Takes the roles of a member: one or more, the weightiest first.
///
/// # Errors
/// When there is none, or there are more than there can be.
pub(super) fn roles(given: &[Role]) -> Result<Vec<Role>> {
    text::at_most("roles", given.len(), ROLES)?;
    if given.is_empty() {
        return Err(Error::bad_input(
            "roles",
            Said::new("Не названо жодної ролі.", "No role is named."),
            Said::new("Дайте одну чи кілька: OWNER, EDITOR, SIGNER, VIEWER.", "Give one or more: OWNER, EDITOR, SIGNER, VIEWER."),
        ));
    }
    let mut roles = given.to_vec();
    roles.sort_unstable_by(|left, right| right.cmp(left));
    roles.dedup();
    Ok(roles)
}

/// What people call roles, one after another.
#[must_use]
pub fn said_roles(roles: &[Role]) -> Said {
    let (uk, en): (Vec<&str>, Vec<&str>) = roles
        .iter()
        .map(|role| match role {
            Role::Owner => ("власник", "owner"),
            Role::Signer => ("підписант", "signer"),
            Role::Editor => ("редактор", "editor"),
            Role::Viewer => ("читач", "viewer"),
        })
        .unzip();
    Said::new(uk.join(", "), en.join(", "))
}

/// What people call a state.
fn said(state: State) -> Said {
    let (uk, en) = match state {
        State::Pending => ("чекає на відповідь", "pending"),
        State::Accepted => ("прийнято", "accepted"),
        State::Declined => ("відхилено", "declined"),
        State::Revoked => ("відкликано", "revoked"),
        State::Expired => ("строк минув", "expired"),
    };
    Said::coded(uk, en, state.as_str())
}

/// Where an invitation stands at a moment: its time may be over before that is written down.
pub(super) fn standing(state: State, expires_at: DateTime<Utc>, now: DateTime<Utc>) -> State {
    if state == State::Pending && expires_at <= now { State::Expired } else { state }
}

/// Only a pending invitation is answered or taken back.
///
/// # Errors
/// When it stands otherwise.
pub(super) fn is_pending(state: State) -> Result<()> {
    if state == State::Pending { Ok(()) } else { Err(Error::not_now(("Запрошення", "The invitation"), state, &[State::Pending], said)) }
}

/// One more invitation fits beside so many that are pending.
///
/// # Errors
/// When there are as many as one organisation may have.
pub(super) fn one_more(pending: u64) -> Result<()> {
    if pending < MOST_PENDING {
        return Ok(());
    }
    Err(Error::bad_input(
        "organisationId",
        Said::new(
            format!("Запрошень цієї організації, що чекають на відповідь, уже {pending}, найбільше можна {MOST_PENDING}."),
            format!("This organisation has {pending} pending invitations; at most {MOST_PENDING} are taken."),
        ),
        Said::new("Відкличте зайві (revokeInvitation) або зачекайте на відповіді.", "Take some back (revokeInvitation), or wait for answers."),
    ))
}

/// Somebody stays who can give the others their roles.
///
/// # Errors
/// When no owner is left.
pub(super) fn an_owner_stays(field: &str, owners_left: usize) -> Result<()> {
    if owners_left > 0 {
        return Ok(());
    }
    Err(Error::refused(
        Code::InvalidState,
        field,
        Said::new("Це останній власник (OWNER) організації.", "This is the last OWNER of the organisation."),
        Said::new("Спершу зробіть власником когось іншого (changeMemberRoles або inviteMember).", "First make somebody else an owner (changeMemberRoles or inviteMember)."),
    ))
}

/// A person whose account is to be erased is nowhere the only owner among others; these are the organisations where they are.
///
/// # Errors
/// When there is one.
pub(super) fn all_keep_an_owner(left_alone: &[Translations]) -> Result<()> {
    if left_alone.is_empty() {
        return Ok(());
    }
    let listed = |locale: Locale| left_alone.iter().take(MOST_NAMED).map(|names| names.in_locale(locale)).collect::<Vec<_>>().join(", ");
    let (uk, en, count) = (listed(Locale::Uk), listed(Locale::En), left_alone.len());
    Err(Error::invalid_state(
        Said::new(
            format!("Без вас організації ({count}) лишаться з членами, але без власника: {uk}."),
            format!("Without you, organisations ({count}) would have members and no owner: {en}."),
        ),
        Said::new(
            "Зробіть власником когось іншого (changeMemberRoles або inviteMember) чи виведіть решту членів (removeMember); після цього повторіть.",
            "Make somebody else an owner (changeMemberRoles or inviteMember), or remove the other members (removeMember); then repeat this.",
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::{MOST_PENDING, one_more, roles};
    use crate::auth::Role;

    #[test]
    fn roles_are_one_or_more_each_once_in_one_order() {
        assert_eq!(roles(&[Role::Viewer, Role::Owner, Role::Signer, Role::Owner]).expect("roles"), [Role::Owner, Role::Signer, Role::Viewer]);
        assert!(roles(&[]).is_err() && roles(&[Role::Viewer; 5]).is_err());
    }

    #[test]
    fn pending_invitations_are_bounded() {
        assert!(one_more(MOST_PENDING - 1).is_ok() && one_more(MOST_PENDING).is_err());
    }
}
