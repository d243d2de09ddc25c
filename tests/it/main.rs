//! The integration tests: one binary, one file a subject. Each test speaks the public API and runs on both databases.

mod support;

mod access;
mod accounts;
mod backups;
mod budgets;
mod claims;
mod cli;
mod demonstration;
mod faults;
mod graphql;
mod imports;
mod input;
mod joining;
mod journal;
mod journeys;
mod layers;
mod letters;
mod lists;
mod members;
mod metrics;
mod purge;
mod races;
mod schema;
mod second_factor;
mod secrets;
mod settings;
mod stepping_up;
mod tokens;
mod traces;
