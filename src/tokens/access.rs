//! Who may make, end and see the tokens of an organisation.

use uuid::Uuid;

use crate::auth::{Actor, Membership, Role, allow};
use crate::error::Result;
use crate::locale::Said;

/// Who may make one: an owner, who still is one by the memberships as they are now.
pub(super) fn may_create(actor: &Actor, organisation: Uuid, now: &[Membership]) -> Result<()> {
    let remedy = Said::new("Токени створює власник (OWNER) організації.", "Tokens are made by an OWNER of the organisation.");
    let still = now.iter().any(|held| held.organisation == organisation && held.roles.contains(&Role::Owner));
    allow(actor, |actor| still && actor.may(organisation, Role::Owner), remedy)
}

/// Who may end one: owners, and the administrator.
pub(super) fn may_revoke(actor: &Actor, organisation: Uuid) -> Result<()> {
    let remedy = Said::new("Токен скасовує власник (OWNER) організації або адміністратор.", "A token is revoked by an OWNER of the organisation, or by the administrator.");
    allow(actor, |actor| actor.may(organisation, Role::Owner) || actor.acts_as_administrator(), remedy)
}

/// Who sees them: owners, and the administrator.
pub(super) fn sees(actor: &Actor, organisation: Uuid) -> bool {
    actor.may(organisation, Role::Owner) || actor.is_administrator()
}
