//! Where trusted documents are named, these are run and no others, over HTTP and over sockets.

use std::fs;

use serde_json::{Value, json};

use crate::support::program::{Served, mistok, run};
use crate::support::socket::Address;

const SECTORS: &str = "{ sectors { code } }";

async fn post(address: &str, body: Value) -> (u16, Value) {
    let answer = reqwest::Client::new().post(address).json(&body).send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

#[tokio::test]
async fn only_trusted_documents_are_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("documents.json");
    fs::write(&file, json!({ "sectors": SECTORS, "follow": "subscription { changed { cursor } }" }).to_string()).expect("they are written");
    let mut command = mistok(folder.path(), &["serve", "--listen", "127.0.0.1:0", "--trusted-documents"]);
    let served = Served::start(command.arg(&file));
    let address = served.address("GraphQL");
    for body in [json!({ "documentId": "sectors" }), json!({ "query": SECTORS }), json!({ "documentId": "sectors", "query": SECTORS })] {
        let (status, answer) = post(address, body).await;
        assert!(status == 200 && answer["data"]["sectors"][0]["code"].is_string(), "{answer}");
    }
    let by_address = reqwest::get(format!("{address}?documentId=sectors")).await.expect("an answer");
    assert_eq!(by_address.status().as_u16(), 200);
    let (status, answer) = post(address, json!({ "query": "{ __typename }" })).await;
    assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (403, &json!("DOCUMENT_NOT_TRUSTED")));
    let (status, answer) = post(address, json!({ "documentId": "other" })).await;
    assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (403, &json!("DOCUMENT_NOT_TRUSTED")));
    let (status, answer) = post(address, json!({ "documentId": "follow", "query": SECTORS })).await;
    assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (400, &json!("BAD_USER_INPUT")));

    let mut socket = Address::of_service(&served).speaking().await;
    socket.say(json!({ "type": "connection_init" })).await;
    socket.hears().await;
    socket.call("1", "{ __typename }", json!({})).await;
    assert_eq!(socket.hears().await["payload"][0]["extensions"]["code"], "DOCUMENT_NOT_TRUSTED");
    socket.say(json!({ "type": "subscribe", "id": "2", "payload": { "documentId": "sectors" } })).await;
    assert!(socket.hears().await["payload"]["data"]["sectors"].is_array());
}

#[test]
fn a_file_that_cannot_be_taken_is_found_before_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("documents.json");
    fs::write(&file, "{\"sectors\": \"{ sectors \"}").expect("it is written");
    let path = file.to_str().expect("a path");
    let (code, said) = run(folder.path(), &["config", "check", "--trusted-documents", path]);
    assert!(code == Some(1) && said.contains("the document sectors of"), "{said}");
}
