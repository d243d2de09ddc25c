//! Files: how their bytes come in, what is refused, who gets them, and what becomes of the rest.

use std::path::PathBuf;

use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use futures_util::future::{join, join_all};
use futures_util::stream;
use mistok::auth::Role;
use mistok::objects::Place;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::on_both;
use crate::support::content::{self, organisation, step, with};
use crate::support::files::{PDF, PNG, described};
use crate::support::people::PASSWORD;
use crate::support::{Person, TestApp};

const FILES: &str = "query($id: ID!, $first: Int, $after: String) { organisation(id: $id) { attachments(first: $first, after: $after) {
    totalCount pageInfo { endCursor hasNextPage } nodes { id version state purpose fileName mediaType size sha256 uploadedAt download { url expiresAt } } } } }";

on_both! {
    async fn a_file_is_described_uploaded_and_saved_by_whoever_may(app) {
        let cast = app.cast().await;
        let owner = &cast.business;
        let (attachment, url) = app.described(owner, "EVIDENCE", PDF).await;
        assert_eq!((&attachment["state"], &attachment["fileName"]), (&json!("AWAITING"), &json!("Наказ № 1.pdf")));
        assert_eq!(file(app, owner, owner).await["download"], Value::Null, "its bytes have not come");
        assert_eq!(app.put(&url, PDF).await, (StatusCode::NO_CONTENT, Value::Null));
        let stored = file(app, owner, owner).await;
        assert_eq!((&stored["state"], &stored["version"], &stored["uploadedAt"]), (&json!("STORED"), &json!(2), &json!("2026-11-24T09:00:00+00:00")));

        let (status, headers, text) = app.followed(&stored["download"]["url"]).await;
        assert_eq!((status, text.as_bytes()), (StatusCode::OK, PDF));
        let told = |name: header::HeaderName| headers[name].to_str().expect("a header").to_owned();
        assert_eq!(told(header::CONTENT_TYPE), "application/pdf");
        assert_eq!(told(header::CONTENT_DISPOSITION), "attachment; filename=\"_____ _ 1.pdf\"; filename*=UTF-8''%D0%9D%D0%B0%D0%BA%D0%B0%D0%B7%20%E2%84%96%201.pdf");
        assert_eq!((told(header::X_CONTENT_TYPE_OPTIONS), told(header::CACHE_CONTROL)), ("nosniff".to_owned(), "private, no-store".to_owned()));
        assert!(told(header::CONTENT_SECURITY_POLICY).starts_with("sandbox; default-src 'none'"), "{headers:?}");
        for watcher in [&cast.association, &cast.administrator] {
            assert_eq!(app.followed(&file(app, watcher, owner).await["download"]["url"]).await.0, StatusCode::OK);
        }
        for other in [&Person::nobody(), &cast.donor, &cast.municipality] {
            let seen = app.data(other.token(), FILES, json!({ "id": owner.id() })).await;
            assert_eq!(seen["organisation"]["attachments"], Value::Null);
            let seen = app.data(other.token(), "query($id: ID!) { node(id: $id) { id } }", json!({ "id": attachment["id"] })).await;
            assert_eq!(seen["node"], Value::Null);
        }
        app.settle().await;
        let told = app.data(owner.token(), "{ changes(types: [UPLOAD_REQUESTED, ATTACHMENT_STORED]) { nodes { type version nodeId } } }", json!({})).await;
        assert_eq!(told["changes"]["nodes"], json!([
            { "type": "UPLOAD_REQUESTED", "version": 1, "nodeId": attachment["id"] },
            { "type": "ATTACHMENT_STORED", "version": 2, "nodeId": attachment["id"] },
        ]));
    }

    async fn what_is_not_what_was_described_is_refused_with_what_it_is_and_the_address_stays_good(app) {
        let cast = app.cast().await;
        let owner = &cast.business;
        let html = b"<!DOCTYPE html><script>alert(1)</script>";
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
        for (bytes, found) in [(PNG, "image/png"), (html, "an HTML page"), (svg, "an SVG image"), (b"MZ\x90\0\x03\0\0\0", "a program"), (b"PK\x03\x04\x14\0", "an archive")] {
            let (_, url) = app.described(owner, "EVIDENCE", bytes).await;
            let (status, answer) = app.put(&url, bytes).await;
            let error = &answer["errors"][0];
            assert_eq!((status, &error["extensions"]["code"], &error["extensions"]["field"]), (StatusCode::BAD_REQUEST, &json!("BAD_USER_INPUT"), &json!(["mediaType"])), "{answer}");
            assert!(error["message"].as_str().is_some_and(|message| message.contains(found)) && error["extensions"]["remedy"].as_str().is_some_and(|remedy| remedy.contains("PDF")), "{answer}");
        }
        let (attachment, url) = app.described(owner, "EVIDENCE", PDF).await;
        let mut other = PDF.to_vec();
        other[10] = b'2';
        let longer = [PDF, b"\n"].concat();
        for (bytes, field) in [(other.clone(), "sha256"), (longer, "size"), (PDF[..20].to_vec(), "size"), (Vec::new(), "size")] {
            let (status, answer) = app.put(&url, bytes).await;
            assert_eq!((status, &answer["errors"][0]["extensions"]["field"]), (StatusCode::BAD_REQUEST, &json!([field])), "{answer}");
        }
        // The same where no length was announced, and where the connection breaks.
        let parts = |parts: Vec<Result<&'static [u8], std::io::Error>>| Body::from_stream(stream::iter(parts.into_iter().map(|part| part.map(Bytes::from_static))));
        let (_, answer) = app.put(&url, parts(vec![Ok(PDF), Ok(b"more"), Ok(b"and more")])).await;
        assert_eq!(answer["errors"][0]["extensions"]["field"], json!(["size"]), "{answer}");
        let (_, answer) = app.put(&url, parts(vec![Ok(&PDF[..9]), Ok(&PDF[9..20])])).await;
        assert_eq!(answer["errors"][0]["extensions"]["field"], json!(["size"]), "{answer}");
        let (status, answer) = app.put(&url, parts(vec![Ok(&PDF[..20]), Err(std::io::Error::other("the connection broke"))])).await;
        assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (StatusCode::BAD_REQUEST, &json!("BAD_USER_INPUT")), "{answer}");
        assert_eq!(objects(app), Vec::<PathBuf>::new(), "nothing of it is kept");
        assert_eq!(app.put(&url, parts(vec![Ok(&PDF[..3]), Ok(&PDF[3..])])).await.0, StatusCode::NO_CONTENT);
        assert_eq!(file(app, owner, owner).await["id"], attachment["id"]);
        assert_eq!(objects(app).len(), 1);
    }

    async fn a_description_is_refused_for_each_thing_that_is_wrong_with_it(app) {
        let cast = app.cast().await;
        let owner = &cast.business;
        let right = described(owner, "EVIDENCE", "Наказ.pdf", "application/pdf", PDF);
        for (wrong, said) in [
            (json!({ "size": 0 }), "BAD_USER_INPUT size"),
            (json!({ "size": 10 * 1024 * 1024 + 1 }), "BAD_USER_INPUT size"),
            (json!({ "sha256": "abc" }), "BAD_USER_INPUT sha256"),
            (json!({ "mediaType": "image/svg+xml" }), "BAD_USER_INPUT mediaType"),
            (json!({ "mediaType": "text/html" }), "BAD_USER_INPUT mediaType"),
            (json!({ "fileName": "../" }), "BAD_USER_INPUT fileName"),
            (json!({ "fileName": "a\u{202e}fdp.exe" }), "BAD_USER_INPUT fileName"),
            (json!({ "organisationId": cast.utility.id() }), "FORBIDDEN"),
        ] {
            assert_eq!(app.refused(owner, "requestUpload", with(right.clone(), wrong)).await, said);
        }
        let viewer = app.person("viewer").await;
        app.join(&viewer, &owner.organisation, Role::Viewer).await;
        assert_eq!(app.refused(&viewer, "requestUpload", right.clone()).await, "FORBIDDEN");
        let named = app.done(owner, "requestUpload", with(right, json!({ "fileName": "..\\..\\C:\\boot.ini" }))).await;
        assert_eq!(named["attachment"]["fileName"], "boot.ini.pdf");
    }

    async fn an_address_takes_one_upload_within_half_an_hour(app) {
        let cast = app.cast().await;
        let owner = &cast.business;
        let (_, url) = app.described(owner, "EVIDENCE", PDF).await;
        assert_eq!(app.put(&url, PDF).await.0, StatusCode::NO_CONTENT);
        let gone = (StatusCode::GONE, json!("OUT_OF_TIME"));
        assert_eq!(code(app.put(&url, PDF).await), gone);
        let (_, url) = app.described(owner, "EVIDENCE", PDF).await;
        app.clock.advance(TimeDelta::minutes(30));
        assert_eq!(code(app.put(&url, PDF).await), gone);
        let (status, answer) = app.put(&json!("http://127.0.0.1:8080/uploads?token=none"), PDF).await;
        assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (StatusCode::NOT_FOUND, &json!("NOT_FOUND")));
        let stored = listed(app, owner, owner).await["nodes"][1].clone();
        let swapped = json!(stored["download"]["url"].as_str().expect("an address").replace("/downloads", "/uploads"));
        assert_eq!(app.put(&swapped, PDF).await.0, StatusCode::NOT_FOUND, "a token is good for one use");
    }

    async fn a_file_of_several_parts_comes_whole(app) {
        let cast = app.cast().await;
        let owner = &cast.business;
        let mut bytes = PDF.to_vec();
        bytes.resize(10 * 1024 * 1024, b' ');
        let (_, url) = app.described(owner, "EVIDENCE", &bytes).await;
        let parts: Vec<Result<Bytes, std::io::Error>> = bytes.chunks(60_000).map(|part| Ok(Bytes::copy_from_slice(part))).collect();
        assert_eq!(app.put(&url, Body::from_stream(stream::iter(parts))).await.0, StatusCode::NO_CONTENT);
        let (status, headers, text) = app.followed(&file(app, owner, owner).await["download"]["url"]).await;
        assert_eq!((status, headers[header::CONTENT_LENGTH].to_str().expect("a length")), (StatusCode::OK, "10485760"));
        assert!(text.as_bytes() == bytes);
    }

    async fn of_many_uploads_at_once_one_wins_and_its_bytes_are_kept(app) {
        let cast = app.cast().await;
        let owner = &cast.business;
        let (_, url) = app.described(owner, "EVIDENCE", PDF).await;
        let outcomes = join_all((0..8).map(|_| app.put(&url, PDF))).await;
        let won = outcomes.iter().filter(|(status, _)| *status == StatusCode::NO_CONTENT).count();
        assert!(won == 1 && outcomes.iter().all(|(status, _)| matches!(*status, StatusCode::NO_CONTENT | StatusCode::GONE | StatusCode::SERVICE_UNAVAILABLE)), "{outcomes:?}");
        assert_eq!(objects(app).len(), 1, "nothing of the others is kept");
        app.pass(TimeDelta::days(2)).await;
        assert_eq!(objects(app).len(), 1);
        let owner = &app.again(owner).await;
        assert_eq!(app.followed(&file(app, owner, owner).await["download"]["url"]).await.0, StatusCode::OK);
    }

    async fn who_may_no_more_when_the_last_byte_comes_has_stored_nothing(app) {
        let cast = app.cast().await;
        let owner = &cast.business;
        let mut editor = app.person("editor").await;
        app.join(&editor, &owner.organisation, Role::Editor).await;
        editor.organisation = owner.organisation.clone();
        for (loses, input, refused) in [("changeMemberRoles", json!({ "roles": ["VIEWER"] }), StatusCode::FORBIDDEN), ("removeMember", json!({}), StatusCode::NOT_FOUND)] {
            app.done(owner, "changeMemberRoles", with(step(&app.member(owner, "editor@mistok.example").await), json!({ "roles": ["EDITOR"] }))).await;
            let (_, url) = app.described(&editor, "EVIDENCE", PDF).await;
            let (sender, body) = begun();
            let before = begins(app).await;
            let (answer, ()) = join(app.put(&url, body), async {
                until_begun(app, before + 1).await;
                let member = app.member(owner, "editor@mistok.example").await;
                app.done(owner, loses, with(step(&member), input)).await;
                sender.send(Ok(Bytes::from_static(&PDF[20..]))).await.expect("it is read");
                drop(sender);
            })
            .await;
            assert_eq!(answer.0, refused, "{answer:?}");
            assert_eq!(objects(app), Vec::<PathBuf>::new(), "nothing is stored");
        }
    }

    async fn one_sender_has_few_uploads_at_once_and_a_file_one(app) {
        let cast = app.cast().await;
        let owner = &cast.business;
        let mut urls = Vec::new();
        for _ in 0..5 {
            urls.push(app.described(owner, "EVIDENCE", PDF).await.1);
        }
        let (senders, bodies): (Vec<_>, Vec<_>) = (0..4).map(|_| begun()).unzip();
        let (answers, ()) = join(join_all(urls.iter().zip(bodies).map(|(url, body)| app.put(url, body))), async {
            until_begun(app, 4).await;
            for url in [&urls[0], &urls[4]] {
                let (status, answer) = app.put(url, PDF).await;
                assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("UNAVAILABLE")), "{answer}");
            }
            assert_eq!(begins(app).await, 4, "what is refused so begins nothing");
            app.stored(&cast.utility, "EVIDENCE").await;
            drop(senders);
        })
        .await;
        assert!(answers.iter().all(|(status, _)| *status == StatusCode::BAD_REQUEST), "{answers:?}");
        for url in &urls {
            assert_eq!(app.put(url, PDF).await.0, StatusCode::NO_CONTENT, "the seats are free again");
        }
    }

    async fn a_link_ends_in_five_minutes_and_with_the_rights_of_whom_it_was_made_for(app) {
        let cast = app.cast().await;
        let owner = &cast.business;
        let stored = app.stored(owner, "EVIDENCE").await;
        let query = "query($id: ID!) { node(id: $id) { ... on Attachment { download { url } } } }";
        let link = async |person: &Person| app.data(person.token(), query, json!({ "id": stored["id"] })).await["node"]["download"]["url"].clone();
        let editor = app.person("editor").await;
        app.join(&editor, &owner.organisation, Role::Editor).await;
        let (theirs, ours) = (link(&editor).await, link(owner).await);
        let requested = app.done(&editor, "requestUpload", described(owner, "EVIDENCE", "Наказ.pdf", "application/pdf", PDF)).await;
        assert_eq!(app.followed(&theirs).await.0, StatusCode::OK);
        app.done(owner, "removeMember", step(&app.member(owner, "editor@mistok.example").await)).await;
        assert_eq!(app.followed(&theirs).await.0, StatusCode::NOT_FOUND, "a membership that was revoked");
        assert_eq!(app.put(&requested["upload"]["url"], PDF).await.0, StatusCode::NOT_FOUND);
        assert_eq!(app.followed(&ours).await.0, StatusCode::OK);
        app.clock.advance(TimeDelta::minutes(5));
        assert_eq!(app.followed(&ours).await.0, StatusCode::GONE);
        let again = link(owner).await;
        app.done(owner, "signOut", Value::Null).await;
        assert_eq!(app.followed(&again).await.0, StatusCode::NOT_FOUND, "a sign-in that ended");
        let mut damaged = again.as_str().expect("an address").to_owned();
        damaged.push('A');
        assert_eq!(app.followed(&json!(damaged)).await.0, StatusCode::NOT_FOUND);
    }

    async fn a_program_reads_files_with_its_token_and_adds_them_where_it_may_write(app) {
        let cast = app.cast().await;
        let owner = &cast.business;
        app.done(owner, "stepUp", json!({ "password": PASSWORD })).await;
        let made = async |scope: &str| {
            let wanted = json!({ "organisationId": owner.id(), "name": "Портал", "scopes": [scope], "expiresAt": app.now() + TimeDelta::days(30) });
            owner.with_token(&app.done(owner, "createApiToken", wanted).await["secret"])
        };
        let (writer, reader) = (made("WRITE").await, made("READ").await);
        app.stored(&writer, "CERTIFICATE").await;
        assert_eq!(app.refused(&reader, "requestUpload", described(owner, "CERTIFICATE", "a.pdf", "application/pdf", PDF)).await, "FORBIDDEN");
        let url = file(app, &reader, owner).await["download"]["url"].clone();
        assert_eq!(app.followed(&url).await.0, StatusCode::OK);
    }

    async fn a_file_is_removed_unless_a_certificate_rests_on_it(app) {
        let cast = app.cast().await;
        let owner = &cast.business;
        let paper = app.stored(owner, "CERTIFICATE").await;
        let certified = |paper: &Value| json!({ "certificates": [{ "code": "CC2-LICENCE", "name": "Ліцензія СС2", "attachmentId": paper["id"] }] });
        let declared = app.done(owner, "declareCapability", with(content::capability(&owner.organisation), certified(&paper))).await;
        let query = "query($id: ID!) { organisation(id: $id) { capability { certificates { code attachment { id } } } } }";
        let shown = async |person: &Person| app.data(person.token(), query, json!({ "id": owner.id() })).await;
        assert_eq!(shown(owner).await["organisation"]["capability"]["certificates"], json!([{ "code": "CC2-LICENCE", "attachment": { "id": paper["id"] } }]));
        assert_eq!(shown(&Person::nobody()).await["organisation"]["capability"]["certificates"], json!([{ "code": "CC2-LICENCE", "attachment": null }]));
        assert_eq!(app.refused(owner, "removeAttachment", json!({ "id": paper["id"] })).await, "INVALID_STATE id");

        let (awaited, _) = app.described(owner, "CERTIFICATE", PDF).await;
        let evidence = app.stored(owner, "EVIDENCE").await;
        let theirs = app.stored(&cast.utility, "CERTIFICATE").await;
        for (wrong, said) in [(&awaited, "INVALID_STATE"), (&evidence, "NOT_FOUND"), (&theirs, "NOT_FOUND")] {
            let input = with(content::capability(&declared), certified(wrong));
            assert_eq!(app.refused(owner, "declareCapability", input).await, format!("{said} certificates.0.attachmentId"));
        }
        app.done(owner, "declareCapability", content::capability(&declared)).await;
        assert_eq!(app.refused(owner, "removeAttachment", json!({ "id": paper["id"], "expectedVersion": 1 })).await, "STALE_VERSION expectedVersion");
        let kept = objects(app).len();
        assert_eq!(app.done(owner, "removeAttachment", json!({ "id": paper["id"] })).await["version"], 3);
        assert_eq!(app.refused(owner, "removeAttachment", json!({ "id": paper["id"] })).await, "NOT_FOUND id");
        app.settle().await;
        assert_eq!(objects(app).len(), kept - 1, "and its bytes go soon after");
    }

    async fn what_was_left_behind_is_taken_away_a_day_later(app) {
        let cast = app.cast().await;
        let owner = &cast.business;
        app.described(owner, "EVIDENCE", PDF).await;
        let (_, cut) = app.described(owner, "EVIDENCE", PDF).await;
        // A process that is killed leaves the object of an upload that no row names, and the draft of another.
        assert_eq!(app.put(&cut, &PDF[..20]).await.0, StatusCode::BAD_REQUEST);
        let names = app.rows("SELECT entity_id FROM job WHERE kind = 'FORGET_OBJECT'", |row| row.try_get::<uuid::Uuid>("", "entity_id").expect("an object")).await;
        assert_eq!(names.len(), 0, "what is refused by its length alone is never begun");
        let (_, cut) = app.described(owner, "EVIDENCE", PDF).await;
        app.put(&cut, Body::from_stream(stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(&PDF[..20]))]))).await;
        let names = app.rows("SELECT entity_id FROM job WHERE kind = 'FORGET_OBJECT'", |row| row.try_get::<uuid::Uuid>("", "entity_id").expect("an object")).await;
        let Place::Folder(folder) = &app.app.config.attachments else { panic!("tests keep files in a folder") };
        for name in [names[0].to_string(), format!("{}#1", names[0])] {
            std::fs::write(folder.join(name), PDF).expect("writes");
        }
        app.stored(owner, "EVIDENCE").await;
        mistok::jobs::begin_rounds(&app.app).await.expect("begins");
        app.settle().await;
        assert_eq!(objects(app).len(), 3);
        app.pass(TimeDelta::days(1) + TimeDelta::hours(1)).await;
        assert_eq!(objects(app).len(), 1, "the stored one stays");
        app.pass(TimeDelta::days(1)).await;
        let states = app.rows("SELECT state FROM attachment", |row| row.try_get::<String>("", "state").expect("a state")).await;
        assert_eq!(states, ["STORED"]);
    }

    async fn files_are_listed_in_pages_with_as_many_statements_as_one(app) {
        let cast = app.cast().await;
        let owner = &cast.business;
        let mut asked = Vec::new();
        for many in [1, 5] {
            while listed(app, owner, owner).await["totalCount"] != json!(many) {
                app.described(owner, "EVIDENCE", PDF).await;
            }
            app.statements();
            app.data(owner.token(), FILES, json!({ "id": owner.id(), "first": 100 })).await;
            asked.push(app.statements().len());
        }
        assert_eq!(asked[0], asked[1]);
        let page = app.data(owner.token(), FILES, json!({ "id": owner.id(), "first": 3 })).await["organisation"]["attachments"].clone();
        assert_eq!(page["pageInfo"]["hasNextPage"], true);
        let rest = app.data(owner.token(), FILES, json!({ "id": owner.id(), "first": 3, "after": page["pageInfo"]["endCursor"] })).await;
        assert_eq!(rest["organisation"]["attachments"]["nodes"].as_array().map(Vec::len), Some(2));
    }

    async fn an_organisation_that_nobody_checked_prepares_its_files(app) {
        let founder = app.founder("founder", organisation("BUSINESS", 70, "ТОВ «Нове»")).await;
        app.stored(&founder, "EVIDENCE").await;
        assert_eq!(file(app, &founder, &founder).await["state"], "STORED");
    }
}

/// The files of an organisation, as somebody sees them.
async fn listed(app: &TestApp, watcher: &Person, owner: &Person) -> Value {
    app.data(watcher.token(), FILES, json!({ "id": owner.id() })).await["organisation"]["attachments"].clone()
}

/// The newest of them.
async fn file(app: &TestApp, watcher: &Person, owner: &Person) -> Value {
    listed(app, watcher, owner).await["nodes"][0].clone()
}

/// A body of which twenty bytes have come, and where the rest goes.
fn begun() -> (mpsc::Sender<Result<Bytes, std::io::Error>>, Body) {
    let (sender, mut rest) = mpsc::channel(4);
    sender.try_send(Ok(Bytes::from_static(&PDF[..20]))).expect("room");
    (sender, Body::from_stream(stream::poll_fn(move |context| rest.poll_recv(context))))
}

/// How many uploads were begun.
async fn begins(app: &TestApp) -> usize {
    app.rows("SELECT id FROM job WHERE kind = 'FORGET_OBJECT'", |_| ()).await.len()
}

async fn until_begun(app: &TestApp, many: usize) {
    while begins(app).await < many {
        tokio::task::yield_now().await;
    }
}

fn code((status, answer): (StatusCode, Value)) -> (StatusCode, Value) {
    (status, answer["errors"][0]["extensions"]["code"].clone())
}

/// What the store of files holds.
fn objects(app: &TestApp) -> Vec<PathBuf> {
    let Place::Folder(folder) = &app.app.config.attachments else { panic!("tests keep files in a folder") };
    std::fs::read_dir(folder).map_or_else(|_| Vec::new(), |entries| entries.map(|entry| entry.expect("an entry").path()).collect())
}
