//! Reference lists: territories (KATOTTG), classifications (DK 021 = CPV, KVED = NACE), sectors of OC4IDS.
//!
//! The oblasts, the divisions and the groups that recovery works with are built in; the whole lists are imported. A code
//! is known when its list holds it, or, while only the built-in part is there, when the list holds a wider code of it.
//! A code that a newer list lacks is kept with the day it was last valid, since old records name it.

pub mod builtin;
pub mod codes;
pub mod graphql;
pub mod known;
pub mod lists;
pub mod service;
pub mod store;
