//! A brake on guessing, counted before it is looked at what was guessed, so that tries made at once count too, and in a table, so at all
//! nodes alike. In a quarter of an hour there may be ten tries at a password from one place and a hundred from everywhere, and a hundred
//! sign-ins that fail, sign-ups and letters asked for from one place. From then on nothing is looked at, not even what is right, so nothing is told: many places
//! together can still keep a person out, who then chooses a new password by a letter.
//! The same brake is on tax numbers, and on letters to people who did not ask for them.

use std::net::IpAddr;

use chrono::TimeDelta;
use entity::account::PasswordHash;
use entity::guess;
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use crate::accounts::store;
use crate::app::{App, UseCase};
use crate::auth::{Actor, password};
use crate::db::take_turn;
use crate::error::{Error, Result};
use crate::hash::hex;
use crate::locale::Said;

/// So many tries in so long.
const TRIES: (i32, TimeDelta) = (10, TimeDelta::minutes(15));
/// So many where many may share a place, or guess together.
const MANY: (i32, TimeDelta) = (100, TimeDelta::minutes(15));
/// So many letters to one address that strangers have sent.
const LETTERS: (i32, TimeDelta) = (5, TimeDelta::days(1));

/// What a sign-in by an address is tried at: its password, where it is somebody's. With a new password it is another door, so that
/// who reads the mailbox is not kept out by somebody else's guesses.
#[derive(Clone, Copy, Debug)]
pub struct Door<'a> {
    /// The address.
    pub address: &'a str,
    /// The hash of its password.
    pub hash: Option<&'a PasswordHash>,
}

impl Door<'_> {
    fn bytes(self, from: Option<IpAddr>) -> Vec<u8> {
        let from = from.map(|from| from.to_string()).unwrap_or_default();
        [self.address.as_bytes(), from.as_bytes(), self.hash.map_or(&[][..], PasswordHash::as_bytes)].join(&0)
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug)]
pub enum Braked<'a> {
    /// Sign-ins by an address from one place, or from none that is known.
    SignIn(Door<'a>, Option<IpAddr>),
    /// Sign-ins by an address from anywhere.
    SignInFromAnywhere(Door<'a>),
    /// Sign-ins that failed, sign-ups and letters asked for from one place, by whatever addresses.
    Place(IpAddr),
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
            Self::SignIn(door, from) => app.keys.derive("guess of a sign-in", &door.bytes(from)),
            Self::SignInFromAnywhere(door) => app.keys.derive("guess of a sign-in from anywhere", &door.bytes(None)),
            Self::Place(place) => app.keys.derive("guesses from a place", place.to_string().as_bytes()),
            Self::Password(account) => app.keys.derive("guess of a password", account.as_bytes()),
            Self::TaxNumber(account) => app.keys.derive("guess of a tax number", account.as_bytes()),
            Self::LettersOf(organisation) => app.keys.derive("letters of an organisation", organisation.as_bytes()),
            Self::LettersTo(address) => app.keys.derive("letters to an address", address.as_bytes()),
        })
    }

    const fn limit(self) -> (i32, TimeDelta) {
        match self {
            Self::SignIn(..) | Self::Password(_) | Self::TaxNumber(_) | Self::LettersOf(_) => TRIES,
            Self::SignInFromAnywhere(_) | Self::Place(_) => MANY,
            Self::LettersTo(_) => LETTERS,
        }
    }

    /// That there were too many, and what whoever has a right to more does.
    fn refusal(self, wait: TimeDelta) -> Error {
        match self {
            Self::SignIn(..) | Self::SignInFromAnywhere(_) => Error::rate_limited(wait).instead(&Said::new(
                "Або виберіть новий пароль за посиланням із листа (requestPasswordReset): з ним увійдете, не чекаючи.",
                "Or choose a new password by a letter (requestPasswordReset): with that you sign in without waiting.",
            )),
            Self::Place(_) => Error::rate_limited(wait).because(Said::new("Забагато спроб із вашої мережі.", "There were too many tries from your network.")),
            Self::Password(_) | Self::TaxNumber(_) | Self::LettersOf(_) | Self::LettersTo(_) => Error::rate_limited(wait),
        }
    }
}

/// Whether a password is right, unless there were too many tries; the right one forgets those before it.
///
/// # Errors
/// When there were too many tries, or too many passwords are hashed.
pub(super) async fn is_right(app: &App, tries: &[Braked<'_>], given: String, hash: Option<PasswordHash>) -> Result<bool> {
    count_each(app, tries).await?;
    let right = password::verify(given, hash).await?;
    if right {
        forgive(app, tries).await?;
    }
    Ok(right)
}

/// Counts a try, also when what follows is refused.
///
/// # Errors
/// When there were too many.
pub async fn count(app: &App, what: Braked<'_>) -> Result<()> {
    count_each(app, &[what]).await
}

/// Counts tries, of which the first that was made too often says so.
async fn count_each(app: &App, tries: &[Braked<'_>]) -> Result<()> {
    let actor = Actor::system();
    let case = app.begin(&actor).await?;
    take_turns(&case, tries).await?;
    for what in tries {
        count_in(&case, *what).await?;
    }
    case.commit().await
}

/// Takes all turns in one order, so that no two wait for each other.
async fn take_turns(case: &UseCase<'_>, tries: &[Braked<'_>]) -> Result<()> {
    let mut keys: Vec<String> = tries.iter().map(|what| what.key(case.app)).collect();
    keys.sort();
    for key in keys {
        take_turn(case, &key).await?;
    }
    Ok(())
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
        return Err(what.refusal(since + window - case.now));
    }
    let row = guess::ActiveModel { key: Set(key), tries: Set(tries + 1), since: Set(since) };
    match known {
        Some(_) => row.update(&**case).await?,
        None => row.insert(&**case).await?,
    };
    Ok(())
}

/// Forgets the tries at what turned out right; of a place, which others share, this one.
async fn forgive(app: &App, tries: &[Braked<'_>]) -> Result<()> {
    let actor = Actor::system();
    let case = app.begin(&actor).await?;
    take_turns(&case, tries).await?;
    for what in tries {
        let key = what.key(app);
        match store::guess(&*case, &key).await? {
            Some(known) if matches!(what, Braked::Place(_)) => {
                let tries = Set((known.tries - 1).max(0));
                guess::ActiveModel { tries, ..known.into() }.update(&*case).await?;
            }
            _ => store::forget_guess(&*case, &key).await?,
        }
    }
    case.commit().await
}
