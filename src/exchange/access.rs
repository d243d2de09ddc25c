//! Who may import.

use crate::auth::{Actor, allow};
use crate::error::Result;
use crate::locale::Said;

/// Who may record what registers say: the administrator.
pub(super) fn may_import(actor: &Actor) -> Result<()> {
    allow(actor, Actor::acts_as_administrator, Said::new("Імпортує лише адміністратор.", "Only an administrator imports."))
}
