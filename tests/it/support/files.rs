//! Files as people upload them, and how they come and go.

use axum::body::{Body, HttpBody as _};
use axum::http::{HeaderMap, Request, StatusCode, header};
use mistok::hash::hex;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Person, TestApp};

/// A small document.
pub const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
/// The first bytes of a picture.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0";

/// What `requestUpload` takes for a file of the organisation of somebody.
pub fn described(owner: &Person, purpose: &str, name: &str, media: &str, bytes: &[u8]) -> Value {
    json!({
        "organisationId": owner.id(),
        "purpose": purpose,
        "fileName": name,
        "mediaType": media,
        "size": bytes.len(),
        "sha256": sha256(bytes),
    })
}

/// The hash of a file as it is declared.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// An address as our host hears of it.
fn path(url: &Value) -> &str {
    url.as_str().expect("an address").strip_prefix("http://127.0.0.1:8080").expect("an address of ours")
}

impl TestApp {
    /// Describes a file; gives the attachment and the address of its upload.
    pub async fn described(&self, owner: &Person, purpose: &str, bytes: &[u8]) -> (Value, Value) {
        let mut done = self.done(owner, "requestUpload", described(owner, purpose, "Наказ № 1.pdf", "application/pdf", bytes)).await;
        (done["attachment"].take(), done["upload"]["url"].take())
    }

    /// Sends the bytes of a file, and their number where it is known; gives status and answer.
    pub async fn put(&self, url: &Value, bytes: impl Into<Body>) -> (StatusCode, Value) {
        let (mut request, body) = (Request::put(path(url)).header(header::ACCEPT_LANGUAGE, "en"), bytes.into());
        if let Some(length) = body.size_hint().exact() {
            request = request.header(header::CONTENT_LENGTH, length);
        }
        self.send(request.body(body).expect("a request")).await
    }

    /// Follows an address as a browser does, without a header of ours.
    pub async fn followed(&self, url: &Value) -> (StatusCode, HeaderMap, String) {
        self.page(Request::get(path(url)).body(Body::empty()).expect("a request")).await
    }

    /// A document of the organisation of somebody that is stored.
    pub async fn stored(&self, owner: &Person, purpose: &str) -> Value {
        let (attachment, url) = self.described(owner, purpose, PDF).await;
        assert_eq!(self.put(&url, PDF).await.0, StatusCode::NO_CONTENT);
        attachment
    }
}
