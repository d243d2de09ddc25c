//! API tokens in the schema.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::{api_token, organisation};
use uuid::Uuid;

use super::{service, store};
use crate::auth::api_token::Scope;
use crate::error::{Error, Result};
use crate::graphql::context::RequestContext as _;
use crate::graphql::loader::ById;
use crate::graphql::page::{List, arguments, connection};
use crate::graphql::payload::{UserError, halves};
use crate::graphql::repeat::{self, Outcome};
use crate::ids::{Id, NodeKind, encode};
use crate::locale::Said;
use crate::organisations::graphql::Organisation;
use crate::{load_by_id, load_pages, payload};

load_by_id!(api_token::Entity, api_token::Model, store::by_ids);
load_pages!(TokensOf, api_token::Model, store::of_organisations);

/// A token with which a program acts for an organisation; seen by its owners and the administrator. Its secret is shown once.
#[derive(Clone)]
pub struct ApiToken(pub api_token::Model);

/// A token with which a program acts for an organisation; seen by its owners and the administrator. Its secret is shown once.
#[Object]
impl ApiToken {
    /// Its id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::ApiToken, self.0.id)
    }

    /// For which organisation it acts.
    async fn organisation(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        Ok(ctx.loaders().load_one(ById::<organisation::Entity>::new(self.0.organisation_id)).await?.map(Organisation))
    }

    /// What it is for.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it may do.
    async fn scopes(&self) -> Vec<Scope> {
        self.0.scopes.0.iter().filter_map(|scope| Scope::parse(scope)).collect()
    }

    /// When it ends by itself.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }

    /// When it was last used; written down once a minute.
    async fn last_used_at(&self) -> Option<DateTime<Utc>> {
        self.0.last_used_at
    }

    /// When it was revoked.
    async fn revoked_at(&self) -> Option<DateTime<Utc>> {
        self.0.revoked_at
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed, but for its use.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// Its version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// A page of the tokens of an organisation; none for whoever may not see them.
///
/// # Errors
/// When the page or its cursor is wrong, or the database cannot be read.
pub async fn tokens_of(ctx: &Context<'_>, organisation: Uuid, first: Option<i32>, after: Option<String>) -> Result<Option<List<ApiToken>>> {
    let page = arguments(ctx, first, after)?;
    if !service::shows(ctx.actor(), organisation) {
        return Ok(None);
    }
    let rows = ctx.loaders().load_one(TokensOf(organisation, page)).await?.unwrap_or_default();
    Ok(Some(connection(rows, ApiToken)))
}

/// What a new token is to be.
#[derive(InputObject)]
struct CreateApiTokenInput {
    /// For which organisation it acts.
    organisation_id: Id<organisation::Entity>,
    /// What it is for, 1 to 100 characters.
    name: String,
    /// What it may do: one or more.
    scopes: Vec<Scope>,
    /// When it ends by itself; within a year.
    expires_at: DateTime<Utc>,
}

/// Which token is to end.
#[derive(InputObject)]
struct RevokeApiTokenInput {
    /// The token.
    id: Id<api_token::Entity>,
    /// The version that was read; when absent, whichever stands.
    expected_version: Option<i32>,
}

/// A token that was made.
#[derive(SimpleObject)]
struct CreateApiTokenPayload {
    /// The token; none when it was refused.
    api_token: Option<ApiToken>,
    /// Its secret, for the header `Authorization: Bearer`. It is shown this once: whoever loses it makes another token.
    secret: Option<String>,
    /// All that stood against it; empty when it was done.
    user_errors: Vec<UserError>,
}

payload! {
    /// The token, which is worth nothing any more.
    RevokeApiTokenPayload { api_token: ApiToken }
}

/// What to do about a token whose secret did not arrive.
fn lost() -> Said {
    Said::new(
        "Якщо секрет до вас не дійшов, відкличте цей токен (revokeApiToken) і створіть інший викликом з новим ключем.",
        "If the secret did not reach you, revoke this token (revokeApiToken) and make another by a call with a new key.",
    )
}

/// Mutations of this slice.
#[derive(Default)]
pub struct TokenMutation;

#[Object]
impl TokenMutation {
    /// Makes a token with which a program acts for an organisation, and shows its secret once. An owner does it, who proved within five
    /// minutes who they are; else it is refused with `STEP_UP_REQUIRED`. The token is the organisation's: it stays when its maker leaves.
    async fn create_api_token(&self, ctx: &Context<'_>, input: CreateApiTokenInput) -> Result<CreateApiTokenPayload> {
        let CreateApiTokenInput { organisation_id, name, scopes, expires_at } = input;
        let wanted = service::Wanted { organisation: organisation_id.0, name, scopes, expires_at };
        let (token, secret) = match repeat::outcome(ctx, service::create(ctx.app(), ctx.actor(), wanted).await).await {
            Ok(Outcome::Now((token, secret))) => (Some(token), Ok(secret.expose().to_owned())),
            Ok(Outcome::Before(changed)) => (repeat::read(ctx, &changed).await?, Err(Error::secret_already_shown(lost()))),
            Err(refusal) => (None, Err(refusal)),
        };
        let (secret, user_errors) = halves(ctx, secret)?;
        Ok(CreateApiTokenPayload { api_token: token.map(ApiToken), secret, user_errors })
    }

    /// Ends a token, from the next request on and everywhere. One that was ended stays as it is.
    async fn revoke_api_token(&self, ctx: &Context<'_>, input: RevokeApiTokenInput) -> Result<RevokeApiTokenPayload> {
        let RevokeApiTokenInput { id, expected_version } = input;
        RevokeApiTokenPayload::answer(ctx, service::revoke(ctx.app(), ctx.actor(), id.0, expected_version).await, ApiToken).await
    }
}
