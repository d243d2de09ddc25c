//! Verification: an owner asks the association to check who their organisation is, with evidence; the association looks and decides.
//!
//! ```text
//! PENDING -decide-> VERIFIED      the organisation is who it says
//!                   REJECTED      with a reason that its members read
//!                   OVERTAKEN     the organisation went to somebody else (a claim was confirmed)
//! ```
//!
//! An UNVERIFIED organisation becomes PENDING by asking. A REJECTED one may ask again and stays REJECTED until that is decided, so that
//! asking hides no finding; one that is PENDING, since it changed its name or seat, gives new evidence. `verifyOrganisation` is the same decision: it settles a request
//! that is open, and where none is, leaves one that nobody made, so that each finding has its row, its reason and its event.
//!
//! Invariants: one pending request for each organisation; evidence is one stored attachment or more, and stays, for
//! the association alone once the organisation was given to somebody else by a claim, as the request itself; nobody decides
//! on an organisation of which they are a member; the organisation is held while a request of it is made or decided.

mod access;
pub mod filter;
pub mod graphql;
mod rules;
pub mod service;
pub mod store;

pub use rules::MOST_EVIDENCE;
