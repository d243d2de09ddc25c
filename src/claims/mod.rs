//! Claims: an organisation that an import recorded has no owner, until a person says that it is theirs and is believed; one whose
//! members the association refused is claimed likewise, and they give way.
//!
//! ```text
//! PENDING -confirm-> CONFIRMED     the claimant becomes owner and signer, the organisation is verified
//!         -decline-> DECLINED      with a reason that the claimant reads
//!                    OVERTAKEN     another claim to the same organisation was confirmed
//!                    WITHDRAWN     the claimant erased their account
//! ```
//!
//! The association or the administrator decides, nobody on a claim of their own; the administrator claims for somebody else. It is one decision with
//! `verifyOrganisation`: who believes that a person speaks for an organisation has seen who it is.
//!
//! Invariants: only an organisation without members, or with refused ones, is claimed, and a public body only as what may hold its projects; one
//! pending claim for each person and organisation, and 20 for each person; the organisation is held while a claim to it is
//! made or decided, so of several one is confirmed. A claim names its organisation by id: a number that finds one would tell
//! whose tax number it is.

mod access;
pub mod filter;
pub mod graphql;
mod rules;
pub mod service;
pub mod store;
