//! The rows of Mistok's database and the enums they hold, one file a table.
//!
//! There are no rules and no GraphQL here: a rule lives in the `rules.rs` of its slice, a GraphQL type in its `graphql.rs`.
//! Money is a 64-bit integer of minor units with its ISO 4217 currency; a moment is UTC with microseconds;
//! text is NFC; a list of codes is a JSON array.

mod text_enum;

pub mod account;
pub mod api_token;
pub mod attachment;
pub mod call;
pub mod call_work_package;
pub mod capability;
pub mod certificate;
pub mod checkpoint;
pub mod claim;
pub mod classification;
pub mod counter;
pub mod delegation;
pub mod digest;
pub mod event;
pub mod external_id;
pub mod guess;
pub mod idempotency_key;
pub mod identifier;
pub mod identity;
pub mod interest;
pub mod interest_work_package;
pub mod invitation;
pub mod job;
pub mod link;
pub mod membership;
pub mod need;
pub mod notification;
pub mod notification_preference;
pub mod organisation;
pub mod past_work;
pub mod programme;
pub mod project;
pub mod project_need;
pub mod requirement;
pub mod second_factor;
pub mod session;
pub mod setting;
pub mod sign_in_round;
pub mod territory;
pub mod verification_request;
pub mod work_package;

use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

/// A list of codes kept in one column as a JSON array, in the order its author gave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Codes(pub Vec<String>);
