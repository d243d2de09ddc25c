//! Organisations: municipalities, utilities, businesses, associations, donors and all other parties.
//!
//! An organisation is known by its identifiers in public registers; no two share one. The number of a sole trader is
//! personal data: it is kept as a keyed hash and shown masked. Who registers an organisation becomes its first owner;
//! one that an import recorded has none until a claim to it is confirmed (`claims`).
//! A business says what it can do (capability profile, certificates) and what it has done (past works); an import records
//! what registers say of it.
//!
//! Invariants: an identifier belongs to one organisation; a checksum that is wrong is refused when a person types it and
//! kept with `checksumValid: false` when a source has it; an unchecked organisation has no say over others, and nobody has one
//! over it: the municipality that a utility names is its owner once the utility was checked.

mod access;
pub mod filter;
pub mod graphql;
pub mod recording;
pub mod rules;
pub mod service;
pub mod store;
