//! The letters that went out: files in the data folder, read as a person would.

use axum::body::Body;
use axum::http::Request;
use mistok::jobs;
use serde_json::json;

use super::{Person, TestApp};

/// A letter as it went out.
pub struct Letter(String);

impl Letter {
    /// All of it, headers first.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The link in it.
    pub fn link(&self) -> &str {
        self.0.lines().find(|line| line.starts_with("http")).unwrap_or_else(|| panic!("no link in {}", self.0)).trim_end()
    }

    /// The token of the link in it.
    pub fn token(&self) -> &str {
        let (_, rest) = self.link().split_once("?token=").expect("a token");
        rest.split('&').next().unwrap_or_default()
    }

    /// The request of a browser that opens the link.
    pub fn opened(&self) -> Request<Body> {
        Request::get(self.target()).body(Body::empty()).expect("a request")
    }

    /// The request of a browser that presses the button, with the fields of the form beside the token.
    pub fn sent(&self, fields: &str) -> Request<Body> {
        let (path, _) = self.target().split_once('?').expect("a query");
        let form = format!("token={}&{fields}", self.token());
        Request::post(format!("{path}?lang=uk")).header("content-type", "application/x-www-form-urlencoded").body(Body::from(form)).expect("a request")
    }

    fn target(&self) -> &str {
        let (_, rest) = self.link().split_once("://").expect("an address");
        &rest[rest.find('/').expect("a path")..]
    }
}

impl TestApp {
    /// A link that no letter carried, as if one had.
    pub fn as_letter(link: &str) -> Letter {
        Letter(link.to_owned())
    }

    /// The letters that went out to an address, oldest first, once all that is due has been done.
    pub async fn letters_to(&self, email: &str) -> Vec<Letter> {
        self.settle().await;
        self.sent_to(email)
    }

    /// Lets a person show that their address is theirs.
    pub async fn confirm(&self, person: &Person) {
        while jobs::run_due(&self.app).await.expect("jobs run") > 0 {}
        let letter = self.sent_to(&person.email).pop().expect("a letter went to whoever signed up");
        self.done(&Person::nobody(), "confirmEmail", json!({ "token": letter.token() })).await;
    }

    /// The letters that went out to an address so far, oldest first.
    fn sent_to(&self, email: &str) -> Vec<Letter> {
        let folder = self.app.config.data.join("mail");
        let mut files: Vec<_> = std::fs::read_dir(folder).map(|entries| entries.map(|entry| entry.expect("an entry").path()).collect()).unwrap_or_default();
        files.sort();
        let letters = files.iter().map(|file| std::fs::read_to_string(file).expect("a letter"));
        letters.filter(|letter| letter.lines().any(|line| line.trim_end() == format!("To: {email}"))).map(Letter).collect()
    }

    /// The newest letter to an address.
    pub async fn letter_to(&self, email: &str) -> Letter {
        self.letters_to(email).await.pop().unwrap_or_else(|| panic!("no letter went to {email}"))
    }
}
