//! Attachments in the schema.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::{attachment, organisation};
use uuid::Uuid;

use super::{service, store};
use crate::error::Result;
use crate::graphql::context::RequestContext as _;
use crate::graphql::loader::ById;
use crate::graphql::page::{List, arguments, connection};
use crate::graphql::payload::{UserError, halves};
use crate::graphql::repeat;
use crate::ids::{Id, NodeKind, encode};
use crate::organisations::graphql::Organisation;
use crate::{load_by_id, load_pages, payload};

load_by_id!(attachment::Entity, attachment::Model, store::by_ids);
load_pages!(AttachmentsOf, attachment::Model, store::of_organisations);

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "attachment::Purpose")]
pub enum AttachmentPurpose {
    /// It shows who the organisation is.
    Evidence,
    /// It is a licence or certificate.
    Certificate,
}

/// Where a file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "attachment::State")]
pub enum AttachmentState {
    /// It is described, and its bytes are awaited.
    Awaiting,
    /// Its bytes are kept, and are what was described.
    Stored,
}

/// Where a file is, for a while.
#[derive(SimpleObject)]
struct Download {
    /// Its address: for whoever asked and as long as their sign-in and their rights last. It needs no header, and gives the file to be saved.
    url: String,
    /// When it ends.
    expires_at: DateTime<Utc>,
}

/// A header of a request.
#[derive(SimpleObject)]
struct RequestHeader {
    /// Its name.
    name: String,
    /// Its value.
    value: String,
}

/// Where the bytes of a file go.
#[derive(SimpleObject)]
struct Upload {
    /// The address: good once, and again where an upload was broken off or refused.
    url: String,
    /// The method.
    method: String,
    /// The headers.
    headers: Vec<RequestHeader>,
    /// When it ends.
    expires_at: DateTime<Utc>,
}

/// A file of an organisation; seen by its members, the association and the administrator. Evidence from before somebody else was given the
/// organisation by a claim is not seen by its members any more: it shows who spoke for it then.
#[derive(Clone)]
pub struct Attachment(pub attachment::Model);

/// A file of an organisation; seen by its members, the association and the administrator. Evidence from before somebody else was given the
/// organisation by a claim is not seen by its members any more: it shows who spoke for it then.
#[Object]
impl Attachment {
    /// Its id.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Attachment, self.0.id)
    }

    /// Whose it is.
    async fn organisation(&self, ctx: &Context<'_>) -> Result<Option<Organisation>> {
        Ok(ctx.loaders().load_one(ById::<organisation::Entity>::new(self.0.organisation_id)).await?.map(Organisation))
    }

    /// What it is for.
    async fn purpose(&self) -> AttachmentPurpose {
        self.0.purpose.into()
    }

    /// What it is called.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }

    /// Its media type; once it is stored, that of its bytes.
    async fn media_type(&self) -> &str {
        &self.0.media_type
    }

    /// Its bytes.
    async fn size(&self) -> i32 {
        self.0.size
    }

    /// SHA-256 of its bytes, as 64 hexadecimal digits.
    async fn sha256(&self) -> &str {
        &self.0.sha256
    }

    /// Where it stands.
    async fn state(&self) -> AttachmentState {
        self.0.state.into()
    }

    /// When its bytes came.
    async fn uploaded_at(&self) -> Option<DateTime<Utc>> {
        self.0.uploaded_at
    }

    /// Where its file is, for five minutes; none before its bytes came.
    #[expect(clippy::unused_async, reason = "resolvers are async")]
    async fn download(&self, ctx: &Context<'_>) -> Result<Option<Download>> {
        let link = service::download(ctx.app(), ctx.actor(), &self.0)?;
        Ok(link.map(|service::Link { url, expires_at }| Download { url, expires_at }))
    }

    /// When it was described.
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

/// A page of the attachments of an organisation; none for whoever may not see them.
///
/// # Errors
/// When the page or its cursor is wrong, or the database cannot be read.
pub async fn attachments_of(ctx: &Context<'_>, organisation: Uuid, first: Option<i32>, after: Option<String>) -> Result<Option<List<Attachment>>> {
    let page = arguments(ctx, first, after)?;
    if !service::shows(ctx.actor(), organisation) {
        return Ok(None);
    }
    let rows = ctx.loaders().load_one(AttachmentsOf(organisation, page)).await?.unwrap_or_default();
    Ok(Some(connection(rows, Attachment)))
}

/// A file that is to be added.
#[derive(InputObject)]
struct RequestUploadInput {
    /// Whose it is.
    organisation_id: Id<organisation::Entity>,
    /// What it is for.
    purpose: AttachmentPurpose,
    /// What it is called, 1 to 150 characters.
    file_name: String,
    /// Its media type: `application/pdf`, `image/png` or `image/jpeg`.
    media_type: String,
    /// Its bytes, 1 to 10,485,760.
    size: i32,
    /// SHA-256 of its bytes, as 64 hexadecimal digits.
    sha256: String,
}

/// Which attachment goes.
#[derive(InputObject)]
struct RemoveAttachmentInput {
    /// The attachment.
    id: Id<attachment::Entity>,
    /// The version that was read; when absent, whichever stands.
    expected_version: Option<i32>,
}

impl Upload {
    fn of(row: &attachment::Model, service::Link { url, expires_at }: service::Link) -> Self {
        let headers = vec![RequestHeader { name: "Content-Type".to_owned(), value: row.media_type.clone() }];
        Self { url, method: "PUT".to_owned(), headers, expires_at }
    }
}

/// A file that was described.
#[derive(SimpleObject)]
struct RequestUploadPayload {
    /// The attachment; none when it was refused.
    attachment: Option<Attachment>,
    /// Where its bytes go.
    upload: Option<Upload>,
    /// All that stood against it; empty when it was done.
    user_errors: Vec<UserError>,
}

payload! {
    /// The attachment that was removed, as it was.
    RemoveAttachmentPayload { attachment: Attachment }
}

/// Mutations of this slice.
#[derive(Default)]
pub struct AttachmentMutation;

#[Object]
impl AttachmentMutation {
    /// Describes a file, and gives the address to which its bytes go within half an hour. Size, type and hash of what comes are
    /// compared with the description; a difference is refused with what was found, and the same address takes the right file.
    async fn request_upload(&self, ctx: &Context<'_>, input: RequestUploadInput) -> Result<RequestUploadPayload> {
        let RequestUploadInput { organisation_id, purpose, file_name, media_type, size, sha256 } = input;
        let wanted = service::Wanted { organisation: organisation_id.0, purpose: purpose.into(), file_name, media_type, size, sha256 };
        let made = repeat::entity(ctx, service::request(ctx.app(), ctx.actor(), wanted).await).await;
        let (attachment, user_errors) = halves(ctx, made)?;
        let attachment: Option<attachment::Model> = attachment.flatten();
        let upload = match &attachment {
            Some(row) => service::upload_link(ctx.app(), ctx.actor(), row)?.map(|link| Upload::of(row, link)),
            None => None,
        };
        Ok(RequestUploadPayload { attachment: attachment.map(Attachment), upload, user_errors })
    }

    /// Removes an attachment and its file, unless it is evidence in a request for verification or a certificate names it.
    async fn remove_attachment(&self, ctx: &Context<'_>, input: RemoveAttachmentInput) -> Result<RemoveAttachmentPayload> {
        let RemoveAttachmentInput { id, expected_version } = input;
        RemoveAttachmentPayload::answer(ctx, service::remove(ctx.app(), ctx.actor(), id.0, expected_version).await, Attachment).await
    }
}
