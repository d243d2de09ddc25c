//! What the GraphQL of all slices shares: the schema's assembly, the boundary where errors are worded, pages, payloads.

pub mod context;
pub mod filter;
pub mod guard;
pub mod loader;
pub mod node;
pub mod page;
pub mod payload;
pub mod repeat;
pub mod scalars;

use async_graphql::{MergedObject, MergedSubscription, Response, SDLExportOptions, Schema, ServerError, Value};
use futures_util::{Stream, StreamExt as _};

use crate::accounts::graphql::{AccountMutation, AccountQuery, SessionMutation};
use crate::app::App;
use crate::attachments::graphql::AttachmentMutation;
use crate::auth::Actor;
use crate::calls::graphql::{CallMutation, CallQuery};
use crate::claims::graphql::{ClaimMutation, ClaimQuery};
use crate::delegations::graphql::DelegationMutation;
use crate::error::{Code, Error, Result};
use crate::events::graphql::{ChainQuery, ChangesQuery, ChangesSubscription};
use crate::identities::graphql::{IdentityMutation, IdentityQuery};
use crate::interests::graphql::{InterestMutation, InterestQuery};
use crate::locale::{Locale, Said};
use crate::matching::graphql::{MatchingQuery, MatchingSubscription};
use crate::members::graphql::MemberMutation;
use crate::needs::graphql::{NeedMutation, NeedQuery};
use crate::notifications::graphql::NotificationMutation;
use crate::organisations::graphql::{OrganisationMutation, OrganisationQuery};
use crate::page::Term;
use crate::privacy::graphql::PrivacyMutation;
use crate::programmes::graphql::{ProgrammeMutation, ProgrammeQuery};
use crate::projects::graphql::{ProjectMutation, ProjectQuery};
use crate::reference::graphql::ReferenceQuery;
use crate::tokens::graphql::TokenMutation;
use crate::verification::graphql::{VerificationMutation, VerificationQuery};

/// Seconds after which a call that met a part that is not ready may do.
const RETRY_AFTER: u32 = 5;

/// All queries.
#[derive(MergedObject, Default)]
pub struct Query(
    node::NodeQuery,
    AccountQuery,
    IdentityQuery,
    ReferenceQuery,
    OrganisationQuery,
    VerificationQuery,
    ClaimQuery,
    ProgrammeQuery,
    NeedQuery,
    ProjectQuery,
    CallQuery,
    MatchingQuery,
    InterestQuery,
    ChangesQuery,
    ChainQuery,
);

/// All mutations.
#[derive(MergedObject, Default)]
pub struct Mutation(
    AccountMutation,
    SessionMutation,
    IdentityMutation,
    TokenMutation,
    AttachmentMutation,
    OrganisationMutation,
    VerificationMutation,
    DelegationMutation,
    MemberMutation,
    ClaimMutation,
    PrivacyMutation,
    ProgrammeMutation,
    NeedMutation,
    ProjectMutation,
    CallMutation,
    InterestMutation,
    NotificationMutation,
);

/// All subscriptions.
#[derive(MergedSubscription, Default)]
pub struct Subscription(ChangesSubscription, MatchingSubscription);

/// The schema.
pub type Api = Schema<Query, Mutation, Subscription>;

/// Puts the schema together. Sizes are limited before the library sees a document (`guard`).
#[must_use]
pub fn schema() -> Api {
    Schema::build(Query::default(), Mutation::default(), Subscription::default()).disable_suggestions().finish()
}

/// The schema as text, as `schema.graphql` holds it.
#[must_use]
pub fn sdl(api: &Api) -> String {
    api.sdl_with_options(SDLExportOptions::new().include_specified_by())
}

/// Runs a request for an actor and words its errors in their language.
pub async fn execute(api: &Api, app: &App, actor: Actor, locale: Locale, request: async_graphql::Request) -> Response {
    worded(api.execute(request.data(context::Request::new(app.clone(), actor, locale))).await, locale)
}

/// Runs a subscription for an actor: a response for each event, worded likewise.
pub fn subscribe(api: &Api, app: &App, actor: Actor, locale: Locale, request: async_graphql::Request) -> impl Stream<Item = Response> + Send + use<> {
    api.execute_stream(request.data(context::Request::new(app.clone(), actor, locale))).map(move |response| worded(response, locale))
}

fn worded(mut response: Response, locale: Locale) -> Response {
    for error in &mut response.errors {
        word(error, locale);
    }
    response
}

/// Gives an error of ours its code, sentence and remedy; the cause of a fault goes to the log and no further.
fn word(error: &mut ServerError, locale: Locale) {
    let Some(ours) = error.source::<Error>().cloned() else { return };
    error.source = None;
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", ours.code().as_str());
    match ours {
        Error::Refused(refusal) => {
            refusal.message.in_locale(locale).clone_into(&mut error.message);
            extensions.set("remedy", refusal.remedy.in_locale(locale));
            if let Some(seconds) = refusal.retry_after.or((refusal.code == Code::Unavailable).then_some(RETRY_AFTER)) {
                extensions.set("retryAfter", seconds);
            }
            if !refusal.field.is_empty() {
                extensions.set("field", Value::List(refusal.field.into_iter().map(Value::from).collect()));
            }
        }
        Error::Internal(cause) => {
            tracing::error!(cause = %chain(cause.as_ref()), path = ?error.path, "a resolver failed");
            let sentence = Said::new("На нашому боці сталася помилка. Спробуйте пізніше.", "Something failed on our side. Try again later.");
            sentence.in_locale(locale).clone_into(&mut error.message);
        }
    }
}

fn chain(cause: &dyn std::error::Error) -> String {
    let mut text = cause.to_string();
    let mut next = cause.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

/// The refusal of arguments of which exactly one is wanted.
#[must_use]
pub fn one_of(first: &str, second: &str) -> Error {
    Error::bad_input(
        first,
        Said::new(format!("Треба рівно один із аргументів {first} і {second}."), format!("Exactly one of {first} and {second} is wanted.")),
        Said::new("Дайте один із них, і лише один.", "Give one of them, and only one."),
    )
}

/// The terms of an order, three at most.
///
/// # Errors
/// When there are more.
pub fn order<T: Into<Term<C>>, C>(order_by: Option<Vec<T>>) -> Result<Vec<Term<C>>> {
    let terms = order_by.unwrap_or_default();
    if terms.len() > 3 {
        return Err(Error::refused(
            Code::BadUserInput,
            "orderBy",
            Said::new("Забагато полів порядку.", "There are too many terms in the order."),
            Said::new("Залиште щонайбільше три.", "Leave three at most."),
        ));
    }
    Ok(terms.into_iter().map(Into::into).collect())
}
