//! Passwords: argon2id in the PHC string format, with a floor on length (NIST SP 800-63B) and without what is guessed first: a few
//! characters over and over, and the own address.
//!
//! Hashing takes tens of milliseconds of a core and 19 MiB, so it is done beside the requests, two at a time; a few wait
//! their turn, and whoever comes when the queue is full is told to come again.

use std::collections::HashSet;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc},
};
use entity::account::PasswordHash;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::error::{Error, Result};
use crate::locale::Said;
use crate::text;

/// Hashes at a time.
const AT_A_TIME: usize = 2;
/// Hashes that wait: two to three seconds of work on a slow machine.
const WAITING: usize = 64;

/// Fewest characters of a password.
pub const SHORTEST: usize = 12;
/// Fewest different characters of a password.
pub const FEWEST_DIFFERENT: usize = 5;
/// Most bytes of a password, so that hashing costs the same for everybody.
pub const LONGEST: usize = 512;

/// A hash of no password, verified when the account is unknown so that the answer takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bWlzdG9rLW5vYm9keSE$1Vn0l6gTkZ2tPmLQpS8YH8cJ1u0i2c0Wk0s8d2m1q5Y";

/// Takes a new password of whoever has an address.
///
/// # Errors
/// When it is too short or too long, shows nothing, or is easily guessed.
pub fn fits(password: &str, address: &str) -> Result<()> {
    let (length, bytes) = (password.chars().count(), password.len());
    let refused = |message: Said| {
        let remedy = Said::new(
            format!("Візьміть від {SHORTEST} знаків, серед яких щонайменше {FEWEST_DIFFERENT} різних, наприклад кілька слів."),
            format!("Take {SHORTEST} or more characters, at least {FEWEST_DIFFERENT} of them different, such as a few words."),
        );
        Err(Error::bad_input("password", message, remedy))
    };
    if bytes > LONGEST {
        return Err(Error::bad_input(
            "password",
            Said::new(
                format!("Пароль задовгий: байтів у ньому {bytes}, найбільше можна {LONGEST}."),
                format!("The password is too long: {bytes} bytes; at most {LONGEST} are taken."),
            ),
            Said::new(
                format!("Скоротіть пароль: до {LONGEST} латинських літер або удвічі менше українських."),
                format!("Shorten it: up to {LONGEST} Latin letters, or half as many Ukrainian ones."),
            ),
        ));
    }
    if password.is_empty() {
        return refused(Said::new("Пароль порожній.", "The password is empty."));
    }
    if text::shows_nothing(password) {
        return refused(Said::new("У паролі самі пробіли.", "The password is nothing but blanks."));
    }
    if length < SHORTEST {
        return refused(Said::new(format!("Пароль закороткий, знаків у ньому: {length}."), format!("The password is too short; characters in it: {length}.")));
    }
    let different = password.chars().collect::<HashSet<_>>().len();
    if different < FEWEST_DIFFERENT {
        return refused(Said::new(
            format!("У паролі повторюються ті самі знаки, різних лише: {different}. Такий легко вгадати."),
            format!("The password repeats the same characters; different ones: {different}. It is easily guessed."),
        ));
    }
    if is_of(password, address) {
        return Err(Error::bad_input(
            "password",
            Said::new("Пароль збігається з вашою адресою. Такий легко вгадати.", "The password is your own address. It is easily guessed."),
            Said::new("Візьміть не свою адресу, а, наприклад, кілька слів.", "Take something else than your address, such as a few words."),
        ));
    }
    Ok(())
}

/// Whether a password is an address, or what stands before its `@`.
fn is_of(password: &str, address: &str) -> bool {
    let (password, address) = (password.trim().to_lowercase(), address.trim().to_lowercase());
    password == address || address.rsplit_once('@').is_some_and(|(local, _)| password == local)
}

/// Hashes a new password of whoever has an address, in its turn.
///
/// # Errors
/// As [`fits`]; and when too many wait.
pub async fn hash(password: String, address: &str) -> Result<PasswordHash> {
    fits(&password, address)?;
    QUEUE.run(move || Argon2::default().hash_password(password.as_bytes()).map(|hash| PasswordHash(hash.to_string())).map_err(|cause| Error::internal(cause.to_string()))).await?
}

/// Whether a password is the one that was hashed, in its turn; `None` stands for an unknown account, and like an account without a
/// password it takes as long and is never right.
///
/// # Errors
/// When too many wait.
pub async fn verify(password: String, hash: Option<PasswordHash>) -> Result<bool> {
    if password.len() > LONGEST {
        return Ok(false);
    }
    QUEUE.run(move || matches(&password, hash.filter(PasswordHash::is_set).as_ref())).await
}

fn matches(password: &str, hash: Option<&PasswordHash>) -> bool {
    let matches = phc::PasswordHash::new(hash.map_or(NOBODY, |hash| &hash.0)).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    matches && hash.is_some()
}

static QUEUE: Queue = Queue::new(AT_A_TIME, WAITING);

/// Work that is done a few at a time while some more waits.
struct Queue {
    seats: Semaphore,
    turns: Semaphore,
}

impl Queue {
    const fn new(at_a_time: usize, waiting: usize) -> Self {
        Self { seats: Semaphore::const_new(at_a_time + waiting), turns: Semaphore::const_new(at_a_time) }
    }

    /// The work keeps its turn until it is done, also when nobody waits for it any more.
    async fn run<T: Send + 'static>(&'static self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let seat: SemaphorePermit<'static> = self.seats.try_acquire().map_err(|_| Error::busy())?;
        let turn = self.turns.acquire().await.map_err(Error::internal)?;
        let work = move || {
            let _held = (seat, turn);
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::{NOBODY, Queue, fits, hash, matches};
    use crate::error::Code;
    use argon2::password_hash::phc::PasswordHash;
    use std::sync::mpsc;

    const ADDRESS: &str = "Olena.Kovalenko@hromada.gov.ua";

    #[tokio::test]
    async fn a_password_is_right_only_for_its_own_hash() {
        let kept = hash("чотири слова поспіль".to_owned(), ADDRESS).await.expect("long enough");
        assert!(matches("чотири слова поспіль", Some(&kept)));
        assert!(!matches("чотири слова поспіл", Some(&kept)));
        assert!(!matches("чотири слова поспіль", None));
    }

    #[tokio::test]
    async fn who_comes_when_the_queue_is_full_is_told_to_come_again() {
        static QUEUE: Queue = Queue::new(1, 1);
        let (go, wait) = mpsc::channel::<()>();
        let at_work = tokio::spawn(QUEUE.run(move || wait.recv().is_ok()));
        let waiting = tokio::spawn(QUEUE.run(|| true));
        while QUEUE.seats.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(QUEUE.run(|| true).await.is_err_and(|error| error.code() == Code::Unavailable));
        go.send(()).expect("it works");
        assert!(at_work.await.expect("ends").expect("is done") && waiting.await.expect("ends").expect("is done"));
        assert!(QUEUE.run(|| true).await.is_ok(), "there is room again");
    }

    #[tokio::test]
    async fn an_unknown_account_costs_a_whole_verification() {
        let fresh = hash("чотири слова поспіль".to_owned(), ADDRESS).await.expect("long enough").0;
        let (fresh, nobody) = (PasswordHash::new(&fresh).expect("a hash"), PasswordHash::new(NOBODY).expect("a hash"));
        assert_eq!((nobody.algorithm, nobody.version, &nobody.params), (fresh.algorithm, fresh.version, &fresh.params));
        let length = |hash: &PasswordHash| hash.hash.as_ref().map(|output| output.as_ref().len());
        assert!(nobody.salt.is_some() && length(&nobody).is_some());
        assert_eq!(length(&nobody), length(&fresh));
    }

    #[test]
    fn a_password_that_is_short_or_shows_nothing_is_refused() {
        for password in ["коротко", "            ", "\u{a0}\t \u{200b}\u{3164}\u{2003}         "] {
            assert!(fits(password, ADDRESS).is_err(), "{password:?}");
        }
        assert!(fits("чотири слова поспіль", ADDRESS).is_ok());
    }

    #[test]
    fn a_password_that_is_guessed_first_is_refused() {
        for password in ["aaaaaaaaaaaa", "абабабабабаб", "1212 1212 1212", "olena.kovalenko", " OLENA.Kovalenko@hromada.gov.ua"] {
            assert!(fits(password, ADDRESS).is_err(), "{password:?}");
        }
        assert!(fits("123451234512", ADDRESS).is_ok() && fits("olena.kovalenko і її кішка", ADDRESS).is_ok());
    }

    #[test]
    fn what_is_told_to_do_mends_it() {
        for (password, mends) in
            [("коротко", "at least 5 of them different"), ("абабабабабаб", "at least 5 of them different"), ("olena.kovalenko", "something else than your address")]
        {
            let Err(crate::error::Error::Refused(refusal)) = fits(password, ADDRESS) else { panic!("{password} is refused") };
            assert!(refusal.remedy.en.contains(mends), "{password}: {}", refusal.remedy.en);
        }
    }

    #[test]
    fn an_empty_password_is_called_empty() {
        let Err(crate::error::Error::Refused(refusal)) = fits("", ADDRESS) else { panic!("it is refused") };
        assert_eq!(refusal.message.en, "The password is empty.");
    }

    #[test]
    fn a_long_password_is_told_to_be_shortened() {
        let Err(crate::error::Error::Refused(refusal)) = fits(&"д".repeat(257), ADDRESS) else { panic!("it is refused") };
        assert!(refusal.remedy.en.starts_with("Shorten it"), "{}", refusal.remedy.en);
    }
}
