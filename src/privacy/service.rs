//! Erasing a person's account; and below: giving them all that is held about them.

mod export;

use std::collections::BTreeSet;

use entity::account;
use uuid::Uuid;

pub use export::{Exported, export};

use super::{rules, store};
use crate::app::{App, UseCase};
use crate::auth::{Actor, person};
use crate::error::{Error, Result};
use crate::{accounts, claims, identities, members, notifications, organisations};

/// Erases the account of the signed-in person, who says its address once more.
///
/// # Errors
/// When nobody is signed in, they did not prove anew who they are, the address is another, nobody else runs the platform, or an
/// organisation with other members would be left without an owner.
pub async fn erase(app: &App, actor: &Actor, email: &str) -> Result<account::Model> {
    let id = person(actor)?;
    let mut case = app.begin(actor).await?;
    actor.stepped_up(case.now)?;
    // Organisations are held before accounts.
    let held = store::touched(&*case, id).await?;
    let mut rows = Vec::with_capacity(held.len());
    for organisation in &held {
        rows.push(organisations::service::required(&case, actor, "", *organisation).await?);
    }
    let account = accounts::service::stepped_up_person(&case).await?;
    rules::is_meant(&account, email)?;
    still_all(&case, id, &held).await?;
    members::service::erase(&mut case, &account).await?;
    claims::service::erase(&mut case, id).await?;
    for row in rows {
        organisations::service::strike_contact(&mut case, row, &account.email_key).await?;
    }
    identities::service::erase(&case, id).await?;
    notifications::store::remove_of_account(&*case, id).await?;
    let erased = accounts::service::erase(&mut case, account).await?;
    case.commit().await?;
    Ok(erased)
}

/// That the person came to no further organisation before their account was held; from then on they cannot.
async fn still_all(case: &UseCase<'_>, account: Uuid, held: &BTreeSet<Uuid>) -> Result<()> {
    if store::touched(&**case, account).await?.is_subset(held) { Ok(()) } else { Err(Error::busy()) }
}
