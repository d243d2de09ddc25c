//! The small pages that links in letters open: in Ukrainian and English, without scripts, one request each.
//!
//! To open a page changes nothing, since scanners of mail open links too; its button does. A token stands in the address that
//! the letter names and in no log, no referrer and no cache.

mod forgotten;
mod invitation;
mod sheet;
mod stop;
mod words;

use axum::Router;
use axum::extract::{FromRequest as _, Query, Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::Response;
use axum::routing::get;
use axum::{Form, extract::DefaultBodyLimit};
use entity::link::Purpose;

use super::asked::BODY_TIME;
use super::{Shell, accept};
use crate::accounts::letters::FORGOTTEN_PAGE;
use crate::accounts::service::{self as accounts, SignUp};
use crate::app::App;
use crate::auth::Actor;
use crate::error::{Code, Error, Refusal, Result};
use crate::locale::{Locale, Said};
use crate::members::service as members;
use crate::notifications::service::WAY_OUT_PAGE;
use sheet::{ButtonView, FieldView, FormView};
pub(super) use sheet::{Sheet, Way, up, written};
use words::{Button, Ending, Field, Words, words};

/// The field of a form that says which button was pressed.
const ANSWER: &str = "answer";
/// Longest form, in bytes.
const MOST_FORM: usize = 16 * 1024;
/// Seconds after which a form that met a part that is not ready may do.
const LATER: HeaderValue = HeaderValue::from_static("5");

/// The pages.
pub fn routes() -> Router<Shell> {
    let page = |purpose: Purpose| {
        let show = async move |State(shell): State<Shell>, headers: HeaderMap, uri: Uri| Visit::new(purpose, &headers, &uri).open(&shell.app).await;
        let act = async move |State(shell): State<Shell>, headers: HeaderMap, uri: Uri, request: Request| Visit::new(purpose, &headers, &uri).act(&shell.app, request).await;
        get(show).post(act)
    };
    Router::new()
        .route("/confirm-email", page(Purpose::ConfirmEmail))
        .route("/reset-password", page(Purpose::ResetPassword))
        .route("/first-administrator", page(Purpose::FirstAdministrator))
        .route("/invitation", page(Purpose::Invitation))
        .route(FORGOTTEN_PAGE, get(forgotten::open).post(forgotten::act))
        .route(WAY_OUT_PAGE, get(stop::open).post(stop::act))
        .layer(DefaultBodyLimit::max(MOST_FORM))
}

/// Name and value of the fields of a query string or a form.
pub(super) type Pairs = Vec<(String, String)>;

pub(super) fn value<'a>(pairs: &'a Pairs, name: &str) -> &'a str {
    pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

/// The fields of a form, if one came in time.
async fn given(request: Request) -> Option<Pairs> {
    let form = tokio::time::timeout(BODY_TIME, Form::<Pairs>::from_request(request, &())).await;
    form.ok().and_then(Result::ok).map(|Form(given)| given)
}

/// The refusal of a form that did not come, or is none.
fn lost() -> Error {
    Error::bad_input("token", Said::new("Форма не надійшла.", "The form did not arrive."), Said::new("Відкрийте сторінку ще раз.", "Open the page once more."))
}

/// Somebody at a page: the language they read, what the address asks, and where it is.
struct Reader {
    locale: Locale,
    asked: Pairs,
    path: String,
    up: String,
}

/// Somebody at the page of a one-time link.
struct Visit {
    purpose: Purpose,
    reader: Reader,
}

impl Visit {
    fn new(purpose: Purpose, headers: &HeaderMap, uri: &Uri) -> Self {
        Self { purpose, reader: Reader::new(headers, uri) }
    }

    /// Shows the form, if the link is good.
    async fn open(&self, app: &App) -> Response {
        let token = value(&self.reader.asked, "token");
        let words = match self.purpose {
            Purpose::Invitation => members::invited(app, token).await.map(invitation::words),
            purpose => accounts::is_good(app, purpose, token).await.map(|_| words(purpose)),
        };
        let given = Pairs::from([("token".to_owned(), token.to_owned())]);
        match words {
            Ok(words) => self.reader.form(&words, &given, None, StatusCode::OK),
            Err(error) => self.refuse_unless_done(app, &given, error).await,
        }
    }

    /// Does what the form is for.
    async fn act(&self, app: &App, request: Request) -> Response {
        let Some(given) = given(request).await else {
            return self.reader.refuse(&words(self.purpose), &Pairs::new(), lost());
        };
        match self.done(app, &given).await {
            Ok(ending) => self.reader.ending(&ending),
            Err(error) => self.refuse_unless_done(app, &given, error).await,
        }
    }

    /// Does it; gives what is said of it.
    async fn done(&self, app: &App, given: &Pairs) -> Result<Ending> {
        let (nobody, token) = (Actor::public(), value(given, "token"));
        let password = value(given, "password").to_owned();
        match self.purpose {
            Purpose::ConfirmEmail => accounts::confirm_email(app, &nobody, token, password).await.map(drop)?,
            Purpose::ResetPassword => accounts::reset_password(app, &nobody, token, password).await.map(drop)?,
            Purpose::FirstAdministrator => {
                let input = SignUp { email: value(given, "email").to_owned(), name: value(given, "name").to_owned(), password, locale: self.reader.locale };
                accounts::first_administrator(app, token, input).await.map(drop)?;
            }
            Purpose::Invitation => return invitation::answer(app, token, value(given, ANSWER)).await,
        }
        Ok(words(self.purpose).done)
    }

    /// Says what is wrong; but whoever comes again by the link that has done it reads that it is done.
    async fn refuse_unless_done(&self, app: &App, given: &Pairs, error: Error) -> Response {
        if error.code() != Code::OutOfTime {
            return self.reader.refuse(&words(self.purpose), given, error);
        }
        match self.done_before(app, value(given, "token")).await {
            Ok(Some(ending)) => self.reader.ending(&ending),
            Ok(None) => self.reader.refuse(&words(self.purpose), given, error),
            Err(error) => self.reader.refuse(&words(self.purpose), given, error),
        }
    }

    /// What is said where the link has done what it is for.
    async fn done_before(&self, app: &App, token: &str) -> Result<Option<Ending>> {
        if self.purpose == Purpose::Invitation {
            return Ok(members::answer_given(app, token).await?.map(invitation::again));
        }
        Ok(accounts::taken_link(app, self.purpose, token).await?.map(|_| words(self.purpose).already))
    }
}

impl Reader {
    fn new(headers: &HeaderMap, uri: &Uri) -> Self {
        let asked = Query::<Pairs>::try_from_uri(uri).map_or_else(|_| Pairs::new(), |Query(pairs)| pairs);
        let locale = Locale::from_tag(value(&asked, "lang")).unwrap_or_else(|| accept::language(headers));
        Self { locale, asked, path: uri.path().to_owned(), up: up(uri) }
    }

    /// The form, with what was given but a password, and what is wrong with it.
    fn form(&self, words: &Words, given: &Pairs, problem: Option<&Refusal>, status: StatusCode) -> Response {
        let field = |field: &Field| FieldView {
            name: field.name,
            label: field.label.in_locale(self.locale).to_owned(),
            kind: field.kind,
            autocomplete: field.autocomplete,
            hint: field.hint.in_locale(self.locale).to_owned(),
            value: if field.kind == "password" { String::new() } else { value(given, field.name).to_owned() },
        };
        let button = |button: &Button| ButtonView { answer: button.answer, label: button.label.in_locale(self.locale).to_owned() };
        let (fields, buttons) = (words.fields.iter().map(field).collect(), words.buttons.iter().map(button).collect());
        let form = FormView { token: value(given, "token").to_owned(), fields, answer: ANSWER, buttons };
        let problem = problem.map(|refusal| (refusal.message.in_locale(self.locale).to_owned(), refusal.remedy.in_locale(self.locale).to_owned()));
        written(self.locale, status, &Sheet { title: &words.title, lead: Some(&words.lead), problem, mark: None, form: Some(form), ways: (words.aside, &self.up) })
    }

    /// What a page ends with, in the tone of what went well.
    fn ending(&self, Ending { title, lead, ways }: &Ending) -> Response {
        written(self.locale, StatusCode::OK, &Sheet { title, lead: Some(lead), problem: None, mark: None, form: None, ways: (ways, &self.up) })
    }

    /// Says what is wrong: beside the form, when that can be mended there; else with how to get another link.
    fn refuse(&self, words: &Words, given: &Pairs, error: Error) -> Response {
        let refusal = match error {
            Error::Refused(refusal) => *refusal,
            Error::Internal(cause) => {
                tracing::error!(%cause, page = self.path, "a page failed");
                let (message, remedy) = (Said::new("На нашому боці сталася помилка.", "Something failed on our side."), Said::new("Спробуйте пізніше.", "Try again later."));
                return self.fault(StatusCode::INTERNAL_SERVER_ERROR, &message, &remedy, &[Way::Front]);
            }
        };
        let about_link = refusal.field.first().is_none_or(|field| field == "token");
        match refusal.code {
            Code::Unavailable => self.later(words, given, &refusal, (StatusCode::SERVICE_UNAVAILABLE, LATER)),
            Code::RateLimited => self.later(words, given, &refusal, (StatusCode::TOO_MANY_REQUESTS, refusal.retry_after.unwrap_or_default().into())),
            _ if !about_link => self.form(words, given, Some(&refusal), StatusCode::UNPROCESSABLE_ENTITY),
            Code::OutOfTime => self.fault(StatusCode::GONE, &refusal.message, &words.anew.remedy, words.anew.ways),
            _ => self.fault(StatusCode::BAD_REQUEST, &refusal.message, &refusal.remedy, words.anew.ways),
        }
    }

    /// The form, for which it is too early.
    fn later(&self, words: &Words, given: &Pairs, refusal: &Refusal, (status, after): (StatusCode, HeaderValue)) -> Response {
        let mut response = self.form(words, given, Some(refusal), status);
        response.headers_mut().insert(RETRY_AFTER, after);
        response
    }

    fn fault(&self, status: StatusCode, message: &Said, remedy: &Said, ways: &[Way]) -> Response {
        written(self.locale, status, &Sheet { title: message, lead: Some(remedy), problem: None, mark: None, form: None, ways: (ways, &self.up) })
    }
}
