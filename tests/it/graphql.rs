//! What GraphQL promises and the library once broke, and what the API promises beside it: `node`, `nodes`, null for what is hidden.

use axum::body::Body;
use axum::http::{Request, StatusCode, Version, header};
use serde_json::{Value, json};

use crate::on_both;
use crate::support::TestApp;
use crate::support::content::{self, organisation, step};

on_both! {
    async fn fields_come_in_the_order_of_the_request(app) {
        let owner = app.founder("owner", organisation("BUSINESS", 1, "ТОВ «Порядок»")).await;
        let id = owner.id().as_str().expect("an id");
        let query = format!(
            r#"{{ z: organisation(id: "{id}") {{ version kind ...Names id }} a: organisation(id: "{id}") {{ id }} viewer {{ account {{ id }} }} }} fragment Names on Organisation {{ name nameTranslations {{ text locale }} }}"#
        );
        let text = text_of(app, &query).await;
        let places: Vec<usize> = ["\"z\"", "\"version\"", "\"kind\"", "\"name\"", "\"nameTranslations\"", "\"text\"", "\"locale\"", "\"a\"", "\"viewer\""]
            .iter()
            .map(|key| text.find(key).unwrap_or_else(|| panic!("{key} is not in {text}")))
            .collect();
        assert!(places.is_sorted(), "{places:?} in {text}");
    }

    async fn the_same_field_asked_twice_is_one_field_with_both_selections(app) {
        let owner = app.founder("owner", organisation("BUSINESS", 1, "ТОВ «Двічі»")).await;
        let query = "query($id: ID!) { organisation(id: $id) { name } organisation(id: $id) { kind } ... { organisation(id: $id) { scale } } }";
        let data = app.data(None, query, json!({ "id": owner.id() })).await;
        assert_eq!(data, json!({ "organisation": { "name": "ТОВ «Двічі»", "kind": "BUSINESS", "scale": null } }));
    }

    async fn a_field_that_fails_nulls_the_nearest_parent_that_may_be_null_and_nothing_beside_it(app) {
        let owner = app.founder("owner", organisation("BUSINESS", 1, "ТОВ «Сусід»")).await;
        let query = "query($id: ID!) { broken: organisation(id: $id) { id pastWorks(first: 0) { nodes { id } } } whole: organisation(id: $id) { name } }";
        let answer = app.ask(None, query, json!({ "id": owner.id() })).await;
        assert_eq!(answer["data"], json!({ "broken": null, "whole": { "name": "ТОВ «Сусід»" } }));
        assert_eq!(answer["errors"][0]["path"], json!(["broken", "pastWorks"]));
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
        assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1));
    }

    async fn a_root_field_that_must_not_be_null_nulls_the_data(app) {
        let answer = app.ask(None, "{ organisations(first: 0) { nodes { id } } sectors { code } }", json!({})).await;
        assert_eq!(answer["data"], Value::Null);
        assert_eq!(answer["errors"][0]["path"], json!(["organisations"]));
    }

    async fn every_entity_is_a_node(app) {
        let cast = app.cast().await;
        let need = app.verified_need(&cast, &cast.municipality).await;
        let project = app.structured_project(&cast.municipality, &[&need]).await;
        let package = app.packages(&cast.municipality, &project).await.remove(0);
        let call = app.drafted_call(&cast.municipality, &project).await;
        let call = app.done(&cast.municipality, "publishCall", step(&call)).await;
        let interest = app.done(&cast.business, "expressInterest", json!({ "organisationId": cast.business.id(), "callId": call["id"], "offer": "Так" })).await;
        let work = app.done(&cast.business, "addPastWork", content::past_work(&cast.business.organisation)).await;
        let programme = json!({ "programme": { "name": { "en": "Recovery" }, "funderId": cast.donor.id() } });
        let programme = app.done(&cast.donor, "createProgramme", programme).await;
        let imported = app.imported(80, "ТОВ «З реєстру»").await;
        let claim = app.done(&cast.business, "claimOrganisation", content::claim(&imported)).await;
        let account = app.data(cast.business.token(), "{ viewer { account { id } } }", json!({})).await["viewer"]["account"].clone();
        let invitation = json!({ "organisationId": cast.business.id(), "email": "olha@mistok.example", "roles": ["VIEWER"] });
        let invitation = app.done(&cast.business, "inviteMember", invitation).await;
        let membership = app.member(&cast.business, &cast.business.email).await;
        let entities = [&cast.business.organisation, &need, &project, &package, &call, &interest, &work, &programme, &account, &claim, &membership, &invitation];
        let ids: Vec<&Value> = entities.iter().map(|entity| &entity["id"]).collect();
        let data = app.data(cast.business.token(), "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", json!({ "ids": ids })).await;
        let found: Vec<(&str, &Value)> = data["nodes"].as_array().expect("nodes").iter().map(|node| (node["__typename"].as_str().unwrap_or_default(), &node["id"])).collect();
        let names = ["Organisation", "Need", "Project", "WorkPackage", "Call", "Interest", "PastWork", "Programme", "Account", "Claim", "Membership", "Invitation"];
        assert_eq!(found, names.into_iter().zip(ids.clone()).collect::<Vec<_>>(), "in the order of the ids");
        for id in ids {
            let one = app.data(cast.business.token(), "query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
            assert_eq!(one["node"]["id"], *id);
        }
    }

    async fn what_is_hidden_is_null_as_if_absent(app) {
        let cast = app.cast().await;
        let draft = app.done(&cast.municipality, "createNeed", json!({ "organisationId": cast.municipality.id(), "need": content::need() })).await;
        let absent = mistok::ids::encode(mistok::ids::NodeKind::Need, app.app.ids.next(app.now()));
        let query = "query($a: ID!, $b: ID!) { hidden: node(id: $a) { id } absent: node(id: $b) { id } nodes(ids: [$a, $b]) { id } need(id: $a) { id } }";
        let data = app.data(cast.business.token(), query, json!({ "a": draft["id"], "b": absent.as_str() })).await;
        assert_eq!(data, json!({ "hidden": null, "absent": null, "nodes": [null, null], "need": null }));
        let hidden = app.attempt(&cast.business, "submitNeed", step(&draft)).await;
        let absent = app.attempt(&cast.business, "submitNeed", json!({ "id": absent.as_str(), "expectedVersion": 1 })).await;
        assert_eq!(hidden, absent, "a mutation tells no difference either");
        assert_eq!(hidden, Err("NOT_FOUND id".to_owned()));
    }

    async fn an_id_of_another_type_is_bad_input_and_not_absence(app) {
        let owner = app.founder("owner", organisation("BUSINESS", 1, "ТОВ «Не те»")).await;
        for query in ["query($id: ID!) { need(id: $id) { id } }", "query($id: ID!) { call(id: $id) { id } }", "query($id: ID!) { workPackage(id: $id) { id } }"] {
            assert_eq!(app.refusal(None, query, json!({ "id": owner.id() })).await, "BAD_USER_INPUT", "{query}");
        }
    }

    async fn a_request_without_host_is_refused_as_http_demands(app) {
        let request = |version| Request::post("/graphql").version(version).header(header::CONTENT_TYPE, "application/json").body(Body::from(r#"{"query":"{ __typename }"}"#)).expect("a request");
        let (status, answer) = app.bare(request(Version::HTTP_11)).await;
        assert!(status == StatusCode::BAD_REQUEST && answer.contains("BAD_USER_INPUT") && answer.contains("Host"), "{status} {answer}");
        assert_eq!(app.bare(request(Version::HTTP_10)).await.0, StatusCode::OK);
    }

    async fn a_document_that_does_not_parse_is_told_in_the_callers_language(app) {
        let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json").header(header::ACCEPT_LANGUAGE, "uk");
        let (_, answer) = app.send(request.body(Body::from(r#"{"query":"{ need(id: ) }"}"#)).expect("a request")).await;
        let message = answer["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(message.starts_with("Документ не розібрано: тут має бути ") && !message.contains("expected"), "{answer:#}");
    }

    async fn introspection_is_open_and_suggestions_are_not_made(app) {
        let data = app.data(None, "{ __schema { queryType { name } } __type(name: \"Need\") { name } }", json!({})).await;
        assert_eq!(data, json!({ "__schema": { "queryType": { "name": "Query" } }, "__type": { "name": "Need" } }));
        let answer = app.ask(None, "{ organisatons { nodes { id } } }", json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION");
        assert!(!answer["errors"][0]["message"].as_str().unwrap_or_default().contains("organisations"), "{answer}");
    }
}

async fn text_of(app: &TestApp, query: &str) -> String {
    let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
    app.text(request.body(Body::from(json!({ "query": query }).to_string())).expect("a request")).await.1
}
