//! The second factor of a sign-in: a code of six digits that changes every half-minute (RFC 6238), or one of a few recovery
//! codes on paper. All of them are computed from the factor's id with the installation's key, so that no table holds a secret.

use chrono::{DateTime, Utc};
use totp_rs::{Builder, Totp};
use uuid::Uuid;

use super::token::Keys;
use crate::error::{Error, Result};
use crate::hash::hex;

const ISSUER: &str = "Mistok";
/// What secrets and recovery codes are derived for.
const SECRET: &str = "second factor";
const RECOVERY: &str = "recovery code";
/// Bytes of a secret, as RFC 4226 has them.
const SECRET_BYTES: usize = 20;
/// How many recovery codes there are.
pub const RECOVERY_CODES: u8 = 8;
/// Bytes of a recovery code: 48 bits.
const RECOVERY_BYTES: usize = 6;

/// What a code was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// That of a half-minute since 1970; it is to be taken once.
    Step(i64),
    /// A recovery code, by its place from 0; it is to be taken once.
    Recovery(u8),
}

/// What an authenticator app takes for the address of a factor.
///
/// # Errors
/// When there is no such address.
pub fn address(keys: &Keys, id: Uuid, email: &str) -> Result<String> {
    let totp = Builder::new()
        .with_secret(secret(keys, id))
        .with_issuer(Some(ISSUER))
        .with_account_name(email.replace(':', " "))
        .build()
        .map_err(|cause| Error::internal(cause.to_string()))?;
    totp.to_url().map_err(|cause| Error::internal(cause.to_string()))
}

/// One series of the recovery codes of a factor: twelve hexadecimal digits in groups of four.
#[must_use]
pub fn recovery_codes(keys: &Keys, id: Uuid, series: i32) -> Vec<String> {
    (0..RECOVERY_CODES).map(|place| recovery_code(keys, id, series, place)).collect()
}

/// What `code` is at a moment, where the recovery codes of one series are good; none when it is wrong.
#[must_use]
pub fn check(keys: &Keys, id: Uuid, series: i32, code: &str, now: DateTime<Utc>) -> Option<Proof> {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let time = u64::try_from(now.timestamp()).ok()?;
    if let Some(step) = totp(keys, id).check(&code, time) {
        return i64::try_from(step).ok().map(Proof::Step);
    }
    (0..RECOVERY_CODES).find(|place| recovery_code(keys, id, series, *place).replace('-', "") == code).map(Proof::Recovery)
}

fn totp(keys: &Keys, id: Uuid) -> Totp {
    Builder::new().with_secret(secret(keys, id)).build_noncompliant()
}

fn secret(keys: &Keys, id: Uuid) -> Vec<u8> {
    keys.derive(SECRET, id.as_bytes())[..SECRET_BYTES].to_vec()
}

fn recovery_code(keys: &Keys, id: Uuid, series: i32, place: u8) -> String {
    let digits = hex(&keys.derive(RECOVERY, &[id.as_bytes().as_slice(), &series.to_be_bytes(), &[place]].concat())[..RECOVERY_BYTES]);
    format!("{}-{}-{}", &digits[..4], &digits[4..8], &digits[8..])
}

#[cfg(test)]
mod tests {
    use super::{Proof, address, check, recovery_codes, totp};
    use crate::auth::token::Keys;
    use chrono::{DateTime, TimeDelta};
    use uuid::Uuid;

    #[test]
    fn a_code_is_good_for_its_factor_and_for_about_a_minute() {
        let keys = Keys::ephemeral().expect("keys");
        let (id, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(3000);
        let code = totp(&keys, id).generate(3000).to_string();
        assert_eq!(check(&keys, id, 0, &code, now), Some(Proof::Step(100)));
        assert_eq!(check(&keys, id, 0, &format!(" {} {} ", &code[..3], &code[3..]), now + TimeDelta::seconds(30)), Some(Proof::Step(100)));
        assert_eq!(check(&keys, id, 0, &code, now + TimeDelta::seconds(60)), None);
        assert_eq!(check(&keys, other, 0, &code, now), None);
        assert_eq!(check(&keys, id, 0, "", now), None);
    }

    #[test]
    fn a_recovery_code_is_found_however_it_is_written() {
        let keys = Keys::ephemeral().expect("keys");
        let id = Uuid::from_u128(1);
        let codes = recovery_codes(&keys, id, 0);
        assert_eq!(codes.len(), 8);
        assert_eq!(check(&keys, id, 0, &codes[3].to_uppercase().replace('-', " "), DateTime::UNIX_EPOCH), Some(Proof::Recovery(3)));
        assert_eq!(check(&keys, id, 1, &codes[3], DateTime::UNIX_EPOCH), None, "the next series is another");
    }

    #[test]
    fn an_app_takes_the_address_whatever_the_person_is_called() {
        let keys = Keys::ephemeral().expect("keys");
        let url = address(&keys, Uuid::from_u128(1), "\"a:b\"@mistok.example").expect("an address");
        assert!(url.starts_with("otpauth://totp/Mistok:") && url.contains("secret=") && url.contains("issuer=Mistok"), "{url}");
    }
}
