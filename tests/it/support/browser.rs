//! A browser on its way from us to an OpenID provider and back: it follows addresses and keeps cookies.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use entity::sign_in_round::{self, Purpose};
use http_body_util::BodyExt as _;
use mistok::app::App;
use mistok::config::Config;
use sea_orm::ActiveModelTrait as _;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use uuid::Uuid;

use super::TestApp;
use super::oidc_provider::OidcProvider;

/// A page of a partner that may call us.
pub const PORTAL: &str = "https://portal.example/signed-in?view=needs";

/// The service of a [`TestApp`] with other settings.
#[derive(Clone)]
pub struct Site(axum::Router);

/// A browser, whose cookies last.
pub struct Browser {
    site: Site,
    cookies: BTreeMap<String, String>,
    provider: reqwest::Client,
}

/// What a visit was answered with.
pub struct Visited {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its page.
    pub page: String,
}

impl Visited {
    /// Whereto it sends the browser.
    pub fn next(&self) -> &str {
        self.headers.get(header::LOCATION).unwrap_or_else(|| panic!("{} and no address: {}", self.status, self.page)).to_str().expect("text")
    }

    /// What is to be copied from the page.
    pub fn mark(&self) -> &str {
        let (_, rest) = self.page.split_once("<code>").unwrap_or_else(|| panic!("nothing to copy in {}", self.page));
        rest.split("</code>").next().expect("an end")
    }
}

impl TestApp {
    /// The service for people who sign in by a provider, and for the partner's page.
    pub fn site(&self, provider: &OidcProvider) -> Site {
        let mut config = Config::clone(&self.app.config);
        config.oidc = Some(provider.settings());
        config.cors = vec!["https://portal.example".to_owned()];
        self.site_with(config)
    }

    /// The service with other settings.
    pub fn site_with(&self, config: Config) -> Site {
        let app = App { config: Arc::new(config), ..self.app.clone() };
        Site(mistok::http::router(app, mistok::graphql::schema()).expect("the schema reads back"))
    }

    /// The code of a round that ended as if a provider had vouched for whoever has the address.
    pub async fn code_for(&self, purpose: Purpose, email: &str) -> String {
        let account = self.rows(&format!("SELECT id FROM account WHERE email_key = '{email}'"), |row| row.try_get::<Uuid>("", "id").expect("an id")).await[0];
        let (id, now) = (self.app.ids.next(self.now()), self.now());
        let round = sign_in_round::ActiveModel {
            id: Set(id),
            purpose: Set(purpose),
            return_to: Set(None),
            challenge: Set(None),
            answered_at: Set(Some(now)),
            account_id: Set((purpose != Purpose::Link).then_some(account)),
            issuer: Set(Some("https://id.example".to_owned())),
            subject: Set(Some(format!("planted subject of {email}"))),
            expires_at: Set(now + chrono::TimeDelta::minutes(1)),
            created_at: Set(now),
        };
        let case = self.app.db.begin().await.expect("begins");
        round.insert(&case).await.expect("a round");
        case.commit().await.expect("commits");
        self.app.keys.seal("oidc code", id.as_bytes())
    }
}

impl Site {
    /// Asks the service, as nobody.
    pub async fn ask(&self, query: &str) -> Value {
        let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json").header(header::HOST, "localhost");
        let request = request.body(Body::from(json!({ "query": query }).to_string())).expect("a request");
        let answer = self.0.clone().oneshot(request).await.expect("answers");
        serde_json::from_slice(&answer.into_body().collect().await.expect("a body").to_bytes()).expect("JSON")
    }

    /// A browser that was nowhere.
    pub fn browser(&self) -> Browser {
        let provider = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().expect("a client");
        Browser { site: self.clone(), cookies: BTreeMap::new(), provider }
    }
}

impl Browser {
    /// Opens an address of ours.
    pub async fn visit(&mut self, address: &str) -> Visited {
        let target = address.strip_prefix("http://127.0.0.1:8080").unwrap_or(address);
        let kept = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let mut request = Request::get(target).header(header::HOST, "localhost").header(header::ACCEPT_LANGUAGE, "en");
        if !kept.is_empty() {
            request = request.header(header::COOKIE, kept);
        }
        let answer = self.site.0.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("answers");
        let (status, headers) = (answer.status(), answer.headers().clone());
        for cookie in headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("text");
            let (name, value) = cookie.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name)
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned())
            };
        }
        let page = answer.into_body().collect().await.expect("a body").to_bytes();
        Visited { status, headers, page: String::from_utf8(page.to_vec()).expect("text") }
    }

    /// Goes to the provider with what the start asks for, and gives the address with which it sends the browser back.
    pub async fn goes_to_provider(&mut self, asked: &str) -> String {
        let begun = self.visit(&format!("/oidc/start?{asked}")).await;
        assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.page);
        let answer = self.provider.get(begun.next()).send().await.expect("the provider answers");
        answer.headers().get(header::LOCATION).unwrap_or_else(|| panic!("{answer:?}")).to_str().expect("text").to_owned()
    }

    /// Goes to the provider and back.
    pub async fn round(&mut self, asked: &str) -> Visited {
        let back = self.goes_to_provider(asked).await;
        self.visit(&back).await
    }

    /// Goes to the provider and back, and gives the code.
    pub async fn code(&mut self, asked: &str) -> String {
        let shown = self.round(asked).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.page);
        shown.mark().to_owned()
    }

    /// Has it keep a cookie again.
    pub fn keeps(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// What it keeps.
    pub fn cookies(&self) -> &BTreeMap<String, String> {
        &self.cookies
    }
}
