//! The small pages that links in letters open: in Ukrainian and English, without scripts, one request each.
//!
//! To open a page changes nothing, since scanners of mail open links too; its button does. A token stands in the address that
//! the letter names and in no log, no referrer and no cache.

mod invitation;
mod stop;

use std::sync::LazyLock;

use askama::Template;
use axum::Router;
use axum::extract::{FromRequest as _, Query, Request, State};
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Form, extract::DefaultBodyLimit};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use entity::link::Purpose;
use sha2::{Digest as _, Sha256};

use super::asked::BODY_TIME;
use super::{Shell, accept};
use crate::accounts::service::{self as accounts, SignUp};
use crate::app::App;
use crate::auth::{Actor, password};
use crate::error::{Code, Error, Refusal, Result};
use crate::locale::{Locale, Said};
use crate::members::service as members;
use crate::notifications::service::WAY_OUT_PAGE;

const STYLE: &str = include_str!("pages/style.css");
/// The field of a form that says which button was pressed.
const ANSWER: &str = "answer";
/// Longest form, in bytes.
const MOST_FORM: usize = 16 * 1024;
/// Seconds after which a form that met a part that is not ready may do.
const LATER: HeaderValue = HeaderValue::from_static("5");

/// The style that stands in the page and nothing else; a form that goes to this host alone.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let style = STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!("default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

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
        .route(WAY_OUT_PAGE, get(stop::open).post(stop::act))
        .layer(DefaultBodyLimit::max(MOST_FORM))
}

/// Name and value of the fields of a query string or a form.
pub(super) type Pairs = Vec<(String, String)>;

pub(super) fn value<'a>(pairs: &'a Pairs, name: &str) -> &'a str {
    pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

/// Somebody at a page: the language they read, and what the address asks.
struct Reader {
    locale: Locale,
    asked: Pairs,
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
            Err(error) => self.refuse(&given, error),
        }
    }

    /// Does what the form is for.
    async fn act(&self, app: &App, request: Request) -> Response {
        let Ok(Ok(Form(given))) = tokio::time::timeout(BODY_TIME, Form::<Pairs>::from_request(request, &())).await else {
            return self.refuse(
                &Pairs::new(),
                Error::bad_input("token", Said::new("Форма не надійшла.", "The form did not arrive."), Said::new("Відкрийте посилання ще раз.", "Open the link once more.")),
            );
        };
        match self.done(app, &given).await {
            Ok((title, next)) => self.reader.page(StatusCode::OK, &title, Some(&next), None, None),
            Err(error) => self.refuse(&given, error),
        }
    }

    /// Does it; gives what is said of it.
    async fn done(&self, app: &App, given: &Pairs) -> Result<(Said, Said)> {
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
        let Words { done, next, .. } = words(self.purpose);
        Ok((done, next))
    }

    /// Says what is wrong: beside the form, when that can be mended there.
    fn refuse(&self, given: &Pairs, error: Error) -> Response {
        let refusal = match error {
            Error::Refused(refusal) => *refusal,
            Error::Internal(cause) => {
                tracing::error!(%cause, page = self.purpose.as_str(), "a page failed");
                return self.reader.failed();
            }
        };
        let about_link = refusal.field.first().is_none_or(|field| field == "token");
        match refusal.code {
            Code::Unavailable => {
                let mut response = self.reader.form(&words(self.purpose), given, Some(&refusal), StatusCode::SERVICE_UNAVAILABLE);
                response.headers_mut().insert(RETRY_AFTER, LATER);
                response
            }
            Code::RateLimited => {
                let mut response = self.reader.form(&words(self.purpose), given, Some(&refusal), StatusCode::TOO_MANY_REQUESTS);
                response.headers_mut().insert(RETRY_AFTER, refusal.retry_after.unwrap_or_default().into());
                response
            }
            _ if !about_link => self.reader.form(&words(self.purpose), given, Some(&refusal), StatusCode::UNPROCESSABLE_ENTITY),
            Code::OutOfTime => self.reader.fault(StatusCode::GONE, &refusal.message, &refusal.remedy),
            _ => self.reader.fault(StatusCode::BAD_REQUEST, &refusal.message, &refusal.remedy),
        }
    }
}

impl Reader {
    fn new(headers: &HeaderMap, uri: &Uri) -> Self {
        let asked = Query::<Pairs>::try_from_uri(uri).map_or_else(|_| Pairs::new(), |Query(pairs)| pairs);
        let locale = Locale::from_tag(value(&asked, "lang")).unwrap_or_else(|| accept::language(headers));
        Self { locale, asked }
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
        self.page(status, &words.title, Some(&words.lead), problem, Some(form))
    }

    /// That something is wrong on our side, which the log tells.
    fn failed(&self) -> Response {
        self.fault(
            StatusCode::INTERNAL_SERVER_ERROR,
            &Said::new("На нашому боці сталася помилка.", "Something failed on our side."),
            &Said::new("Спробуйте пізніше.", "Try again later."),
        )
    }

    fn fault(&self, status: StatusCode, message: &Said, remedy: &Said) -> Response {
        self.page(status, message, Some(remedy), None, None)
    }

    fn page(&self, status: StatusCode, title: &Said, lead: Option<&Said>, problem: Option<(String, String)>, form: Option<FormView>) -> Response {
        written(self.locale, status, &Sheet { title, lead, problem, mark: None, form })
    }
}

/// What stands on a page, in both languages.
pub(super) struct Sheet<'a> {
    pub(super) title: &'a Said,
    pub(super) lead: Option<&'a Said>,
    pub(super) problem: Option<(String, String)>,
    /// Something to be copied or told on, letter by letter.
    pub(super) mark: Option<&'a str>,
    pub(super) form: Option<FormView>,
}

/// A page in the language of whoever reads it.
pub(super) fn written(locale: Locale, status: StatusCode, sheet: &Sheet<'_>) -> Response {
    let Sheet { title, lead, problem, mark, form } = sheet;
    let other = locale.other();
    let page = Page {
        lang: locale.tag(),
        other_lang: other.tag(),
        other: Said::new("Українською", "In English").in_locale(other).to_owned(),
        house: Said::new("Місток", "Mistok").in_locale(locale).to_owned(),
        style: STYLE,
        title: title.in_locale(locale).to_owned(),
        lead: lead.map(|lead| lead.in_locale(locale).to_owned()).unwrap_or_default(),
        problem: problem.as_ref(),
        mark: mark.unwrap_or_default(),
        form: form.as_ref(),
    };
    match page.render() {
        Ok(html) => {
            let kind = HeaderValue::from_static("text/html; charset=utf-8");
            let headers = [(CONTENT_TYPE, kind), (CONTENT_LANGUAGE, HeaderValue::from_static(locale.tag())), (CONTENT_SECURITY_POLICY, POLICY.clone())];
            (status, headers, html).into_response()
        }
        Err(cause) => {
            tracing::error!(%cause, "a page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A page as it is written.
#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    lang: &'static str,
    other_lang: &'static str,
    other: String,
    house: String,
    style: &'static str,
    title: String,
    lead: String,
    problem: Option<&'a (String, String)>,
    mark: &'a str,
    form: Option<&'a FormView>,
}

pub(super) struct FormView {
    token: String,
    fields: Vec<FieldView>,
    answer: &'static str,
    buttons: Vec<ButtonView>,
}

struct ButtonView {
    answer: &'static str,
    label: String,
}

struct FieldView {
    name: &'static str,
    label: String,
    kind: &'static str,
    autocomplete: &'static str,
    hint: String,
    value: String,
}

/// The one button of a form that asks for no choice.
fn yes(label: Said) -> Vec<Button> {
    vec![Button { answer: "yes", label }]
}

/// What a page says.
struct Words {
    title: Said,
    lead: Said,
    fields: Vec<Field>,
    buttons: Vec<Button>,
    done: Said,
    next: Said,
}

/// What a form is sent with, and what that says.
struct Button {
    answer: &'static str,
    label: Said,
}

/// What a form asks.
struct Field {
    name: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    label: Said,
    hint: Said,
}

fn words(purpose: Purpose) -> Words {
    let email = || Field {
        name: "email", kind: "email", autocomplete: "email", label: Said::new("Адреса електронної пошти", "E-mail address"), hint: Said::new("", "")
    };
    let name = || Field {
        name: "name", kind: "text", autocomplete: "name", label: Said::new("Як до вас звертатися", "How you want to be called"), hint: Said::new("", "")
    };
    let new_password = |label| Field {
        name: "password",
        kind: "password",
        autocomplete: "new-password",
        label,
        hint: Said::new(format!("Від {} знаків, наприклад кілька слів.", password::SHORTEST), format!("{} characters or more, such as a few words.", password::SHORTEST)),
    };
    match purpose {
        Purpose::ConfirmEmail => Words {
            title: Said::new("Підтвердьте свою адресу", "Confirm your address"),
            lead: Said::new(
                "Введіть пароль, з яким реєструвалися, і натисніть кнопку. Якщо ви його не знаєте або реєструвалися не ви, цю сторінку закрийте.",
                "Give the password that you signed up with, and press the button. If you do not know it, or it was not you who signed up, close this page.",
            ),
            fields: vec![Field {
                name: "password", kind: "password", autocomplete: "current-password", label: Said::new("Ваш пароль", "Your password"), hint: Said::new("", "")
            }],
            buttons: yes(Said::new("Так, адреса моя", "Yes, it is mine")),
            done: Said::new("Адресу підтверджено", "Your address is confirmed"),
            next: Said::new("Дякуємо! Цю сторінку можна закрити.", "Thank you! You can close this page."),
        },
        Purpose::ResetPassword => Words {
            title: Said::new("Виберіть новий пароль", "Choose a new password"),
            lead: Said::new("Після цього всюди, де ви ввійшли, треба буде ввійти знову.", "After that you will have to sign in again wherever you are signed in."),
            fields: vec![new_password(Said::new("Новий пароль", "New password"))],
            buttons: yes(Said::new("Зберегти пароль", "Save the password")),
            done: Said::new("Новий пароль збережено", "Your new password is saved"),
            next: Said::new("Тепер увійдіть із ним. Цю сторінку можна закрити.", "Now sign in with it. You can close this page."),
        },
        Purpose::FirstAdministrator => Words {
            title: Said::new("Перший адміністратор", "The first administrator"),
            lead: Said::new("Цей обліковий запис керуватиме платформою.", "This account will run the platform."),
            fields: vec![name(), email(), new_password(Said::new("Пароль", "Password"))],
            buttons: yes(Said::new("Створити обліковий запис", "Make the account")),
            done: Said::new("Обліковий запис створено", "The account is made"),
            next: Said::new("Тепер увійдіть із ним. Посилання більше не діє.", "Now sign in with it. The link is good no more."),
        },
        Purpose::Invitation => invitation::plain(),
    }
}
