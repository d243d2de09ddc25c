//! Interests: a business's non-binding answer to a call.
//!
//! ```text
//! DRAFT -submit-> SUBMITTED -acknowledge-> ACKNOWLEDGED
//! SUBMITTED, ACKNOWLEDGED -decline-> DECLINED          by the caller, with a reason
//! DRAFT, SUBMITTED, ACKNOWLEDGED -withdraw-> WITHDRAWN by the business
//! ```
//!
//! The business sees its own; the caller and the association see it from SUBMITTED, when the caller owes an answer within
//! the call's response deadline.
//!
//! Invariants: one live interest for each business and call (a unique index, so that no race makes two); it names work
//! packages that the call offers; it is submitted while the call is open.

mod access;
pub mod filter;
pub mod graphql;
pub mod rules;
pub mod service;
pub mod store;
