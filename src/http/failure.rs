//! What a call can fail with before or beside the schema: the protocol's codes, their statuses and their words.

use axum::http::header::{ALLOW, CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::accept;
use super::allowance::Left;
use crate::locale::{Locale, Said};

/// The machine-readable names of the protocol's failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// The document is no GraphQL.
    Syntax,
    /// The document does not fit the schema.
    Validation,
    /// A parameter, variable or argument is malformed.
    BadInput,
    /// The document is larger or more costly than allowed.
    TooComplex,
    /// No token, or one that no longer holds.
    Unauthenticated,
    /// The caller is no member of the organisation for which they want to act.
    Forbidden,
    /// Nothing is served there.
    NotFound,
    /// Not with this method.
    MethodNotAllowed,
    /// No media type that the caller accepts can be given.
    NotAcceptable,
    /// What the address was for was done already, or its time is over.
    OutOfTime,
    /// The body is too large.
    TooLarge,
    /// The body is not of the one media type that is taken.
    UnsupportedMediaType,
    /// The body did not arrive in time.
    SlowBody,
    /// The answer was not ready in time.
    Timeout,
    /// Too much at once.
    RateLimited,
    /// A part of the service is not ready.
    Unavailable,
    /// No document is kept under the hash.
    PersistedQueryNotFound,
    /// The document is none of those that are run here.
    NotTrusted,
    /// A fault of ours.
    Internal,
}

impl Protocol {
    /// The code on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Syntax => "GRAPHQL_SYNTAX",
            Self::Validation => "GRAPHQL_VALIDATION",
            Self::BadInput | Self::NotAcceptable => "BAD_USER_INPUT",
            Self::TooComplex => "QUERY_TOO_COMPLEX",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::OutOfTime => "OUT_OF_TIME",
            Self::TooLarge => "PAYLOAD_TOO_LARGE",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::SlowBody | Self::Timeout => "TIMEOUT",
            Self::RateLimited => "RATE_LIMITED",
            Self::Unavailable => "UNAVAILABLE",
            Self::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::NotTrusted => "DOCUMENT_NOT_TRUSTED",
            Self::Internal => "INTERNAL",
        }
    }

    /// The status that goes with it.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Syntax | Self::Validation | Self::BadInput | Self::TooComplex | Self::PersistedQueryNotFound => StatusCode::BAD_REQUEST,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::NotTrusted => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::OutOfTime => StatusCode::GONE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::SlowBody => StatusCode::REQUEST_TIMEOUT,
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Seconds after which the same call may do.
    const fn retry_after(self) -> Option<u32> {
        match self {
            Self::Timeout | Self::Unavailable => Some(5),
            Self::RateLimited => Some(30),
            _ => None,
        }
    }

    /// What is wrong and what would mend it, when nothing more particular is known.
    #[must_use]
    pub fn words(self) -> (Said, Said) {
        let (message, remedy) = match self {
            Self::Syntax => (("Документ не є GraphQL.", "The document is no GraphQL."), ("Перевірте його синтаксис.", "Check its syntax.")),
            Self::Validation => (
                ("Документ не відповідає схемі.", "The document does not fit the schema."),
                ("Звіртеся зі схемою: /schema.graphql.", "Compare it with the schema: /schema.graphql."),
            ),
            Self::BadInput => (("Значення не підходить.", "A value cannot be taken."), ("Звіртеся зі схемою: /schema.graphql.", "Compare it with the schema: /schema.graphql.")),
            Self::TooComplex => (("Запит завеликий.", "The query is too large."), ("Поділіть його на менші.", "Split it into smaller ones.")),
            Self::Unauthenticated => (
                ("Токен не дійсний або вже закінчився.", "The token is not valid, or no longer."),
                (
                    "Увійдіть знову (signIn) і надішліть новий токен у заголовку Authorization: Bearer.",
                    "Sign in again (signIn) and send the new token in the header Authorization: Bearer.",
                ),
            ),
            Self::Forbidden => (
                ("Ви не є членом цієї організації.", "You are no member of this organisation."),
                (
                    "Назвіть одну зі своїх (viewer.memberships) або приберіть заголовок Mistok-Organisation.",
                    "Name one of yours (viewer.memberships), or leave the header Mistok-Organisation out.",
                ),
            ),
            Self::NotFound => (("Тут нічого немає.", "There is nothing here."), ("API – за адресою /graphql.", "The API is at /graphql.")),
            Self::MethodNotAllowed => {
                (("Так сюди не звертаються.", "This cannot be called with this method."), ("Візьміть метод із заголовка Allow.", "Use a method of the header Allow."))
            }
            Self::NotAcceptable => (
                ("Відповідь не може бути жодного з типів заголовка Accept.", "The answer cannot be of any type of the header Accept."),
                ("Прийміть application/graphql-response+json або application/json.", "Accept application/graphql-response+json or application/json."),
            ),
            Self::OutOfTime => (("Час цієї адреси минув.", "The time of this address is over."), ("Попросіть нову.", "Ask for a new one.")),
            Self::TooLarge => (("Тіло запиту завелике.", "The body is too large."), ("Надішліть щонайбільше 256 КіБ.", "Send at most 256 KiB.")),
            Self::UnsupportedMediaType => {
                (("Тіло запиту не того типу.", "The body is not of the type that is taken."), ("Надішліть application/json у кодуванні UTF-8.", "Send application/json in UTF-8."))
            }
            Self::SlowBody => (("Тіло запиту не надійшло вчасно.", "The body did not arrive in time."), ("Надішліть його за 5 секунд.", "Send it within 5 seconds.")),
            Self::Timeout => (
                ("Відповідь не встигла за 15 секунд.", "The answer was not ready within 15 seconds."),
                ("Запитайте менше або спробуйте пізніше.", "Ask for less, or try again later."),
            ),
            Self::RateLimited => (
                ("Забагато викликів водночас.", "There are too many calls at a time."),
                ("Завершіть котрийсь зі своїх або спробуйте трохи згодом.", "End one of yours, or try again a little later."),
            ),
            Self::Unavailable => (("Частина сервісу ще не готова.", "A part of the service is not ready."), ("Спробуйте за кілька секунд.", "Try again in a few seconds.")),
            Self::PersistedQueryNotFound => {
                (("Документа з таким хешем немає.", "No document is kept under this hash."), ("Надішліть документ разом із хешем.", "Send the document together with its hash."))
            }
            Self::NotTrusted => (
                ("Тут виконуються лише відомі документи, а цей не з них.", "Only known documents are run here, and this is none of them."),
                ("Назвіть відомий документ у documentId або попросіть оператора додати цей.", "Name a known one as documentId, or ask the operator to add this one."),
            ),
            Self::Internal => (
                ("На нашому боці сталася помилка. Спробуйте пізніше.", "Something failed on our side. Try again later."),
                ("Якщо повториться, повідомте нам requestId.", "If it happens again, tell us the requestId."),
            ),
        };
        (Said::new(message.0, message.1), Said::new(remedy.0, remedy.1))
    }
}

/// A failed call. It travels in the response's extensions until `frame` knows the request id and words it.
#[derive(Clone, Debug)]
pub struct Failure(Box<Details>);

#[derive(Clone, Debug)]
struct Details {
    protocol: Protocol,
    status: StatusCode,
    message: Said,
    remedy: Said,
    field: Vec<String>,
    locations: Vec<Location>,
    allow: Option<&'static str>,
    left: Option<Left>,
    retry_after: Option<u32>,
    media_type: &'static str,
}

/// A place in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Location {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

impl Failure {
    /// The failure with its usual words.
    #[must_use]
    pub fn of(protocol: Protocol) -> Self {
        let (message, remedy) = protocol.words();
        Self(Box::new(Details {
            protocol,
            status: protocol.status(),
            message,
            remedy,
            field: Vec::new(),
            locations: Vec::new(),
            allow: None,
            left: None,
            retry_after: protocol.retry_after(),
            media_type: accept::JSON,
        }))
    }

    /// A parameter of the call that cannot be taken.
    #[must_use]
    pub fn parameter(name: &str, wanted: Said) -> Self {
        let message = Said::new(format!("Параметр {name} не підходить."), format!("The parameter {name} cannot be taken."));
        Self::of(Protocol::BadInput).saying(message, wanted).about(vec![name.to_owned()])
    }

    /// The same in more particular words.
    #[must_use]
    pub fn saying(mut self, message: Said, remedy: Said) -> Self {
        self.0.message = message;
        self.0.remedy = remedy;
        self
    }

    /// The same about a field.
    #[must_use]
    pub fn about(mut self, field: Vec<String>) -> Self {
        self.0.field = field;
        self
    }

    /// The same at a place of the document.
    #[must_use]
    pub fn at(mut self, place: Option<Location>) -> Self {
        self.0.locations = place.into_iter().collect();
        self
    }

    /// The same, naming the methods that would do.
    #[must_use]
    pub fn allowing(mut self, methods: &'static str) -> Self {
        self.0.allow = Some(methods);
        self
    }

    /// The same, with the seconds after which the same call may do.
    #[must_use]
    pub fn after(mut self, seconds: u32) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// The same of a caller who has so much left.
    #[must_use]
    pub fn with_left(mut self, left: Option<Left>) -> Self {
        self.0.left = left;
        self
    }

    /// The same with another status than the code's own.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = status;
        self
    }

    /// The same in the media type that the caller asked for.
    #[must_use]
    pub fn in_media_type(mut self, media_type: &'static str) -> Self {
        self.0.media_type = media_type;
        self
    }

    /// Whether it is a fault of ours, or of the moment.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        matches!(self.0.protocol, Protocol::Internal | Protocol::Unavailable)
    }

    /// The code on the wire.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.protocol.code()
    }

    /// The answer in words.
    #[must_use]
    pub fn render(&self, locale: Locale, request_id: &str) -> Response {
        let details = &*self.0;
        let body = serde_json::to_string(&self.body(locale, request_id)).unwrap_or_default();
        let mut response = (details.status, [(CONTENT_TYPE, details.media_type), (CONTENT_LANGUAGE, locale.tag())], body).into_response();
        details.hint(response.headers_mut());
        response
    }

    /// The answer in words as the result of a call.
    #[must_use]
    pub fn body<'a>(&'a self, locale: Locale, request_id: &'a str) -> Body<'a> {
        Body { errors: [self.error(locale, request_id)] }
    }

    /// The answer in words as an error of GraphQL.
    #[must_use]
    pub fn error<'a>(&'a self, locale: Locale, request_id: &'a str) -> ErrorBody<'a> {
        let details = &*self.0;
        let (remedy, retry_after) = (details.remedy.in_locale(locale), details.retry_after);
        let extensions = Extensions { code: self.code(), request_id, field: &details.field, remedy, retry_after };
        ErrorBody { message: details.message.in_locale(locale), locations: &details.locations, extensions }
    }
}

impl Details {
    /// Says in headers what would do instead, and when.
    fn hint(&self, headers: &mut HeaderMap) {
        if let Some(methods) = self.allow {
            headers.insert(ALLOW, HeaderValue::from_static(methods));
        }
        if let Some(left) = self.left {
            left.tell(headers);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if self.protocol == Protocol::Unauthenticated {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer error=\"invalid_token\""));
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The result of a call that failed.
#[derive(Serialize)]
pub struct Body<'a> {
    errors: [ErrorBody<'a>; 1],
}

/// An error of GraphQL.
#[derive(Serialize)]
pub struct ErrorBody<'a> {
    message: &'a str,
    #[serde(skip_serializing_if = "<[Location]>::is_empty")]
    locations: &'a [Location],
    extensions: Extensions<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Extensions<'a> {
    code: &'static str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    field: &'a [String],
    remedy: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
}

#[cfg(test)]
mod tests {
    use async_graphql::resolver_utils::EnumType as _;

    use super::Protocol;
    use crate::error::Code;

    #[test]
    fn every_code_of_the_protocol_is_in_the_readme_or_in_the_schema() {
        let all = [
            Protocol::Syntax,
            Protocol::Validation,
            Protocol::BadInput,
            Protocol::TooComplex,
            Protocol::Unauthenticated,
            Protocol::Forbidden,
            Protocol::NotFound,
            Protocol::MethodNotAllowed,
            Protocol::NotAcceptable,
            Protocol::OutOfTime,
            Protocol::TooLarge,
            Protocol::UnsupportedMediaType,
            Protocol::SlowBody,
            Protocol::Timeout,
            Protocol::RateLimited,
            Protocol::Unavailable,
            Protocol::PersistedQueryNotFound,
            Protocol::NotTrusted,
            Protocol::Internal,
        ];
        let readme = include_str!("../../README.md");
        for code in all.map(Protocol::code) {
            assert!(Code::items().iter().any(|item| item.name == code) || readme.contains(&format!("`{code}`")), "{code}");
        }
    }
}
