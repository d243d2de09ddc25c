//! Who may do what with a project.

use entity::need;
use entity::project::{self, State};
use uuid::Uuid;

use crate::auth::{Actor, allow, allow_verified};
use crate::error::Result;
use crate::locale::Said;

/// Who may set up, edit and advance a project: editors of its owner, and an association to which it delegated that.
pub(super) fn may_edit(actor: &Actor, organisation: Uuid) -> Result<()> {
    let remedy = Said::new(
        "Проєкт веде редактор (EDITOR) його власника; асоціація – коли їй дали доручення (grantDelegation).",
        "A project is run by an EDITOR of its owner; by the association where it was given a delegation (grantDelegation).",
    );
    allow(actor, |actor| actor.edits_for(organisation), remedy)
}

/// Who may define a project, which makes it public: those who may edit it, once its owner was checked.
pub(super) fn may_define(actor: &Actor, organisation: Uuid) -> Result<()> {
    may_edit(actor, organisation)?;
    allow_verified(actor, organisation)
}

/// Who may move a project back: the association.
pub(super) fn may_move_back(actor: &Actor) -> Result<()> {
    allow(actor, Actor::acts_for_association, Said::new("Назад проєкт повертає лише асоціація.", "Only the association moves a project back."))
}

/// Whether an actor sees exactly where a project is, given the needs that it answers. Those of a cancelled one are another
/// project's by now, so that nobody can tell whether they were critical.
pub(super) fn sees_exact_place(actor: &Actor, row: &project::Model, answered: &[need::Model]) -> bool {
    let harmless = row.state != State::Cancelled && !answered.iter().any(|need| need.critical);
    harmless || actor.sees_all() || actor.membership(row.organisation_id).is_some()
}
