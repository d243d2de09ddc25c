//! Accounts in the schema: who they are, and the viewer.

pub mod mutation;
pub mod session;

pub use mutation::{AccountMutation, SignInPayload};
pub use session::{Session, SessionMutation};

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use entity::account;

use super::rules;
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::loader::ById;
use crate::graphql::page::List;
use crate::identities::graphql::{self as identities, Identity};
use crate::ids::{NodeKind, encode};
use crate::members::graphql::{self as members, Invitation, Membership};
use crate::notifications::graphql::{self as notifications, Notification, NotificationFilter, NotificationPreferences};
use crate::{load_by_id, load_parts};

load_by_id!(account::Entity, account::Model, super::store::by_ids);
load_parts!(PersonBy, account::Model, |reader, _, ids| super::store::people(reader, ids), |account| account.id);

/// How others read whose account it is, also when it is nobody's any more.
pub(crate) fn known_name(ctx: &Context<'_>, account: &account::Model) -> String {
    if account.erased_at.is_some() { rules::erased_name().in_locale(ctx.locale()).to_owned() } else { account.name.clone() }
}

/// The address of an account, unless it is erased.
pub(crate) fn known_email(account: &account::Model) -> Option<&str> {
    account.erased_at.is_none().then_some(account.email.as_str())
}

/// A person who signs in.
pub struct Account(pub account::Model);

/// A person who signs in.
#[Object]
impl Account {
    /// Its id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Account, self.0.id)
    }

    /// Their e-mail address; none once the account is erased.
    async fn email(&self) -> Option<&str> {
        known_email(&self.0)
    }

    /// Whether they showed that the address is theirs.
    async fn email_confirmed(&self) -> bool {
        self.0.email_confirmed_at.is_some()
    }

    /// How they want to be called.
    async fn name(&self, ctx: &Context<'_>) -> String {
        known_name(ctx, &self.0)
    }

    /// When it was erased.
    async fn erased_at(&self) -> Option<DateTime<Utc>> {
        self.0.erased_at
    }

    /// Whether they run the platform.
    async fn administrator(&self) -> bool {
        self.0.administrator
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// Its version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// The caller: who is signed in, and where they are members.
pub struct Viewer(pub account::Model);

/// The caller: who is signed in, and where they are members.
#[Object]
impl Viewer {
    /// Their account.
    async fn account(&self) -> Account {
        Account(self.0.clone())
    }

    /// What OpenID providers know them by, where that signs them in.
    async fn identities(&self, ctx: &Context<'_>) -> Result<Vec<Identity>> {
        identities::identities_of(ctx, self.0.id).await
    }

    /// Where they are members, whichever organisation this request acts for.
    async fn memberships(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<List<Membership>> {
        members::memberships_of(ctx, self.0.id, first, after).await
    }

    /// The invitations to their confirmed address that await an answer, the newest first.
    async fn invitations(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<List<Invitation>> {
        members::invitations_to(ctx, &self.0, first, after).await
    }

    /// Where they are signed in, the newest sign-in first.
    async fn sessions(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<List<Session>> {
        session::sessions_of(ctx, self.0.id, first, after).await
    }

    /// What happened and concerns them, whichever organisation this request acts for, the newest first.
    async fn notifications(&self, ctx: &Context<'_>, filter: Option<NotificationFilter>, first: Option<i32>, after: Option<String>) -> Result<List<Notification>> {
        notifications::notifications_of(ctx, self.0.id, filter, first, after).await
    }

    /// How many of their notifications they have not read.
    async fn unread_notifications(&self, ctx: &Context<'_>) -> Result<u64> {
        notifications::unread_of(ctx, self.0.id).await
    }

    /// How they want to hear of what is new.
    async fn notification_preferences(&self, ctx: &Context<'_>) -> Result<NotificationPreferences> {
        notifications::preferences_of(ctx, self.0.id).await
    }
}

/// Queries of this slice.
#[derive(Default)]
pub struct AccountQuery;

#[Object]
impl AccountQuery {
    /// The caller; none when nobody is signed in.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Option<Viewer>> {
        let Some(id) = ctx.actor().account() else { return Ok(None) };
        Ok(ctx.loaders().load_one(ById::<account::Entity>::new(id)).await?.map(Viewer))
    }
}
