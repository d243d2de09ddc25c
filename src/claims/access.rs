//! Who may claim an organisation, who decides, and who sees it.

use entity::claim::{self, State};

use crate::auth::{Actor, allow};
use crate::error::Result;
use crate::locale::Said;

/// Who may decide on claims at all: the association and the administrator, who also check organisations.
pub(super) fn may_decide(actor: &Actor) -> Result<()> {
    let remedy = Said::new("Заявки на організації розглядає асоціація.", "Claims to organisations are decided by the association.");
    allow(actor, |actor| actor.acts_for_association() || actor.acts_as_administrator(), remedy)
}

/// Who may decide on this claim: not the claimant.
pub(super) fn may_decide_on(actor: &Actor, row: &claim::Model) -> Result<()> {
    let remedy = Said::new(
        "Вашу власну заявку розглядає хтось інший: людина з асоціації або адміністратор.",
        "Your own claim is decided by somebody else: a person of the association, or an administrator.",
    );
    allow(actor, |actor| actor.account() != Some(row.account_id), remedy)
}

/// Who sees whose claim it is: the claimant, the administrator, and those who have to decide on it.
pub(super) fn sees_claimant(actor: &Actor, row: &claim::Model) -> bool {
    let decides = row.state == State::Pending && actor.acts_for_association();
    actor.account() == Some(row.account_id) || actor.is_administrator() || decides
}
