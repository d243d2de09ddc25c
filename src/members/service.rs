//! What becomes of members; and below: invitations, and leaving everywhere at once.

mod departure;
mod invitations;

pub use departure::erase;
pub use invitations::{
    Answer, Invite, Invited, Standing, answer, answer_by_link, answer_given, expire_due, invite, invited, revoke_invitation, revoke_invitations, send_invitation, standing,
};

use entity::{membership, organisation};
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{access, rules, store};
use crate::accounts;
use crate::accounts::service as people;
use crate::app::{App, UseCase};
use crate::auth::{Actor, Role, signed_in};
use crate::db::expect_version;
use crate::error::{Code, Error, Result};
use crate::events::EventKind;
use crate::locale::{Said, Translations};
use crate::organisations::service as organisations;

/// Gives a member other roles.
///
/// # Errors
/// When the caller is no owner, no role is named, they make an owner or signer and did not prove anew who they are, the last owner would be
/// one no more, or the version is stale.
pub async fn change_roles(app: &App, actor: &Actor, id: Uuid, expected_version: i32, roles: &[Role]) -> Result<membership::Model> {
    let mut case = app.begin(actor).await?;
    let (team, row) = managed(&case, actor, id, expected_version).await?;
    let roles = rules::roles(roles)?;
    if access::gives_what_binds(&roles, &Role::of(&row.roles)) {
        people::stepped_up_by_now(&case).await?;
    }
    if !roles.contains(&Role::Owner) {
        rules::an_owner_stays("roles", owners_beside(&team, &row))?;
        close_doors(&mut case, &row).await?;
    }
    let change = membership::ActiveModel { id: Set(row.id), roles: Set(Role::codes(&roles)), updated_at: Set(case.now), version: Set(row.version + 1), ..Default::default() };
    let made = change.update(&*case).await?;
    case.record(people::membership_event(EventKind::MembershipChanged, &made));
    case.commit().await?;
    Ok(made)
}

/// Ends a membership: at the person's next call it is over.
///
/// # Errors
/// When the caller is no owner, the last owner would go, or the version is stale.
pub async fn remove(app: &App, actor: &Actor, id: Uuid, expected_version: i32) -> Result<membership::Model> {
    let mut case = app.begin(actor).await?;
    let (team, row) = managed(&case, actor, id, expected_version).await?;
    rules::an_owner_stays("id", owners_beside(&team, &row))?;
    close_doors(&mut case, &row).await?;
    let ended = people::revoke(&mut case, row).await?;
    case.commit().await?;
    Ok(ended)
}

/// Ends the caller's own membership.
///
/// # Errors
/// When they are no member, are the last owner, or the version is stale.
pub async fn leave(app: &App, actor: &Actor, organisation: Uuid, expected_version: i32) -> Result<membership::Model> {
    signed_in(actor)?;
    let mut case = app.begin(actor).await?;
    let organisation = organisations::required(&case, actor, "organisationId", organisation).await?.id;
    let team = accounts::store::members(&*case, organisation).await?;
    let own = access::own(actor, organisation, &team)?;
    expect_version(expected_version, own.version)?;
    rules::an_owner_stays("organisationId", owners_beside(&team, own))?;
    close_doors(&mut case, own).await?;
    let ended = people::revoke(&mut case, own.clone()).await?;
    case.commit().await?;
    Ok(ended)
}

/// Takes back what an owner may have left behind who is one no more: pending invitations that would make an owner or a signer. Those who stay
/// invite anew whom they want.
async fn close_doors(case: &mut UseCase<'_>, member: &membership::Model) -> Result<()> {
    if access::is_owner(member) {
        invitations::revoke_binding(case, member.organisation_id).await?;
    }
    Ok(())
}

/// Whether an actor may know the members of an organisation.
///
/// # Errors
/// When they may with a second factor.
pub fn shows_members(actor: &Actor, organisation: Uuid) -> Result<bool> {
    access::sees_members(actor, organisation)
}

/// Whether an actor may know the invitations of an organisation.
///
/// # Errors
/// When they may with a second factor.
pub fn shows_invitations(actor: &Actor, organisation: Uuid) -> Result<bool> {
    access::sees_invitations(actor, organisation)
}

/// A member whom the actor manages, as they are now that their organisation is held, among all its members.
async fn managed(case: &UseCase<'_>, actor: &Actor, id: Uuid, expected_version: i32) -> Result<(Vec<membership::Model>, membership::Model)> {
    signed_in(actor)?;
    let found = store::by_ids(&**case, actor, vec![id]).await?.pop().ok_or_else(|| Error::not_found("id"))?;
    let organisation = organisations::required(case, actor, "id", found.organisation_id).await?.id;
    let team = accounts::store::members(&**case, organisation).await?;
    access::may_manage(actor, organisation, &team)?;
    let row = team.iter().find(|row| row.id == id).cloned().ok_or_else(|| Error::not_found("id"))?;
    expect_version(expected_version, row.version)?;
    Ok((team, row))
}

/// How many owners there are beside a member.
fn owners_beside(team: &[membership::Model], member: &membership::Model) -> usize {
    team.iter().filter(|row| row.id != member.id && access::is_owner(row)).count()
}

fn is_in(team: &[membership::Model], account: Uuid) -> bool {
    team.iter().any(|row| row.account_id == account)
}

fn names(row: organisation::Model) -> Translations {
    Translations { uk: row.name_uk, en: row.name_en }
}

fn member_already(field: &str) -> Error {
    Error::refused(
        Code::AlreadyExists,
        field,
        Said::new("Ця людина вже є членом організації.", "This person is a member of the organisation already."),
        Said::new("Інші ролі дає власник через changeMemberRoles.", "An owner gives other roles with changeMemberRoles."),
    )
}
