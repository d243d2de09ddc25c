//! Signing in by an OpenID provider in the schema.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::identity;
use uuid::Uuid;

use super::service::{self, Shown};
use super::store;
use crate::accounts::graphql::{Account, SignInPayload};
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::payload;

/// Where a browser begins to sign in by the provider.
pub(crate) const START: &str = "/oidc/start";

/// A person as an OpenID provider knows them.
#[derive(SimpleObject)]
pub struct Identity {
    /// The provider, by the address that it calls itself.
    issuer: String,
    /// When it was linked.
    created_at: DateTime<Utc>,
    /// When the provider last vouched for the person here.
    last_used_at: DateTime<Utc>,
}

impl From<identity::Model> for Identity {
    fn from(identity::Model { issuer, created_at, last_used_at, .. }: identity::Model) -> Self {
        Self { issuer, created_at, last_used_at }
    }
}

/// The identities of the caller, whose account this is.
pub(crate) async fn identities_of(ctx: &Context<'_>, account: Uuid) -> Result<Vec<Identity>> {
    Ok(store::of_account(ctx.app().db.reader(), account).await?.into_iter().map(Into::into).collect())
}

/// How people can sign in.
#[derive(SimpleObject)]
struct SignInMethods {
    /// By address and password: `signUp`, `signIn`.
    password: bool,
    /// By an OpenID provider, where there is one.
    open_id_connect: Option<OpenIdConnect>,
}

/// An OpenID provider at which people can sign in.
#[derive(SimpleObject)]
struct OpenIdConnect {
    /// What people call it: what a button says.
    name: String,
    /// Where a browser begins. It takes `return`, the address of a page of an allowed origin, which gets `code` for `signInWithCode`;
    /// `for`: `sign-in` (unless said otherwise), `link` for `linkIdentity`, or `step-up` for `stepUp`; and `challenge`, the SHA-256 digest in
    /// base64url of a `verifier` that whoever uses the code then gives too.
    start_url: String,
    /// The address that the provider calls itself.
    issuer: String,
}

/// Queries of this slice.
#[derive(Default)]
pub struct IdentityQuery;

#[Object]
impl IdentityQuery {
    /// How people can sign in here.
    async fn sign_in_methods(&self, ctx: &Context<'_>) -> SignInMethods {
        let config = &ctx.app().config;
        let open_id_connect =
            config.oidc.as_ref().map(|oidc| OpenIdConnect { name: oidc.name.clone(), start_url: config.public_url.page(START), issuer: oidc.issuer.as_str().to_owned() });
        SignInMethods { password: true, open_id_connect }
    }
}

/// What a person gives who was at the provider to sign in.
#[derive(InputObject)]
struct SignInWithCodeInput {
    /// The code with which the provider's round ended; it is good once and for a minute.
    #[graphql(secret)]
    code: String,
    /// What `challenge` is the digest of, where the round was begun with one.
    #[graphql(secret)]
    verifier: Option<String>,
    /// A code of their second factor or one of its recovery codes, where they have one.
    #[graphql(secret)]
    second_factor_code: Option<String>,
}

/// What shows which identity is the caller's.
#[derive(InputObject)]
struct LinkIdentityInput {
    /// The code with which a round that was begun with `for=link` ended; it is good once and for a minute.
    #[graphql(secret)]
    code: String,
    /// What `challenge` is the digest of, where the round was begun with one.
    #[graphql(secret)]
    verifier: Option<String>,
}

/// Which identity is no longer the caller's.
#[derive(InputObject)]
struct UnlinkIdentityInput {
    /// The provider, as `viewer.identities` names it.
    issuer: String,
}

payload! {
    /// The account to which the identity is linked.
    LinkIdentityPayload { account: Account }
}

payload! {
    /// The account without the identity.
    UnlinkIdentityPayload { account: Account }
}

/// Mutations of this slice.
#[derive(Default)]
pub struct IdentityMutation;

#[Object]
impl IdentityMutation {
    /// Signs a person in for whom an OpenID provider vouched, by the code with which their round there ended, and gives the tokens of this
    /// sign-in. It does not count as having proved anew who they are.
    async fn sign_in_with_code(&self, ctx: &Context<'_>, input: SignInWithCodeInput) -> Result<SignInPayload> {
        let SignInWithCodeInput { code, verifier, second_factor_code } = input;
        let done = service::sign_in(ctx.app(), &Shown { code, verifier }, second_factor_code.as_deref()).await;
        SignInPayload::answer(ctx, done)
    }

    /// Links an identity at an OpenID provider to the caller's account, so that it signs them in from now on. Refused with
    /// `STEP_UP_REQUIRED` unless the caller proved within five minutes who they are; and while their address is not confirmed.
    async fn link_identity(&self, ctx: &Context<'_>, input: LinkIdentityInput) -> Result<LinkIdentityPayload> {
        let LinkIdentityInput { code, verifier } = input;
        LinkIdentityPayload::answer(ctx, service::link(ctx.app(), ctx.actor(), &Shown { code, verifier }).await, Account).await
    }

    /// Takes an identity off the caller's account. Refused with `STEP_UP_REQUIRED` unless the caller proved within five minutes who they
    /// are; and where they have neither a password nor another identity.
    async fn unlink_identity(&self, ctx: &Context<'_>, input: UnlinkIdentityInput) -> Result<UnlinkIdentityPayload> {
        UnlinkIdentityPayload::answer(ctx, service::unlink(ctx.app(), ctx.actor(), &input.issuer).await, Account).await
    }
}
