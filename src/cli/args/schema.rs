//! What `migrate` and `schema` take.

use clap::Subcommand;

/// What is done with the database's schema.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Migrate {
    /// Apply the steps that are pending
    Up,
    /// Take the last steps back, with the data in them
    Down {
        /// How many
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        steps: u32,
        /// Do it though rows go with the steps
        #[arg(long)]
        yes: bool,
    },
    /// Say which steps are applied and which are pending; exits with 1 unless the schema is current
    Status,
}

/// What is done with the GraphQL schema.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Schema {
    /// Compare it with `schema.graphql` in the working folder
    #[arg(long)]
    pub(in crate::cli) check: bool,
}
