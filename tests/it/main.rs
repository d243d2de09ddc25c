//! The integration tests: one binary, one file a subject. Each test speaks the public API and runs on both databases.

mod support;

mod access;
mod accounts;
mod attachments;
mod bucket;
mod budgets;
mod claims;
mod cli;
mod delegation;
mod demonstration;
mod digests;
mod faults;
mod graphql;
mod idempotency;
mod imports;
mod input;
mod joining;
mod journal;
mod journeys;
mod layers;
mod letters;
mod lists;
mod members;
mod oidc;
mod privacy;
mod notifications;
mod purge;
mod races;
mod schema;
mod second_factor;
mod sessions;
mod sockets;
mod stepping_up;
mod tokens;
mod verification;
