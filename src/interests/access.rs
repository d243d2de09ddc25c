//! Who may do what with an interest.

use entity::interest;
use entity::organisation::{self, Kind};
use uuid::Uuid;

use crate::auth::{Actor, Role, allow, allow_verified};
use crate::error::{Error, Result};
use crate::locale::Said;

/// Who may draft an interest: editors of a business.
pub(super) fn may_draft(actor: &Actor, business: &organisation::Model) -> Result<()> {
    may_act(actor, business.id)?;
    if business.kind == Kind::Business {
        return Ok(());
    }
    Err(Error::forbidden(Said::new("На конкурс відгукується бізнес.", "Interest is expressed by a business.")))
}

/// Who may hand an interest in: editors of the business, once it was checked.
pub(super) fn may_submit(actor: &Actor, business: Uuid) -> Result<()> {
    may_act(actor, business)?;
    allow_verified(actor, business)
}

/// Who may edit and withdraw: editors of the business.
pub(super) fn may_act(actor: &Actor, business: Uuid) -> Result<()> {
    allow(actor, |actor| actor.may(business, Role::Editor), Said::new("Відгук подає редактор (EDITOR) бізнесу.", "An interest is handed in by an EDITOR of the business."))
}

/// Who may answer: editors of the caller.
pub(super) fn may_answer(actor: &Actor, row: &interest::Model) -> Result<()> {
    let remedy = Said::new("На відгук відповідає редактор (EDITOR) організатора конкурсу.", "An interest is answered by an EDITOR of the calling organisation.");
    allow(actor, |actor| actor.may(row.caller_id, Role::Editor), remedy)
}
