//! `node` and `nodes`: any entity by its opaque id.

use async_graphql::{Context, ID, Interface, Object};
use entity::{
    account, api_token, attachment, call, claim, delegation, interest, invitation, membership, need, notification, organisation, past_work, programme, project, session,
    verification_request, work_package,
};
use uuid::Uuid;

use super::context::RequestContext as _;
use super::loader::ById;
use crate::accounts::graphql::{Account, Session};
use crate::attachments::graphql::Attachment;
use crate::calls::graphql::Call;
use crate::claims::graphql::Claim;
use crate::delegations::graphql::Delegation;
use crate::error::{Error, Result};
use crate::ids::{NodeKind, decode};
use crate::interests::graphql::Interest;
use crate::locale::Said;
use crate::members::graphql::{Invitation, Membership};
use crate::needs::graphql::Need;
use crate::notifications::graphql::Notification;
use crate::organisations::graphql::{Organisation, PastWork};
use crate::programmes::graphql::Programme;
use crate::projects::graphql::{Project, WorkPackage};
use crate::text;
use crate::tokens::graphql::ApiToken;
use crate::verification::graphql::VerificationRequest;

/// Anything that has an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Its opaque id."))]
pub enum Node {
    /// A person who signs in.
    Account(Account),
    /// Any party.
    Organisation(Organisation),
    /// A past work of a business.
    PastWork(PastWork),
    /// A person's roles in one organisation.
    Membership(Membership),
    /// An invitation to become a member of an organisation.
    Invitation(Invitation),
    /// A person's claim to an organisation.
    Claim(Claim),
    /// A token with which a program acts for an organisation.
    ApiToken(ApiToken),
    /// A sign-in.
    Session(Session),
    /// Something that happened and concerns the caller.
    Notification(Notification),
    /// A file of an organisation.
    Attachment(Attachment),
    /// A request to be verified.
    VerificationRequest(VerificationRequest),
    /// Leave to act on behalf of an organisation.
    Delegation(Delegation),
    /// A programme.
    Programme(Programme),
    /// A need.
    Need(Need),
    /// A project.
    Project(Project),
    /// A work package.
    WorkPackage(WorkPackage),
    /// A call.
    Call(Call),
    /// An interest.
    Interest(Interest),
}

/// The entity of a kind, as far as the caller may see it.
///
/// # Errors
/// When the database cannot be read.
pub async fn load(ctx: &Context<'_>, kind: NodeKind, id: Uuid) -> Result<Option<Node>> {
    let loaders = ctx.loaders();
    Ok(match kind {
        NodeKind::Account => loaders.load_one(ById::<account::Entity>::new(id)).await?.map(|row| Node::from(Account(row))),
        NodeKind::Organisation => loaders.load_one(ById::<organisation::Entity>::new(id)).await?.map(|row| Node::from(Organisation(row))),
        NodeKind::PastWork => loaders.load_one(ById::<past_work::Entity>::new(id)).await?.map(|row| Node::from(PastWork(row))),
        NodeKind::Claim => loaders.load_one(ById::<claim::Entity>::new(id)).await?.map(|row| Node::from(Claim(row))),
        NodeKind::Session => loaders.load_one(ById::<session::Entity>::new(id)).await?.map(|row| Node::from(Session(row))),
        NodeKind::ApiToken => loaders.load_one(ById::<api_token::Entity>::new(id)).await?.map(|row| Node::from(ApiToken(row))),
        NodeKind::Notification => loaders.load_one(ById::<notification::Entity>::new(id)).await?.map(|row| Node::from(Notification(row))),
        NodeKind::Attachment => loaders.load_one(ById::<attachment::Entity>::new(id)).await?.map(|row| Node::from(Attachment(row))),
        NodeKind::VerificationRequest => loaders.load_one(ById::<verification_request::Entity>::new(id)).await?.map(|row| Node::from(VerificationRequest(row))),
        NodeKind::Delegation => loaders.load_one(ById::<delegation::Entity>::new(id)).await?.map(|row| Node::from(Delegation(row))),
        NodeKind::Programme => loaders.load_one(ById::<programme::Entity>::new(id)).await?.map(|row| Node::from(Programme(row))),
        NodeKind::Need => loaders.load_one(ById::<need::Entity>::new(id)).await?.map(|row| Node::from(Need(row))),
        NodeKind::Project => loaders.load_one(ById::<project::Entity>::new(id)).await?.map(|row| Node::from(Project(row))),
        NodeKind::WorkPackage => loaders.load_one(ById::<work_package::Entity>::new(id)).await?.map(|row| Node::from(WorkPackage(row))),
        NodeKind::Call => loaders.load_one(ById::<call::Entity>::new(id)).await?.map(|row| Node::from(Call(row))),
        NodeKind::Interest => loaders.load_one(ById::<interest::Entity>::new(id)).await?.map(|row| Node::from(Interest(row))),
        NodeKind::Membership => loaders.load_one(ById::<membership::Entity>::new(id)).await?.map(|row| Node::from(Membership(row))),
        NodeKind::Invitation => loaders.load_one(ById::<invitation::Entity>::new(id)).await?.map(|row| Node::from(Invitation(row))),
    })
}

/// Queries of this file.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// The entity with an id; none when there is none or the caller may not see it.
    async fn node(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Node>> {
        let (kind, id) = decode(&id).ok_or_else(|| not_ours("id"))?;
        load(ctx, kind, id).await
    }

    /// The entities with these ids, 100 at most, in their order.
    async fn nodes(&self, ctx: &Context<'_>, ids: Vec<ID>) -> Result<Vec<Option<Node>>> {
        text::at_most("ids", ids.len(), 100)?;
        let wanted = ids.iter().enumerate().map(|(place, id)| decode(id).ok_or_else(|| not_ours(&format!("ids.{place}")))).collect::<Result<Vec<_>>>()?;
        futures_util::future::try_join_all(wanted.into_iter().map(|(kind, id)| load(ctx, kind, id))).await
    }
}

fn not_ours(field: &str) -> Error {
    Error::bad_input(
        field,
        Said::new("Це не наш ідентифікатор.", "This is no id of ours."),
        Said::new("Дайте id так, як його повернув запит.", "Give an id as a query returned it."),
    )
}
