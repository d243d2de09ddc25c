//! A brake on guessing: ten tries in a quarter of an hour, whoever makes them and at whichever node, counted before they are
//! looked at, so that those made at once count too. From then on nothing is looked at, not even what is right, so nothing is told.
//! The same brake is on letters to people who did not ask for them.

use chrono::TimeDelta;
use entity::account::PasswordHash;
use entity::guess;
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use crate::accounts::store;
use crate::app::{App, UseCase};
use crate::auth::token::hex;
use crate::auth::{Actor, password};
use crate::db::take_turn;
use crate::error::{Error, Result};
use crate::locale::Said;

/// So many tries in so long.
const TRIES: (i32, TimeDelta) = (10, TimeDelta::minutes(15));
/// So many letters to one address that strangers have sent.
const LETTERS: (i32, TimeDelta) = (5, TimeDelta::days(1));

/// What is counted.
#[derive(Clone, Copy, Debug)]
pub enum Braked<'a> {
    /// The password of an address at a sign-in; it may be nobody's.
    SignIn(&'a str),
    /// The password of an account, by whoever holds a sign-in or a link of it.
    Password(Uuid),
    /// Which tax numbers are taken, by an account.
    TaxNumber(Uuid),
    /// Letters that an organisation has sent which nobody has checked.
    LettersOf(Uuid),
    /// Letters to an address, whoever has them sent.
    LettersTo(&'a str),
}

impl Braked<'_> {
    fn key(self, app: &App) -> String {
        hex(&match self {
            Self::SignIn(address) => app.keys.derive("guess of a sign-in", address.as_bytes()),
            Self::Password(account) => app.keys.derive("guess of a password", account.as_bytes()),
            Self::TaxNumber(account) => app.keys.derive("guess of a tax number", account.as_bytes()),
            Self::LettersOf(organisation) => app.keys.derive("letters of an organisation", organisation.as_bytes()),
            Self::LettersTo(address) => app.keys.derive("letters to an address", address.as_bytes()),
        })
    }

    const fn limit(self) -> (i32, TimeDelta) {
        match self {
            Self::SignIn(_) | Self::Password(_) | Self::TaxNumber(_) | Self::LettersOf(_) => TRIES,
            Self::LettersTo(_) => LETTERS,
        }
    }

    /// What whoever has a right to more does instead of waiting.
    fn way_around(self) -> Option<Said> {
        match self {
            // A reset forgets the tries.
            Self::SignIn(_) => Some(Said::new(
                " Або одразу виберіть новий пароль за листом (requestPasswordReset): з ним увійдете без чекання.",
                " Or choose a new password by a letter (requestPasswordReset) now: it signs you in without waiting.",
            )),
            Self::Password(_) | Self::TaxNumber(_) | Self::LettersOf(_) | Self::LettersTo(_) => None,
        }
    }
}

/// Whether a password is right, unless there were too many tries; the right one forgets those before it.
///
/// # Errors
/// When there were too many tries, or too many passwords are hashed.
pub(super) async fn is_right(app: &App, guess: Braked<'_>, given: String, hash: Option<PasswordHash>) -> Result<bool> {
    count(app, guess).await?;
    let right = password::verify(given, hash).await?;
    if right {
        forget(app, guess).await?;
    }
    Ok(right)
}

/// Counts a try, also when what follows is refused.
///
/// # Errors
/// When there were too many.
pub async fn count(app: &App, what: Braked<'_>) -> Result<()> {
    let actor = Actor::system();
    let case = app.begin(&actor).await?;
    count_in(&case, what).await?;
    case.commit().await
}

/// Counts what a use case does, if it does it.
///
/// # Errors
/// When that was done too often.
pub async fn count_in(case: &UseCase<'_>, what: Braked<'_>) -> Result<()> {
    let (key, (most, window)) = (what.key(case.app), what.limit());
    take_turn(case, &key).await?;
    let known = store::guess(&**case, &key).await?;
    let (tries, since) = known.as_ref().filter(|known| case.now < known.since + window).map_or((0, case.now), |known| (known.tries, known.since));
    if tries >= most {
        case.app.metrics.braked();
        return Err(Error::rate_limited(since + window - case.now, what.way_around()));
    }
    let row = guess::ActiveModel { key: Set(key), tries: Set(tries + 1), since: Set(since) };
    match known {
        Some(_) => row.update(&**case).await?,
        None => row.insert(&**case).await?,
    };
    Ok(())
}

/// Forgets the tries.
///
/// # Errors
/// When the database refuses.
pub(super) async fn forget(app: &App, guess: Braked<'_>) -> Result<()> {
    let actor = Actor::system();
    let case = app.begin(&actor).await?;
    store::forget_guess(&*case, &guess.key(app)).await?;
    case.commit().await
}
