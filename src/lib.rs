//! Mistok brings municipalities, utility companies and businesses together around infrastructure recovery: from a need, over
//! an explained match, to an expression of interest (and, as the house grows, to agreement, delivery and practice).
//!
//! This page is the map; the list below is in reading order. `ARCHITECTURE.md` walks through one mutation and one query.
//!
//! * What everything rests on: [`error`], [`locale`], [`clock`], [`ids`], [`config`], [`db`], [`metrics`], [`app`], [`events`], [`idempotency`].
//! * What several slices need: [`text`], [`money`], [`page`], [`references`], [`mail`].
//! * Who is calling: [`auth`].
//! * The slices, earlier ones first; each holds its rules, access, rows, use cases and GraphQL: [`mod@reference`], [`accounts`], [`identities`], [`tokens`],
//!   [`organisations`], [`members`], [`claims`], [`programmes`], [`needs`], [`projects`], [`calls`], [`matching`], [`interests`],
//!   [`notifications`], [`privacy`].
//! * Above them: [`jobs`] (work that falls due), [`exchange`] (imports and the backtest), [`demo`].
//! * The shell: [`graphql`] assembles the schema, [`http`] serves it, [`cli`] starts it, [`telemetry`] tells what happens.

pub mod app;
pub mod clock;
pub mod config;
pub mod db;
pub mod error;
pub mod events;
pub mod hash;
pub mod idempotency;
pub mod ids;
pub mod locale;
pub mod metrics;

pub mod mail;
pub mod money;
pub mod objects;
pub mod page;
pub mod references;
pub mod text;

pub mod auth;

pub mod accounts;
pub mod attachments;
pub mod calls;
pub mod claims;
pub mod delegations;
pub mod identities;
pub mod interests;
pub mod matching;
pub mod members;
pub mod needs;
pub mod notifications;
pub mod organisations;
pub mod privacy;
pub mod programmes;
pub mod projects;
pub mod reference;
pub mod tokens;
pub mod verification;

pub mod demo;
pub mod exchange;
pub mod jobs;

pub mod cli;
pub mod graphql;
pub mod http;
pub mod telemetry;
