//! What `admin`, `keys` and `audit` take.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

use super::Language;

/// What is done for administrators.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Admin {
    /// Make an account that runs the platform; its password is generated and printed once
    Create {
        /// E-mail address
        #[arg(long)]
        email: String,
        /// How they want to be called
        #[arg(long)]
        name: String,
        /// Language they read
        #[arg(long, value_enum, default_value = "uk")]
        locale: Language,
        /// Read the password from the first line of standard input instead
        #[arg(long)]
        password_stdin: bool,
    },
    /// Take the second factor of a person away who lost both the app and the recovery codes; see to it first that it is they who ask
    RemoveSecondFactor {
        /// E-mail address of the account
        email: String,
    },
    /// Print an access token of an account, for scripts; no second factor is asked for
    Token {
        /// E-mail address of the account
        email: String,
        /// Hours for which it holds
        #[arg(long, value_name = "HOURS", default_value_t = crate::config::SESSION_HOURS, value_parser = clap::value_parser!(u32).range(1..=8760))]
        session_hours: u32,
    },
}

/// What is done with the keys.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum KeysCommand {
    /// Sign with the next key from the next start on; what was signed before stays good
    Rotate {
        /// Which key
        #[arg(value_enum, default_value = "tokens", conflicts_with = "leaked")]
        key: RotatedKey,
        /// Somebody else may have read the keys: stop all servers first; new keys replace them at once, all sign-ins and one-time links end, and second factors have to be set up anew
        #[arg(long)]
        leaked: bool,
    },
}

/// A key of the installation.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(in crate::cli) enum RotatedKey {
    /// What signs access tokens.
    Tokens,
    /// What signs checkpoints of the journal.
    Checkpoints,
    /// What tax numbers are hashed with; it cannot be rotated, since the numbers are kept as its hashes alone.
    Identifiers,
}

/// What is done with the journal.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum AuditCommand {
    /// Go through the whole journal and say where it is not what it was; exits with 1 when it is not. Writes nothing
    Verify {
        /// File of a JSON Web Key Set: the keys by which checkpoints are believed, as /.well-known/mistok-checkpoint-keys.json gave them at a time that you trust [default: the keys of the data folder]
        #[arg(long, value_name = "KEYS")]
        trust: Option<PathBuf>,
        /// File of checkpoints that others kept: an answer of `journalCheckpoints`, a JSON array, or one a line
        #[arg(long, value_name = "FILE")]
        checkpoints: Option<PathBuf>,
        /// Language of what is said
        #[arg(long, value_enum, default_value = "en")]
        locale: Language,
    },
}
