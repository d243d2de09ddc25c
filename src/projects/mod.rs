//! Projects: initiatives that answer needs, cut into work packages that a partner or consortium can carry.
//!
//! ```text
//! IDEA -define-> DEFINED -appraise-> APPRAISED -structure-> STRUCTURED -publish a call-> PARTNERING
//! any of these -cancel-> CANCELLED; back only by the association, with a reason; neither while a call is open
//! ```
//!
//! The states follow OC4IDS (`projectStatus`) with DREAM's detail. A project is public from DEFINED; before that its members,
//! its programme's donor and agency, and the association see it. A finished project that an import recorded is a reference:
//! no call can open it.
//!
//! Invariants: no state is skipped; a project has a work package before it is defined; what its work packages say is not
//! edited while a call is open on it.

mod access;
pub mod filter;
pub mod graphql;
pub mod recording;
pub mod rules;
pub mod service;
pub mod store;
