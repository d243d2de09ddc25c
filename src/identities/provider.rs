//! The provider: where a person is sent, and what its word is worth. Its metadata and keys are read when they are needed and kept
//! for an hour; a key that nobody knows yet has them read anew, since providers rotate keys. While they cannot be read, what was read
//! last does for a day.

use std::error::Error as Cause;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreIdTokenClaims, CoreJwsSigningAlgorithm as Algorithm, CoreProviderMetadata, CoreTokenResponse, CoreUserInfoClaims,
};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, LanguageTag,
    LocalizedClaim, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, SignatureVerificationError, TokenResponse as _,
    UserInfoError,
};
use tokio::sync::Mutex;

use super::rules;
pub use super::wire::NoTls;
use super::wire::Wire;
use crate::config::{Config, Oidc};
use crate::error::{Error, Result};
use crate::locale::Locale;

/// Where the provider sends people back to.
pub const CALLBACK: &str = "/oidc/callback";
/// How long its metadata and keys are kept.
const KEPT: TimeDelta = TimeDelta::hours(1);
/// How soon they are read anew for a key that nobody knows.
const READ_ANEW: TimeDelta = TimeDelta::minutes(1);
/// How long they do while they cannot be read anew.
const OLD_DOES: TimeDelta = TimeDelta::days(1);
/// How long a provider that did not answer is left alone.
const LEFT_ALONE: TimeDelta = TimeDelta::seconds(5);
/// How its word may be signed: with keys that it publishes; neither unsigned nor with the secret that we share.
const SIGNED: [Algorithm; 8] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EdDsa,
];

type Client = CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// What binds a word of the provider to one round. It is not printed.
pub struct Binding {
    /// What comes back as it was sent.
    pub state: String,
    /// What stands in the provider's word.
    pub nonce: String,
    /// What only who began the round knows.
    pub verifier: String,
}

/// Whether the provider is to look anew who is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Whoever is signed in there is.
    Any,
    /// They have to prove it again.
    Anew,
}

/// Whom the provider vouches for.
#[derive(Clone, Debug)]
pub struct Vouched {
    /// The provider.
    pub issuer: String,
    /// What it calls the person.
    pub subject: String,
    /// Their address, and whether the provider verified that it is theirs.
    pub email: Option<(String, bool)>,
    /// How they want to be called.
    pub name: Option<String>,
    /// The language they read, where it is one of ours.
    pub locale: Option<Locale>,
    /// When they proved there who they are.
    pub proved_at: Option<DateTime<Utc>>,
}

/// The provider of the settings.
pub struct Provider {
    settings: Oidc,
    callback: String,
    wire: Wire,
    kept: Mutex<Kept>,
}

/// What is known of the provider.
#[derive(Default)]
struct Kept {
    /// What was last read, and when.
    read: Option<(DateTime<Utc>, Arc<CoreProviderMetadata>)>,
    /// When it did not answer, unless it has since.
    failed_at: Option<DateTime<Utc>>,
}

impl Kept {
    /// What was read not longer ago than `age`.
    fn within(&self, age: TimeDelta, now: DateTime<Utc>) -> Option<Arc<CoreProviderMetadata>> {
        self.read.as_ref().filter(|(at, _)| now < *at + age).map(|(_, metadata)| Arc::clone(metadata))
    }
}

impl Provider {
    /// That of the settings, if there is one; nothing is asked of it yet.
    ///
    /// # Errors
    /// When the machine offers no TLS.
    pub fn of(config: &Config) -> Result<Option<Self>, NoTls> {
        let Some(settings) = config.oidc.clone() else { return Ok(None) };
        Ok(Some(Self { settings, callback: config.public_url.page(CALLBACK), wire: Wire::new()?, kept: Mutex::default() }))
    }

    /// The address to which a person is sent.
    ///
    /// # Errors
    /// When the provider does not answer.
    pub async fn address(&self, binding: Binding, freshness: Freshness, locale: Locale, now: DateTime<Utc>) -> Result<String> {
        let client = self.client(now, KEPT).await?;
        let Binding { state, nonce, verifier } = binding;
        let (state, nonce) = (CsrfToken::new(state), Nonce::new(nonce));
        let mut request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || state, || nonce)
            .add_scope(Scope::new("email".to_owned()))
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier)))
            .add_ui_locale(LanguageTag::new(locale.tag().to_owned()));
        if freshness == Freshness::Anew {
            request = request.add_prompt(CoreAuthPrompt::Login).set_max_age(std::time::Duration::ZERO);
        }
        Ok(request.url().0.to_string())
    }

    /// Takes the provider's answer to a round for its word, and looks whether that is true.
    ///
    /// # Errors
    /// When the provider does not answer, takes the code for none of its own, or its word is not true or not for this round.
    pub async fn word(&self, code: String, binding: Binding, now: DateTime<Utc>) -> Result<Vouched> {
        let Binding { state: _, nonce, verifier } = binding;
        let client = self.client(now, KEPT).await?;
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(untrue)?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier))
            .request_async(&self.wire)
            .await
            .map_err(|cause| if let RequestTokenError::Request(cause) = cause { silent(&cause) } else { untrue(cause) })?;
        let nonce = Nonce::new(nonce);
        let claims = match claims(&client, &answer, &nonce, now) {
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                let client = self.client(now, READ_ANEW).await?;
                claims(&client, &answer, &nonce, now).map_err(untrue)?
            }
            claims => claims.map_err(untrue)?,
        };
        let vouched = vouched(&claims);
        if vouched.email.is_some() { Ok(vouched) } else { self.completed(&client, &answer, vouched).await }
    }

    /// What the provider tells of a person beside its word, where that does not name their address.
    async fn completed(&self, client: &Client, answer: &CoreTokenResponse, vouched: Vouched) -> Result<Vouched> {
        let subject = openidconnect::SubjectIdentifier::new(vouched.subject.clone());
        let Ok(request) = client.user_info(answer.access_token().clone(), Some(subject)) else { return Ok(vouched) };
        let told: CoreUserInfoClaims =
            request.request_async(&self.wire).await.map_err(|cause| if let UserInfoError::Request(cause) = cause { silent(&cause) } else { untrue(cause) })?;
        let email = told.email().map(|email| (email.to_string(), told.email_verified() == Some(true)));
        let name = vouched.name.or_else(|| called(told.name()));
        Ok(Vouched { email, name, ..vouched })
    }

    /// The provider's metadata and keys, read not longer ago than `age`; older ones while it does not answer.
    async fn metadata(&self, now: DateTime<Utc>, age: TimeDelta) -> Result<Arc<CoreProviderMetadata>> {
        let mut kept = self.kept.lock().await;
        if let Some(metadata) = kept.within(age, now) {
            return Ok(metadata);
        }
        if kept.failed_at.is_some_and(|failed_at| now < failed_at + LEFT_ALONE) {
            return kept.within(OLD_DOES, now).ok_or_else(rules::silent);
        }
        let issuer = IssuerUrl::new(self.settings.issuer.as_str().to_owned()).map_err(Error::internal)?;
        match CoreProviderMetadata::discover_async(issuer, &self.wire).await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                *kept = Kept { read: Some((now, Arc::clone(&metadata))), failed_at: None };
                Ok(metadata)
            }
            Err(cause) => {
                kept.failed_at = Some(now);
                let Some(old) = kept.within(OLD_DOES, now) else { return Err(silent(&cause)) };
                tracing::warn!(cause = %chain(&cause), "the OpenID provider's metadata could not be read anew; what was read last goes on");
                Ok(old)
            }
        }
    }

    async fn client(&self, now: DateTime<Utc>, age: TimeDelta) -> Result<Client> {
        let metadata = self.metadata(now, age).await?;
        let secret = self.settings.client_secret.as_ref().map(|secret| ClientSecret::new(secret.expose().to_owned()));
        let callback = RedirectUrl::new(self.callback.clone()).map_err(Error::internal)?;
        Ok(CoreClient::from_provider_metadata(CoreProviderMetadata::clone(&metadata), ClientId::new(self.settings.client_id.clone()), secret).set_redirect_uri(callback))
    }
}

/// The provider's word, once its signature, its issuer, whom it is for, its time and its round are looked at.
fn claims(client: &Client, answer: &CoreTokenResponse, nonce: &Nonce, now: DateTime<Utc>) -> Result<CoreIdTokenClaims, ClaimsVerificationError> {
    let word = answer.id_token().ok_or_else(|| ClaimsVerificationError::Other("there is no ID token".to_owned()))?;
    let verifier = client.id_token_verifier().set_allowed_algs(SIGNED).set_time_fn(move || now);
    let claims = word.claims(&verifier, nonce)?;
    if let Some(expected) = claims.access_token_hash() {
        let key = word.signing_key(&verifier).map_err(ClaimsVerificationError::SignatureVerification)?;
        let algorithm = word.signing_alg().map_err(ClaimsVerificationError::SignatureVerification)?;
        let actual = AccessTokenHash::from_token(answer.access_token(), algorithm, key).map_err(|cause| ClaimsVerificationError::Other(cause.to_string()))?;
        if actual != *expected {
            return Err(ClaimsVerificationError::Other("the access token is another's".to_owned()));
        }
    }
    Ok(claims.clone())
}

fn vouched(claims: &CoreIdTokenClaims) -> Vouched {
    Vouched {
        issuer: claims.issuer().to_string(),
        subject: claims.subject().to_string(),
        email: claims.email().map(|email| (email.to_string(), claims.email_verified() == Some(true))),
        name: called(claims.name()),
        locale: claims.locale().and_then(|tag| Locale::from_tag(tag.as_ref())),
        proved_at: claims.auth_time(),
    }
}

/// A name in the language that the provider takes for the person's.
fn called(names: Option<&LocalizedClaim<openidconnect::EndUserName>>) -> Option<String> {
    let names = names?;
    names.get(None).or_else(|| names.iter().next().map(|(_, name)| name)).map(|name| name.to_string())
}

/// The provider did not answer; why, the log tells.
fn silent(cause: &(dyn Cause + 'static)) -> Error {
    tracing::warn!(cause = %chain(cause), "the OpenID provider does not answer");
    rules::silent()
}

/// What the provider said is not to be relied on; why, the log tells.
fn untrue(cause: impl Cause + 'static) -> Error {
    tracing::warn!(cause = %chain(&cause), "a word of the OpenID provider is refused");
    rules::untrue()
}

/// An error with what caused it; none of them holds a token.
fn chain(cause: &(dyn Cause + 'static)) -> String {
    let mut text = cause.to_string();
    let mut next = cause.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
