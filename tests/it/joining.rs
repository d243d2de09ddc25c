//! One journey: an official of a utility signs up, confirms the address, signs in, forgets the password and chooses another.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::people::PASSWORD;
use crate::support::{Person, TestApp};

const EMAIL: &str = "olena@vodokanal.example";
const NEW_PASSWORD: &str = "зовсім інші чотири слова";
const VIEWER: &str = "{ viewer { account { email emailConfirmed } } }";

on_both! {
    async fn an_official_joins_and_finds_the_way_back_after_forgetting_the_password(app) {
        let nobody = Person::nobody();
        app.done(&nobody, "signUp", json!({ "email": EMAIL, "name": "http://evil.example", "password": PASSWORD, "locale": "UK" })).await;
        confirm(app).await;
        stay_signed_in(app).await;
        forget_and_choose_another(app).await;
        change_and_leave(app).await;
        sign_in_with_a_second_factor(app).await;
    }
}

async fn confirm(app: &TestApp) {
    let letter = app.letter_to(EMAIL).await;
    assert!(letter.text().contains("Вітаємо!") && letter.text().contains("Auto-Submitted: auto-generated"), "{}", letter.text());
    assert!(!letter.text().contains("evil"), "what anybody may write is in no letter");
    assert!(letter.link().starts_with("http://127.0.0.1:8080/confirm-email?token="), "{}", letter.link());
    for _ in 0..2 {
        let (status, headers, page) = app.page(letter.opened()).await;
        assert_eq!(status, StatusCode::OK);
        shielded(&headers);
        assert!(page.contains("<html lang=\"uk\">") && page.contains("<form method=\"post\"") && !page.contains("<script"), "{page}");
        assert!(!page.contains("http://") && !page.contains("https://"), "nothing comes from another host: {page}");
    }
    let token = sign_in(app, PASSWORD).await["accessToken"].clone();
    assert_eq!(confirmed(app, &token).await, json!(false), "a scanner that opens the link confirms nothing");
    let english = Request::get(format!("/confirm-email?token={}&lang=en", letter.token())).body(Body::empty()).expect("a request");
    assert!(app.page(english).await.2.contains("Confirm your address"));
    let own = format!("password={}", PASSWORD.replace(' ', "+"));
    let (status, headers, page) = app.page(letter.sent(&own)).await;
    assert!(status == StatusCode::OK && page.contains("Адресу підтверджено"), "{page}");
    shielded(&headers);
    assert_eq!(confirmed(app, &token).await, json!(true));
    for again in [letter.sent(&own), letter.sent("password=x"), letter.opened()] {
        let (status, headers, page) = app.page(again).await;
        assert!(status == StatusCode::OK && page.contains("Адресу вже підтверджено") && !page.contains("<form"), "{page}");
        shielded(&headers);
    }
    assert_eq!(app.refused(&Person::nobody(), "confirmEmail", json!({ "token": letter.token(), "password": PASSWORD })).await, "OUT_OF_TIME token", "a link is used once");
    let person = app.signed_in(EMAIL).await;
    app.done(&person, "requestEmailConfirmation", Value::Null).await;
    assert_eq!(app.letters_to(EMAIL).await.len(), 1, "there is nothing more to confirm");
}

/// Access tokens are short; a refresh token gives the next ones, once.
async fn stay_signed_in(app: &TestApp) {
    let first = sign_in(app, PASSWORD).await;
    app.clock.advance(TimeDelta::minutes(30));
    assert_eq!(app.refusal(first["accessToken"].as_str(), VIEWER, json!({})).await, "UNAUTHENTICATED", "its time is over");
    let refresh = async |from: &Value| app.attempt(&Person::nobody(), "refreshSession", json!({ "refreshToken": from["refreshToken"] })).await;
    let second = refresh(&first).await.expect("refreshes");
    assert_eq!(first["sessionExpiresAt"], second["sessionExpiresAt"], "a sign-in is not prolonged");
    let third = refresh(&second).await.expect("refreshes");
    app.data(third["accessToken"].as_str(), VIEWER, json!({})).await;
    assert_eq!(refresh(&second).await, Err("UNAUTHENTICATED".to_owned()), "a token that comes again was copied");
    assert_eq!(app.refusal(third["accessToken"].as_str(), VIEWER, json!({})).await, "UNAUTHENTICATED", "so its sign-in ended for both");
    assert_eq!(refresh(&third).await, Err("UNAUTHENTICATED".to_owned()));
    let fourth = sign_in(app, PASSWORD).await;
    app.clock.advance(TimeDelta::hours(12));
    assert_eq!(refresh(&fourth).await, Err("UNAUTHENTICATED".to_owned()), "the sign-in is over");
}

async fn forget_and_choose_another(app: &TestApp) {
    let somewhere = sign_in(app, PASSWORD).await;
    let before = app.letters_to(EMAIL).await.len();
    let ask = async |email: &str| {
        let mut answer = app.ask(None, &app.operations.mutation("requestPasswordReset").document, json!({ "input": { "email": email } })).await;
        assert_eq!(answer["data"]["requestPasswordReset"]["email"].take(), email);
        answer
    };
    assert_eq!(ask(EMAIL).await, ask("nobody@vodokanal.example").await, "the answer does not say whose address is known");
    assert_eq!(app.letters_to(EMAIL).await.len(), before + 1);
    assert!(app.letters_to("nobody@vodokanal.example").await.is_empty());
    let letter = app.letter_to(EMAIL).await;
    assert!(letter.link().contains("/reset-password?token="), "{}", letter.link());
    let (status, _, page) = app.page(letter.sent("password=short")).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("Пароль закороткий") && page.contains("<form"), "{page}");
    assert!(!page.contains("value=\"short\""), "a password is not sent back");
    let (status, _, page) = app.page(letter.sent(&format!("password={}", NEW_PASSWORD.replace(' ', "+")))).await;
    assert!(status == StatusCode::OK && page.contains("Новий пароль збережено") && page.contains("href=\"./\""), "{page}");
    let (status, _, page) = app.page(letter.sent("password=yet+another+one")).await;
    assert!(status == StatusCode::OK && page.contains("пароль уже вибрано") && page.contains("forgotten-password"), "{page}");
    assert_eq!(app.refusal(somewhere["accessToken"].as_str(), VIEWER, json!({})).await, "UNAUTHENTICATED", "all sign-ins have ended");
    assert_eq!(app.attempt(&Person::nobody(), "signIn", json!({ "email": EMAIL, "password": PASSWORD })).await, Err("BAD_USER_INPUT password".to_owned()));
    sign_in(app, NEW_PASSWORD).await;
}

async fn change_and_leave(app: &TestApp) {
    let (here, there) = (app.signed_in(EMAIL).await, app.signed_in(EMAIL).await);
    let wrong = json!({ "currentPassword": PASSWORD, "password": PASSWORD });
    assert_eq!(app.refused(&here, "changePassword", wrong).await, "BAD_USER_INPUT currentPassword");
    app.done(&here, "changePassword", json!({ "currentPassword": NEW_PASSWORD, "password": PASSWORD })).await;
    app.data(here.token(), VIEWER, json!({})).await;
    assert_eq!(app.refusal(there.token(), VIEWER, json!({})).await, "UNAUTHENTICATED", "the other sign-ins have ended");
    let elsewhere = sign_in(app, PASSWORD).await;
    app.done(&here, "signOutEverywhere", Value::Null).await;
    for token in [here.token(), elsewhere["accessToken"].as_str()] {
        assert_eq!(app.refusal(token, VIEWER, json!({})).await, "UNAUTHENTICATED");
    }
}

async fn sign_in_with_a_second_factor(app: &TestApp) {
    let person = app.signed_in(EMAIL).await;
    let address = app.done(&person, "prepareSecondFactor", Value::Null).await["address"].clone();
    sign_in(app, PASSWORD).await;
    app.done(&person, "stepUp", json!({ "password": PASSWORD })).await;
    assert_eq!(app.refused(&person, "enableSecondFactor", json!({ "code": "000" })).await, "BAD_USER_INPUT code", "it is not on before a code was seen");
    let codes = app.done(&person, "enableSecondFactor", json!({ "code": app.code_of(&address, 0) })).await["recoveryCodes"].clone();
    assert_eq!(app.refused(&person, "prepareSecondFactor", Value::Null).await, "INVALID_STATE");
    let attempt = async |code: Value| app.attempt(&Person::nobody(), "signIn", json!({ "email": EMAIL, "password": PASSWORD, "code": code })).await.map(drop);
    assert_eq!(attempt(Value::Null).await, Err("SECOND_FACTOR_REQUIRED code".to_owned()));
    let wrong = json!({ "email": EMAIL, "password": NEW_PASSWORD });
    assert_eq!(app.refused(&Person::nobody(), "signIn", wrong).await, "BAD_USER_INPUT password", "who does not know the password hears nothing of it");
    assert_eq!(attempt(json!(app.code_of(&address, 0))).await, Err("BAD_USER_INPUT code".to_owned()), "each code is good once");
    assert_eq!(attempt(json!(app.code_of(&address, 1))).await, Ok(()));
    assert_eq!(attempt(codes[1].clone()).await, Ok(()));
    for _ in 0..5 {
        assert_eq!(attempt(codes[1].clone()).await, Err("BAD_USER_INPUT code".to_owned()), "a recovery code too");
    }
    assert_eq!(attempt(codes[2].clone()).await, Err("OUT_OF_TIME code".to_owned()), "after five wrong ones all wait");
    app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(attempt(codes[2].clone()).await, Ok(()));
    app.done(&person, "stepUp", json!({ "password": PASSWORD, "code": codes[3] })).await;
    app.done(&person, "disableSecondFactor", Value::Null).await;
    sign_in(app, PASSWORD).await;
}

async fn sign_in(app: &TestApp, password: &str) -> Value {
    app.done(&Person::nobody(), "signIn", json!({ "email": EMAIL, "password": password })).await
}

async fn confirmed(app: &TestApp, token: &Value) -> Value {
    app.data(token.as_str(), VIEWER, json!({})).await["viewer"]["account"]["emailConfirmed"].clone()
}

/// What every page says to the browser.
fn shielded(headers: &HeaderMap) {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let policy = header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && policy.contains("form-action 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!((header("cache-control").as_str(), header("referrer-policy").as_str()), ("no-store", "no-referrer"));
}
