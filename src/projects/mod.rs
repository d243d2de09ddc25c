//! Projects: initiatives that answer needs, cut into work packages that a partner or consortium can carry.
//!
//! ```text
//! IDEA -define-> DEFINED -appraise-> APPRAISED -structure-> STRUCTURED -publish a call-> PARTNERING
//! any of these -cancel-> CANCELLED; back only by the association, with a reason; neither while a call is open
//! ```
//!
//! The states follow OC4IDS (`projectStatus`) with DREAM's detail. A project is public from DEFINED; before that its members,
//! its programme's donor and agency, and the association see it; only a checked owner defines it. Who answered a call of a
//! project that is cancelled goes on seeing it with the reason. A finished tender that an import recorded is a reference in
//! DEFINED: what was bought is known, nothing of how it went on; no call can open it.
//!
//! Invariants: no state is skipped; a project has a work package before it is defined; what it says is not edited once a call
//! was opened on it, nor while a municipality is asked to consent to one; a work package is offered by one open call at a time.

mod access;
pub mod filter;
pub mod graphql;
pub mod recording;
pub mod rules;
pub mod service;
pub mod store;
