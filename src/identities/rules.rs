//! What a round needs, what a provider's word is good for, and how people hear of it where it is good for nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use entity::sign_in_round::Purpose;
use openidconnect::url::Url;
use sha2::{Digest as _, Sha256};

use super::provider::Vouched;

use crate::config::Config;
use crate::error::{Code, Error, Result};
use crate::locale::Said;

/// How long a person may stay at the provider.
pub(super) const ROUND: TimeDelta = TimeDelta::minutes(10);
/// How long the code at its end is good.
pub(super) const CODE: TimeDelta = TimeDelta::minutes(1);
/// By how much the provider's clock may be behind ours.
const LEEWAY: TimeDelta = TimeDelta::seconds(30);
/// Longest address to come back to, in bytes as the browser keeps it: other letters than Latin ones take three times as many there.
const LONGEST_RETURN: usize = 1_000;
/// Characters of a digest in base64url.
const DIGEST: usize = 43;

/// Takes the address to which a person comes back: one of a page that may call this service, or of a page of our own.
///
/// # Errors
/// When it is another's, or no address.
pub(super) fn return_to(config: &Config, text: &str) -> Result<String> {
    let origin = |text: &str| Url::parse(text).ok().map(|url| url.origin()).filter(openidconnect::url::Origin::is_tuple);
    let wanted = Url::parse(text).ok().filter(|url| url.as_str().len() <= LONGEST_RETURN && url.username().is_empty() && url.password().is_none());
    let known = || config.cors.iter().filter_map(|known| origin(known)).chain(origin(&config.public_url.page("/")));
    match wanted.filter(|url| url.origin().is_tuple() && known().any(|known| known == url.origin())) {
        Some(url) => Ok(url.to_string()),
        None => Err(Error::bad_input(
            "return",
            Said::new("На цю адресу звідси не повертають.", "People are not sent back to this address."),
            Said::new(
                "Дайте адресу сторінки, якій дозволено звертатися до цього сервера (--cors), або жодної.",
                "Give the address of a page that may call this server (--cors), or none.",
            ),
        )),
    }
}

/// The same address with the code.
pub(super) fn with_code(return_to: &str, code: &str) -> Option<String> {
    let mut url = Url::parse(return_to).ok()?;
    url.query_pairs_mut().append_pair("code", code);
    Some(url.to_string())
}

/// Takes the digest of what whoever uses the code has to know: SHA-256 in base64url, as PKCE's `S256` (RFC 7636).
///
/// # Errors
/// When it is none.
pub(super) fn challenge(text: &str) -> Result<String> {
    if text.len() == DIGEST && URL_SAFE_NO_PAD.decode(text).is_ok() {
        return Ok(text.to_owned());
    }
    Err(Error::bad_input(
        "challenge",
        Said::new("Це не відбиток SHA-256 у base64url.", "This is no SHA-256 digest in base64url."),
        Said::new("Дайте 43 знаки без «=», як у PKCE (S256), або нічого.", "Give 43 characters without =, as PKCE (S256) has them, or nothing."),
    ))
}

/// Who is signed in at the provider is nobody here.
pub(super) fn nobody_here() -> Error {
    Error::refused(
        Code::InvalidState,
        "",
        Said::new("У провайдера ви ввійшли під обліковим записом, якого тут ні до кого не додано.", "At the provider you are signed in with an account that is nobody's here."),
        Said::new("Вийдіть там, увійдіть під тим, який додано тут, і почніть знову.", "Sign out there, sign in with the one that is linked here, and begin again."),
    )
}

/// A code that links is good for whoever began its round alone: else somebody would have another link their identity.
///
/// # Errors
/// When the round of such a code has no digest.
pub(super) fn is_bound(purpose: Purpose, challenge: Option<&str>) -> Result<()> {
    if purpose != Purpose::Link || challenge.is_some() {
        return Ok(());
    }
    Err(Error::bad_input(
        "challenge",
        Said::new("Щоб додати цей вхід, потрібен challenge.", "To link an identity takes a challenge."),
        Said::new(
            "Створіть випадковий verifier, додайте ?challenge= з його SHA-256 у base64url, а linkIdentity дайте сам verifier.",
            "Make a random verifier, add ?challenge= with its SHA-256 in base64url, and give linkIdentity the verifier itself.",
        ),
    ))
}

/// Whether who uses a code knows what its round was begun with.
pub(super) fn knows(challenge: Option<&str>, verifier: Option<&str>) -> bool {
    match (challenge, verifier) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(challenge), Some(verifier)) => URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == challenge,
    }
}

/// The address for which the provider vouches.
///
/// # Errors
/// When it names none, or did not verify it.
pub(super) fn vouched_email(vouched: &Vouched) -> Result<&str> {
    match &vouched.email {
        Some((email, true)) => Ok(email),
        _ => Err(Error::refused(
            Code::Forbidden,
            "",
            Said::new("Провайдер не підтверджує вашої адреси електронної пошти.", "The provider does not vouch for your e-mail address."),
            Said::new(
                "Підтвердьте адресу в провайдера й увійдіть ще раз, або зареєструйтеся тут із паролем (signUp).",
                "Confirm the address with the provider and sign in again, or sign up here with a password (signUp).",
            ),
        )),
    }
}

/// How a person is called of whom the provider tells no name that can be taken: by what stands before the `@`.
pub(super) fn name<'a>(vouched: &'a Vouched, email: &'a str) -> &'a str {
    let given = vouched.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    given.unwrap_or_else(|| email.split('@').next().unwrap_or(email))
}

/// That the provider looked anew who is there, since the round was begun.
///
/// # Errors
/// When it did not say so.
pub(super) fn proved_anew(vouched: &Vouched, begun: DateTime<Utc>) -> Result<()> {
    if vouched.proved_at.is_some_and(|proved| proved + LEEWAY >= begun) {
        return Ok(());
    }
    Err(Error::refused(
        Code::StepUpRequired,
        "",
        Said::new("Провайдер не перевірив наново, що це ви.", "The provider did not look anew whether it is you."),
        Said::new(
            "Вийдіть у провайдера й спробуйте ще раз, або виберіть тут пароль (requestPasswordReset) і підтвердьте себе ним (stepUp).",
            "Sign out at the provider and try again, or choose a password here (requestPasswordReset) and prove yourself with it (stepUp).",
        ),
    ))
}

/// Who takes their last identity off needs another way in.
///
/// # Errors
/// When there is none.
pub(super) fn keeps_a_way_in(has_password: bool, others: bool) -> Result<()> {
    if has_password || others {
        return Ok(());
    }
    Err(Error::invalid_state(
        Said::new("Без цього входу ви не зможете ввійти: пароля у вас немає.", "Without this you could not sign in: you have no password."),
        Said::new("Спершу виберіть пароль: requestPasswordReset, потім посилання з листа.", "First choose a password: requestPasswordReset, then the link of the letter."),
    ))
}

/// The provider cannot be reached.
pub(super) fn silent() -> Error {
    Error::refused(
        Code::Unavailable,
        "",
        Said::new("Провайдер входу зараз не відповідає.", "The sign-in provider does not answer now."),
        Said::new("Спробуйте за кілька хвилин або ввійдіть із паролем.", "Try again in a few minutes, or sign in with a password."),
    )
}

/// What came from the provider is not to be relied on.
pub(super) fn untrue() -> Error {
    Error::refused(
        Code::Unauthenticated,
        "",
        Said::new("Відповідь провайдера входу не вдалося перевірити.", "The answer of the sign-in provider could not be verified."),
        Said::new(
            "Почніть вхід спочатку. Якщо це повторюється, скажіть адміністраторам платформи.",
            "Begin the sign-in anew. If this happens again, tell the administrators of the platform.",
        ),
    )
}

/// The provider did not let the person in, or they did not want to.
pub(super) fn turned_away() -> Error {
    Error::refused(
        Code::Forbidden,
        "",
        Said::new("Провайдер не підтвердив входу: ви відмовилися, або він вас не впустив.", "The provider did not confirm the sign-in: you declined, or it did not let you in."),
        Said::new("Почніть вхід спочатку або ввійдіть із паролем.", "Begin the sign-in anew, or sign in with a password."),
    )
}

/// What came is of no round that goes on in this browser.
pub(super) fn no_round() -> Error {
    Error::refused(
        Code::OutOfTime,
        "state",
        Said::new("Цей вхід почато в іншому браузері, вже завершено, або його час минув.", "This sign-in was begun in another browser, is done already, or its time is over."),
        Said::new("Почніть вхід спочатку в цьому браузері.", "Begin the sign-in anew in this browser."),
    )
}

/// The code is none, was used, or its time is over.
pub(super) fn no_code(field: &str) -> Error {
    Error::refused(
        Code::OutOfTime,
        field,
        Said::new("Цей код уже використано, або його хвилина минула.", "This code was used already, or its minute is over."),
        Said::new("Почніть вхід через провайдера спочатку: код діє один раз.", "Begin the sign-in by the provider anew: a code is good once."),
    )
}

/// Somebody has an account with the address that the provider vouches for.
pub(super) fn has_account() -> Error {
    Error::refused(
        Code::AlreadyExists,
        "",
        Said::new("Обліковий запис із вашою адресою вже є.", "There is an account with your address already."),
        Said::new(
            "Увійдіть із паролем (забули – попросіть новий) і приєднайте цей вхід: linkIdentity. Після цього входьте і так.",
            "Sign in with your password (ask for a new one if you forgot it) and link this way in: linkIdentity. From then on, sign in like this too.",
        ),
    )
}

/// The identity, or another of the same provider, is linked.
pub(super) fn linked_already() -> Error {
    Error::refused(
        Code::AlreadyExists,
        "code",
        Said::new(
            "Цей вхід приєднано до іншого облікового запису, або у вас уже є вхід через цього провайдера.",
            "This way in is linked to another account, or you have one of this provider already.",
        ),
        Said::new("Спершу від’єднайте той, що є: unlinkIdentity.", "First take the one that is there off: unlinkIdentity."),
    )
}

#[cfg(test)]
mod tests {
    use super::{knows, return_to, with_code};
    use crate::config::{Config, DatabaseUrl, PublicUrl};

    #[test]
    fn people_are_sent_back_to_pages_that_may_call_and_to_our_own() {
        let mut config = Config::new("data".into(), DatabaseUrl::sqlite_in(std::path::Path::new("data")));
        config.cors = vec!["https://portal.example".to_owned(), "*".to_owned()];
        config.public_url = PublicUrl::parse("https://mistok.example/hub").expect("an address");
        for right in ["https://portal.example/in?x=1", "https://mistok.example/any"] {
            assert!(return_to(&config, right).is_ok(), "{right}");
        }
        for wrong in [
            "https://evil.example/",
            "http://portal.example/in",
            "https://portal.example:444/",
            "https://portal.example@evil.example/",
            "https://x@portal.example/",
            "https://portal.example.evil.example/",
            "//portal.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "/in",
            "",
        ] {
            assert!(return_to(&config, wrong).is_err(), "{wrong}");
        }
        let of = |letter: &str| format!("https://portal.example/{}", letter.repeat(600));
        assert!(return_to(&config, &of("x")).is_ok() && return_to(&config, &of("ї")).is_err(), "what a browser keeps has its bound");
        assert_eq!(with_code("https://portal.example/in?x=1#y", "a b").as_deref(), Some("https://portal.example/in?x=1&code=a+b#y"));
    }

    #[test]
    fn a_code_is_used_by_who_knows_what_it_was_begun_with() {
        // RFC 7636, appendix B.
        let (verifier, challenge) = ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert!(knows(Some(challenge), Some(verifier)) && knows(None, None));
        assert!(!knows(Some(challenge), None) && !knows(Some(challenge), Some(challenge)));
    }
}
