//! Administrators and access tokens.

use std::io::BufRead as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::args::{Admin, Global};
use super::failure::Failure;
use super::open::{self, Pending};
use super::{DONE, output};
use crate::accounts::service::{self, SignUp};
use crate::config::Config;
use crate::error::{Code, Error};
use crate::locale::Locale;

/// Random bytes of a generated password: 144 bits, 24 letters.
const PASSWORD_BYTES: usize = 18;

/// Makes an administrator or a token, or takes a second factor away.
pub(super) async fn run(global: &Global, admin: &Admin) -> Result<u8, Failure> {
    match admin {
        Admin::Create { email, name, locale, password_stdin } => create(global, email, name, (*locale).into(), *password_stdin).await,
        Admin::RemoveSecondFactor { email } => remove_second_factor(global, email).await,
        Admin::Token { email, session_hours } => token(global, email, *session_hours).await,
    }
}

/// A refusal with what an operator can do, where the caller of the API would do something else.
fn refused(error: Error) -> Failure {
    let remedy = match error.code() {
        Code::NotFound => "No account has this address: check it, or make one with `mistok admin create`.",
        Code::AlreadyExists => "Give another --email, or get a token of the account that is there with `mistok admin token`.",
        Code::InvalidState => "There is nothing to take away: they sign in with the password alone.",
        _ => return error.into(),
    };
    Failure::from(error).remedy(remedy)
}

async fn create(global: &Global, email: &str, name: &str, locale: Locale, password_stdin: bool) -> Result<u8, Failure> {
    let app = open::app(global.config()?, Pending::Apply).await?;
    let (password, generated) = if password_stdin { (from_stdin()?, false) } else { (generate()?, true) };
    let input = SignUp { email: email.to_owned(), name: name.to_owned(), password: password.clone(), locale };
    let account = service::create_administrator(&app, input).await.map_err(refused)?;
    let shown = generated.then_some(password);
    if global.json {
        output::json(&json!({ "email": account.email, "name": account.name, "password": shown }))?;
    } else {
        output::line(format!("{} runs the platform now", account.email))?;
        if let Some(password) = shown {
            output::line(format!("password: {password}   (shown this once)"))?;
        }
    }
    Ok(DONE)
}

/// The first line of standard input, without its end.
fn from_stdin() -> Result<String, Failure> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|cause| Failure::because("the password cannot be read from standard input", cause))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn generate() -> Result<String, Failure> {
    let mut bytes = [0; PASSWORD_BYTES];
    getrandom::fill(&mut bytes).map_err(|cause| Failure::because("the machine gives no random bytes", cause))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

async fn remove_second_factor(global: &Global, email: &str) -> Result<u8, Failure> {
    let app = open::app(open::existing(global.config()?)?, Pending::Refuse).await?;
    let account = service::remove_second_factor(&app, email).await.map_err(refused)?;
    if global.json {
        output::json(&json!({ "email": account.email }))?;
    } else {
        output::line(format!("{} signs in with the password alone now", account.email))?;
    }
    Ok(DONE)
}

async fn token(global: &Global, email: &str, session_hours: u32) -> Result<u8, Failure> {
    let config = open::existing(global.config()?)?;
    let app = open::app(Config { session_hours, ..config }, Pending::Refuse).await?;
    let signed = service::issue_token(&app, email).await.map_err(refused)?;
    if global.json {
        output::json(&json!({ "accessToken": signed.token, "expiresAt": signed.expires_at, "email": signed.account.email }))?;
    } else {
        output::line(&signed.token)?;
        output::aside(format!("holds until {}", signed.expires_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)));
    }
    Ok(DONE)
}
