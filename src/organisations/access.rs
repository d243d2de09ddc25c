//! Who may do what with an organisation.

use entity::organisation::Kind;
use uuid::Uuid;

use crate::auth::{Actor, Role, allow, person};
use crate::error::Result;
use crate::locale::Said;

/// Who may register an organisation of a kind: anybody signed in, but those that watch over programmes are registered by the administrator.
///
/// # Errors
/// When nobody is signed in, or the kind is one of those.
pub(super) fn may_register(actor: &Actor, kind: Kind) -> Result<()> {
    person(actor)?;
    let remedy = Said::new(
        "Асоціації, донорів і виконавців програм реєструє адміністратор; зверніться до нього.",
        "Associations, donors and implementing agencies are registered by the administrator; ask them.",
    );
    let watches = matches!(kind, Kind::Association | Kind::Donor | Kind::ImplementingAgency);
    allow(actor, |actor| !watches || actor.acts_as_administrator(), remedy)
}

/// Who may change what an organisation says of itself: its owners.
pub(super) fn may_edit_profile(actor: &Actor, organisation: Uuid) -> Result<()> {
    let remedy = Said::new("Попросіть власника (OWNER) організації.", "Ask an OWNER of the organisation.");
    allow(actor, |actor| actor.may(organisation, Role::Owner), remedy)
}

/// Who may add a past work or take it back: owners and editors.
pub(super) fn may_edit_past_works(actor: &Actor, organisation: Uuid) -> Result<()> {
    let remedy = Said::new("Попросіть редактора (EDITOR) організації.", "Ask an EDITOR of the organisation.");
    allow(actor, |actor| actor.may(organisation, Role::Editor), remedy)
}

/// Who may see how to reach an organisation: its members and those who see everything, with their second factor.
pub(super) fn sees_contacts(actor: &Actor, organisation: Uuid) -> bool {
    actor.sees_people() || actor.membership(organisation).is_some()
}
