//! A municipality, utility, business or any other party.

use crate::Codes;
use crate::text_enum::text_enum;
use sea_orm::entity::prelude::*;

text_enum! {
    /// What an organisation is.
    Kind {
        /// A territorial community's council.
        Municipality = "MUNICIPALITY",
        /// A communal enterprise that holds assets.
        Utility = "UTILITY",
        /// A company or a sole trader.
        Business = "BUSINESS",
        /// An executive authority or other public body.
        PublicBody = "PUBLIC_BODY",
        /// An association of municipalities that watches over a programme.
        Association = "ASSOCIATION",
        /// Who gives the money.
        Donor = "DONOR",
        /// Who runs a programme for a donor.
        ImplementingAgency = "IMPLEMENTING_AGENCY",
        /// A civil society organisation.
        Cso = "CSO",
    }
}

text_enum! {
    /// Size class of an enterprise (Commercial Code, Recommendation 2003/361/EC).
    Scale {
        /// Fewer than 10 people.
        Micro = "MICRO",
        /// Fewer than 50.
        Small = "SMALL",
        /// Fewer than 250.
        Medium = "MEDIUM",
        /// 250 and more.
        Large = "LARGE",
    }
}

text_enum! {
    /// Whether somebody has checked who an organisation is.
    Verification {
        /// Nobody has looked.
        Unverified = "UNVERIFIED",
        /// Its owner asked for it, or it was verified, then changed its name or seat, and is to be checked anew.
        Pending = "PENDING",
        /// Checked.
        Verified = "VERIFIED",
        /// Checked and refused.
        Rejected = "REJECTED",
    }
}

/// A municipality, utility, business or any other party.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What it is.
    pub kind: Kind,
    /// Name in Ukrainian.
    #[sea_orm(column_type = "Text", nullable)]
    pub name_uk: Option<String>,
    /// Name in English.
    #[sea_orm(column_type = "Text", nullable)]
    pub name_en: Option<String>,
    /// Folded names, for search and order.
    #[sea_orm(column_type = "Text")]
    pub name_key: String,
    /// KATOTTG code of its seat.
    pub territory: Option<String>,
    /// Oblast prefix (`UA` and two digits) where only that is known, or as derived from the seat.
    pub oblast: Option<String>,
    /// KVED codes, the primary one first.
    #[sea_orm(column_type = "JsonBinary")]
    pub activities: Codes,
    /// Size class.
    pub scale: Option<Scale>,
    /// Whether the association has checked who it is.
    pub verification: Verification,
    /// The municipality that owns a utility (asset holder).
    pub owner_municipality_id: Option<Uuid>,
    /// E-mail for its members and, after mutual interest, its partner.
    pub contact_email: Option<String>,
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
