//! Who may see and do what with a need.

use entity::organisation::Kind;
use entity::{need, organisation};
use uuid::Uuid;

use super::rules;
use crate::auth::{Actor, Role, allow, allow_verified};
use crate::error::Result;
use crate::locale::Said;
use crate::organisations::rules::owner_municipality;

/// Who may draft a need for an organisation: its editors, and an association to which it delegated that.
pub(super) fn may_create(actor: &Actor, organisation: Uuid) -> Result<()> {
    allow(
        actor,
        |actor| actor.edits_for(organisation),
        Said::new(
            "Потреби створює редактор (EDITOR) громади чи підприємства; асоціація – коли їй дали доручення (grantDelegation).",
            "Needs are drafted by an EDITOR of the municipality or utility; by the association where it was given a delegation (grantDelegation).",
        ),
    )
}

/// Who may edit and withdraw: those who may draft.
pub(super) fn may_edit(actor: &Actor, row: &need::Model) -> Result<()> {
    may_create(actor, row.organisation_id)
}

/// Who may submit: those who may draft, once their organisation was checked.
pub(super) fn may_submit(actor: &Actor, row: &need::Model) -> Result<()> {
    may_edit(actor, row)?;
    allow_verified(actor, row.organisation_id)
}

/// Who may verify or return: the association.
pub(super) fn may_judge(actor: &Actor) -> Result<()> {
    allow(actor, Actor::acts_for_association, Said::new("Потреби перевіряє асоціація.", "Needs are verified by the association."))
}

/// Who may prioritise: an editor of the municipality of its territory.
pub(super) fn may_prioritise(actor: &Actor, row: &need::Model) -> Result<()> {
    let municipality = |actor: &Actor| {
        actor.memberships.iter().any(|held| {
            held.kind == Kind::Municipality
                && held.roles.iter().any(|role| role.covers(Role::Editor))
                && (held.organisation == row.organisation_id
                    || (held.is_verified() && held.territory.as_deref().is_some_and(|seat| crate::reference::codes::within(&row.territory, seat))))
        })
    };
    allow(actor, municipality, Said::new("Пріоритет визначає громада цієї території.", "Needs are prioritised by the municipality of their territory."))
}

/// Who may have a need adopted by a project of `adopter`, which they may change: its owner itself, the municipality that owns the utility
/// whose need it is, and the editors of the need's owner. A delegation disposes of needs for projects of the same organisation alone.
pub(super) fn may_adopt(actor: &Actor, owner: &organisation::Model, adopter: Uuid) -> Result<()> {
    let theirs = |actor: &Actor| owner.id == adopter || owner_municipality(owner) == Some(adopter) || actor.may(owner.id, Role::Editor);
    allow(
        actor,
        theirs,
        Said::new(
            "Це потреба іншої організації: попросіть її редактора (EDITOR). За дорученням потребу беруть лише в проєкт тієї самої організації.",
            "That need is another organisation's: ask its EDITOR. A delegation has a need adopted only by a project of the same organisation.",
        ),
    )
}

/// Whether they see a need: what `store::visible_to` asks of the database, of a row that was read for another reason.
pub(super) fn sees(actor: &Actor, row: &need::Model) -> bool {
    rules::is_public(row.state) || actor.sees_all() || actor.membership(row.organisation_id).is_some()
}

/// Whether they see the exact place of critical infrastructure.
pub(super) fn sees_exact_place(actor: &Actor, row: &need::Model) -> bool {
    !row.critical || actor.sees_all() || actor.membership(row.organisation_id).is_some()
}
