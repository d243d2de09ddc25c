//! Who may set up and change a programme.

use uuid::Uuid;

use crate::auth::{Actor, Role, allow};
use crate::error::Result;
use crate::locale::Said;

/// Owners of the donor that funds it, and the administrator.
pub(super) fn may_manage(actor: &Actor, funder: Uuid) -> Result<()> {
    let allowed = |actor: &Actor| actor.acts_as_administrator() || actor.may(funder, Role::Owner);
    allow(
        actor,
        allowed,
        Said::new("Програму веде власник (OWNER) організації-донора або адміністратор.", "A programme is managed by an OWNER of its donor, or by the administrator."),
    )
}
