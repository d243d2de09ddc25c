//! Where a person is signed in: a list in pages, and an end to each.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::people::PASSWORD;
use crate::support::{Person, TestApp};

const SESSIONS: &str = "query($first: Int!, $after: String) { viewer { sessions(first: $first, after: $after) { totalCount nodes { id current revokedAt secondFactor } pageInfo { endCursor hasNextPage } } } }";
const MANY: usize = 1_000;

async fn page(app: &TestApp, person: &Person, first: usize, after: &Value) -> Value {
    app.data(person.token(), SESSIONS, json!({ "first": first, "after": after })).await["viewer"]["sessions"].clone()
}

on_both! {
    async fn a_sign_in_is_ended_from_another_at_once(app) {
        let one = app.person("olena").await;
        let other = app.again(&one).await;
        let list = page(app, &other, 10, &Value::Null).await;
        assert_eq!((&list["totalCount"], &list["nodes"][0]["current"], &list["nodes"][1]["current"]), (&json!(2), &json!(true), &json!(false)), "the newest first");
        let id = json!({ "id": list["nodes"][1]["id"] });
        assert_eq!(app.refused(&app.person("stranger").await, "endSession", id.clone()).await, "NOT_FOUND id");
        let ended = app.done(&other, "endSession", id.clone()).await;
        assert!(ended["revokedAt"].is_string());
        assert_eq!(app.refused(&one, "changePassword", json!({ "currentPassword": "x", "password": "y" })).await, "UNAUTHENTICATED");
        assert_eq!(app.done(&other, "endSession", id).await["revokedAt"], ended["revokedAt"], "one that was ended stays as it is");
        assert_eq!(page(app, &other, 10, &Value::Null).await["totalCount"], 1);
    }

    async fn a_sign_in_says_when_its_tokens_were_last_renewed(app) {
        let olena = app.person("olena").await;
        let signed = app.done(&Person::nobody(), "signIn", json!({ "email": olena.email, "password": PASSWORD })).await;
        let refreshed = async || app.data(olena.token(), "{ viewer { sessions(first: 1) { nodes { refreshedAt } } } }", json!({})).await["viewer"]["sessions"]["nodes"][0]["refreshedAt"].clone();
        assert_eq!(refreshed().await, Value::Null);
        app.clock.advance(TimeDelta::minutes(20));
        app.done(&Person::nobody(), "refreshSession", json!({ "refreshToken": signed["refreshToken"] })).await;
        app.clock.advance(TimeDelta::minutes(5));
        assert_eq!(refreshed().await, "2026-11-24T09:20:00+00:00", "and no call beside writes it");
    }

    async fn a_thousand_sign_ins_come_in_pages_of_so_many_statements(app) {
        let mut person = app.person("olena").await;
        for _ in 1..MANY {
            person = app.again(&person).await;
        }
        let (mut seen, mut after, mut costs) = (BTreeSet::new(), Value::Null, BTreeSet::new());
        loop {
            app.statements();
            let list = page(app, &person, 100, &after).await;
            costs.insert(app.statements().len());
            assert_eq!(list["totalCount"], MANY);
            seen.extend(list["nodes"].as_array().expect("rows").iter().map(|row| row["id"].as_str().expect("an id").to_owned()));
            after = list["pageInfo"]["endCursor"].clone();
            if list["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!((seen.len(), costs.len()), (MANY, 1), "{costs:?}");
        app.statements();
        page(app, &person, 2, &Value::Null).await;
        assert_eq!(BTreeSet::from([app.statements().len()]), costs, "two cost as much as a hundred");
        assert_eq!(app.ask(person.token(), SESSIONS, json!({ "first": 101 })).await["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    }
}
