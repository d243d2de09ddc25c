//! Members: who acts for an organisation, and how they come and go.
//!
//! ```text
//! PENDING -accept-> ACCEPTED     the invited person becomes a member with the roles of the invitation
//!         -decline-> DECLINED    they do not want to
//!         -revoke-> REVOKED      an owner takes it back, or the organisation goes to somebody else
//!                   EXPIRED      nobody answered in 14 days
//! ```
//!
//! An owner invites by e-mail. Whoever answers shows that the address is theirs: by the link of the letter, or signed in with an
//! account that confirmed this address. The link alone makes no member of an account whose address nobody confirmed, since
//! somebody else may have signed up with it.
//!
//! Invariants: an organisation that has members keeps an owner; one pending invitation for each organisation and address, and
//! 1,000 for each organisation; the organisation is held while its members or invitations change, and whoever changes them is
//! an owner then. Members are seen by one another, invitations by owners and the invited, both by the administrator and the association.

mod access;
pub mod graphql;
mod letters;
mod rules;
pub mod service;
pub mod store;

pub use rules::said_roles;
