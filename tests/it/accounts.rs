//! Signing up, in and out; what a token is worth.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::people::PASSWORD;
use crate::support::{Kind, Person, TestApp};

const VIEWER: &str = "{ viewer { account { email } } }";

on_both! {
    async fn who_signs_up_can_sign_in_and_is_the_viewer(app) {
        app.person("olena").await;
        let token = sign_in(app, "Olena@MISTOK.example ", PASSWORD).await.expect("right");
        let data = app.data(Some(&token), VIEWER, json!({})).await;
        assert_eq!(data["viewer"]["account"]["email"], "olena@mistok.example");
        assert_eq!(app.data(None, VIEWER, json!({})).await["viewer"], Value::Null);
    }

    async fn an_address_is_taken_in_whatever_case(app) {
        app.person("olena").await;
        let again = json!({ "email": "OLENA@mistok.example", "name": "Інша Олена", "password": PASSWORD });
        assert_eq!(app.refused(&Person::nobody(), "signUp", again).await, "ALREADY_EXISTS email");
    }

    async fn a_wrong_password_and_an_unknown_address_are_answered_alike(app) {
        app.person("olena").await;
        let wrong = answer_to_sign_in(app, "olena@mistok.example", "чотири слова поспіл").await;
        let unknown = answer_to_sign_in(app, "nobody@mistok.example", PASSWORD).await;
        assert_eq!(wrong, unknown);
        assert_eq!(wrong["data"]["signIn"]["accessToken"], Value::Null);
    }

    async fn a_session_that_was_signed_out_is_refused_at_the_next_call(app) {
        let olena = app.person("olena").await;
        let elsewhere = app.again(&olena).await;
        app.done(&olena, "signOut", Value::Null).await;
        assert_eq!(status_with(app, olena.token().expect("a token")).await, StatusCode::UNAUTHORIZED);
        assert_eq!(app.refusal(olena.token(), VIEWER, json!({})).await, "UNAUTHENTICATED");
        app.data(elsewhere.token(), VIEWER, json!({})).await;
    }

    async fn a_session_ends_by_itself(app) {
        let olena = app.person("olena").await;
        app.clock.advance(TimeDelta::hours(12) - TimeDelta::seconds(1));
        app.data(olena.token(), VIEWER, json!({})).await;
        app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(app.refusal(olena.token(), VIEWER, json!({})).await, "UNAUTHENTICATED");
    }

    async fn a_token_of_another_installation_or_of_no_installation_is_refused(app) {
        let elsewhere = TestApp::start(Kind::Sqlite).await;
        let stranger = elsewhere.person("olena").await;
        let forged = format!("{}x", app.person("olena").await.token().expect("a token"));
        for token in [stranger.token().expect("a token"), &forged, "", "a.b.c", "Bearer"] {
            assert_eq!(status_with(app, token).await, StatusCode::UNAUTHORIZED, "{token:?}");
        }
        elsewhere.end().await;
    }

    async fn others_verify_a_token_with_the_keys_that_are_published(app) {
        let olena = app.person("olena").await;
        let token = olena.token().expect("a token");
        let (status, published) = app.send(Request::get("/.well-known/jwks.json").body(Body::empty()).expect("a request")).await;
        assert_eq!(status, StatusCode::OK);
        let kid = jsonwebtoken::decode_header(token).expect("a header").kid.expect("the name of a key");
        let key = published["keys"].as_array().expect("keys").iter().find(|key| key["kid"] == json!(kid)).expect("the key that signed");
        let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::EdDSA);
        validation.set_audience(&["mistok-api"]);
        validation.validate_exp = false;
        let public = jsonwebtoken::DecodingKey::from_ed_components(key["x"].as_str().expect("a key")).expect("a key");
        assert!(jsonwebtoken::decode::<Value>(token, &public, &validation).is_ok());
        assert!(published.to_string().find("\"d\"").is_none(), "no private half: {published}");
    }

    async fn an_account_is_seen_by_its_person_alone(app) {
        let people = (app.person("olena").await, app.person("taras").await);
        let mine = app.data(people.0.token(), "{ viewer { account { id } } }", json!({})).await;
        let query = "query($id: ID!) { node(id: $id) { id ... on Account { email } } }";
        let seen = app.data(people.1.token(), query, json!({ "id": mine["viewer"]["account"]["id"] })).await;
        assert_eq!(seen["node"], Value::Null, "an account is its person's alone");
    }
}

async fn answer_to_sign_in(app: &TestApp, email: &str, password: &str) -> Value {
    let document = &app.operations.mutation("signIn").document;
    app.ask(None, document, json!({ "input": { "email": email, "password": password } })).await
}

async fn sign_in(app: &TestApp, email: &str, password: &str) -> Option<String> {
    let answer = answer_to_sign_in(app, email, password).await;
    answer["data"]["signIn"]["accessToken"].as_str().map(str::to_owned)
}

async fn status_with(app: &TestApp, token: &str) -> StatusCode {
    let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json").header(header::AUTHORIZATION, format!("Bearer {token}"));
    let body = json!({ "query": VIEWER }).to_string();
    app.send(request.body(Body::from(body)).expect("a request")).await.0
}
