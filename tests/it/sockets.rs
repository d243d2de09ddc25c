//! `/graphql/ws`: calls and the change feed over a WebSocket, and how each socket ends.

use mistok::auth::Role;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Error;

use crate::on_both;
use crate::support::content::{self, step};
use crate::support::{Kind, Person, TestApp};

const DRAFTED: &str = "subscription($after: String) { changed(types: [NEED_DRAFTED, NEED_SUBMITTED], after: $after) { cursor type removed node { ... on Need { id } } } }";

async fn draft(app: &TestApp, owner: &Person) -> Value {
    let need = app.done(owner, "createNeed", json!({ "organisationId": owner.id(), "need": content::need() })).await;
    app.settle().await;
    need
}

on_both! {
    async fn a_change_is_heard_and_who_was_cut_off_goes_on_by_the_cursor(app) {
        let cast = app.cast().await;
        let owner = &cast.municipality;
        let address = app.listen().await;
        app.settle().await;
        let mut socket = address.of(owner, json!({})).await;
        socket.call("1", DRAFTED, json!({})).await;
        let mut stranger = address.of(&cast.business, json!({})).await;
        stranger.call("1", DRAFTED, json!({})).await;
        // The answer to a later message shows that the subscription was taken.
        for socket in [&mut socket, &mut stranger] {
            socket.call("2", "{ viewer { account { id } } }", json!({})).await;
            socket.answer("2").await;
        }
        let need = draft(app, owner).await;
        let heard = socket.hears().await;
        assert_eq!((&heard["type"], &heard["id"]), (&json!("next"), &json!("1")));
        let change = &heard["payload"]["data"]["changed"];
        assert_eq!((&change["type"], &change["removed"], &change["node"]["id"]), (&json!("NEED_DRAFTED"), &json!(false), &need["id"]));
        drop(socket);
        app.done(owner, "submitNeed", step(&need)).await;
        app.settle().await;
        let mut again = address.of(owner, json!({})).await;
        again.call("again", DRAFTED, json!({ "after": change["cursor"] })).await;
        assert_eq!(again.hears().await["payload"]["data"]["changed"]["type"], "NEED_SUBMITTED");
        again.say(json!({ "type": "complete", "id": "again" })).await;
        stranger.say(json!({ "type": "ping" })).await;
        assert_eq!(stranger.hears().await, json!({ "type": "pong" }), "they heard of no draft before");
    }

    async fn who_takes_leave_is_answered(app) {
        let cast = app.cast().await;
        let address = app.listen().await;
        let mut sockets = vec![address.speaking().await, address.of(&cast.municipality, json!({})).await, address.of(&cast.municipality, json!({})).await];
        sockets[2].call("1", DRAFTED, json!({})).await;
        for socket in &mut sockets {
            socket.leaves().await;
            assert_eq!(socket.is_closed().await, 1000);
        }
    }

    async fn queries_and_mutations_run_on_a_socket_as_they_do_over_http(app) {
        let cast = app.cast().await;
        let owner = &cast.municipality;
        let mut socket = app.listen().await.of(owner, json!({ "accept-language": "en" })).await;
        let create = &app.operations.mutation("createNeed").document;
        socket.call("a", create, json!({ "input": { "organisationId": owner.id(), "need": content::need() } })).await;
        let made = socket.answer("a").await;
        let id = &made["data"]["createNeed"]["need"]["id"];
        socket.call("b", "query($id: ID!) { need(id: $id) { id } }", json!({ "id": id })).await;
        assert_eq!(socket.answer("b").await, json!({ "data": { "need": { "id": id } } }));
        socket.call("c", create, json!({ "input": { "organisationId": cast.business.id(), "need": content::need() } })).await;
        let refused = socket.answer("c").await;
        assert_eq!(refused["data"]["createNeed"]["userErrors"][0]["code"], "FORBIDDEN");
        assert_eq!(refused["data"]["createNeed"]["userErrors"][0]["message"], "You have no right to do this.");
        for (document, code) in [("{ nothing }", "GRAPHQL_VALIDATION"), ("{", "GRAPHQL_SYNTAX"), ("subscription { a: changed { cursor } b: changed { cursor } }", "GRAPHQL_VALIDATION")] {
            socket.call("d", document, json!({})).await;
            let error = socket.hears().await;
            assert_eq!((&error["type"], &error["payload"][0]["extensions"]["code"]), (&json!("error"), &json!(code)), "{error:#}");
        }
        let fragments: Vec<String> = (0..20).map(|turn| format!("fragment f{turn} on Query {{ ...f{0} ...f{0} }}", turn + 1)).collect();
        let bomb = format!("{{ ...f0 }} fragment f20 on Query {{ __typename }} {}", fragments.join(" "));
        socket.call("e", &bomb, json!({})).await;
        assert_eq!(socket.hears().await["payload"][0]["extensions"]["code"], "QUERY_TOO_COMPLEX");
        assert_eq!(app.refusal(owner.token(), "subscription { changed { cursor } }", json!({})).await, "BAD_USER_INPUT", "over HTTP there are none");
    }

    async fn who_loses_a_membership_is_refused_on_the_next_message_of_an_open_socket(app) {
        let cast = app.cast().await;
        let owner = &cast.municipality;
        let person = app.person("olena").await;
        app.join(&person, &owner.organisation, Role::Editor).await;
        let address = app.listen().await;
        let acting = json!({ "Mistok-Organisation": owner.id() });
        let (mut caller, mut listener, mut other) = (address.of(&person, acting.clone()).await, address.of(&person, acting).await, address.of(&person, json!({})).await);
        let (query, variables) = (&app.operations.mutation("createNeed").document, json!({ "input": { "organisationId": owner.id(), "need": content::need() } }));
        caller.call("1", query, variables.clone()).await;
        assert_eq!(caller.answer("1").await["data"]["createNeed"]["userErrors"], json!([]));
        app.settle().await;
        listener.call("1", DRAFTED, json!({ "after": null })).await;
        listener.call("2", "{ viewer { account { id } } }", json!({})).await;
        listener.answer("2").await;
        app.done(owner, "removeMember", step(&app.member(owner, &person.email).await)).await;
        draft(app, owner).await;
        assert_eq!(listener.is_closed().await, 4403, "it hears of no draft any more");
        caller.call("2", query, variables.clone()).await;
        assert_eq!(caller.is_closed().await, 4403);
        other.call("2", query, variables).await;
        assert_eq!(other.answer("2").await["data"]["createNeed"]["userErrors"][0]["code"], "FORBIDDEN");
        app.done(&person, "signOutEverywhere", Value::Null).await;
        other.call("3", "{ viewer { account { id } } }", json!({})).await;
        assert_eq!(other.is_closed().await, 4403);
    }

    async fn a_socket_that_breaks_the_protocol_is_closed_with_its_code(app) {
        let address = app.listen().await;
        let init = json!({ "type": "connection_init" });
        let call = json!({ "type": "subscribe", "id": "1", "payload": { "query": "subscription { changed { cursor } }" } });
        for (said, code) in [
            (vec![json!("nothing")], 4400),
            (vec![init.clone(), json!({ "type": "start", "id": "1" })], 4400),
            (vec![init.clone(), json!({ "type": "subscribe", "id": "1" })], 4400),
            (vec![call.clone()], 4401),
            (vec![json!({ "type": "connection_init", "payload": { "Authorization": "Bearer damaged" } })], 4403),
            (vec![json!({ "type": "connection_init", "payload": { "Authorization": 7 } })], 4403),
            (vec![init.clone(), call.clone(), call.clone()], 4409),
            (vec![init.clone(), init.clone()], 4429),
        ] {
            let mut socket = address.speaking().await;
            for message in &said {
                socket.say(message.clone()).await;
            }
            if said.len() > 1 {
                assert_eq!(socket.hears().await, json!({ "type": "connection_ack" }));
            }
            assert_eq!(socket.is_closed().await, code, "{said:?}");
        }
        assert_eq!(address.open(&[]).await.expect("opens").is_closed().await, 4406);
    }

    async fn a_name_is_used_again_once_its_call_is_over(app) {
        let mut socket = app.listen().await.of(&Person::nobody(), json!({})).await;
        for _ in 0..50 {
            socket.call("1", "subscription { changed(types: [NEED_VERIFIED]) { cursor } }", json!({})).await;
            socket.say(json!({ "type": "complete", "id": "1" })).await;
        }
        socket.call("1", "{ sectors { code } }", json!({})).await;
        assert!(socket.answer("1").await["data"]["sectors"].is_array());
        for turn in 0..20 {
            socket.call(&turn.to_string(), "subscription { changed { cursor } }", json!({})).await;
        }
        socket.call("more", "{ sectors { code } }", json!({})).await;
        assert_eq!(socket.hears().await["id"], "more", "those that were completed count no more");
    }

    async fn a_mutation_on_a_socket_is_made_once_under_its_key(app) {
        let cast = app.cast().await;
        let owner = &cast.municipality;
        let mut socket = app.listen().await.of(owner, json!({})).await;
        let payload = json!({
            "query": app.operations.mutation("createNeed").document,
            "variables": { "input": { "organisationId": owner.id(), "need": content::need() } },
            "extensions": { "idempotencyKey": "one" },
        });
        let mut answers = Vec::new();
        for name in ["1", "2"] {
            socket.say(json!({ "type": "subscribe", "id": name, "payload": payload })).await;
            answers.push(socket.answer(name).await);
        }
        assert!(answers[0]["data"]["createNeed"]["need"]["id"].is_string() && answers[0] == answers[1], "{answers:?}");
    }

    async fn calls_of_one_socket_have_a_cap(app) {
        let mut socket = app.listen().await.of(&Person::nobody(), json!({})).await;
        for turn in 0..20 {
            socket.call(&turn.to_string(), "subscription { changed { cursor } }", json!({})).await;
        }
        socket.call("more", "{ sectors { code } }", json!({})).await;
        let refused = socket.hears().await;
        assert_eq!((&refused["id"], &refused["payload"][0]["extensions"]["code"]), (&json!("more"), &json!("RATE_LIMITED")));
        socket.say(json!({ "type": "complete", "id": "0" })).await;
        socket.call("more", "{ sectors { code } }", json!({})).await;
        assert!(socket.answer("more").await["data"]["sectors"].is_array());
    }

    async fn a_page_of_another_origin_opens_none(app) {
        let address = app.listen().await;
        let foreign = address.open(&[("Sec-WebSocket-Protocol", "graphql-transport-ws"), ("Origin", "https://evil.example")]).await;
        assert!(matches!(foreign, Err(Error::Http(answer)) if answer.status() == 403));
    }

    async fn sockets_are_told_that_the_service_ends(app) {
        let mut socket = app.listen().await.of(&Person::nobody(), json!({})).await;
        socket.call("1", "subscription { changed { cursor } }", json!({})).await;
        app.app.closing.cancel();
        assert_eq!(socket.is_closed().await, 1012);
        app.app.open.close();
        app.app.open.wait().await;
    }
}

#[tokio::test]
async fn who_does_not_say_in_time_who_they_are_is_shown_out_and_so_is_a_message_beyond_measure() {
    let app = TestApp::start(Kind::Sqlite).await;
    let address = app.listen().await;
    let mut large = address.of(&Person::nobody(), json!({})).await;
    large.say_text(format!("{{\"type\":\"ping\",\"payload\":\"{}\"}}", "x".repeat(300 * 1024))).await;
    assert!(large.ends().await, "it hears no more");
    assert_eq!(address.speaking().await.is_closed().await, 4408);
    app.end().await;
}
