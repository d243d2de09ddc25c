//! A person who came back from an OpenID provider that vouched for them; what travelled along is computed from the id and kept nowhere.

use crate::text_enum::text_enum;
use sea_orm::entity::prelude::*;

text_enum! {
    /// What a person went to the provider for.
    Purpose {
        /// To sign in, or to sign up.
        SignIn = "SIGN_IN",
        /// To show which identity is to be linked to an account.
        Link = "LINK",
        /// To prove anew who they are.
        StepUp = "STEP_UP",
    }
}

/// A person who came back from an OpenID provider that vouched for them; what travelled along is computed from the id and kept nowhere.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_round")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What they went for.
    pub purpose: Purpose,
    /// The page to which they come back with a code; a page of our own shows it where there is none.
    #[sea_orm(column_type = "Text", nullable)]
    pub return_to: Option<String>,
    /// The digest of what whoever uses the code has to know, where it was begun with one.
    pub challenge: Option<String>,
    /// When they came back; each round is answered once.
    pub answered_at: Option<DateTimeUtc>,
    /// Whom the provider vouched for, where that is somebody here and the code was not used yet.
    pub account_id: Option<Uuid>,
    /// The provider of the identity that is to be linked.
    pub issuer: Option<String>,
    /// What the provider calls whose identity is to be linked.
    pub subject: Option<String>,
    /// The moment from which its code is worth nothing.
    pub expires_at: DateTimeUtc,
    /// When they went.
    pub created_at: DateTimeUtc,
}

/// References are read through loaders, never through joins declared here.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
