//! Who adds, removes and sees the files of an organisation.

use uuid::Uuid;

use crate::auth::{Actor, Role, allow};
use crate::error::Result;
use crate::locale::Said;

/// Who may add or remove files: its members but viewers, also before it was verified.
pub(super) fn may_change(actor: &Actor, organisation: Uuid) -> Result<()> {
    let remedy = Said::new("Файли додає редактор (EDITOR) організації.", "Files are added by an EDITOR of the organisation.");
    allow(actor, |actor| actor.may(organisation, Role::Editor), remedy)
}

/// Who opens the files of an organisation: its members and those who see everything, for whom this asks for their second factor.
pub(super) fn may_open(actor: &Actor, organisation: Uuid) -> Result<()> {
    let remedy = Said::new("Файли відкривають члени організації та асоціація.", "Files are opened by members of the organisation and the association.");
    allow(actor, |actor| actor.sees_people() || actor.membership(organisation).is_some(), remedy)
}

/// Who sees which files an organisation has: its members and those who see everything.
pub(super) fn sees(actor: &Actor, organisation: Uuid) -> bool {
    actor.sees_all() || actor.membership(organisation).is_some()
}
