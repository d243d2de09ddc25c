//! What every mutation returns: the changed entity, or what its caller can mend.

use async_graphql::{Context, SimpleObject};

use super::context::RequestContext as _;
use crate::error::{Code, Error, Refusal, Result};
use crate::locale::Locale;

/// Most refusals of one answer.
pub(super) const MOST_ERRORS: usize = 100;

/// A refusal that the caller can mend.
#[derive(Clone, Debug, SimpleObject)]
pub struct UserError {
    /// Its machine-readable code; it never changes its meaning.
    pub code: Code,
    /// Path of the field below `input` that it is about, a step an entry, places in lists from 0: `["workPackages", "0", "title"]`; none when it is about the whole. `extensions.field` of an error is written alike.
    pub field: Option<Vec<String>>,
    /// What is wrong, in the caller's language.
    pub message: String,
    /// What would mend it, in the caller's language.
    pub remedy: String,
    /// The version that stands now, with `STALE_VERSION`.
    pub current_version: Option<i32>,
}

/// The two halves of a payload: what was done, or why not.
///
/// # Errors
/// With what the caller cannot mend here: a fault of ours, a part that is not ready, too many tries, or a missing sign-in.
pub fn halves<T>(ctx: &Context<'_>, result: Result<T>) -> Result<(Option<T>, Vec<UserError>)> {
    let told = |refusal: Refusal| {
        ctx.app().metrics.failed(refusal.code.as_str());
        user_error(ctx.locale(), refusal)
    };
    match result {
        Ok(done) => Ok((Some(done), Vec::new())),
        Err(Error::Refused(mut refusal)) if !matches!(refusal.code, Code::Unauthenticated | Code::IdempotencyConflict | Code::RateLimited | Code::Unavailable) => {
            let also = std::mem::take(&mut refusal.also);
            Ok((None, std::iter::once(*refusal).chain(also).take(MOST_ERRORS).map(told).collect()))
        }
        Err(error) => Err(error),
    }
}

fn user_error(locale: Locale, Refusal { code, field, message, remedy, current_version, retry_after: _, also: _ }: Refusal) -> UserError {
    UserError { code, field: (!field.is_empty()).then_some(field), message: message.in_locale(locale).to_owned(), remedy: remedy.in_locale(locale).to_owned(), current_version }
}

/// Declares the payload of a mutation: one entity and `userErrors`.
#[macro_export]
macro_rules! payload {
    ($(#[$meta:meta])* $name:ident { $field:ident: $node:ty }) => {
        $(#[$meta])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $name {
            /// The entity as it is now; none when it was refused.
            pub $field: Option<$node>,
            /// All that stood against it; empty when it was done.
            pub user_errors: Vec<$crate::graphql::payload::UserError>,
        }

        impl $name {
            /// Answers with the outcome of a use case, also of one that was done before under the same key.
            async fn answer<R>(ctx: &async_graphql::Context<'_>, result: $crate::error::Result<R>, node: impl FnOnce(R) -> $node) -> $crate::error::Result<Self>
            where
                R: sea_orm::ModelTrait<Entity: $crate::ids::Node> + Clone + Send + Sync + 'static,
                $crate::graphql::loader::Loaders:
                    async_graphql::dataloader::Loader<$crate::graphql::loader::ById<R::Entity>, Value = R, Error = $crate::error::Error>,
            {
                let entity = $crate::graphql::repeat::entity(ctx, result).await;
                let (done, user_errors) = $crate::graphql::payload::halves(ctx, entity)?;
                Ok(Self { $field: done.flatten().map(node), user_errors })
            }
        }
    };
}
