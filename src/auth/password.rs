//! Passwords: argon2id in the PHC string format, with a floor on length and nothing else (NIST SP 800-63B).

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

use crate::error::{Error, Result};
use crate::locale::Said;

/// Fewest characters of a password.
pub const SHORTEST: usize = 12;
/// Most bytes of a password, so that hashing costs the same for everybody.
pub const LONGEST: usize = 512;

/// A hash of no password, verified when the account is unknown so that the answer takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bWlzdG9rLW5vYm9keSE$1Vn0l6gTkZ2tPmLQpS8YH8cJ1u0i2c0Wk0s8d2m1q5Y";

/// Takes a new password.
///
/// # Errors
/// When it is too short or too long.
pub fn fits(password: &str) -> Result<()> {
    let (length, bytes) = (password.chars().count(), password.len());
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
    if length < SHORTEST {
        return Err(Error::bad_input(
            "password",
            Said::new(format!("Пароль закороткий, знаків у ньому: {length}."), format!("The password is too short; characters in it: {length}.")),
            Said::new(format!("Візьміть від {SHORTEST} знаків, наприклад кілька слів."), format!("Take {SHORTEST} or more characters, such as a few words.")),
        ));
    }
    Ok(())
}

/// Hashes a new password.
///
/// # Errors
/// As [`fits`].
pub fn hash(password: &str) -> Result<String> {
    fits(password)?;
    Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|cause| Error::internal(cause.to_string()))
}

/// Whether a password is the one that was hashed; `None` stands for an unknown account and is never right.
#[must_use]
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    if password.len() > LONGEST {
        return false;
    }
    let matches = PasswordHash::new(hash.unwrap_or(NOBODY)).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    matches && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::{NOBODY, hash, verify};
    use argon2::password_hash::phc::PasswordHash;

    #[test]
    fn a_password_is_right_only_for_its_own_hash() {
        let kept = hash("чотири слова поспіль").expect("long enough");
        assert!(verify("чотири слова поспіль", Some(&kept)));
        assert!(!verify("чотири слова поспіл", Some(&kept)));
        assert!(!verify("чотири слова поспіль", None));
    }

    #[test]
    fn an_unknown_account_costs_a_whole_verification() {
        assert!(PasswordHash::new(NOBODY).is_ok_and(|hash| hash.hash.is_some()));
    }

    #[test]
    fn a_short_password_is_refused() {
        assert!(hash("коротко").is_err());
    }

    #[test]
    fn a_long_password_is_told_to_be_shortened() {
        let Err(crate::error::Error::Refused(refusal)) = hash(&"д".repeat(257)) else { panic!("it is refused") };
        assert!(refusal.remedy.en.starts_with("Shorten it"), "{}", refusal.remedy.en);
    }
}
