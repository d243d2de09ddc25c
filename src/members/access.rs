//! Who manages members, who answers an invitation, and who sees either.

use entity::{account, invitation, membership};
use uuid::Uuid;

use crate::auth::{Actor, Role, allow, shown};
use crate::error::{Error, Result};
use crate::locale::Said;

/// Who may invite, change and remove members: an owner, who still is one among the members as they are now.
pub(super) fn may_manage(actor: &Actor, organisation: Uuid, team: &[membership::Model]) -> Result<()> {
    let remedy = Said::new("Членами керує власник (OWNER) організації; попросіть його.", "Members are managed by an OWNER of the organisation; ask them.");
    let still = team.iter().any(|row| Some(row.account_id) == actor.account() && is_owner(row));
    allow(actor, |actor| actor.may(organisation, Role::Owner) && still, remedy)
}

/// Whether roles are given of what binds the organisation, or passes it on: only who proved anew who they are gives those. Roles that
/// a member holds already are not given.
pub(super) fn gives_what_binds(roles: &[Role], held: &[Role]) -> bool {
    roles.iter().any(|role| matches!(role, Role::Owner | Role::Signer) && !held.contains(role))
}

/// Who may answer an invitation: the person whose confirmed address was invited.
pub(super) fn may_answer(account: Option<&account::Model>, row: &invitation::Model) -> Result<()> {
    if account.is_some_and(|account| account.email_key == row.email_key && account.email_confirmed_at.is_some()) {
        return Ok(());
    }
    Err(Error::forbidden(Said::new(
        "На запрошення відповідає лише запрошена людина: за посиланням із листа або ввійшовши з цією адресою.",
        "Only the invited person answers an invitation: by the link of the letter, or signed in with this address.",
    )))
}

/// Who may leave: a member, in the name of the organisation that they leave or in no particular one.
pub(super) fn own<'a>(actor: &Actor, organisation: Uuid, team: &'a [membership::Model]) -> Result<&'a membership::Model> {
    let own = team.iter().find(|row| Some(row.account_id) == actor.account()).filter(|_| actor.membership(organisation).is_some());
    own.ok_or_else(|| Error::forbidden(Said::new("Вийти може лише член цієї організації.", "Only a member of this organisation can leave it.")))
}

/// Who sees the members of an organisation: they themselves and those who see everything, for whom this asks for their second factor.
pub(super) fn sees_members(actor: &Actor, organisation: Uuid) -> Result<bool> {
    shown(actor, |actor| actor.sees_people() || actor.membership(organisation).is_some())
}

/// Who sees the invitations of an organisation: its owners and those who see everything, with their second factor.
pub(super) fn sees_invitations(actor: &Actor, organisation: Uuid) -> Result<bool> {
    shown(actor, |actor| actor.sees_people() || actor.may(organisation, Role::Owner))
}

/// Whether a member is an owner.
pub(super) fn is_owner(row: &membership::Model) -> bool {
    Role::of(&row.roles).contains(&Role::Owner)
}
