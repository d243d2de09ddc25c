//! A brake on guessing: ten tries in a quarter of an hour, whoever makes them and at whichever node, counted before they are
//! looked at, so that those made at once count too. From then on nothing is looked at, not even what is right, so nothing is told.

use chrono::TimeDelta;
use entity::account::PasswordHash;
use entity::guess;
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use crate::accounts::store;
use crate::app::App;
use crate::auth::token::hex;
use crate::auth::{Actor, password};
use crate::db::take_turn;
use crate::error::{Error, Result};

/// Tries that are looked at.
const TRIES: i32 = 10;
/// In how long.
const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// What is guessed.
#[derive(Clone, Copy, Debug)]
pub enum Guess<'a> {
    /// The password of an address at a sign-in; it may be nobody's.
    SignIn(&'a str),
    /// The password of an account, by whoever holds a sign-in or a link of it.
    Password(Uuid),
    /// Which tax numbers are taken, by an account.
    TaxNumber(Uuid),
}

impl Guess<'_> {
    fn key(self, app: &App) -> String {
        hex(&match self {
            Self::SignIn(address) => app.keys.derive("guess of a sign-in", address.as_bytes()),
            Self::Password(account) => app.keys.derive("guess of a password", account.as_bytes()),
            Self::TaxNumber(account) => app.keys.derive("guess of a tax number", account.as_bytes()),
        })
    }
}

/// Whether a password is right, unless there were too many tries; the right one forgets those before it.
///
/// # Errors
/// When there were too many tries, or too many passwords are hashed.
pub(super) async fn is_right(app: &App, guess: Guess<'_>, given: String, hash: Option<PasswordHash>) -> Result<bool> {
    count(app, guess).await?;
    let right = password::verify(given, hash).await?;
    if right {
        forget(app, guess).await?;
    }
    Ok(right)
}

/// Counts a try.
///
/// # Errors
/// When there were too many.
pub async fn count(app: &App, guess: Guess<'_>) -> Result<()> {
    let (key, actor) = (guess.key(app), Actor::system());
    let case = app.begin(&actor).await?;
    take_turn(&case, &key).await?;
    let known = store::guess(&*case, &key).await?;
    let (tries, since) = known.as_ref().filter(|known| case.now < known.since + WINDOW).map_or((0, case.now), |known| (known.tries, known.since));
    if tries >= TRIES {
        app.metrics.braked();
        return Err(Error::rate_limited(since + WINDOW - case.now));
    }
    let row = guess::ActiveModel { key: Set(key), tries: Set(tries + 1), since: Set(since) };
    match known {
        Some(_) => row.update(&*case).await?,
        None => row.insert(&*case).await?,
    };
    case.commit().await
}

/// Forgets the tries.
///
/// # Errors
/// When the database refuses.
pub(super) async fn forget(app: &App, guess: Guess<'_>) -> Result<()> {
    let actor = Actor::system();
    let case = app.begin(&actor).await?;
    store::forget_guess(&*case, &guess.key(app)).await?;
    case.commit().await
}
