//! Addresses that are good for one attachment, one sign-in and a while. No table holds a token: it is sealed with the
//! installation's key, and who follows it is asked anew what they may.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Link;
use crate::app::App;
use crate::attachments::rules;
use crate::auth::token::Claim;
use crate::auth::{Actor, Who};
use crate::error::{Error, Result};
use crate::{accounts, tokens};

/// Bytes of an id.
const ID: usize = 16;
/// Bytes of a moment.
const MOMENT: usize = 8;

/// The address with which an actor does something with an attachment.
pub(super) fn link(app: &App, actor: &Actor, (purpose, path): (&str, &str), id: Uuid, expires_at: DateTime<Utc>) -> Result<Link> {
    let mut bytes = [id.as_bytes().as_slice(), &expires_at.timestamp().to_be_bytes()].concat();
    match actor.who {
        Who::Account { id, session, .. } => bytes.extend([*id.as_bytes(), *session.as_bytes()].concat()),
        Who::ApiToken { id } => bytes.extend(id.as_bytes()),
        Who::Public | Who::System => return Err(Error::unauthenticated()),
    }
    let url = app.config.public_url.page(&format!("{path}?token={}", app.keys.seal(purpose, &bytes)));
    Ok(Link { url, expires_at })
}

/// The attachment of an address that was followed at a moment, and who holds it, as they are now.
pub(super) async fn holder(app: &App, purpose: &str, token: &str, followed: DateTime<Utc>) -> Result<(Uuid, Actor)> {
    let bytes = app.keys.unseal(purpose, token.trim()).ok_or_else(nothing)?;
    let (id, rest) = bytes.split_at_checked(ID).ok_or_else(nothing)?;
    let (moment, who) = rest.split_at_checked(MOMENT).ok_or_else(nothing)?;
    let id = Uuid::from_slice(id).map_err(|_| nothing())?;
    let until = moment.try_into().map_or(0, i64::from_be_bytes);
    if followed.timestamp() >= until {
        return Err(rules::used());
    }
    let actor = match who.split_at_checked(ID) {
        Some((account, session)) if session.len() == ID => {
            let claim = Claim { account: Uuid::from_slice(account).map_err(|_| nothing())?, session: Uuid::from_slice(session).map_err(|_| nothing())? };
            accounts::service::actor_of(app, claim).await
        }
        Some((token, [])) => tokens::service::actor_of(app, Uuid::from_slice(token).map_err(|_| nothing())?).await,
        _ => return Err(nothing()),
    };
    // Whoever signed out since is nobody any more.
    Ok((id, actor.map_err(|error| if matches!(error, Error::Refused(_)) { nothing() } else { error })?))
}

/// What is no address of ours, and what its holder may not see, are answered alike.
pub(super) fn nothing() -> Error {
    Error::not_found("token")
}
