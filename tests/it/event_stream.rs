//! Subscriptions over server-sent events.

use serde_json::{Value, json};

use crate::on_both;
use crate::support::content::{self, step};
use crate::support::{Person, TestApp};

const DRAFTED: &str = "subscription($after: String) { changed(types: [NEED_DRAFTED, NEED_SUBMITTED], after: $after) { cursor type node { ... on Need { id } } } }";

/// A stream of events as a client reads it.
struct Events {
    answer: reqwest::Response,
    read: String,
}

impl Events {
    async fn of(address: &str, person: &Person, body: Value) -> Result<Self, (u16, Value)> {
        let mut request = reqwest::Client::new().post(address).header("accept", "text/event-stream").json(&body);
        if let Some(token) = person.token() {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.expect("an answer");
        if answer.status().as_u16() == 200 {
            assert_eq!(answer.headers()["content-type"], "text/event-stream");
            return Ok(Self { answer, read: String::new() });
        }
        Err((answer.status().as_u16(), answer.json().await.expect("JSON")))
    }

    /// The next event: its name and what it tells; none when the stream is over.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            while let Some((event, rest)) = self.read.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.read = rest;
                let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim_start().to_owned());
                if let Some(name) = field("event:") {
                    return Some((name, serde_json::from_str(&field("data:").expect("browsers hand no event on without data")).expect("JSON")));
                }
            }
            let chunk = self.answer.chunk().await.ok()??;
            self.read.push_str(&String::from_utf8_lossy(&chunk));
        }
    }
}

async fn draft(app: &TestApp, owner: &Person) -> Value {
    let need = app.done(owner, "createNeed", json!({ "organisationId": owner.id(), "need": content::need() })).await;
    app.settle().await;
    need
}

on_both! {
    async fn a_change_is_told_and_who_was_cut_off_goes_on_by_the_cursor(app) {
        let cast = app.cast().await;
        let owner = &cast.municipality;
        let address = app.listen().await.http();
        app.settle().await;
        let cursor = app.data(owner.token(), "{ changes(first: 100) { endCursor } }", json!({})).await["changes"]["endCursor"].clone();
        let mut events = Events::of(&address, owner, json!({ "query": DRAFTED, "variables": { "after": cursor } })).await.expect("a stream");
        let mut stranger = Events::of(&address, &cast.business, json!({ "query": DRAFTED, "variables": { "after": cursor } })).await.expect("a stream");
        let need = draft(app, owner).await;
        let (name, told) = events.next().await.expect("an event");
        assert_eq!((name.as_str(), &told["data"]["changed"]["node"]["id"]), ("next", &need["id"]));
        drop(events);
        app.done(owner, "submitNeed", step(&need)).await;
        app.settle().await;
        let after = told["data"]["changed"]["cursor"].clone();
        let mut again = Events::of(&address, owner, json!({ "query": DRAFTED, "variables": { "after": after } })).await.expect("a stream");
        assert_eq!(again.next().await.expect("an event").1["data"]["changed"]["type"], "NEED_SUBMITTED");

        // The service ends, and with it every stream, without its last word.
        app.app.closing.cancel();
        assert_eq!((again.next().await, stranger.next().await), (None, None), "a stranger heard of no draft");
    }

    async fn who_lost_their_rights_is_told_so_instead_of_the_next_change(app) {
        let cast = app.cast().await;
        let (owner, address) = (&cast.municipality, app.listen().await.http());
        app.settle().await;
        let body = json!({ "query": "subscription { changed(types: [NEED_DRAFTED]) { cursor } }" });
        let mut events = Events::of(&address, owner, body).await.expect("a stream");
        app.data(owner.token(), "mutation { signOutEverywhere { accountId } }", json!({})).await;
        draft(app, &app.again(owner).await).await;
        let (name, told) = events.next().await.expect("an event");
        assert_eq!((name.as_str(), &told["errors"][0]["extensions"]["code"]), ("next", &json!("UNAUTHENTICATED")));
        assert_eq!(events.next().await, None);
    }

    async fn what_cannot_begin_is_refused_with_its_code(app) {
        let address = app.listen().await.http();
        let nobody = Person::nobody();
        for (query, status, code) in [
            ("subscription { changed(after: \"nonsense\") { cursor } }", 200, "BAD_USER_INPUT"),
            ("subscription { nothing }", 200, "GRAPHQL_VALIDATION"),
            ("subscription { ...it } fragment it on Subscription { changed { cursor } }", 400, "GRAPHQL_VALIDATION"),
            ("subscription { ... { changed { cursor } } }", 400, "GRAPHQL_VALIDATION"),
            ("subscription { one: changed { cursor } two: changed { cursor } }", 400, "GRAPHQL_VALIDATION"),
            ("subscription { changed(after: \"c2VxOjEwMDAwMDA\") { cursor } }", 200, "BAD_USER_INPUT"),
            ("subscription {", 400, "GRAPHQL_SYNTAX"),
            ("{ sectors { code } }", 406, "BAD_USER_INPUT"),
        ] {
            let (seen, told) = match Events::of(&address, &nobody, json!({ "query": query })).await {
                Ok(mut events) => {
                    let told = events.next().await.expect("an event").1;
                    assert_eq!(events.next().await, None, "it was not all told");
                    (200, told)
                }
                Err(refused) => refused,
            };
            assert_eq!((seen, &told["errors"][0]["extensions"]["code"]), (status, &json!(code)), "{query}: {told}");
        }
    }
}
