//! Who grants, revokes and sees delegations.

use entity::delegation;
use uuid::Uuid;

use crate::auth::{Actor, Role, allow};
use crate::error::Result;
use crate::locale::Said;

/// Who may grant one: an owner of the organisation.
pub(super) fn may_grant(actor: &Actor, organisation: Uuid) -> Result<()> {
    let remedy = Said::new("Доручення дає власник (OWNER) організації.", "A delegation is granted by an OWNER of the organisation.");
    allow(actor, |actor| actor.may(organisation, Role::Owner), remedy)
}

/// Who may end one: an owner of the organisation or of the association, and the administrator.
pub(super) fn may_revoke(actor: &Actor, row: &delegation::Model) -> Result<()> {
    let remedy = Said::new(
        "Доручення завершує власник (OWNER) організації чи асоціації або адміністратор.",
        "A delegation is ended by an OWNER of the organisation or of the association, or by the administrator.",
    );
    let owns = |actor: &Actor| [row.organisation_id, row.association_id].into_iter().any(|side| actor.may(side, Role::Owner));
    allow(actor, |actor| owns(actor) || actor.acts_as_administrator(), remedy)
}

/// Who sees those of an organisation, given by it or to it: its members and those who see everything.
pub(super) fn sees(actor: &Actor, organisation: Uuid) -> bool {
    actor.sees_all() || actor.membership(organisation).is_some()
}
