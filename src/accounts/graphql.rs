//! Accounts in the schema: the viewer, signing up, in and out.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::account;

use super::service;
use crate::auth::Role;
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::loader::ById;
use crate::graphql::payload::{UserError, halves};
use crate::graphql::scalars::LocaleCode;
use crate::ids::{NodeKind, encode};
use crate::organisations::graphql::Organisation;
use crate::page::Page;
use crate::{load_by_id, payload};

load_by_id!(account::Entity, account::Model, super::store::by_ids);

/// A person who signs in.
pub struct Account(pub account::Model);

/// A person who signs in.
#[Object]
impl Account {
    /// Its id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Account, self.0.id)
    }

    /// Their e-mail address.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// How they want to be called.
    async fn name(&self) -> &str {
        &self.0.name
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

    /// Where they are members; the first 100 at most.
    #[expect(clippy::unused_async, reason = "the library calls resolvers as futures")]
    async fn memberships(&self, ctx: &Context<'_>, #[graphql(default = 100)] first: i32) -> Result<Vec<Membership>> {
        let Page { first, .. } = Page::new(Some(first), None, false)?;
        Ok(ctx.actor().memberships.iter().take(usize::try_from(first).unwrap_or_default()).map(|held| Membership(held.clone())).collect())
    }
}

/// What the viewer may do in one organisation.
pub struct Membership(crate::auth::Membership);

/// What the viewer may do in one organisation.
#[Object]
impl Membership {
    /// The organisation.
    async fn organisation(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        Ok(ctx.loaders().load_one(ById::<entity::organisation::Entity>::new(self.0.organisation)).await?.map(Organisation))
    }

    /// Their roles there.
    async fn roles(&self) -> &[Role] {
        &self.0.roles
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

/// What a person gives to sign up.
#[derive(InputObject)]
struct SignUpInput {
    /// Their e-mail address.
    email: String,
    /// How they want to be called.
    name: String,
    /// Their password: 12 characters or more.
    #[graphql(secret)]
    password: String,
    /// The language they read; by default the one they ask in.
    locale: Option<LocaleCode>,
}

/// What a person gives to sign in.
#[derive(InputObject)]
struct SignInInput {
    /// Their e-mail address.
    email: String,
    /// Their password.
    #[graphql(secret)]
    password: String,
}

payload! {
    /// The account that was made.
    SignUpPayload { account: Account }
}

/// A sign-in.
#[derive(SimpleObject)]
struct SignInPayload {
    /// The access token, for the header `Authorization: Bearer`.
    access_token: Option<String>,
    /// When it ends by itself.
    expires_at: Option<DateTime<Utc>>,
    /// Who signed in.
    account: Option<Account>,
    /// Why it was refused; empty when it was done.
    user_errors: Vec<UserError>,
}

/// A sign-in that ended.
#[derive(SimpleObject)]
struct SignOutPayload {
    /// Who signed out.
    account_id: Option<ID>,
    /// Why it was refused; empty when it was done.
    user_errors: Vec<UserError>,
}

/// Mutations of this slice.
#[derive(Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Makes an account.
    async fn sign_up(&self, ctx: &Context<'_>, input: SignUpInput) -> Result<SignUpPayload> {
        let SignUpInput { email, name, password, locale } = input;
        let input = service::SignUp { email, name, password, locale: locale.map_or(ctx.locale(), Into::into) };
        SignUpPayload::answer(ctx, service::sign_up(ctx.app(), ctx.actor(), input).await, Account)
    }

    /// Signs a person in and gives the access token of this sign-in.
    async fn sign_in(&self, ctx: &Context<'_>, input: SignInInput) -> Result<SignInPayload> {
        let SignInInput { email, password } = input;
        let (done, user_errors) = halves(ctx.locale(), service::sign_in(ctx.app(), &email, &password).await)?;
        let (access_token, expires_at, account) = match done {
            Some(signed) => (Some(signed.token), Some(signed.expires_at), Some(Account(signed.account))),
            None => (None, None, None),
        };
        Ok(SignInPayload { access_token, expires_at, account, user_errors })
    }

    /// Ends the sign-in of this request's token, at once and everywhere.
    async fn sign_out(&self, ctx: &Context<'_>) -> Result<SignOutPayload> {
        let (done, user_errors) = halves(ctx.locale(), service::sign_out(ctx.app(), ctx.actor()).await)?;
        Ok(SignOutPayload { account_id: done.map(|id| encode(NodeKind::Account, id)), user_errors })
    }
}
