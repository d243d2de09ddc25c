//! Who may do what with a call.

use entity::{call, organisation};
use uuid::Uuid;

use crate::auth::{Actor, Membership, Role, allow, allow_verified};
use crate::error::Result;
use crate::locale::Said;
use crate::organisations::rules::owner_municipality;

/// Who may draft, close and withdraw: editors of the project's owner.
pub(super) fn may_draft(actor: &Actor, organisation: Uuid) -> Result<()> {
    allow(
        actor,
        |actor| actor.may(organisation, Role::Editor),
        Said::new("Конкурс готує редактор (EDITOR) власника проєкту.", "A call is drafted by an EDITOR of the project's owner."),
    )
}

/// Who may ask the owner municipality for its consent: those who draft, once the utility was checked, since before that the
/// municipality neither sees the call nor hears of it.
pub(super) fn may_ask_consent(actor: &Actor, organisation: Uuid) -> Result<()> {
    may_draft(actor, organisation)?;
    allow_verified(actor, organisation)
}

/// Who may publish: signers of the project's owner, once it was checked.
pub(super) fn may_publish(actor: &Actor, row: &call::Model) -> Result<()> {
    let remedy = Said::new("Конкурс публікує підписант (SIGNER) власника проєкту.", "A call is published by a SIGNER of the project's owner.");
    allow(actor, |actor| actor.may(row.organisation_id, Role::Signer), remedy)?;
    allow_verified(actor, row.organisation_id)
}

/// Who may consent to a utility's call: signers of the municipality that owns it, once that was checked.
pub(super) fn may_consent(actor: &Actor, caller: &organisation::Model) -> Result<()> {
    let owner = owner_municipality(caller);
    let allowed = |actor: &Actor| owner.is_some_and(|owner| actor.may(owner, Role::Signer) && actor.membership(owner).is_some_and(Membership::is_verified));
    allow(actor, allowed, Said::new("Згоду дає підписант (SIGNER) громади-власника.", "Consent is given by a SIGNER of the owner municipality."))
}
