//! API tokens: who makes and ends them, what a program may do with one, and what is kept of it.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chrono::TimeDelta;
use mistok::auth::{Actor, Role};
use mistok::ids::decode;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::members::acting;
use crate::on_both;
use crate::support::content::{self, organisation, step, with};
use crate::support::people::PASSWORD;
use crate::support::{Person, TestApp};

const TOKENS: &str = "query($id: ID!, $after: String) { organisation(id: $id) { apiTokens(first: 2, after: $after) { totalCount nodes { id name scopes lastUsedAt revokedAt version } pageInfo { endCursor hasNextPage } } } }";
const NEED: &str = "query($id: ID!) { need(id: $id) { state } }";

on_both! {
    async fn a_program_reads_as_a_viewer_or_writes_as_an_editor_of_one_organisation(app) {
        let cast = app.cast().await;
        let owner = &cast.municipality;
        let drafts = json!({ "organisationId": owner.id(), "need": content::need() });
        let ours = app.done(owner, "createNeed", drafts.clone()).await;
        let theirs = app.done(&cast.utility, "createNeed", json!({ "organisationId": cast.utility.id(), "need": content::need() })).await;
        let (reader, writer) = (app.program(owner, &["READ"]).await, app.program(owner, &["WRITE"]).await);
        for program in [&reader, &writer] {
            let seen = async |need: &Value| app.data(program.token(), NEED, json!({ "id": need["id"] })).await["need"].clone();
            assert_eq!((seen(&ours).await, seen(&theirs).await), (json!({ "state": "DRAFT" }), Value::Null));
        }
        assert_eq!(app.refused(&reader, "createNeed", drafts.clone()).await, "FORBIDDEN");
        let need = app.done(&writer, "createNeed", drafts).await;
        app.done(&writer, "submitNeed", step(&need)).await;
        let project = app.structured_project(&writer, &[]).await;
        let call = app.drafted_call(&writer, &project).await;
        assert_eq!(app.refused(&writer, "publishCall", step(&call)).await, "FORBIDDEN", "that takes a SIGNER");
        assert_eq!(app.refused(&writer, "updateOrganisation", step(&owner.organisation)).await, "FORBIDDEN", "that takes an OWNER");
        assert_eq!(app.refused(&writer, "createNeed", json!({ "organisationId": cast.utility.id(), "need": content::need() })).await, "FORBIDDEN");
    }

    async fn a_program_of_the_association_reads_and_decides_nothing(app) {
        let cast = app.cast().await;
        let program = app.program(&cast.association, &["READ", "WRITE"]).await;
        let need = app.done(&cast.municipality, "createNeed", json!({ "organisationId": cast.municipality.id(), "need": content::need() })).await;
        let need = app.done(&cast.municipality, "submitNeed", step(&need)).await;
        assert_eq!(app.data(program.token(), NEED, json!({ "id": need["id"] })).await["need"]["state"], "SUBMITTED");
        assert_eq!(app.refused(&program, "verifyNeed", step(&need)).await, "FORBIDDEN");
        assert_eq!(app.refused(&program, "verifyOrganisation", step(&cast.business.organisation)).await, "FORBIDDEN");
    }

    async fn what_a_program_is_told_its_owner_can_follow(app) {
        let cast = app.cast().await;
        let owner = &cast.municipality;
        let (reader, writer) = (app.program(owner, &["READ"]).await, app.program(owner, &["WRITE"]).await);
        let remedy = async |program: &Person, document: &str, input: Value| {
            let answer = app.ask(program.token(), document, json!({ "input": input })).await;
            let data = answer["data"].as_object().and_then(|data| data.values().next()).unwrap_or_else(|| panic!("{answer:#}"));
            data["userErrors"][0]["remedy"].as_str().unwrap_or_else(|| panic!("{answer:#}")).to_owned()
        };
        let draft = "mutation($input: CreateNeedInput!) { createNeed(input: $input) { userErrors { remedy } } }";
        let said = remedy(&reader, draft, json!({ "organisationId": owner.id(), "need": content::need() })).await;
        assert!(said.contains("scope WRITE") && said.contains("createApiToken"), "{said}");
        let project = app.structured_project(&writer, &[]).await;
        let call = app.drafted_call(&writer, &project).await;
        let said = remedy(&writer, "mutation($input: CallStepInput!) { publishCall(input: $input) { userErrors { remedy } } }", step(&call)).await;
        assert!(said.contains("have a person do it") && said.contains("SIGNER"), "{said}");
        let said = remedy(&writer, "mutation($input: StepUpInput!) { stepUp(input: $input) { userErrors { remedy } } }", json!({ "password": PASSWORD })).await;
        assert!(said.contains("have a person do it") && !said.contains("signIn"), "{said}");
        let said = remedy(&writer, draft, json!({ "organisationId": cast.utility.id(), "need": content::need() })).await;
        assert!(said.contains("EDITOR") && !said.contains("scope"), "another token of theirs does not help: {said}");
        let refused = status(app, Some("mst_0")).await.1;
        let said = refused["errors"][0]["extensions"]["remedy"].as_str().expect("a remedy").to_owned();
        assert!(said.contains("createApiToken") && !said.contains("signIn"), "{said}");
    }

    async fn what_concerns_a_person_is_refused_to_a_program(app) {
        let cast = app.cast().await;
        let program = app.program(&cast.municipality, &["WRITE"]).await;
        let imported = app.imported(80, "ТОВ «З реєстру»").await;
        for (mutation, input) in [
            ("requestEmailConfirmation", Value::Null),
            ("changePassword", json!({ "currentPassword": PASSWORD, "password": PASSWORD })),
            ("prepareSecondFactor", Value::Null),
            ("enableSecondFactor", json!({ "code": "000000" })),
            ("disableSecondFactor", Value::Null),
            ("renewRecoveryCodes", Value::Null),
            ("stepUp", json!({ "password": PASSWORD })),
            ("signOut", Value::Null),
            ("signOutEverywhere", Value::Null),
            ("registerOrganisation", organisation("BUSINESS", 70, "ТОВ «Нове»")),
            ("claimOrganisation", content::claim(&imported)),
            ("createApiToken", wanted(app, &cast.municipality, &["READ"])),
        ] {
            assert_eq!(app.refused(&program, mutation, input).await, "FORBIDDEN", "{mutation}");
        }
        assert_eq!(app.data(program.token(), "{ viewer { account { id } } }", json!({})).await["viewer"], Value::Null);
    }

    async fn a_token_that_holds_no_more_and_one_that_never_did_are_answered_alike(app) {
        let cast = app.cast().await;
        let owner = &cast.municipality;
        let program = app.program(owner, &["READ"]).await;
        app.clock.advance(TimeDelta::seconds(1));
        let late = app.program(owner, &["READ"]).await;
        assert_eq!(status(app, program.token()).await.0, StatusCode::OK);
        let tokens = app.data(owner.token(), TOKENS, json!({ "id": owner.id() })).await;
        let revoked = tokens["organisation"]["apiTokens"]["nodes"][1].clone();
        assert_eq!(app.done(owner, "revokeApiToken", step(&revoked)).await["version"], 2);
        let again = app.done(owner, "revokeApiToken", json!({ "id": revoked["id"] })).await;
        assert_eq!(again["version"], 2, "it was ended once");
        let ended = status(app, program.token()).await;
        app.clock.advance(TimeDelta::days(30));
        let expired = status(app, late.token()).await;
        let unknown = mistok::auth::api_token::Secret::fresh().expect("random bytes");
        assert_eq!(ended.0, StatusCode::UNAUTHORIZED);
        for other in [expired, status(app, Some(unknown.expose())).await, status(app, Some("mst_0")).await] {
            assert_eq!(other, ended);
        }
    }

    async fn an_owner_makes_one_who_proved_anew_who_they_are(app) {
        let cast = app.cast().await;
        let owner = &cast.business;
        let input = wanted(app, owner, &["READ"]);
        let editor = app.person("editor").await;
        app.join(&editor, &owner.organisation, Role::Editor).await;
        for (person, said) in [(&Person::nobody(), "UNAUTHENTICATED"), (&editor, "FORBIDDEN"), (&cast.administrator, "FORBIDDEN"), (owner, "STEP_UP_REQUIRED")] {
            assert_eq!(app.refused(person, "createApiToken", input.clone()).await, said);
        }
        app.done(owner, "stepUp", json!({ "password": PASSWORD })).await;
        for (wrong, said) in [
            (json!({ "name": " " }), "BAD_USER_INPUT name"),
            (json!({ "scopes": [] }), "BAD_USER_INPUT scopes"),
            (json!({ "expiresAt": app.now() }), "BAD_USER_INPUT expiresAt"),
            (json!({ "expiresAt": app.now() + TimeDelta::days(367) }), "BAD_USER_INPUT expiresAt"),
            (json!({ "organisationId": cast.donor.id() }), "FORBIDDEN"),
        ] {
            assert_eq!(app.refused(owner, "createApiToken", with(input.clone(), wrong)).await, said);
        }
        let made = app.done(owner, "createApiToken", input).await;
        assert_eq!((&made["apiToken"]["name"], &made["apiToken"]["scopes"]), (&json!("Портал"), &json!(["READ"])));
    }

    async fn the_secret_is_shown_once_and_kept_as_a_digest(app) {
        let cast = app.cast().await;
        let program = app.program(&cast.business, &["READ"]).await;
        let secret = program.token().expect("a secret");
        let rows = app.rows("SELECT digest FROM api_token", |row| row.try_get::<String>("", "digest").expect("a digest")).await;
        assert_eq!(rows, [mistok::auth::api_token::Secret::parse(secret).expect("one of ours").digest()]);
        assert!(!rows[0].contains(&secret[4..20]) && secret.starts_with("mst_"));
        let shown = app.data(cast.business.token(), TOKENS, json!({ "id": cast.business.id() })).await.to_string();
        assert!(!shown.contains(&secret[4..20]), "{shown}");
        let events = app.rows("SELECT payload FROM event WHERE kind = 'API_TOKEN_CREATED'", |row| row.try_get::<Vec<u8>>("", "payload").expect("a payload")).await;
        assert!(events.len() == 1 && !String::from_utf8_lossy(&events[0]).contains(&secret[4..20]));
    }

    async fn owners_and_the_administrator_see_them_in_pages(app) {
        let cast = app.cast().await;
        let owner = &cast.business;
        for _ in 0..3 {
            app.program(owner, &["READ"]).await;
        }
        let editor = app.person("editor").await;
        app.join(&editor, &owner.organisation, Role::Editor).await;
        for person in [owner, &cast.administrator] {
            let first = app.data(person.token(), TOKENS, json!({ "id": owner.id() })).await["organisation"]["apiTokens"].clone();
            assert_eq!((&first["totalCount"], first["nodes"].as_array().map(Vec::len)), (&json!(3), Some(2)));
            let rest = app.data(person.token(), TOKENS, json!({ "id": owner.id(), "after": first["pageInfo"]["endCursor"] })).await;
            assert_eq!(rest["organisation"]["apiTokens"]["nodes"].as_array().map(Vec::len), Some(1));
        }
        let tokens = app.data(owner.token(), TOKENS, json!({ "id": owner.id() })).await;
        let id = &tokens["organisation"]["apiTokens"]["nodes"][0]["id"];
        let program = app.program(owner, &["WRITE"]).await;
        for person in [&Person::nobody(), &editor, &cast.municipality, &cast.association, &program] {
            let seen = app.data(person.token(), TOKENS, json!({ "id": owner.id() })).await;
            assert_eq!(seen["organisation"]["apiTokens"], Value::Null);
            let seen = app.data(person.token(), "query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
            assert_eq!(seen["node"], Value::Null);
            let said = if person.token().is_some() { "NOT_FOUND id" } else { "UNAUTHENTICATED" };
            assert_eq!(app.refused(person, "revokeApiToken", json!({ "id": id })).await, said);
        }
        app.done(&cast.administrator, "revokeApiToken", json!({ "id": id })).await;
    }

    async fn its_last_use_is_written_down_beside_the_requests(app) {
        let cast = app.cast().await;
        let owner = &cast.business;
        let program = app.program(owner, &["READ"]).await;
        let last = async || {
            let tokens = app.data(owner.token(), TOKENS, json!({ "id": owner.id() })).await;
            tokens["organisation"]["apiTokens"]["nodes"][0].clone()
        };
        assert_eq!(last().await["lastUsedAt"], Value::Null);
        app.statements();
        for _ in 0..3 {
            app.data(program.token(), "{ needs { totalCount } }", json!({})).await;
        }
        assert!(!app.statements().iter().any(|sql| sql.starts_with("UPDATE")), "no request waits for it");
        app.settle().await;
        assert_eq!(app.statements().iter().filter(|sql| sql.starts_with("UPDATE \"api_token\"")).count(), 1);
        let used = last().await;
        assert_eq!((&used["lastUsedAt"], &used["version"]), (&json!("2026-11-24T09:00:00+00:00"), &json!(1)));
    }

    async fn the_journal_names_the_token_that_did_it(app) {
        let cast = app.cast().await;
        let program = app.program(&cast.business, &["WRITE"]).await;
        app.done(&program, "addPastWork", content::past_work(&cast.business.organisation)).await;
        let tokens = app.data(cast.business.token(), TOKENS, json!({ "id": cast.business.id() })).await;
        let token = decode(tokens["organisation"]["apiTokens"]["nodes"][0]["id"].as_str().expect("an id")).expect("ours").1;
        let told = app.rows("SELECT account_id, api_token_id FROM event WHERE kind = 'PAST_WORK_RECORDED'", |row| {
            (row.try_get::<Option<Uuid>>("", "account_id").expect("an account or none"), row.try_get::<Option<Uuid>>("", "api_token_id").expect("a token or none"))
        });
        assert_eq!(told.await, [(None, Some(token))]);
    }

    async fn it_is_the_organisations_until_somebody_else_is_given_that(app) {
        let cast = app.cast().await;
        let maker = app.founder("maker", organisation("BUSINESS", 70, "ТОВ «Нове»")).await;
        let program = app.program(&maker, &["READ"]).await;
        let uuid = decode(maker.id().as_str().expect("an id")).expect("ours").1;
        let system = Actor::system();
        let mut leaving = app.app.begin(&system).await.expect("begins");
        mistok::accounts::service::revoke_all(&mut leaving, uuid).await.expect("ends all memberships");
        leaving.commit().await.expect("commits");
        assert_eq!(status(app, program.token()).await.0, StatusCode::OK, "its maker left");

        let transaction = app.app.db.begin().await.expect("begins");
        transaction.execute_unprepared("UPDATE organisation SET verification = 'REJECTED' WHERE name_uk = 'ТОВ «Нове»'").await.expect("the association refuses it");
        transaction.commit().await.expect("commits");
        let claim = app.done(&cast.business, "claimOrganisation", content::claim(&maker.organisation)).await;
        app.confirms(&cast.association, &claim, "Наказ бачили").await;
        assert_eq!(status(app, program.token()).await.0, StatusCode::UNAUTHORIZED);
    }

    async fn a_program_may_name_the_organisation_that_it_acts_for(app) {
        let cast = app.cast().await;
        let program = app.program(&cast.business, &["READ"]).await;
        for (named, expected) in [(&cast.business, StatusCode::OK), (&cast.utility, StatusCode::FORBIDDEN)] {
            let (status, answer) = acting(app, &program, &[named.id().as_str().expect("an id")], "{ needs { totalCount } }", json!({})).await;
            assert_eq!(status, expected, "{answer}");
        }
    }

    async fn a_program_may_ask_for_as_much_as_a_person(app) {
        let cast = app.cast().await;
        let program = app.program(&cast.business, &["READ"]).await;
        let query = "{ organisations(first: 100) { nodes { pastWorks(first: 50) { nodes { id } } } } }";
        assert_eq!(app.refusal(None, query, Value::Null).await, "QUERY_TOO_COMPLEX");
        app.data(program.token(), query, Value::Null).await;
    }
}

fn wanted(app: &TestApp, owner: &Person, scopes: &[&str]) -> Value {
    json!({ "organisationId": owner.id(), "name": "Портал", "scopes": scopes, "expiresAt": app.now() + TimeDelta::days(30) })
}

impl TestApp {
    /// A program that acts for the organisation of its owner.
    async fn program(&self, owner: &Person, scopes: &[&str]) -> Person {
        self.done(owner, "stepUp", json!({ "password": PASSWORD })).await;
        let made = self.done(owner, "createApiToken", wanted(self, owner, scopes)).await;
        owner.with_token(&made["secret"])
    }
}

/// How a token is answered.
async fn status(app: &TestApp, token: Option<&str>) -> (StatusCode, Value) {
    let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json").header(header::AUTHORIZATION, format!("Bearer {}", token.expect("a token")));
    let (status, mut answer) = app.send(request.body(Body::from(json!({ "query": "{ sectors { code } }" }).to_string())).expect("a request")).await;
    if let Some(extensions) = answer.pointer_mut("/errors/0/extensions").and_then(Value::as_object_mut) {
        extensions.remove("requestId");
    }
    (status, if status == StatusCode::OK { Value::Null } else { answer })
}
