//! Requests for verification in the schema.

use async_graphql::{Context, Enum, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::{attachment, organisation, verification_request};
use uuid::Uuid;

use super::filter::VerificationRequestFilter;
use super::{service, store};
use crate::attachments::graphql::Attachment;
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::loader::ById;
use crate::graphql::page::{List, arguments, connection};
use crate::ids::{Id, NodeKind, encode};
use crate::organisations::graphql::Organisation;
use crate::organisations::service::Finding;
use crate::{load_by_id, load_pages, payload};

load_by_id!(verification_request::Entity, verification_request::Model, store::by_ids);
load_pages!(RequestsOf, verification_request::Model, store::of_organisations);

/// Where a request for verification stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "verification_request::State")]
pub enum VerificationRequestState {
    /// Waiting for the association.
    Pending,
    /// The organisation is who it says.
    Verified,
    /// It is not, or did not show it; the reason says why.
    Rejected,
    /// The organisation went to somebody else, or all have left it.
    Overtaken,
}

/// What was found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Finding")]
pub enum VerificationFinding {
    /// The organisation is who it says.
    Verified,
    /// It is not, or did not show it.
    Rejected,
}

/// An organisation's request to be verified, or a finding that nobody asked for; seen by its members, the association and the administrator.
/// One from before somebody else was given the organisation by a claim is not seen by its members any more.
#[derive(Clone)]
pub struct VerificationRequest(pub verification_request::Model);

/// An organisation's request to be verified, or a finding that nobody asked for; seen by its members, the association and the administrator.
/// One from before somebody else was given the organisation by a claim is not seen by its members any more.
#[Object]
impl VerificationRequest {
    /// Its id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::VerificationRequest, self.0.id)
    }

    /// Who is to be verified.
    async fn organisation(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        Ok(ctx.loaders().load_one(ById::<organisation::Entity>::new(self.0.organisation_id)).await?.map(Organisation))
    }

    /// What the owner adds.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// The files that show who it is.
    async fn evidence(&self, ctx: &Context<'_>) -> Result<Vec<Attachment>> {
        let ids: Vec<Uuid> = self.0.evidence.0.iter().filter_map(|id| Uuid::parse_str(id).ok()).collect();
        let found = ctx.loaders().load_many(ids.iter().map(|id| ById::<attachment::Entity>::new(*id))).await?;
        Ok(ids.into_iter().filter_map(|id| found.get(&ById::new(id)).cloned()).map(Attachment).collect())
    }

    /// Where it stands.
    async fn state(&self) -> VerificationRequestState {
        self.0.state.into()
    }

    /// Why it was decided so.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// When it was decided.
    async fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.0.decided_at
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

/// A page of the requests of an organisation; none for whoever may not see them.
///
/// # Errors
/// When the page or its cursor is wrong, or the database cannot be read.
pub async fn requests_of(ctx: &Context<'_>, organisation: Uuid, first: Option<i32>, after: Option<String>) -> Result<Option<List<VerificationRequest>>> {
    let page = arguments(ctx, first, after)?;
    if !service::shows(ctx.actor(), organisation) {
        return Ok(None);
    }
    let rows = ctx.loaders().load_one(RequestsOf(organisation, page)).await?.unwrap_or_default();
    Ok(Some(connection(rows, VerificationRequest)))
}

/// What an owner asks.
#[derive(InputObject)]
struct RequestVerificationInput {
    /// Which organisation is to be verified.
    organisation_id: Id<organisation::Entity>,
    /// The version of the organisation that was read; when absent, whichever stands.
    expected_version: Option<i32>,
    /// What the owner adds, 4,000 characters at most.
    note: Option<String>,
    /// The files that show who it is: 1 to 20 stored attachments of the organisation with the purpose `EVIDENCE`.
    attachment_ids: Vec<Id<attachment::Entity>>,
}

/// A decision on a request.
#[derive(InputObject)]
struct DecideVerificationInput {
    /// Which request.
    id: Id<verification_request::Entity>,
    /// The version that was read.
    expected_version: i32,
    /// What was found.
    decision: VerificationFinding,
    /// Why, 1 to 2,000 characters; needed with `REJECTED`. The members of the organisation read it.
    reason: Option<String>,
}

/// The association's finding on who an organisation is.
#[derive(InputObject)]
struct VerifyOrganisationInput {
    /// Which organisation.
    id: Id<organisation::Entity>,
    /// The version that was read.
    expected_version: i32,
    /// Whether it is who it says; a utility, also whether the municipality that it names owns it.
    #[graphql(default = true)]
    verified: bool,
    /// Why, 1 to 2,000 characters; needed where an open request is refused. The members of the organisation read it.
    reason: Option<String>,
}

payload! {
    /// The request that was made.
    RequestVerificationPayload { verification_request: VerificationRequest }
}
payload! {
    /// The request as it is now.
    DecideVerificationPayload { verification_request: VerificationRequest }
}
payload! {
    /// The organisation as it is now.
    VerifyOrganisationPayload { organisation: Organisation }
}

/// Queries of this slice.
#[derive(Default)]
pub struct VerificationQuery;

#[Object]
impl VerificationQuery {
    /// Requests for verification that the caller may see, oldest first: those of their organisations, or all for the association.
    async fn verification_requests(
        &self,
        ctx: &Context<'_>,
        filter: Option<VerificationRequestFilter>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<List<VerificationRequest>> {
        let page = arguments(ctx, first, after)?;
        let condition = filter.unwrap_or_default().condition()?;
        Ok(connection(store::list(ctx.app().db.reader(), ctx.actor(), condition, &page).await?, VerificationRequest))
    }
}

/// Mutations of this slice.
#[derive(Default)]
pub struct VerificationMutation;

#[Object]
impl VerificationMutation {
    /// Asks the association to verify an organisation; an owner does it, with a file or more that show who it is. One that is
    /// `UNVERIFIED` becomes `PENDING`; one that is `REJECTED` stays so until the association has decided anew.
    async fn request_verification(&self, ctx: &Context<'_>, input: RequestVerificationInput) -> Result<RequestVerificationPayload> {
        let RequestVerificationInput { organisation_id, expected_version, note, attachment_ids } = input;
        let ask = service::Ask { organisation: organisation_id.0, expected_version, note, attachments: attachment_ids.into_iter().map(|id| id.0).collect() };
        RequestVerificationPayload::answer(ctx, service::request(ctx.app(), ctx.actor(), ask).await, VerificationRequest).await
    }

    /// The association decides on a request: the organisation becomes `VERIFIED` or `REJECTED`. Nobody decides on their own.
    async fn decide_verification(&self, ctx: &Context<'_>, input: DecideVerificationInput) -> Result<DecideVerificationPayload> {
        let DecideVerificationInput { id, expected_version, decision, reason } = input;
        let result = service::decide(ctx.app(), ctx.actor(), id.0, expected_version, decision.into(), reason.as_deref()).await;
        DecideVerificationPayload::answer(ctx, result, VerificationRequest).await
    }

    /// Records the association's finding on who an organisation is, and settles its request for verification where one is pending.
    async fn verify_organisation(&self, ctx: &Context<'_>, input: VerifyOrganisationInput) -> Result<VerifyOrganisationPayload> {
        let VerifyOrganisationInput { id, expected_version, verified, reason } = input;
        let finding = if verified { Finding::Verified } else { Finding::Rejected };
        let result = service::verify(ctx.app(), ctx.actor(), id.0, expected_version, finding, reason.as_deref()).await;
        VerifyOrganisationPayload::answer(ctx, result, Organisation).await
    }
}
