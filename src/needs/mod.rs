//! Needs: what infrastructure a municipality or a utility must restore.
//!
//! ```text
//! DRAFT -submit-> SUBMITTED -verify-> VERIFIED -prioritise-> PRIORITISED -adopt-> IN_PROJECT
//!                 SUBMITTED -return-> RETURNED -submit-> SUBMITTED
//! IN_PROJECT -its project is cancelled-> VERIFIED
//! DRAFT, SUBMITTED, RETURNED, VERIFIED, PRIORITISED -withdraw-> WITHDRAWN
//! ```
//!
//! A need that was PRIORITISED is VERIFIED too once it is free: its municipality puts it forward anew if it still wants it first.
//!
//! The owner drafts and submits; the association verifies or returns; the municipality of the territory prioritises; the
//! project that answers a need adopts it. A need is public from VERIFIED; before that its members and the association see it.
//!
//! Invariants: a need is answered by one project at a time; what was returned or withdrawn says why; of critical
//! infrastructure the public sees the hromada only.

mod access;
pub mod filter;
pub mod graphql;
pub mod rules;
pub mod service;
pub mod store;
