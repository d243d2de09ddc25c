//! Who may hear of a business's matches as they are found.

use uuid::Uuid;

use crate::auth::{Actor, allow};
use crate::error::Result;
use crate::locale::Said;

/// Who may follow what is found for a business: its members and those who see everything. What suits it now everybody may ask.
///
/// # Errors
/// When the actor is none of them.
pub(super) fn may_follow(actor: &Actor, business: Uuid) -> Result<()> {
    let remedy = Said::new(
        "Увійдіть як член цього підприємства; що йому підходить зараз, показує organisation.matches.",
        "Sign in as a member of this business; organisation.matches shows what suits it now.",
    );
    allow(actor, |actor| actor.sees_all() || actor.membership(business).is_some(), remedy)
}
