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

/// Who sees the files of an organisation: its members and those who see everything.
pub(super) fn sees(actor: &Actor, organisation: Uuid) -> bool {
    actor.sees_all() || actor.membership(organisation).is_some()
}
