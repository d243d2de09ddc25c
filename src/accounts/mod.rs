//! Accounts: people who sign in, their sessions, and their roles in organisations.
//!
//! An account has one e-mail address and a password. A sign-in opens a session; the access token names that session, and
//! each request loads session, account and memberships anew, so that a revocation holds at once. An access token is short;
//! the session's refresh token gives the next one and is then worth nothing: used again, somebody has a copy, and the session
//! ends. A person becomes a member of an organisation by registering it (first owner), or by
//! an invitation (`members`).
//!
//! A person may have a second factor: then a sign-in asks for a code beside the password. Codes and recovery codes are computed
//! from the factor's id in the same way; each is good once, and wrong ones have to wait after a few.
//! Rights that bind others (to sign, to act for the association, to run the platform) can be used only in a sign-in that was given a
//! code, unless the settings leave that to each person; a sign-in that the command line opened is asked for none, since whoever
//! owns the machine reads the keys that codes are computed with. What a stolen sign-in must not do asks the person to prove anew who
//! they are (`stepUp`).
//!
//! An account has no password where an OpenID provider vouches for its person (`identities`); they can ask for one as for a forgotten one.
//!
//! What a person does without a sign-in, to confirm an address or to choose a new password, they do by a one-time link from
//! a letter. The link's token is computed from its id with the installation's key, so that a job can write it and no table holds
//! it; opening a link does nothing, since scanners of mail open links too. To confirm an address asks for the account's password
//! besides: a stranger may have signed up with it.
//!
//! Invariants: one account for each e-mail address; one membership for each person and organisation; a token is worth
//! nothing without its live session; a link is used once, for its purpose, in its time.

pub mod graphql;
pub mod letters;
pub mod rules;
pub mod service;
pub mod store;
