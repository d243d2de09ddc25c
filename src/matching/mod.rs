//! Matching: which businesses suit a work package, which work packages suit a business, and why.
//!
//! A match is derived, never stored or edited. The engine ([`engine`]) is pure: it holds an index of all businesses with
//! their past works and turns a work package into a ranking in which every point has its reason and its evidence. The
//! index is a reader of the journal ([`live`]): it is loaded at the start and follows what is registered and imported.
//! `border` turns rows into the engine's plain values; what the engine does not know is unknown, never a guess.
//!
//! Invariants: a total is the sum of its explanation; the same input gives the same answer on every machine; a match shows
//! nothing of a business that its public entry does not.

mod access;
mod border;
pub mod engine;
pub mod graphql;
pub mod live;
mod page;
pub mod service;
mod wording;

pub use live::Matcher;
