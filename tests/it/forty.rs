//! What can be done once is done once: forty call at the same time, on two nodes over one database, each under a key of its own.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use chrono::TimeDelta;
use futures_util::future::join_all;
use http_body_util::BodyExt as _;
use mistok::auth::Role;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::on_both;
use crate::support::content::{self, because, organisation, step, with};
use crate::support::people::PASSWORD;
use crate::support::{Cast, Person, TestApp};

/// How many call at once.
const MANY: usize = 40;

/// One race: who calls what, and what all but one are told.
struct Race {
    who: Person,
    mutation: &'static str,
    input: Value,
    others: &'static str,
}

impl Race {
    fn new(who: &Person, mutation: &'static str, input: Value, others: &'static str) -> Self {
        Self { who: who.clone(), mutation, input, others }
    }

    /// Runs it; tells what came of it when that is not one winner and as many refusals as there are others.
    async fn run(self, app: &TestApp, nodes: &[Router; 2]) -> Option<String> {
        let document = &app.operations.mutation(self.mutation).document;
        let calls = (0..MANY).map(|turn| outcome(nodes[turn % 2].clone(), &self.who, format!("{} {turn}", self.mutation), document, &self.input));
        let mut table: BTreeMap<String, usize> = BTreeMap::new();
        for outcome in join_all(calls).await {
            *table.entry(outcome).or_default() += 1;
        }
        let expected = BTreeMap::from([("done".to_owned(), 1), (self.others.to_owned(), MANY - 1)]);
        (table != expected).then(|| format!("{}: {table:?}, expected {expected:?}", self.mutation))
    }
}

/// `done`, or the code of the refusal.
async fn outcome(node: Router, who: &Person, key: String, document: &str, input: &Value) -> String {
    let mut request = Request::post("/graphql").header(header::HOST, "localhost").header(header::CONTENT_TYPE, "application/json");
    if let Some(token) = who.token() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}")).header("Idempotency-Key", key);
    }
    let body = Body::from(json!({ "query": document, "variables": { "input": input } }).to_string());
    let answer = node.oneshot(request.body(body).expect("a request")).await.expect("the router answers");
    let answer: Value = serde_json::from_slice(&answer.into_body().collect().await.expect("a body").to_bytes()).expect("JSON");
    let refused = |error: &Value| error["code"].as_str().map(str::to_owned);
    let payload = answer["data"].as_object().and_then(|data| data.values().next()).cloned().unwrap_or_default();
    refused(&answer["errors"][0]["extensions"]).or_else(|| refused(&payload["userErrors"][0])).unwrap_or_else(|| "done".to_owned())
}

on_both! {
    async fn of_forty_at_once_one_does_it_and_the_others_are_told_why_not(app) {
        let cast = app.cast().await;
        let nodes = [app.node(), app.another_node().await];
        let mut wrong = Vec::new();
        for races in [accounts(app).await, organisations(app, &cast).await, thread(app, &cast).await] {
            for race in races {
                wrong.extend(race.run(app, &nodes).await);
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

async fn accounts(app: &TestApp) -> Vec<Race> {
    let nobody = Person::nobody();
    let email = "olena@mistok.example";
    app.done(&nobody, "signUp", json!({ "email": email, "name": "Олена", "password": PASSWORD })).await;
    let signed = app.done(&nobody, "signIn", json!({ "email": email, "password": PASSWORD })).await;
    vec![Race::new(&nobody, "refreshSession", json!({ "refreshToken": signed["refreshToken"] }), "UNAUTHENTICATED")]
}

async fn organisations(app: &TestApp, cast: &Cast) -> Vec<Race> {
    let Cast { association, municipality, business, .. } = cast;
    let founder = app.founder("founder", organisation("BUSINESS", 70, "ТОВ «Нове»")).await;
    let evidence = app.stored(&founder, "EVIDENCE").await;
    let asked = json!({ "organisationId": founder.id(), "attachmentIds": [evidence["id"]] });
    let other = app.founder("other", organisation("BUSINESS", 71, "ТОВ «Інше»")).await;
    let evidence = app.stored(&other, "EVIDENCE").await;
    let request = app.done(&other, "requestVerification", json!({ "organisationId": other.id(), "attachmentIds": [evidence["id"]] })).await;
    let guest = app.person("guest").await;
    app.confirm(&guest).await;
    let invited = app.done(business, "inviteMember", json!({ "organisationId": business.id(), "email": guest.email, "roles": ["VIEWER"] })).await;
    let member = app.person("member").await;
    app.join(&member, &municipality.organisation, Role::Editor).await;
    let member = app.member(municipality, &member.email).await;
    let delegation = json!({ "organisationId": municipality.id(), "associationId": association.id(), "until": app.now() + TimeDelta::days(30), "basis": "Рішення № 1" });
    vec![
        Race::new(business, "registerOrganisation", organisation("BUSINESS", 72, "ТОВ «Одне»"), "ALREADY_EXISTS"),
        Race::new(business, "inviteMember", json!({ "organisationId": business.id(), "email": "new@mistok.example", "roles": ["VIEWER"] }), "ALREADY_EXISTS"),
        Race::new(&guest, "acceptInvitation", step(&invited), "STALE_VERSION"),
        Race::new(municipality, "changeMemberRoles", with(step(&member), json!({ "roles": ["VIEWER"] })), "STALE_VERSION"),
        Race::new(&founder, "requestVerification", asked, "ALREADY_EXISTS"),
        Race::new(association, "decideVerification", with(step(&request), json!({ "decision": "VERIFIED" })), "STALE_VERSION"),
        Race::new(municipality, "grantDelegation", delegation, "ALREADY_EXISTS"),
    ]
}

async fn thread(app: &TestApp, cast: &Cast) -> Vec<Race> {
    let Cast { association, municipality, business, .. } = cast;
    let need = app.done(municipality, "createNeed", json!({ "organisationId": municipality.id(), "need": content::need() })).await;
    let submitted = app.done(municipality, "createNeed", json!({ "organisationId": municipality.id(), "need": content::need() })).await;
    let submitted = app.done(municipality, "submitNeed", step(&submitted)).await;
    let idea = app.idea(municipality, &[]).await;
    let draft = app.drafted_call(municipality, &app.structured_project(municipality, &[]).await).await;
    let open = app.open_call(municipality).await;
    let answered = app.open_call(municipality).await;
    let offer = |call: &Value| json!({ "organisationId": business.id(), "callId": call["id"], "offer": "Так" });
    let interest = app.done(business, "expressInterest", offer(&answered)).await;
    vec![
        Race::new(municipality, "submitNeed", step(&need), "STALE_VERSION"),
        Race::new(association, "verifyNeed", step(&submitted), "STALE_VERSION"),
        Race::new(municipality, "defineProject", step(&idea), "STALE_VERSION"),
        Race::new(municipality, "publishCall", step(&draft), "STALE_VERSION"),
        Race::new(business, "expressInterest", offer(&open), "ALREADY_EXISTS"),
        Race::new(municipality, "declineInterest", because(&interest, "Запізно"), "STALE_VERSION"),
    ]
}
