//! Programmes: who funds initiatives of municipalities, who runs them, how much there is and where.
//!
//! A programme is public. Its donor or the administrator sets it up; donor and implementing agency read what is in it.

mod access;
pub mod filter;
pub mod graphql;
pub mod service;
pub mod store;
