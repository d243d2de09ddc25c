//! The keys of access tokens, of checkpoints and of tax numbers, each with a life of its own.

use serde_json::json;

use super::args::{Global, KeysCommand, RotatedKey};
use super::failure::Failure;
use super::open::Pending;
use super::{DONE, open, output};
use crate::accounts::service::{Ended, end_what_hangs_on_keys};
use crate::auth::key_file::Rotated;
use crate::auth::token::Keys;
use crate::config::Config;

/// Changes the keys.
pub(super) async fn run(global: &Global, KeysCommand::Rotate { key, leaked }: &KeysCommand) -> Result<u8, Failure> {
    let config = open::existing(global.config()?)?;
    if *leaked {
        return replace_leaked(global, config).await;
    }
    let rotated = match key {
        RotatedKey::Tokens => Rotated::Tokens,
        RotatedKey::Checkpoints => Rotated::Checkpoints,
        RotatedKey::Identifiers => return Err(identifiers_stay()),
    };
    let keys = Keys::rotate(&config.data, rotated).map_err(|cause| Failure::because(format!("the keys in {} cannot be rotated", config.data.display()), cause))?;
    let (kid, what, effect) = match rotated {
        Rotated::Tokens => (keys.kid(), "access tokens are", "Nobody is signed out."),
        Rotated::Checkpoints => (
            keys.checkpoints().kid(),
            "checkpoints of the journal are",
            "Those that were signed before are still known by their keys. Start the service before the next rotation, so that the key which comes next is published before it signs.",
        ),
    };
    if global.json {
        output::json(&json!({ "kid": kid }))?;
    } else {
        output::line(format!("{what} signed with {kid} once the service is started again"))?;
        output::aside(format!("Where several nodes share the keys, copy keys.json to each. {effect}"));
    }
    Ok(DONE)
}

/// Tax numbers are kept as hashes alone: under another key none of them could be computed anew.
fn identifiers_stay() -> Failure {
    Failure::new("the key of tax numbers cannot be rotated: they are kept as its hashes alone, and under another key one number could be registered twice")
        .remedy("Keep it with the backups of the database. Nothing was changed.")
}

/// Ends what the keys stand for before they are replaced, so that nobody is left with a second factor that no key gives.
async fn replace_leaked(global: &Global, config: Config) -> Result<u8, Failure> {
    let data = config.data.clone();
    let app = open::app(config, Pending::Refuse).await?;
    let Ended { sessions, links, second_factors } = end_what_hangs_on_keys(&app).await?;
    let keys = Keys::replace_leaked(&data).map_err(|cause| Failure::because(format!("the keys in {} cannot be replaced", data.display()), cause))?;
    if global.json {
        output::json(&json!({ "kid": keys.kid(), "sessions": sessions, "links": links, "secondFactors": second_factors }))?;
    } else {
        let (sessions, links) = (output::counted(sessions, "sign-in", "sign-ins"), output::counted(links, "one-time link", "one-time links"));
        output::line(format!("new keys are in place; ended: {sessions}, {links}, {}", output::counted(second_factors, "second factor", "second factors")))?;
        output::aside(
            "A server that ran meanwhile goes on with the old keys: stop it. Start all servers now; where several share the keys, copy keys.json to each first. People sign in and set up their second factor anew.",
        );
        output::aside(
            "API tokens stay, and so do the checkpoints of the journal; say publicly from when on those by the old key count for nothing. Tax numbers stay hashed with the old key: whoever has a copy of keys.json and of the database can find them out.",
        );
    }
    Ok(DONE)
}
