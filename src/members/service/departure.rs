//! A person whose account is being erased leaves everywhere at once.

use entity::account;
use entity::invitation::State;

use super::invitations::{DECLINED, EXPIRED, revoke_invitations, settle};
use super::owners_beside;
use crate::accounts;
use crate::accounts::service as people;
use crate::app::UseCase;
use crate::auth::Actor;
use crate::error::Result;
use crate::members::{rules, store};
use crate::organisations::store as organisation_rows;
use crate::{delegations, tokens, verification};

/// Ends all memberships of a person whose account is being erased, and declines what awaits their answer, in a use case that holds
/// the organisations. An organisation of theirs alone stays without members, so that it can be claimed: nobody would see its tokens,
/// invitations, delegations and request for verification any more, so they end. Invitations are theirs if they confirmed the address.
///
/// # Errors
/// When an organisation that has other members would be left without an owner.
pub async fn erase(case: &mut UseCase<'_>, account: &account::Model) -> Result<()> {
    let own = store::all_of(&**case, account.id).await?;
    let (mut left_alone, mut emptied) = (Vec::new(), Vec::new());
    for row in &own {
        let team = accounts::store::members(&**case, row.organisation_id).await?;
        if team.len() == 1 {
            emptied.push(row.organisation_id);
        } else if owners_beside(&team, row) == 0 {
            left_alone.push(row.organisation_id);
        }
    }
    let left_alone = organisation_rows::by_ids(&**case, &Actor::system(), left_alone).await?;
    rules::all_keep_an_owner(&left_alone.into_iter().map(super::names).collect::<Vec<_>>())?;
    for row in own {
        people::revoke(case, row).await?;
    }
    for organisation in emptied {
        tokens::service::revoke_all(case, organisation).await?;
        revoke_invitations(case, organisation).await?;
        verification::service::overtake(case, organisation).await?;
        delegations::service::revoke_all(case, organisation).await?;
    }
    if account.email_confirmed_at.is_some() {
        for row in store::all_unanswered(&**case, &account.email_key).await? {
            let end = if rules::standing(row.state, row.expires_at, case.now) == State::Expired { EXPIRED } else { DECLINED };
            settle(case, row, end).await?;
        }
        store::strike_address(&**case, &account.email_key).await?;
    }
    Ok(())
}
