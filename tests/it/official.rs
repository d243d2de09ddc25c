//! One journey: an official of a utility is invited, has the utility verified with a document, prepares a need with a second factor,
//! and loses the membership while a socket is open.

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::content::{self, KHOTYN, organisation, step, with};
use crate::support::files::PDF;
use crate::support::letters::Letter;
use crate::support::people::PASSWORD;
use crate::support::socket::Socket;
use crate::support::{Person, TestApp};

const EMAIL: &str = "olena@vodokanal.example";

on_both! {
    async fn an_official_is_invited_verified_and_sent_away(app) {
        let cast = app.cast().await;
        let municipality = &cast.municipality;
        register_and_confirm(app).await;
        let owned = json!({ "territory": KHOTYN, "ownerMunicipalityId": municipality.id() });
        let utility = app.done(municipality, "registerOrganisation", with(organisation("UTILITY", 70, "КП «Тепломережі»"), owned)).await;
        let municipality = municipality.acting_for(&utility);
        be_invited(app, &municipality).await;
        let official = app.signed_in(EMAIL).await.acting_for(&utility);
        let draft = be_verified(app, &official, &cast.association).await;
        let official = sign_in_with_a_second_factor(app, &official).await;
        let need = app.done(&official, "submitNeed", step(&draft)).await;
        assert_eq!((&need["state"], &need["version"]), (&json!("SUBMITTED"), &json!(2)));

        let acting = json!({ "Mistok-Organisation": official.id() });
        let mut socket = app.listen().await.of(&official, acting).await;
        let create = &app.operations.mutation("createNeed").document;
        let input = json!({ "input": { "organisationId": official.id(), "need": content::need() } });
        socket.call("before", create, input.clone()).await;
        assert_eq!(socket.answer("before").await["data"]["createNeed"]["userErrors"], json!([]));
        app.done(&municipality, "removeMember", step(&app.member(&municipality, EMAIL).await)).await;
        refused_at_once(app, &official, &mut socket, create, input).await;
        the_mails_of_it(app).await;
    }
}

async fn register_and_confirm(app: &TestApp) {
    app.done(&Person::nobody(), "signUp", json!({ "email": EMAIL, "name": "Олена Коваль", "password": PASSWORD, "locale": "UK" })).await;
    let letter = app.letter_to(EMAIL).await;
    assert_eq!(app.page(letter.opened()).await.0, StatusCode::OK);
    let (status, _, page) = app.page(letter.sent(&format!("password={}", PASSWORD.replace(' ', "+")))).await;
    assert!(status == StatusCode::OK && page.contains("Адресу підтверджено"), "{page}");
}

/// The municipality invites; the letter's page takes the answer.
async fn be_invited(app: &TestApp, municipality: &Person) {
    let invite = json!({ "organisationId": municipality.id(), "email": EMAIL, "roles": ["OWNER", "EDITOR"], "locale": "UK" });
    app.proves_anew(municipality).await;
    app.done(municipality, "inviteMember", invite).await;
    let letter = app.letter_to(EMAIL).await;
    let (status, _, page) = app.page(letter.sent("answer=accept")).await;
    assert_eq!(status, StatusCode::OK, "{page}");
}

/// Unverified, the utility prepares and does not submit; a document and the association's look change that. Gives the draft of a need.
async fn be_verified(app: &TestApp, official: &Person, association: &Person) -> Value {
    let draft = app.done(official, "createNeed", json!({ "organisationId": official.id(), "need": content::need() })).await;
    assert_eq!(app.refused(official, "submitNeed", step(&draft)).await, "NOT_VERIFIED");
    let (order, url) = app.described(official, "EVIDENCE", PDF).await;
    let (status, answer) = app.put(&url, b"<script>alert(1)</script>".as_slice()).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
    assert_eq!(app.put(&url, PDF).await.0, StatusCode::NO_CONTENT);
    let request = app.done(official, "requestVerification", json!({ "organisationId": official.id(), "attachmentIds": [order["id"]] })).await;
    let queue = "{ verificationRequests(filter: { state: [PENDING] }) { nodes { id evidence { fileName download { url } } } } }";
    let seen = app.data(association.token(), queue, json!({})).await["verificationRequests"]["nodes"][0].clone();
    assert_eq!(seen["id"], request["id"]);
    let (status, headers, _) = app.followed(&seen["evidence"][0]["download"]["url"]).await;
    assert!(status == StatusCode::OK && headers["content-disposition"].to_str().is_ok_and(|how| how.starts_with("attachment")), "{headers:?}");
    app.done(official, "setNotificationPreferences", json!({ "email": "INSTANT" })).await;
    app.done(association, "decideVerification", with(step(&request), json!({ "decision": "VERIFIED" }))).await;
    assert!(app.letter_to(EMAIL).await.text().contains("КП «Тепломережі»"), "the news comes at once");
    draft
}

async fn sign_in_with_a_second_factor(app: &TestApp, official: &Person) -> Person {
    let (address, _) = app.turn_second_factor_on(official).await;
    app.clock.advance(TimeDelta::minutes(1));
    let alone = json!({ "email": EMAIL, "password": PASSWORD });
    assert_eq!(app.refused(&Person::nobody(), "signIn", alone.clone()).await, "SECOND_FACTOR_REQUIRED code");
    app.by(official, with(alone, json!({ "code": app.code_of(&address, 0) }))).await
}

/// On the next call and on the open socket's next message.
async fn refused_at_once(app: &TestApp, official: &Person, socket: &mut Socket, create: &str, input: Value) {
    assert_eq!(app.refused(official, "createNeed", input["input"].clone()).await, "FORBIDDEN");
    socket.call("after", create, input).await;
    assert_eq!(socket.is_closed().await, 4403);
    let viewer = app.data(official.token(), "{ viewer { memberships { totalCount } notifications { nodes { kind } } } }", json!({})).await;
    assert_eq!(viewer["viewer"]["memberships"]["totalCount"], 0, "they are signed in still, and a member no more");
}

/// Each in Ukrainian, to one person, about one thing.
async fn the_mails_of_it(app: &TestApp) {
    let letters = app.letters_to(EMAIL).await;
    let told: Vec<&str> = letters.iter().map(Letter::text).collect();
    for letter in &told {
        assert!(letter.contains("Auto-Submitted: auto-generated") && letter.contains("Content-Language: uk"), "{letter}");
    }
    assert_eq!(told.len(), 5, "to confirm the address, to be invited, that the second factor is on, that the utility is verified, and that the membership ended: {told:#?}");
}
