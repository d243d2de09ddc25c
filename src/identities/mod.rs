//! Identities: signing in by an OpenID provider (OpenID Connect Core 1.0, code flow with PKCE, RFC 7636).
//!
//! ```text
//! /oidc/start ──► provider ──► /oidc/callback ──► code ──► signInWithCode | linkIdentity | stepUp
//!   a round          proof        the provider's word       each code once, within a minute
//! ```
//!
//! A round is what a person went for and whereto they come back. Their browser keeps it meanwhile in a sealed cookie; it becomes a
//! row once the provider has vouched for them, so that visits alone write nothing. What travels along is computed from
//! its id with the installation's key and kept nowhere: the `state`, which has to be of the cookie's round, so that nobody
//! ends in another's browser what they began in theirs; the nonce, which binds the provider's word to the round; PKCE's verifier,
//! which makes a stolen answer of the provider worthless; and the code at the end. No token ever stands in an address.
//!
//! An identity is what a provider calls a person: issuer and subject. One that is linked signs its account in. One that is not makes
//! a new account where the provider vouches for an address that nobody has here. Where an account has the address, nothing is
//! linked silently, since whoever signed up with it and whom the provider knows need not be one: its person signs in as usual and
//! links the identity (`linkIdentity`). The provider's word is no second factor of ours, and no fresh proof unless it was asked for one.
//!
//! Invariants: one account for each identity, one identity for each account and provider; a round is answered once and its code used
//! once, at whichever node; an address that the provider did not verify neither makes an account nor finds one; who has no password
//! keeps an identity.

pub mod graphql;
pub mod provider;
pub mod rules;
pub mod service;
pub mod store;
mod wire;
