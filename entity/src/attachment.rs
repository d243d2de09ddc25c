//! A file of an organisation: the evidence of who it is, or a certificate.

use crate::text_enum::text_enum;
use sea_orm::entity::prelude::*;

text_enum! {
    /// What a file is for.
    Purpose {
        /// It shows who the organisation is.
        Evidence = "EVIDENCE",
        /// It is a licence or certificate.
        Certificate = "CERTIFICATE",
    }
}

text_enum! {
    /// Where a file stands.
    State {
        /// It is described, and its bytes are awaited.
        Awaiting = "AWAITING",
        /// Its bytes are kept, and are what was described.
        Stored = "STORED",
    }
}

/// A file of an organisation: the evidence of who it is, or a certificate.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attachment")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    pub organisation_id: Uuid,
    /// What it is for.
    pub purpose: Purpose,
    /// What it is called, free of folders and of what a file system minds.
    #[sea_orm(column_type = "Text")]
    pub file_name: String,
    /// Its media type: declared at first, and what its bytes are once it is stored.
    pub media_type: String,
    /// Bytes.
    pub size: i32,
    /// SHA-256 of its bytes in hexadecimal digits.
    pub sha256: String,
    /// Where it stands.
    pub state: State,
    /// The name of its bytes in the store of files, once it is stored.
    pub object_id: Option<Uuid>,
    /// The moment from which its bytes are taken no more.
    pub expires_at: DateTimeUtc,
    /// When its bytes came.
    pub uploaded_at: Option<DateTimeUtc>,
    /// Since when it is evidence in a request; from then on it stays.
    pub evidence_since: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When the row last changed.
    pub updated_at: DateTimeUtc,
    /// The lock: 1 at first, one more with each change.
    pub version: i32,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
