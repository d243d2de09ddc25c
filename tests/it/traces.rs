//! Spans go to a collector where one is named, and one that is away disturbs nobody.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use crate::support::program::{Served, mistok};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// Takes what is sent to a collector, as it is.
fn collect(listener: &TcpListener, sink: &Sender<Vec<u8>>) {
    for stream in listener.incoming() {
        let mut stream: TcpStream = stream.expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(2))).expect("waits");
        let mut bytes = Vec::new();
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = stream.read(&mut buffer) {
            bytes.extend_from_slice(&buffer[..count]);
            if is_whole(&bytes) {
                break;
            }
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").expect("answers");
        if sink.send(bytes).is_err() {
            return;
        }
    }
}

/// Whether all of a body has come.
fn is_whole(request: &[u8]) -> bool {
    let Some(end) = request.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { return false };
    let headers = String::from_utf8_lossy(&request[..end]).to_lowercase();
    let length = headers.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
    length.is_some_and(|length| request.len() >= end + 4 + length)
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|bytes| bytes == needle)
}

#[tokio::test]
async fn a_request_is_a_span_that_says_nothing_of_what_was_asked_and_of_its_callers_trace_where_a_trusted_proxy_says_so() {
    let trace: Vec<u8> = (0..16).map(|place| u8::from_str_radix(&TRACE[2 * place..2 * place + 2], 16).expect("a byte")).collect();
    for (trusted, is_of_it) in [(&["--trusted-proxies", "127.0.0.0/8"][..], true), (&[], false)] {
        assert_eq!(holds(&sent_of_a_request(trusted).await, &trace), is_of_it, "{trusted:?}");
    }
}

/// What goes to a collector of one request, which was looked at.
async fn sent_of_a_request(trusted: &[&str]) -> Vec<u8> {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let (sink, sent) = channel();
    std::thread::spawn(move || collect(&listener, &sink));
    let folder = tempfile::tempdir().expect("a folder");
    let served = Served::start(mistok(folder.path(), &["serve", "--listen", "127.0.0.1:0", "--otlp-endpoint", &endpoint]).args(trusted));
    let body = r#"{ "query": "query Planted($text: String) { organisations(filter: { search: $text }) { totalCount } }", "variables": { "text": "planted" } }"#;
    let request =
        reqwest::Client::new().post(served.address("GraphQL")).header("content-type", "application/json").header("traceparent", format!("00-{TRACE}-00f067aa0ba902b7-01"));
    assert!(request.body(body).send().await.expect("an answer").status().is_success());
    let log = served.stop();
    assert!(!log.contains("otel.kind"), "the log stays as it is: {log}");
    let sent: Vec<u8> = sent.try_iter().flatten().collect();
    assert!(holds(&sent, b"POST /v1/traces"), "they go to the usual place: {}", String::from_utf8_lossy(&sent));
    for wanted in ["mistok", "POST /graphql", "http.response.status_code", "mistok.cost"] {
        assert!(holds(&sent, wanted.as_bytes()), "{wanted}: {}", String::from_utf8_lossy(&sent));
    }
    assert!(!String::from_utf8_lossy(&sent).to_lowercase().contains("planted"));
    sent
}

#[tokio::test]
async fn a_collector_that_is_away_disturbs_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let served = Served::start(&mut mistok(folder.path(), &["serve", "--listen", "127.0.0.1:0", "--otlp-endpoint", "http://127.0.0.1:9"]));
    for _ in 0..3 {
        let answer = served.data(None, "{ sectors { code } }", serde_json::json!({})).await;
        assert!(answer["sectors"].is_array());
    }
    let begun = Instant::now();
    served.stop();
    assert!(begun.elapsed() < Duration::from_secs(15), "it ends in time");
}
