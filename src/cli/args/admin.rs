//! What `admin` and `keys` take.

use clap::Subcommand;

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

/// What is done with the keys of access tokens.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum KeysCommand {
    /// Sign with the next key from the next start on; tokens that are out stay good
    Rotate {
        /// Somebody else may have read the keys: stop all servers first; new keys replace them at once, all sign-ins and one-time links end, and second factors have to be set up anew
        #[arg(long)]
        leaked: bool,
    },
}
