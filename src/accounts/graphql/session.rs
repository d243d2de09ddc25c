//! Sign-ins in the schema: where the caller is signed in, and ending one of these.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::session::{self, Assurance};
use uuid::Uuid;

use super::super::{service, store};
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::page::{List, arguments, connection};
use crate::ids::{Id, NodeKind, encode};
use crate::{load_by_id, load_pages, payload};

load_by_id!(session::Entity, session::Model, store::sessions_by_ids);
load_pages!(SessionsOf, session::Model, store::sessions_of);

/// A sign-in, seen by its person alone.
#[derive(Clone)]
pub struct Session(pub session::Model);

/// A sign-in, seen by its person alone.
#[Object]
impl Session {
    /// Its id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Session, self.0.id)
    }

    /// Whether it is the one of this request.
    async fn current(&self, ctx: &Context<'_>) -> bool {
        ctx.actor().session() == Some(self.0.id)
    }

    /// Whether a code of the second factor was given in it.
    async fn second_factor(&self) -> bool {
        self.0.assurance == Assurance::SecondFactor
    }

    /// When it began.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When its tokens were last renewed (`refreshSession`), as whoever uses it does each time its access token ends; none before the first time.
    async fn refreshed_at(&self) -> Option<DateTime<Utc>> {
        self.0.refreshed_at
    }

    /// When it ends by itself.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }

    /// When it was ended.
    async fn revoked_at(&self) -> Option<DateTime<Utc>> {
        self.0.revoked_at
    }
}

/// A page of the sign-ins of an account that hold.
///
/// # Errors
/// When the page or its cursor is wrong, or the database cannot be read.
pub async fn sessions_of(ctx: &Context<'_>, account: Uuid, first: Option<i32>, after: Option<String>) -> Result<List<Session>> {
    let page = arguments(ctx, first, after)?;
    let rows = ctx.loaders().load_one(SessionsOf(account, page)).await?.unwrap_or_default();
    Ok(connection(rows, Session))
}

/// Which sign-in is to end.
#[derive(InputObject)]
struct EndSessionInput {
    /// The sign-in.
    id: Id<session::Entity>,
}

payload! {
    /// The sign-in that ended.
    EndSessionPayload { session: Session }
}

/// Mutations of this file.
#[derive(Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Ends one of the caller's sign-ins, at once and everywhere. One that was ended stays as it is.
    async fn end_session(&self, ctx: &Context<'_>, input: EndSessionInput) -> Result<EndSessionPayload> {
        EndSessionPayload::answer(ctx, service::end_session(ctx.app(), ctx.actor(), input.id.0).await, Session).await
    }
}
