//! How a page is written: what stands on it, in the language of whoever reads it, and where it leads.

use std::sync::LazyLock;

use askama::Template;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::accounts::letters::FORGOTTEN_PAGE;
use crate::locale::{Locale, Said};

const STYLE: &str = include_str!("style.css");

/// The style that stands in the page and nothing else; a form that goes to this host alone.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let style = STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!("default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

/// Where a page leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum Way {
    /// To the front door.
    Front,
    /// To the page that sends a letter with which a password is chosen.
    NewPassword,
}

impl Way {
    /// Its link on a page, from which `up` leads to the front door.
    fn link(self, up: &str, locale: Locale) -> Link {
        let (href, label) = match self {
            Self::Front => (up.to_owned(), Said::new("До «Містка»", "To Mistok")),
            Self::NewPassword => (
                format!("{up}{}?lang={}", FORGOTTEN_PAGE.trim_start_matches('/'), locale.tag()),
                Said::new("Отримати лист для вибору нового пароля", "Ask for a letter to choose a new password"),
            ),
        };
        Link { href, label: label.in_locale(locale).to_owned() }
    }
}

/// What leads from a page to the front door, wherever a proxy has put that.
pub(in crate::http) fn up(uri: &Uri) -> String {
    format!("./{}", "../".repeat(uri.path().matches('/').count().saturating_sub(1)))
}

/// What stands on a page, in both languages.
pub(in crate::http) struct Sheet<'a> {
    pub(in crate::http) title: &'a Said,
    pub(in crate::http) lead: Option<&'a Said>,
    pub(in crate::http) problem: Option<(String, String)>,
    /// Something to be copied or told on, letter by letter.
    pub(in crate::http) mark: Option<&'a str>,
    pub(in crate::http) form: Option<FormView>,
    /// Where it leads, and what leads from it to the front door.
    pub(in crate::http) ways: (&'a [Way], &'a str),
}

/// A page in the language of whoever reads it.
pub(in crate::http) fn written(locale: Locale, status: StatusCode, sheet: &Sheet<'_>) -> Response {
    let Sheet { title, lead, problem, mark, form, ways: (ways, up) } = sheet;
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
        links: ways.iter().map(|way| way.link(up, locale)).collect(),
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
    links: Vec<Link>,
}

struct Link {
    href: String,
    label: String,
}

pub(in crate::http) struct FormView {
    pub(super) token: String,
    pub(super) fields: Vec<FieldView>,
    pub(super) answer: &'static str,
    pub(super) buttons: Vec<ButtonView>,
}

pub(super) struct ButtonView {
    pub(super) answer: &'static str,
    pub(super) label: String,
}

pub(super) struct FieldView {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) kind: &'static str,
    pub(super) autocomplete: &'static str,
    pub(super) hint: String,
    pub(super) value: String,
}
