//! The way to an OpenID provider and back: two addresses that a browser visits, with small pages for what goes wrong.
//!
//! The browser that comes back has to be the one that went: it keeps a cookie meanwhile, which scripts cannot read and which other
//! sites' requests carry only as a visit. What a person ends with is a code in an address; tokens come in answers alone.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::header::{COOKIE, LOCATION, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use entity::sign_in_round::Purpose;

use super::failure::{Failure, Protocol};
use super::pages::{Pairs, Sheet, Way, up, value, written};
use super::{Shell, accept};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::identities::graphql::START;
use crate::identities::provider::{CALLBACK, Provider};
use crate::identities::service::{self, Answer, Arrived, Begun, Wanted};
use crate::locale::{Locale, Said};

/// What the browser keeps meanwhile: where it is reached securely, under a name that no other host can set.
const SECURE_COOKIE: &str = "__Host-mistok-oidc";
const PLAIN_COOKIE: &str = "mistok-oidc";
/// Seconds for which it is kept: as long as a person may stay at the provider.
const COOKIE_STAYS: u32 = 600;
/// Seconds after which a provider that did not answer may.
const LATER: HeaderValue = HeaderValue::from_static("30");

/// The two addresses.
pub fn routes() -> Router<Shell> {
    Router::new().route(START, get(start)).route(CALLBACK, get(callback))
}

/// Sends a browser to the provider.
async fn start(State(shell): State<Shell>, headers: HeaderMap, uri: Uri) -> Result<Response, Failure> {
    let visit = Visit::new(shell, &headers, &uri)?;
    Ok(match visit.begin().await {
        Ok(Begun { address, cookie }) => visit.sent_to(&address, &cookie, COOKIE_STAYS),
        Err(error) => visit.refuse(error),
    })
}

/// Takes a browser that comes back.
async fn callback(State(shell): State<Shell>, headers: HeaderMap, uri: Uri) -> Result<Response, Failure> {
    let visit = Visit::new(shell, &headers, &uri)?;
    Ok(match visit.end(&headers).await {
        Ok(Arrived { address: Some(address), .. }) => visit.sent_to(&address, "", 0),
        Ok(Arrived { code, purpose, address: None }) => visit.forgetting(visit.shown(&code, purpose)),
        Err(error) => visit.refuse(error),
    })
}

/// A browser at one of the addresses.
struct Visit {
    app: App,
    provider: Arc<Provider>,
    locale: Locale,
    asked: Pairs,
    up: String,
}

impl Visit {
    /// Without a provider there is nothing here.
    fn new(shell: Shell, headers: &HeaderMap, uri: &Uri) -> Result<Self, Failure> {
        let provider = shell.provider.ok_or_else(|| Failure::of(Protocol::NotFound))?;
        let asked = Query::<Pairs>::try_from_uri(uri).map_or_else(|_| Pairs::new(), |Query(pairs)| pairs);
        let locale = Locale::from_tag(value(&asked, "lang")).unwrap_or_else(|| accept::language(headers));
        Ok(Self { app: shell.app, provider, locale, asked, up: up(uri) })
    }

    /// What the address says, unless it says nothing.
    fn given(&self, name: &str) -> Option<String> {
        Some(value(&self.asked, name).to_owned()).filter(|value| !value.is_empty())
    }

    async fn begin(&self) -> Result<Begun> {
        let purpose = match value(&self.asked, "for") {
            "" | "sign-in" => Purpose::SignIn,
            "link" => Purpose::Link,
            "step-up" => Purpose::StepUp,
            _ => {
                return Err(Error::bad_input(
                    "for",
                    Said::new("За цим до провайдера не ходять.", "Nobody goes to the provider for this."),
                    Said::new("Дайте for=sign-in, for=link або for=step-up.", "Give for=sign-in, for=link or for=step-up."),
                ));
            }
        };
        let wanted = Wanted { purpose, return_to: self.given("return"), challenge: self.given("challenge"), locale: self.locale };
        service::begin(&self.app, &self.provider, wanted).await
    }

    async fn end(&self, headers: &HeaderMap) -> Result<Arrived> {
        let answer = Answer {
            state: value(&self.asked, "state").to_owned(),
            code: self.given("code"),
            error: self.given("error"),
            issuer: self.given("iss"),
            cookie: kept(headers, self.cookie_name()).unwrap_or_default().to_owned(),
        };
        service::end(&self.app, &self.provider, answer, self.locale).await
    }

    fn cookie_name(&self) -> &'static str {
        if self.app.config.public_url.is_secure() { SECURE_COOKIE } else { PLAIN_COOKIE }
    }

    /// A cookie for the way to the provider and back; empty and for no time, it is forgotten.
    fn cookie(&self, value: &str, seconds: u32) -> Option<HeaderValue> {
        let secure = if self.app.config.public_url.is_secure() { "; Secure" } else { "" };
        let name = self.cookie_name();
        HeaderValue::try_from(format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")).ok()
    }

    fn sent_to(&self, address: &str, cookie: &str, seconds: u32) -> Response {
        let (Ok(address), Some(cookie)) = (HeaderValue::try_from(address), self.cookie(cookie, seconds)) else {
            return self.refuse(Error::internal("an address or a cookie that no header can hold"));
        };
        (StatusCode::SEE_OTHER, [(LOCATION, address), (SET_COOKIE, cookie)]).into_response()
    }

    fn forgetting(&self, mut response: Response) -> Response {
        if let Some(cookie) = self.cookie("", 0) {
            response.headers_mut().insert(SET_COOKIE, cookie);
        }
        response
    }

    /// The page with the code, for who came from no page.
    fn shown(&self, code: &str, purpose: Purpose) -> Response {
        let mutation = match purpose {
            Purpose::SignIn => "signInWithCode",
            Purpose::Link => "linkIdentity",
            Purpose::StepUp => "stepUp (identityCode)",
        };
        let title = Said::new("Провайдер підтвердив, що це ви", "The provider vouches for you");
        let lead = Said::new(
            format!("Скопіюйте цей код і віддайте його мутації {mutation}. Він діє один раз і лише хвилину; нікому його не показуйте."),
            format!("Copy this code and give it to the mutation {mutation}. It is good once and for a minute; show it to nobody."),
        );
        written(self.locale, StatusCode::OK, &Sheet { title: &title, lead: Some(&lead), problem: None, mark: Some(code), form: None, ways: (&[], &self.up) })
    }

    /// Says what is wrong and what would mend it, with the code by which others are told of it.
    fn refuse(&self, error: Error) -> Response {
        let (title, lead, code) = match error {
            Error::Refused(refusal) => (refusal.message, refusal.remedy, refusal.code),
            Error::Internal(cause) => {
                tracing::error!(%cause, "a sign-in by the OpenID provider failed");
                (Said::new("На нашому боці сталася помилка.", "Something failed on our side."), Said::new("Спробуйте пізніше.", "Try again later."), Code::Internal)
            }
        };
        let status = match code {
            Code::OutOfTime => StatusCode::GONE,
            Code::Forbidden | Code::StepUpRequired => StatusCode::FORBIDDEN,
            Code::Unauthenticated => StatusCode::UNAUTHORIZED,
            Code::AlreadyExists => StatusCode::CONFLICT,
            Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        let mut response =
            written(self.locale, status, &Sheet { title: &title, lead: Some(&lead), problem: None, mark: Some(code.as_str()), form: None, ways: (&[Way::Front], &self.up) });
        if code == Code::Unavailable {
            response.headers_mut().insert(RETRY_AFTER, LATER);
        }
        response
    }
}

/// What a browser kept under a name; nothing where it says two things.
fn kept<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    let mut values = pairs.filter_map(|pair| pair.trim().split_once('=')).filter(|(known, _)| *known == name).map(|(_, value)| value);
    let value = values.next()?;
    values.next().is_none().then_some(value)
}
