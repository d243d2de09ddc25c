//! Accounts: people who sign in, their sessions, and their roles in organisations.
//!
//! An account has one e-mail address and a password. A sign-in opens a session; the access token names that session, and
//! each request loads session, account and memberships anew, so that a revocation holds at once. A person becomes a member
//! of an organisation by registering it (first owner).
//!
//! Invariants: one account for each e-mail address; one membership for each person and organisation; a token is worth
//! nothing without its live session.

pub mod graphql;
pub mod rules;
pub mod service;
pub mod store;
