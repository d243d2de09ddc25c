//! Who grants, revokes and sees delegations.

use uuid::Uuid;

use crate::auth::{Actor, Role, allow};
use crate::error::Result;
use crate::locale::Said;

/// Who may grant one: an owner of the organisation.
pub(super) fn may_grant(actor: &Actor, organisation: Uuid) -> Result<()> {
    let remedy = Said::new("Доручення дає власник (OWNER) організації.", "A delegation is granted by an OWNER of the organisation.");
    allow(actor, |actor| actor.may(organisation, Role::Owner), remedy)
}

/// Who may revoke one: an owner of the organisation, and the administrator.
pub(super) fn may_revoke(actor: &Actor, organisation: Uuid) -> Result<()> {
    let remedy =
        Said::new("Доручення відкликає власник (OWNER) організації або адміністратор.", "A delegation is revoked by an OWNER of the organisation, or by the administrator.");
    allow(actor, |actor| actor.may(organisation, Role::Owner) || actor.acts_as_administrator(), remedy)
}

/// Who sees those of an organisation, given by it or to it: its members and those who see everything.
pub(super) fn sees(actor: &Actor, organisation: Uuid) -> bool {
    actor.sees_all() || actor.membership(organisation).is_some()
}
