//! A person's own data in the schema: taking it along, and having it erased.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::service;
use crate::accounts::graphql::Account;
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::payload::{UserError, halves};
use crate::payload;

/// Which part of a person's data is asked for.
#[derive(InputObject)]
struct ExportMyDataInput {
    /// The `nextCursor` of the document before, for the journal from there on; when absent, all of it from the start.
    after: Option<String>,
}

/// What shows that an erasure is meant.
#[derive(InputObject)]
struct EraseAccountInput {
    /// The address of the account, said once more.
    email: String,
}

/// What is held about the caller.
#[derive(SimpleObject)]
struct ExportMyDataPayload {
    /// A JSON document to be kept as a file: account, memberships, invitations, claims, API tokens, sign-ins, and what the journal tells
    /// that they did, 1,000 entries of each list at most. It holds no secrets.
    document: Option<String>,
    /// What gives the journal from there on; none at its end.
    next_cursor: Option<String>,
    /// Why it was refused; empty when it was done.
    user_errors: Vec<UserError>,
}

payload! {
    /// The account, of which nothing but its id is left.
    EraseAccountPayload { account: Account }
}

/// Mutations of this slice.
#[derive(Default)]
pub struct PrivacyMutation;

#[Object]
impl PrivacyMutation {
    /// Gives all that is held about the caller, as one document to take along. Refused with `STEP_UP_REQUIRED` unless they proved within
    /// five minutes who they are.
    async fn export_my_data(&self, ctx: &Context<'_>, input: ExportMyDataInput) -> Result<ExportMyDataPayload> {
        let (done, user_errors) = halves(ctx, service::export(ctx.app(), ctx.actor(), input.after.as_deref()).await)?;
        let (document, next_cursor) = done.map_or((None, None), |exported| (Some(exported.document), exported.next));
        Ok(ExportMyDataPayload { document, next_cursor, user_errors })
    }

    /// Erases the caller's account for good: name, address, password and second factor go, all sign-ins, memberships and pending claims
    /// end, and a letter says so. What organisations wrote stays theirs, and the journal keeps ids alone. Refused with
    /// `STEP_UP_REQUIRED` unless they proved within five minutes who they are; and while an organisation with other members would be left
    /// without an owner, or the platform without an administrator. An organisation of theirs alone can be claimed afterwards.
    async fn erase_account(&self, ctx: &Context<'_>, input: EraseAccountInput) -> Result<EraseAccountPayload> {
        EraseAccountPayload::answer(ctx, service::erase(ctx.app(), ctx.actor(), &input.email).await, Account).await
    }
}
