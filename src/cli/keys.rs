//! The keys of access tokens.

use serde_json::json;

use super::args::{Global, KeysCommand};
use super::failure::Failure;
use super::open::Pending;
use super::{DONE, open, output};
use crate::accounts::service::{Ended, end_what_hangs_on_keys};
use crate::auth::token::Keys;
use crate::config::Config;

/// Changes the keys.
pub(super) async fn run(global: &Global, KeysCommand::Rotate { leaked }: &KeysCommand) -> Result<u8, Failure> {
    let config = open::existing(global.config()?)?;
    if *leaked {
        return replace_leaked(global, config).await;
    }
    let keys = Keys::rotate(&config.data).map_err(|cause| Failure::because(format!("the keys in {} cannot be rotated", config.data.display()), cause))?;
    if global.json {
        output::json(&json!({ "kid": keys.kid() }))?;
    } else {
        output::line(format!("access tokens are signed with {} once the service is started again", keys.kid()))?;
        output::aside("Where several nodes share the keys, copy keys.json to each. Nobody is signed out.");
    }
    Ok(DONE)
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
        output::aside("Start the servers now; where several share the keys, copy keys.json to each first. People sign in and set up their second factor anew.");
        output::aside("API tokens stay. Tax numbers stay hashed with the old key: whoever has a copy of keys.json and of the database can find them out.");
    }
    Ok(DONE)
}
