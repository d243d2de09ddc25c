//! A call under an `Idempotency-Key` is made once: repeated, it answers the same and does nothing.

use std::collections::BTreeSet;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use chrono::TimeDelta;
use futures_util::future::join_all;
use http_body_util::BodyExt as _;
use mistok::jobs;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::on_both;
use crate::support::content::{self, organisation, step};
use crate::support::people::PASSWORD;
use crate::support::story::{self, Listener};
use crate::support::{Person, TestApp};

/// How many repeat a call at once.
const MANY: usize = 40;
/// Mutations whose entity is gone, or hidden from who called, once they are done.
const GONE: [&str; 4] = ["leaveOrganisation", "removeAttachment", "removeMember", "removePastWork"];
/// What ends the sign-in of who does it, so that a repeat is nobody's.
const LAST: &str = "eraseAccount";
/// Mutations that give a secret, which is shown once.
const SECRET: [&str; 3] = ["createApiToken", "enableSecondFactor", "renewRecoveryCodes"];
const CREATE: &str = "mutation($input: CreateNeedInput!) { createNeed(input: $input) { need { id version } userErrors { code } } }";

/// Sends a document under the headers' keys; gives the answer.
async fn send(node: Router, who: &Person, keys: &[&str], query: &str, variables: &Value) -> Value {
    let mut request = Request::post("/graphql").header(header::HOST, "localhost").header(header::CONTENT_TYPE, "application/json");
    if let Some(token) = who.token() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    for key in keys {
        request = request.header("Idempotency-Key", *key);
    }
    let body = Body::from(json!({ "query": query, "variables": variables }).to_string());
    let answer = node.oneshot(request.body(body).expect("a request")).await.expect("the router answers");
    serde_json::from_slice(&answer.into_body().collect().await.expect("a body").to_bytes()).expect("JSON")
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

fn need(owner: &Person) -> Value {
    json!({ "input": { "organisationId": owner.id(), "need": content::need() } })
}

async fn needs(app: &TestApp, owner: &Person) -> Value {
    app.data(owner.token(), "{ needs { totalCount } }", json!({})).await["needs"]["totalCount"].clone()
}

/// Does every step under a key of its own, and then again.
struct Repeater<'a> {
    app: &'a TestApp,
    other: Router,
    repeated: BTreeSet<&'static str>,
}

impl Listener for Repeater<'_> {
    async fn step(&mut self, doer: &Person, mutation: &'static str, input: Value, spoil: Value) -> Value {
        if doer.token().is_none() {
            return self.app.done(doer, mutation, input).await;
        }
        let operation = self.app.operations.mutation(mutation);
        let key = self.app.app.ids.next(self.app.now()).to_string();
        let variables = json!({ "input": input });
        if !spoil.is_null() && spoil != json!({}) {
            // What was refused leaves the key free.
            let spoiled = json!({ "input": content::with(input, spoil) });
            let refused = send(self.app.node(), doer, &[&key], &operation.document, &spoiled).await;
            assert!(refused["data"][mutation]["userErrors"][0]["code"].is_string(), "{mutation} {refused:#}");
        }
        let first = send(self.app.node(), doer, &[&key], &operation.document, &variables).await;
        assert_eq!((&first["errors"], &first["data"][mutation]["userErrors"]), (&Value::Null, &json!([])), "{mutation} {first:#}");
        for node in [self.other.clone(), self.app.node()] {
            let again = send(node, doer, &[&key], &operation.document, &variables).await;
            let payload = &again["data"][mutation];
            if mutation == LAST {
                assert_eq!(code(&again), "UNAUTHENTICATED");
            } else if SECRET.contains(&mutation) {
                assert_eq!(payload["userErrors"][0]["code"], "SECRET_ALREADY_SHOWN", "{mutation} {again:#}");
                let remedy = payload["userErrors"][0]["remedy"].as_str().expect("a remedy");
                assert!(mutation != "createApiToken" || remedy.contains("revokeApiToken"), "a token whose secret is lost is revoked: {remedy}");
                assert_eq!((&payload["recoveryCodes"], &payload["secret"]), (&Value::Null, &Value::Null));
                assert_eq!(payload["apiToken"], first["data"][mutation]["apiToken"]);
            } else if GONE.contains(&mutation) {
                assert_eq!((&payload["userErrors"], operation.entity.as_ref().map(|entity| &payload[entity])), (&json!([]), Some(&Value::Null)), "{mutation} {again:#}");
            } else {
                assert_eq!(again, first, "{mutation}");
            }
        }
        self.repeated.insert(mutation);
        let payload = &first["data"][mutation];
        operation.entity.as_ref().map_or(payload, |entity| &payload[entity]).clone()
    }
}

on_both! {
    async fn every_mutation_of_who_is_signed_in_can_be_repeated(app) {
        let cast = app.cast().await;
        app.imported_for_the_story().await;
        let mut repeater = Repeater { app, other: app.another_node().await, repeated: BTreeSet::new() };
        story::tell(app, &cast, &mut repeater).await;
        let left: Vec<&str> = app.operations.mutations().filter(|mutation| !repeater.repeated.contains(mutation)).collect();
        assert_eq!(
            left,
            ["confirmEmail", "prepareSecondFactor", "refreshSession", "requestEmailConfirmation", "requestPasswordReset", "resetPassword", "signIn", "signInWithCode", "signOut", "signOutEverywhere", "signUp"],
            "what nobody signs in for, and what has no input"
        );
    }

    async fn of_forty_repeats_on_two_nodes_one_is_done_and_all_answer_alike(app) {
        let owner = &app.cast().await.municipality;
        let nodes = [app.node(), app.another_node().await];
        let variables = need(owner);
        let calls = (0..MANY).map(|turn| send(nodes[turn % 2].clone(), owner, &["one"], CREATE, &variables));
        let answers = join_all(calls).await;
        assert!(answers[0]["data"]["createNeed"]["need"]["id"].is_string(), "{:#}", answers[0]);
        for answer in &answers {
            assert_eq!(answer, &answers[0]);
        }
        assert_eq!(needs(app, owner).await, 1);
        let events = app.rows("SELECT COUNT(*) AS drafted FROM event WHERE kind = 'NEED_DRAFTED'", |row| row.try_get::<i64>("", "drafted").expect("a count")).await;
        assert_eq!(events, [1]);
    }

    async fn the_entity_comes_as_it_is_now_under_what_is_selected_now(app) {
        let owner = &app.cast().await.municipality;
        let first = send(app.node(), owner, &["one"], CREATE, &need(owner)).await;
        let made = &first["data"]["createNeed"]["need"];
        app.done(owner, "submitNeed", step(made)).await;
        let inline = "mutation Again($need: NeedContentInput!, $id: ID!) { ...Do } fragment Do on Mutation { again: createNeed(input: { need: $need, organisationId: $id }) { need { id state version } } }";
        let again = send(app.node(), owner, &["\"one\""], inline, &json!({ "need": content::need(), "id": owner.id() })).await;
        assert_eq!(again["data"]["again"]["need"], json!({ "id": made["id"], "state": "SUBMITTED", "version": 2 }), "{again:#}");
    }

    async fn another_input_or_mutation_under_the_same_key_is_a_conflict(app) {
        let owner = &app.cast().await.municipality;
        send(app.node(), owner, &["one"], CREATE, &need(owner)).await;
        let other = json!({ "input": { "organisationId": owner.id(), "need": content::with(content::need(), json!({ "urgency": "LOW" })) } });
        let answer = send(app.node(), owner, &["one"], CREATE, &other).await;
        assert_eq!((code(&answer), &answer["errors"][0]["extensions"]["field"]), ("IDEMPOTENCY_CONFLICT", &json!(["Idempotency-Key"])), "{answer:#}");
        let register = app.operations.mutation("registerOrganisation").document.clone();
        let answer = send(app.node(), owner, &["one"], &register, &json!({ "input": organisation("BUSINESS", 90, "ТОВ «Інше»") })).await;
        assert_eq!(code(&answer), "IDEMPOTENCY_CONFLICT");
        assert_eq!(needs(app, owner).await, 1);
    }

    async fn a_repeat_answers_with_what_was_made_and_not_with_what_ran_out_before_it(app) {
        let cast = app.cast().await;
        let owner = &cast.business;
        let invite = json!({ "input": { "organisationId": owner.id(), "email": "olha@mistok.example", "roles": ["VIEWER"] } });
        let document = app.operations.mutation("inviteMember").document.clone();
        send(app.node(), owner, &["one"], &document, &invite).await;
        app.clock.advance(TimeDelta::days(15));
        let owner = &app.again(owner).await;
        let first = send(app.node(), owner, &["two"], &document, &invite).await;
        assert_eq!(first["data"]["inviteMember"]["invitation"]["state"], "PENDING", "{first:#}");
        assert_eq!(send(app.node(), owner, &["two"], &document, &invite).await, first);
    }

    async fn a_key_is_its_callers_alone_and_holds_for_a_day(app) {
        let cast = app.cast().await;
        let (owner, utility) = (&cast.municipality, &cast.utility);
        let id = |answer: &Value| answer["data"]["createNeed"]["need"]["id"].as_str().unwrap_or_else(|| panic!("{answer:#}")).to_owned();
        let first = id(&send(app.node(), owner, &["one"], CREATE, &need(owner)).await);
        assert_ne!(first, id(&send(app.node(), utility, &["one"], CREATE, &need(utility)).await));
        app.pass(TimeDelta::hours(24) - TimeDelta::seconds(1)).await;
        let owner = &app.again(owner).await;
        assert_eq!(first, id(&send(app.node(), owner, &["one"], CREATE, &need(owner)).await));
        app.clock.advance(TimeDelta::seconds(1));
        assert_ne!(first, id(&send(app.node(), owner, &["one"], CREATE, &need(owner)).await), "it is forgotten, also before it is taken away");
        jobs::begin_rounds(&app.app).await.expect("the daily round begins");
        app.pass(TimeDelta::days(2)).await;
        assert_eq!(app.rows("SELECT key FROM idempotency_key", |_| ()).await.len(), 0);
    }

    async fn a_refusal_that_counts_a_guess_leaves_the_key_free(app) {
        let person = app.person("olena").await;
        let (address, _) = app.turn_second_factor_on(&person).await;
        app.clock.advance(TimeDelta::minutes(6));
        let document = app.operations.mutation("stepUp").document.clone();
        let given = |code: String| json!({ "input": { "password": PASSWORD, "code": code } });
        let wrong = send(app.node(), &person, &["one"], &document, &given("000000".to_owned())).await;
        assert_eq!(wrong["data"]["stepUp"]["userErrors"][0]["code"], "BAD_USER_INPUT", "{wrong:#}");
        let right = given(app.code_of(&address, 0));
        let first = send(app.node(), &person, &["one"], &document, &right).await;
        assert!(first["data"]["stepUp"]["until"].is_string(), "{first:#}");
        assert_eq!(send(app.node(), &person, &["one"], &document, &right).await, first, "the code is spent, and the outcome the same");
    }

    async fn a_key_that_cannot_be_one_is_refused(app) {
        let owner = &app.cast().await.municipality;
        let long = "k".repeat(256);
        for keys in [vec![""], vec!["\"\""], vec!["one", "two"], vec![&long]] {
            let answer = send(app.node(), owner, &keys, CREATE, &need(owner)).await;
            assert_eq!((code(&answer), &answer["errors"][0]["extensions"]["field"]), ("BAD_USER_INPUT", &json!(["Idempotency-Key"])), "{keys:?} {answer:#}");
        }
        let answer = send(app.node(), owner, &[&long], CREATE, &need(owner)).await;
        assert_eq!(answer["errors"][0]["message"], "Знаків у ключі повторення: 256, найбільше можна 255.", "{answer:#}");
        let two = "mutation($input: CreateNeedInput!) { one: createNeed(input: $input) { need { id } } ... on Mutation { two: createNeed(input: $input) { need { id } } } }";
        assert_eq!(code(&send(app.node(), owner, &["one"], two, &need(owner)).await), "BAD_USER_INPUT");
        assert_eq!(code(&send(app.node(), &Person::nobody(), &["one"], CREATE, &need(owner)).await), "UNAUTHENTICATED");
        assert_eq!(needs(app, owner).await, 0);
        let asked = send(app.node(), owner, &["one"], "{ needs { totalCount } viewer { account { id } } }", &json!({})).await;
        assert_eq!(asked["data"]["needs"]["totalCount"], 0, "a query is repeated as it is");
    }
}
