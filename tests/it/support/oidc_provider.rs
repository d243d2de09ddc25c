//! An OpenID provider that a test starts for itself: metadata, keys that rotate, and tokens for whoever shows PKCE's verifier. It
//! tells lies where a test wants it to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use mistok::clock::{Clock as _, FixedClock};
use mistok::config::{ClientSecret, Issuer, Oidc};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What it calls the installation, and what that shows it.
const CLIENT: &str = "mistok-test";
const SECRET: &str = "planted client secret";

/// What it lies about, or how it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trick {
    /// Nothing.
    Honest,
    /// The nonce is of another round.
    OtherNonce,
    /// The word is for another installation.
    OtherAudience,
    /// The word is of another provider.
    OtherIssuer,
    /// The word's time is over.
    Expired,
    /// The word is signed by nobody.
    Unsigned,
    /// The word is signed with a key that nobody publishes.
    UnknownKey,
    /// The word is signed with the secret that both know.
    SharedSecret,
    /// The signature is of another word.
    OtherSignature,
    /// The person is let in by nobody.
    Denies,
    /// It does not answer as it should.
    Down,
    /// It answers to everything but what it is.
    Undescribed,
    /// It sends who asks elsewhere.
    Elsewhere,
    /// It answers with more than anybody reads.
    Huge,
}

/// The person who is signed in there, and what it tells of them.
#[derive(Clone, Debug)]
pub struct Known {
    /// What it calls them.
    pub subject: String,
    /// Their address.
    pub email: Option<String>,
    /// Whether it verified that.
    pub verified: bool,
    /// Whether the word names the address, or only who asks afterwards hears it.
    pub in_word: bool,
    /// When they proved who they are, before now.
    pub proved: TimeDelta,
}

impl Known {
    /// Somebody with a verified address.
    pub fn new(subject: &str, email: &str) -> Self {
        Self { subject: subject.to_owned(), email: Some(email.to_owned()), verified: true, in_word: true, proved: TimeDelta::hours(3) }
    }
}

struct Grant {
    nonce: String,
    challenge: String,
    callback: String,
    fresh: bool,
}

struct Memory {
    trick: Trick,
    known: Known,
    keys: Vec<u8>,
    grants: HashMap<String, Grant>,
    given: u32,
}

/// The provider.
pub struct OidcProvider {
    issuer: String,
    memory: Arc<Mutex<Memory>>,
    server: JoinHandle<()>,
}

#[derive(Clone)]
struct Shared {
    issuer: String,
    memory: Arc<Mutex<Memory>>,
    clock: Arc<FixedClock>,
}

impl OidcProvider {
    /// Starts it.
    pub async fn start(clock: &Arc<FixedClock>, known: Known) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let issuer = format!("http://{}/realm", listener.local_addr().expect("an address"));
        let memory = Arc::new(Mutex::new(Memory { trick: Trick::Honest, known, keys: vec![1], grants: HashMap::new(), given: 0 }));
        let shared = Shared { issuer: issuer.clone(), memory: Arc::clone(&memory), clock: Arc::clone(clock) };
        let router = Router::new()
            .route("/realm/.well-known/openid-configuration", get(metadata))
            .route("/realm/keys", get(keys))
            .route("/realm/authorize", get(authorize))
            .route("/realm/token", post(token))
            .route("/realm/userinfo", get(userinfo))
            .with_state(shared);
        let server = tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        Self { issuer, memory, server }
    }

    /// The settings of an installation that knows it.
    pub fn settings(&self) -> Oidc {
        Oidc { issuer: Issuer::parse(&self.issuer).expect("an address"), client_id: CLIENT.to_owned(), client_secret: Some(ClientSecret::new(SECRET)), name: "Дія".to_owned() }
    }

    /// The address that it calls itself.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Has it lie from now on.
    pub fn plays(&self, trick: Trick) {
        self.memory().trick = trick;
    }

    /// Has somebody else be signed in there.
    pub fn knows(&self, known: Known) {
        self.memory().known = known;
    }

    /// Has it sign with a new key, and publish that alone.
    pub fn rotates(&self) {
        let mut memory = self.memory();
        let next = memory.keys.last().copied().unwrap_or_default() + 1;
        memory.keys = vec![next];
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for OidcProvider {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Shared {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

async fn metadata(State(shared): State<Shared>) -> Response {
    let issuer = &shared.issuer;
    let trick = shared.memory().trick;
    match trick {
        Trick::Down | Trick::Undescribed => StatusCode::BAD_GATEWAY.into_response(),
        Trick::Elsewhere => Redirect::temporary(&format!("{issuer}/keys")).into_response(),
        Trick::Huge => "x".repeat(2_000_000).into_response(),
        _ => Json(json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "userinfo_endpoint": format!("{issuer}/userinfo"),
            "jwks_uri": format!("{issuer}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
        }))
        .into_response(),
    }
}

async fn keys(State(shared): State<Shared>) -> Json<Value> {
    let key = |seed: &u8| {
        let public = signing_key(*seed).verifying_key().to_bytes();
        json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": format!("key-{seed}"), "x": URL_SAFE_NO_PAD.encode(public) })
    };
    Json(json!({ "keys": shared.memory().keys.iter().map(key).collect::<Vec<_>>() }))
}

fn signing_key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

async fn authorize(State(shared): State<Shared>, Query(asked): Query<HashMap<String, String>>) -> Response {
    let asked = |name: &str| asked.get(name).cloned().unwrap_or_default();
    let scopes = asked("scope");
    let right = asked("client_id") == CLIENT && asked("response_type") == "code" && asked("code_challenge_method") == "S256" && scopes.split(' ').any(|scope| scope == "openid");
    if !right || asked("nonce").is_empty() || asked("state").is_empty() {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let callback = asked("redirect_uri");
    let mut memory = shared.memory();
    if memory.trick == Trick::Denies {
        return Redirect::to(&format!("{callback}?error=access_denied&state={}", asked("state"))).into_response();
    }
    memory.given += 1;
    let code = format!("provider-code-{}", memory.given);
    let fresh = asked("prompt") == "login" && asked("max_age") == "0";
    memory.grants.insert(code.clone(), Grant { nonce: asked("nonce"), challenge: asked("code_challenge"), callback: callback.clone(), fresh });
    Redirect::to(&format!("{callback}?code={code}&state={}&iss={}", asked("state"), shared.issuer)).into_response()
}

async fn token(State(shared): State<Shared>, headers: HeaderMap, Form(given): Form<HashMap<String, String>>) -> Response {
    let refused = || (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response();
    let basic = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| value.strip_prefix("Basic ")).unwrap_or_default();
    let shown = STANDARD.decode(basic).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    if shown != format!("{CLIENT}:{}", SECRET.replace(' ', "+")) {
        return (StatusCode::UNAUTHORIZED, Json(json!({ "error": "invalid_client" }))).into_response();
    }
    let given = |name: &str| given.get(name).cloned().unwrap_or_default();
    let mut memory = shared.memory();
    if memory.trick == Trick::Down {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let Some(grant) = memory.grants.remove(&given("code")) else { return refused() };
    if URL_SAFE_NO_PAD.encode(Sha256::digest(given("code_verifier"))) != grant.challenge || given("redirect_uri") != grant.callback {
        return refused();
    }
    let word = word(&shared, &memory, &grant);
    Json(json!({ "access_token": "provider-access-token", "token_type": "Bearer", "expires_in": 60, "id_token": word })).into_response()
}

/// The ID token, with the lie that is asked for.
fn word(shared: &Shared, memory: &Memory, grant: &Grant) -> String {
    let Memory { trick, known, keys, .. } = memory;
    let now = shared.now();
    let lifetime = if *trick == Trick::Expired { TimeDelta::zero() } else { TimeDelta::minutes(5) };
    let proved = if grant.fresh { now } else { now - known.proved };
    let mut claims = json!({
        "iss": if *trick == Trick::OtherIssuer { "https://other.example" } else { &shared.issuer },
        "aud": if *trick == Trick::OtherAudience { "another" } else { CLIENT },
        "nonce": if *trick == Trick::OtherNonce { "another" } else { &grant.nonce },
        "sub": known.subject,
        "iat": now.timestamp(),
        "exp": (now + lifetime).timestamp(),
        "auth_time": proved.timestamp(),
    });
    if known.in_word {
        claims["email"] = json!(known.email);
        claims["email_verified"] = json!(known.verified);
        claims["name"] = json!("Олена Шевченко");
        claims["locale"] = json!("uk-UA");
    }
    let seed = if *trick == Trick::UnknownKey { 200 } else { keys.last().copied().unwrap_or_default() };
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(format!("key-{seed}"));
    let signed = |header: &Header, key: &EncodingKey| jsonwebtoken::encode(header, &claims, key).expect("signs");
    let ours = EncodingKey::from_ed_der(signing_key(seed).to_pkcs8_der().expect("a key").as_bytes());
    match trick {
        Trick::Unsigned => format!("{}.{}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#), URL_SAFE_NO_PAD.encode(claims.to_string())),
        Trick::SharedSecret => signed(&Header::new(Algorithm::HS256), &EncodingKey::from_secret(SECRET.as_bytes())),
        Trick::OtherSignature => {
            let word = signed(&header, &ours);
            claims["sub"] = json!("somebody-else");
            let other = jsonwebtoken::encode(&header, &claims, &ours).expect("signs");
            let (said, _) = other.rsplit_once('.').expect("a signature");
            let (_, signature) = word.rsplit_once('.').expect("a signature");
            format!("{said}.{signature}")
        }
        _ => signed(&header, &ours),
    }
}

async fn userinfo(State(shared): State<Shared>) -> Json<Value> {
    let known = shared.memory().known.clone();
    Json(json!({ "sub": known.subject, "email": known.email, "email_verified": known.verified, "name": "Олена Шевченко" }))
}
