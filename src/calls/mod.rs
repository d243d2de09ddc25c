//! Calls: invitations to express interest in work packages of one project.
//!
//! ```text
//! DRAFT -publish-> PUBLISHED -close, or its end comes-> CLOSED
//! DRAFT -ask consent-> CONSENT -consent-> CONSENT (consented) -publish-> PUBLISHED      when a utility calls
//! DRAFT, CONSENT, PUBLISHED -withdraw-> WITHDRAWN
//! ```
//!
//! Publishing moves the project to PARTNERING; a work package is offered by one open call at a time. A call is public from PUBLISHED; before that its members, the municipality
//! that owns a calling utility that was checked, and the association see it.
//!
//! Invariants: its work packages are of its project; its criteria's weights sum to 100; it closes by itself at the end it
//! named, whoever is at work then.

mod access;
pub mod filter;
pub mod graphql;
pub mod rules;
pub mod service;
pub mod store;
