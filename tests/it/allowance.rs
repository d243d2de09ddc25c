//! How much callers may ask for in a minute, over HTTP and over sockets, and how many sockets and subscriptions they may hold.

use std::num::NonZeroU32;
use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use mistok::config::{Allowance, Config, network};
use serde_json::json;

use crate::on_both;
use crate::support::socket::Address;
use crate::support::{TestApp, ask_from as ask};

/// What the guard reckons at 500 objects.
const FIVE_HUNDRED: &str = "{ projects(first: 100) { nodes { workPackages(first: 4) { code } } } }";
const FOLLOW: &str = "subscription { changed { cursor } }";

/// A node where an address may ask for 2,000 objects a minute, and who is known for 4,000.
fn node(app: &TestApp) -> Router {
    let mut narrow = app.app.clone();
    let allowance = Allowance { of_a_caller: NonZeroU32::new(4_000), of_an_address: NonZeroU32::new(2_000) };
    narrow.config = Arc::new(Config { allowance, ..(*app.app.config).clone() });
    mistok::http::router(narrow, mistok::graphql::schema()).expect("the schema reads back")
}

fn left(headers: &HeaderMap) -> u32 {
    let text = headers["ratelimit"].to_str().expect("text");
    text.split(';').find_map(|part| part.strip_prefix("r=")).and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no r in {text}"))
}

on_both! {
    async fn who_asked_for_too_much_waits_and_is_told_how_long(app) {
        let node = node(app);
        let (status, headers, _) = ask(&node, "192.0.2.1", None, FIVE_HUNDRED).await;
        assert!(status == StatusCode::OK && headers["ratelimit-policy"] == "\"objects\";q=2000;w=60", "{headers:?}");
        assert!((1_400..=1_500).contains(&left(&headers)), "{headers:?}");
        for _ in 0..2 {
            assert_eq!(ask(&node, "192.0.2.1", None, FIVE_HUNDRED).await.0, StatusCode::OK);
        }
        let mut refused = ask(&node, "192.0.2.1", None, FIVE_HUNDRED).await;
        if refused.0 == StatusCode::OK {
            refused = ask(&node, "192.0.2.1", None, FIVE_HUNDRED).await;
        }
        let (status, headers, body) = refused;
        assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (StatusCode::TOO_MANY_REQUESTS, &json!("RATE_LIMITED")));
        let wait: u32 = headers[header::RETRY_AFTER].to_str().expect("text").parse().expect("seconds");
        assert!((1..=60).contains(&wait) && left(&headers) < 500, "{headers:?}");
        assert_eq!(body["errors"][0]["extensions"]["retryAfter"], wait);
        assert_eq!(ask(&node, "192.0.2.2", None, FIVE_HUNDRED).await.0, StatusCode::OK, "another address has its own");
    }

    async fn who_is_known_pays_for_themselves_wherever_they_call_from(app) {
        let (node, cast) = (node(app), app.cast().await);
        let token = cast.business.token();
        for turn in 1..=7_u8 {
            let from = format!("192.0.2.{turn}");
            assert_eq!(ask(&node, &from, token, FIVE_HUNDRED).await.0, StatusCode::OK);
        }
        let refused = ask(&node, "192.0.2.20", token, "{ projects(first: 100) { nodes { workPackages(first: 9) { code } } } }").await;
        assert_eq!(refused.0, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(ask(&node, "192.0.2.20", None, FIVE_HUNDRED).await.0, StatusCode::OK);
        assert_eq!(ask(&node, "192.0.2.20", cast.municipality.token(), FIVE_HUNDRED).await.0, StatusCode::OK);
    }

    async fn what_is_refused_counts_too(app) {
        let node = node(app);
        let first = ask(&node, "192.0.2.1", None, "{ nonsense").await;
        assert_eq!(first.2["errors"][0]["extensions"]["code"], "GRAPHQL_SYNTAX");
        assert_eq!(left(&first.1), 1_899);
        let wrong = ask(&node, "192.0.2.3", Some("mst_nonsense"), "{ sectors { code } }").await;
        assert_eq!((wrong.0, left(&wrong.1)), (StatusCode::UNAUTHORIZED, 1_900));
    }

    async fn calls_of_a_socket_count_as_those_over_http(app) {
        let cast = app.cast().await;
        let address = Address::serving(node(app)).await;
        let mut socket = address.of(&cast.business, json!({})).await;
        let mut codes = Vec::new();
        for turn in 0..9 {
            socket.call(&turn.to_string(), FIVE_HUNDRED, json!({})).await;
            let heard = socket.hears().await;
            if heard["type"] == "error" {
                codes.push(heard["payload"][0]["extensions"]["code"].clone());
            } else {
                assert_eq!(socket.hears().await["type"], "complete");
            }
        }
        assert_eq!(codes.last(), Some(&json!("RATE_LIMITED")));
    }

    async fn an_address_holds_a_hundred_sockets_and_a_caller_a_hundred_subscriptions(app) {
        let cast = app.cast().await;
        let address = app.listen().await;
        let mut held = Vec::new();
        for _ in 0..5 {
            let mut socket = address.of(&cast.business, json!({})).await;
            for turn in 0..20 {
                socket.call(&turn.to_string(), FOLLOW, json!({})).await;
            }
            held.push(socket);
        }
        // The answer to a later message shows that the subscriptions were taken.
        for socket in &mut held {
            socket.say(json!({ "type": "ping" })).await;
            assert_eq!(socket.hears().await, json!({ "type": "pong" }));
        }
        let mut more = address.of(&cast.business, json!({})).await;
        more.call("1", FOLLOW, json!({})).await;
        assert_eq!(more.hears().await["payload"][0]["extensions"]["code"], "RATE_LIMITED");
        let mut other = address.of(&cast.municipality, json!({})).await;
        other.call("1", FOLLOW, json!({})).await;
        other.say(json!({ "type": "ping" })).await;
        assert_eq!(other.hears().await, json!({ "type": "pong" }), "another caller has their own");

        // Whoever has no token is counted by where they come from.
        let mut behind = app.app.clone();
        behind.config = Arc::new(Config { trusted_proxies: vec![network("127.0.0.0/8").expect("a network")], ..(*app.app.config).clone() });
        let address = Address::serving(mistok::http::router(behind, mistok::graphql::schema()).expect("the schema reads back")).await;
        let open = async |from: &str| address.open(&[("Sec-WebSocket-Protocol", "graphql-transport-ws"), ("forwarded", &format!("for={from}"))]).await;
        let mut strangers = Vec::new();
        for _ in 0..100 {
            strangers.push(open("192.0.2.1").await.expect("opens"));
        }
        let refused = open("192.0.2.1").await.err().expect("one too many");
        assert!(refused.to_string().contains("429"), "{refused}");
        open("192.0.2.2").await.expect("another address has its own");
    }
}
