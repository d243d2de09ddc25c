//! API tokens: with one a program acts for an organisation, such as the frontend of a partner.
//!
//! An owner who proved anew who they are makes a token for a time, a year at most; its secret is shown once and kept as a
//! digest. Its scopes are less than any member's rights that bind others: it reads as a VIEWER or writes as an EDITOR does; what
//! asks for a SIGNER, an OWNER, the association or the administrator is a person's. It is the organisation's, not its
//! maker's: it stays when they leave, and every owner sees it and ends it. Who is given the organisation by the association
//! finds the tokens of those before them ended.
//!
//! Invariants: a revoked, an expired and an unknown token are answered alike, from the next request on and on every node; what a
//! token did, the journal tells by its id.

mod access;
pub mod graphql;
mod rules;
pub mod service;
pub mod store;
