//! The matching engine: which businesses fit a work package, and why. Values in, values out; no clock, no randomness, no I/O.
//!
//! A business is a match when no **gate** fails: nothing that it told rules it out. What it never told is *unknown* and is
//! not held against it. Matches are ordered by the sum of their **criteria**, each a weight times its **evidence**. The
//! main evidence are past works: each similar work *votes* for the business that won it or bid for it, and the strongest
//! vote is the sentence that people read.
//!
//! The contract:
//! 1. The total of a match is computed from its explanation and from nothing else.
//! 2. The same businesses and the same package give the same answer, bit for bit, on every machine and whatever the
//!    order of changes; ties go to the smaller id.
//! 3. Unknown facts lower the confidence, which stands beside the score, and never the score. Known ones may lower it: a
//!    largest work far below the budget does, until the business says how large a contract it can carry.
//! 4. Every query reads a bounded number of works, however many there are.
//!
//! Read `profile` for what goes in, `explanation` for what comes out, `weights` for what counts how much, `rank` for
//! how it is put together.

/// The version of the engine; it enters the hash of every match and changes with every weight.
pub const ENGINE_VERSION: &str = "4";

mod code;
mod confidence;
mod criteria;
mod digest;
mod explanation;
mod gates;
mod grams;
mod hash;
mod index;
mod number;
mod place;
mod pool;
mod profile;
mod query;
mod rank;
mod reasons;
mod record;
mod requirements;
mod sentences;
mod text;
mod title;
mod vocabulary;
mod votes;
mod weights;
mod work;

#[cfg(test)]
mod tests;

pub use explanation::{Criterion, CriterionKind, Evidence, EvidenceKind, Gate, GateKind, GateOutcome, Match, Ranking, Sentence, Turn, Unknown};
pub use index::Index;
pub use profile::{Asks, Business, Capability, Certificate, Day, Id, Neighbours, Outcome, Package, PastWork, Place, Requirement, Text, Value};
pub use rank::{Prospect, Rank, Suitable};
pub use weights::Part;
