//! Attachments in a bucket: the binary itself over a server that speaks as much S3 as it needs.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;

use crate::support::files::{PDF, sha256};

/// What the bucket holds, and the parts of what is being written.
type Held = Arc<Mutex<BTreeMap<String, Bytes>>>;

/// Answers as S3 does: a multipart upload, reading, deleting; every call is signed.
async fn s3(State(held): State<Held>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    if !headers.get(header::AUTHORIZATION).is_some_and(|value| value.to_str().is_ok_and(|value| value.starts_with("AWS4-HMAC-SHA256 Credential=planted-id/"))) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
    let (key, query) = (uri.path().to_owned(), uri.query().unwrap_or_default());
    let draft = format!("{key} draft");
    match (method, query) {
        (Method::POST, query) if query.starts_with("uploads") => {
            held.insert(draft, Bytes::new());
            "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>".into_response()
        }
        (Method::PUT, query) if query.contains("partNumber=1") => {
            held.insert(draft, body);
            ([(header::ETAG, "\"e\"")], "").into_response()
        }
        (Method::POST, query) if query.contains("uploadId=u") => {
            let whole = held.remove(&draft).unwrap_or_default();
            held.insert(key, whole);
            "<CompleteMultipartUploadResult><ETag>\"e\"</ETag></CompleteMultipartUploadResult>".into_response()
        }
        (Method::DELETE, query) => {
            held.remove(if query.contains("uploadId=u") { &draft } else { &key });
            StatusCode::NO_CONTENT.into_response()
        }
        (Method::GET, _) => match held.get(&key) {
            Some(whole) => ([(header::ETAG, "\"e\""), (header::LAST_MODIFIED, "Tue, 24 Nov 2026 09:00:00 GMT")], whole.clone()).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        },
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attachments_are_kept_in_a_bucket_that_speaks_s3() {
    let held = Held::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let fake = Router::new().fallback(s3).with_state(Arc::clone(&held));
    tokio::spawn(async move { axum::serve(listener, fake).await });

    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_mistok"));
    command.env_clear().arg("--data").arg(folder.path()).args(["serve", "--demo", "--listen", "127.0.0.1:0", "--attachments", "s3://bucket/prefix"]);
    command.envs([
        ("AWS_ENDPOINT", endpoint.as_str()),
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "planted-id"),
        ("AWS_SECRET_ACCESS_KEY", "planted-secret"),
    ]);
    let mut program = Served(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("serves"));
    let api = tokio::task::block_in_place(|| program.address());

    let http = reqwest::Client::new();
    let ask = async |token: &str, query: &str, variables: Value| -> Value {
        let call = http.post(&api).bearer_auth(token).json(&json!({ "query": query, "variables": variables }));
        call.send().await.expect("answers").json::<Value>().await.expect("JSON")["data"].clone()
    };
    let call = http.post(&api).json(&json!({ "query": "mutation { signIn(input: { email: \"aqua@demo.example\", password: \"mistok-demonstration\" }) { accessToken } }" }));
    let signed: Value = call.send().await.expect("answers").json().await.expect("JSON");
    let token = signed["data"]["signIn"]["accessToken"].as_str().expect("a token").to_owned();
    let own = ask(&token, "{ viewer { memberships { nodes { organisation { id } } } } }", Value::Null).await;
    let input = json!({ "organisationId": own["viewer"]["memberships"]["nodes"][0]["organisation"]["id"], "purpose": "EVIDENCE", "fileName": "Наказ.pdf", "mediaType": "application/pdf", "size": PDF.len(), "sha256": sha256(PDF) });
    let request = "mutation($input: RequestUploadInput!) { requestUpload(input: $input) { attachment { id } upload { url } userErrors { code } } }";
    let requested = ask(&token, request, json!({ "input": input })).await["requestUpload"].clone();
    let put = http.put(requested["upload"]["url"].as_str().expect("an address")).body(PDF).send().await.expect("answers");
    assert_eq!(put.status().as_u16(), 204, "{:?}", put.text().await);
    let kept: Vec<(String, Bytes)> = held.lock().unwrap_or_else(PoisonError::into_inner).clone().into_iter().collect();
    assert!(kept.len() == 1 && kept[0].0.starts_with("/bucket/prefix/") && kept[0].1 == PDF, "{kept:?}");

    // One whose connection goes away in the midst of it leaves nothing in the bucket.
    let cut = ask(&token, request, json!({ "input": input })).await["requestUpload"]["upload"]["url"].clone();
    let (host, path) = cut.as_str().and_then(|url| url.strip_prefix("http://")).and_then(|url| url.split_once('/')).expect("an address");
    let mut socket = tokio::net::TcpStream::connect(host).await.expect("connects");
    let opening = format!("PUT /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {}\r\n\r\n", PDF.len());
    socket.write_all(&[opening.as_bytes(), &PDF[..20]].concat()).await.expect("writes");
    until(&held, |held| held.keys().any(|key| key.ends_with(" draft"))).await;
    drop(socket);
    until(&held, |held| held.len() == 1).await;

    let file = "query($id: ID!) { node(id: $id) { ... on Attachment { download { url } } } }";
    let link = ask(&token, file, json!({ "id": requested["attachment"]["id"] })).await["node"]["download"]["url"].clone();
    let bytes = http.get(link.as_str().expect("an address")).send().await.expect("answers").bytes().await.expect("a file");
    assert_eq!(bytes, PDF);
    let remove = "mutation($input: RemoveAttachmentInput!) { removeAttachment(input: $input) { userErrors { code } } }";
    ask(&token, remove, json!({ "input": { "id": requested["attachment"]["id"] } })).await;
    until(&held, BTreeMap::is_empty).await;
}

/// Waits until the bucket is as it should be.
async fn until(held: &Held, right: impl Fn(&BTreeMap<String, Bytes>) -> bool) {
    for _ in 0..100 {
        if right(&held.lock().unwrap_or_else(PoisonError::into_inner)) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the bucket holds {:?}", held.lock().unwrap_or_else(PoisonError::into_inner).keys());
}

/// The binary, which ends with the test.
struct Served(Child);

impl Served {
    /// Where it says that its API is.
    fn address(&mut self) -> String {
        let lines = BufReader::new(self.0.stdout.take().expect("its output")).lines();
        let line = lines.map_while(Result::ok).find(|line| line.contains("/graphql")).expect("it says where it is");
        line.split_whitespace().last().expect("an address").to_owned()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill().and_then(|()| self.0.wait());
    }
}
