//! Who asks for a verification, and who decides.

use entity::membership;
use uuid::Uuid;

use crate::auth::{Actor, Role, allow};
use crate::error::Result;
use crate::locale::Said;

/// Who may ask: owners of the organisation.
pub(super) fn may_request(actor: &Actor, organisation: Uuid) -> Result<()> {
    let remedy = Said::new("Про перевірку просить власник (OWNER) організації.", "A verification is requested by an OWNER of the organisation.");
    allow(actor, |actor| actor.may(organisation, Role::Owner), remedy)
}

/// Who may decide at all: the association and the administrator.
pub(super) fn may_decide(actor: &Actor) -> Result<()> {
    let remedy = Said::new("Організації перевіряє асоціація.", "Organisations are checked by the association.");
    allow(actor, |actor| actor.acts_for_association() || actor.acts_as_administrator(), remedy)
}

/// Who may decide on this one: nobody on an organisation of which they are a member, also while they act for another.
pub(super) fn may_decide_on(actor: &Actor, team: &[membership::Model]) -> Result<()> {
    let remedy = Said::new(
        "Вашу власну організацію перевіряє хтось інший: людина з асоціації або адміністратор.",
        "Your own organisation is checked by somebody else: a person of the association, or an administrator.",
    );
    allow(actor, |actor| !team.iter().any(|row| Some(row.account_id) == actor.account()), remedy)
}

/// Who sees the requests of an organisation: its members and those who see everything.
pub(super) fn sees(actor: &Actor, organisation: Uuid) -> bool {
    actor.sees_all() || actor.membership(organisation).is_some()
}
