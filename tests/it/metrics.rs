//! What is counted, as Prometheus reads it.

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use mistok::http::metrics;
use serde_json::json;
use tower::ServiceExt as _;

use crate::on_both;
use crate::support::{Person, TestApp};

async fn counted(app: &TestApp) -> String {
    let request = Request::get("/metrics").body(Body::empty()).expect("a request");
    let answer = metrics::router(app.app.clone()).oneshot(request).await.expect("an answer");
    assert!(answer.headers()["content-type"].to_str().expect("text").starts_with("text/plain; version=0.0.4"));
    String::from_utf8(answer.into_body().collect().await.expect("a body").to_bytes().to_vec()).expect("text")
}

fn has(text: &str, line: &str) {
    assert!(text.lines().any(|known| known == line), "{line} is not in\n{text}");
}

on_both! {
    async fn calls_refusals_and_what_waits_are_counted_without_a_word_of_the_callers(app) {
        let nobody = Person::nobody();
        app.data(None, "query PlantedName { sectors { code } }", json!({})).await;
        app.refusal(None, "{ sectors { planted } }", json!({})).await;
        app.refused(&nobody, "createNeed", json!({ "organisationId": "T3JnYW5pc2F0aW9u", "need": crate::support::content::need() })).await;
        app.text(Request::get("/planted?planted=1").body(Body::empty()).expect("a request")).await;
        app.text(Request::builder().method("PLANTED").uri("/graphql").body(Body::empty()).expect("a request")).await;
        for _ in 0..11 {
            app.refused(&nobody, "signIn", json!({ "email": "planted@mistok.example", "password": "planted planted" })).await;
        }
        let text = counted(app).await;
        assert!(!text.to_lowercase().contains("planted"), "{text}");
        has(&text, "mistok_http_requests_total{method=\"GET\",route=\"none\",status=\"404\"} 1");
        has(&text, "mistok_http_requests_total{method=\"other\",route=\"/graphql\",status=\"405\"} 1");
        has(&text, "mistok_errors_total{code=\"GRAPHQL_VALIDATION\"} 1");
        has(&text, "mistok_errors_total{code=\"RATE_LIMITED\"} 1");
        has(&text, "mistok_guesses_braked_total 1");
        has(&text, "mistok_database_up 1");
        has(&text, "mistok_index_ready 1");
        assert!(text.contains("mistok_graphql_cost_count{operation=\"query\"} "), "{text}");
    }

    async fn what_waits_in_the_journal_and_for_its_time_is_seen(app) {
        app.person("oksana").await;
        let waiting = if app.app.db.backend() == sea_orm::DbBackend::Postgres { "1" } else { "0" };
        let text = counted(app).await;
        has(&text, &format!("mistok_journal_backlog {waiting}"));
        has(&text, "mistok_jobs_due 1");
        app.settle().await;
        let text = counted(app).await;
        has(&text, "mistok_journal_backlog 0");
        has(&text, "mistok_jobs_due 0");
        has(&text, "mistok_jobs_failed 0");
    }
}
