//! How a provider is spoken to: HTTP that follows no redirect, waits for little and reads little.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(3);
/// How long an answer may take; several are waited for while a browser waits.
const ANSWER: Duration = Duration::from_secs(5);
/// Largest answer, in bytes: metadata, keys or tokens.
const MOST: usize = 256 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// The provider was not reached, or not in time.
    #[error("the provider does not answer")]
    Silent(#[from] reqwest::Error),
    /// It says that it failed.
    #[error("the provider failed with {0}")]
    Failing(openidconnect::http::StatusCode),
    /// It answered with more than is read.
    #[error("the provider's answer is too large")]
    TooLarge,
    /// It answered with what is no HTTP.
    #[error("the provider's answer is none")]
    Malformed(#[from] openidconnect::http::Error),
}

/// The machine offers no TLS.
#[derive(Debug, thiserror::Error)]
#[error("there is no TLS")]
pub struct NoTls(#[from] reqwest::Error);

/// The client.
#[derive(Clone, Debug)]
pub(super) struct Wire(reqwest::Client);

impl Wire {
    /// Makes one.
    ///
    /// # Errors
    /// When the machine offers no TLS.
    pub(super) fn new() -> Result<Self, NoTls> {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).connect_timeout(CONNECT).timeout(ANSWER).build()?;
        Ok(Self(client))
    }

    async fn answer(&self, request: HttpRequest) -> Result<HttpResponse, Fault> {
        let mut response = self.0.execute(request.try_into()?).await?;
        if response.status().is_server_error() {
            return Err(Fault::Failing(response.status()));
        }
        let mut answer = openidconnect::http::Response::builder().status(response.status());
        for (name, value) in response.headers() {
            answer = answer.header(name, value);
        }
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await? {
            if body.len() + part.len() > MOST {
                return Err(Fault::TooLarge);
            }
            body.extend_from_slice(&part);
        }
        Ok(answer.body(body)?)
    }
}

impl<'c> AsyncHttpClient<'c> for Wire {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Fault>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.answer(request))
    }
}
