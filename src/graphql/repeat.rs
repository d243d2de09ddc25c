//! What a call answers that was made before under the same key: the same outcome, and the entity as it is now.

use async_graphql::Context;
use async_graphql::dataloader::Loader;
use sea_orm::ModelTrait;
use uuid::Uuid;

use super::context::RequestContext as _;
use super::loader::{ById, Loaders};
use crate::error::{Error, Result};
use crate::idempotency;
use crate::ids::{Node, NodeKind, decode};
use crate::locale::Said;

/// What a use case gave.
pub enum Outcome<T> {
    /// It was done by this call.
    Now(T),
    /// It was done before, and changed these entities.
    Before(Changed),
}

/// The entities that a call changed when it was made first.
pub struct Changed(Vec<(NodeKind, Uuid)>);

impl Changed {
    /// The first of a kind.
    fn first(&self, kind: NodeKind) -> Option<Uuid> {
        self.0.iter().find(|(changed, _)| *changed == kind).map(|(_, id)| *id)
    }
}

/// The result of a use case; of one that could not be done because it was done before under the same key, what it did then.
///
/// # Errors
/// As the use case had it; or when the key came with something else before.
pub async fn outcome<T>(ctx: &Context<'_>, result: Result<T>) -> Result<Outcome<T>> {
    let refused = match result {
        Ok(done) => return Ok(Outcome::Now(done)),
        Err(refused) => refused,
    };
    let Some(key) = &ctx.actor().key else { return Err(refused) };
    let (app, now) = (ctx.app(), ctx.app().clock.now());
    let changed = idempotency::done(app.db.reader(), key, now).await?.ok_or(refused)?;
    Ok(Outcome::Before(Changed(changed.iter().filter_map(|id| decode(id)).collect())))
}

/// The entity that a use case gave, now or before; none when it was done before and its entity is gone, or hidden from the caller by now.
///
/// # Errors
/// As the use case had it; when the key came with something else before, or the entity cannot be read.
pub async fn entity<M>(ctx: &Context<'_>, result: Result<M>) -> Result<Option<M>>
where
    M: ModelTrait<Entity: Node> + Clone + Send + Sync + 'static,
    Loaders: Loader<ById<M::Entity>, Value = M, Error = Error>,
{
    match outcome(ctx, result).await? {
        Outcome::Now(made) => Ok(Some(made)),
        Outcome::Before(changed) => read(ctx, &changed).await,
    }
}

/// The entity of its kind that was changed first, as far as the caller may see it now.
///
/// # Errors
/// When it cannot be read.
pub async fn read<M>(ctx: &Context<'_>, changed: &Changed) -> Result<Option<M>>
where
    M: ModelTrait<Entity: Node> + Clone + Send + Sync + 'static,
    Loaders: Loader<ById<M::Entity>, Value = M, Error = Error>,
{
    let Some(id) = changed.first(<M::Entity as Node>::KIND) else { return Ok(None) };
    ctx.loaders().load_one(ById::<M::Entity>::new(id)).await
}

/// The result of a use case that gives a secret, which is shown once; `anew` is how to come to another.
///
/// # Errors
/// As the use case had it; when it was done before under the same key, or the key came with something else then.
pub async fn secret<T>(ctx: &Context<'_>, result: Result<T>, anew: Said) -> Result<T> {
    match outcome(ctx, result).await? {
        Outcome::Now(done) => Ok(done),
        Outcome::Before(_) => Err(Error::secret_already_shown(anew)),
    }
}
