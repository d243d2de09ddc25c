//! Delegations: an organisation that holds assets lets an association act on its behalf for a time.
//!
//! With one, the association's editors do what an editor of the organisation does with its needs and projects; without one they see them and judge, and
//! change nothing. To verify and return needs, to verify organisations and to move a project back are the association's own
//! rights, and rest on no delegation. What is done by a delegation names it in the journal.
//!
//! It holds until its end or until it is revoked, from the next call on: who calls is read at each request together with what was
//! delegated to their association.
//!
//! Invariants: an owner of the organisation grants, one of either side revokes; one delegation for each organisation and association at a
//! time; both are held while one is granted, one of them while it ends; an organisation or association that goes to somebody else, or that all
//! have left, takes none along.

mod access;
pub mod graphql;
mod rules;
pub mod service;
pub mod store;
