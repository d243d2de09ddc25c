//! A backup is whole, also when others write meanwhile, and becomes the same installation elsewhere; what is not whole is refused.

use std::ffi::OsString;
use std::fs::{self, File, Permissions, create_dir, read, read_dir, write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use mistok::events::sequencer;
use sea_orm::{ConnectionTrait as _, DbBackend};
use serde_json::json;

use crate::on_both;
use crate::support::content::{edrpou, organisation};
use crate::support::files::{PDF, sha256};
use crate::support::program::{Served, mistok, mode, outcome, run};

const REGISTER: &str = "mutation($input: RegisterOrganisationInput!) { registerOrganisation(input: $input) { organisation { id } userErrors { code } } }";
const UPLOAD: &str = "mutation($input: RequestUploadInput!) { requestUpload(input: $input) { upload { url } userErrors { code message } } }";
/// Number of the first organisation that is made while a backup is.
const FIRST: u32 = 2;
const FIND: &str = "query($id: String!) { organisation(identifier: { scheme: \"UA-EDR\", id: $id }) { id } }";

fn said(arguments: &[&str], data: &Path) -> String {
    let (code, said) = run(data, arguments);
    assert_eq!(code, Some(0), "{arguments:?}: {said}");
    said
}

/// An installation with an administrator.
fn installed(data: &Path) {
    said(&["admin", "create", "--email", "ivan@mistok.example", "--name", "Ivan"], data);
}

/// An installation with an administrator and a file of an organisation; gives the name of its bytes.
async fn installed_with_a_file(data: &Path, files: &Path) -> OsString {
    installed(data);
    let token = said(&["admin", "token", "ivan@mistok.example"], data).lines().next().expect("a token").to_owned();
    let served = Served::start(&mut mistok(data, &["serve", "--listen", "127.0.0.1:0"]));
    attached(&served, &token, files).await
}

/// Puts a file in, as an owner does; gives the name of its bytes.
async fn attached(served: &Served, token: &str, files: &Path) -> OsString {
    let made = served.data(Some(token), REGISTER, json!({ "input": organisation("BUSINESS", 1, "ТОВ «Перше»") })).await;
    let input = json!({
        "organisationId": made["registerOrganisation"]["organisation"]["id"],
        "purpose": "EVIDENCE",
        "fileName": "Наказ.pdf",
        "mediaType": "application/pdf",
        "size": PDF.len(),
        "sha256": sha256(PDF),
    });
    let upload = served.data(Some(token), UPLOAD, json!({ "input": input })).await;
    let address = upload["requestUpload"]["upload"]["url"].as_str().unwrap_or_else(|| panic!("no address: {upload}"));
    assert!(reqwest::Client::new().put(address).body(PDF).send().await.expect("an answer").status().is_success());
    read_dir(files).expect("a folder").next().expect("a file").expect("an entry").file_name()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_before_a_backup_is_in_it_though_others_write_meanwhile() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, other, file) = (folder.path().join("data"), folder.path().join("other"), folder.path().join("mistok.tar"));
    installed(&data);
    let token = said(&["admin", "token", "ivan@mistok.example"], &data).lines().next().expect("a token").to_owned();
    write(data.join("mistok.toml"), "session_hours = 7\n").expect("writes");
    let served = Arc::new(Served::start(&mut mistok(&data, &["serve", "--listen", "127.0.0.1:0"])));
    let object = attached(&served, &token, &data.join("attachments")).await;
    // What another is sending just now, and what no row names.
    write(data.join("attachments").join(format!("{}#1", object.to_string_lossy())), b"%PDF").expect("writes");
    write(data.join("attachments").join(uuid::Uuid::nil().to_string()), b"left over").expect("writes");
    let (known, ending) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let writer = tokio::spawn({
        let (served, token, known, ending) = (Arc::clone(&served), token.clone(), Arc::clone(&known), Arc::clone(&ending));
        async move {
            for number in FIRST.. {
                let done = served.data(Some(&token), REGISTER, json!({ "input": organisation("BUSINESS", number, "ТОВ «Нове»") })).await;
                assert!(done["registerOrganisation"]["organisation"]["id"].is_string(), "{done}");
                known.store(number, Ordering::SeqCst);
                if ending.load(Ordering::SeqCst) > 0 {
                    return;
                }
            }
        }
    });
    while known.load(Ordering::SeqCst) < FIRST + 10 {
        tokio::task::yield_now().await;
    }
    let before = known.load(Ordering::SeqCst);
    let (from, to) = (data.clone(), file.clone());
    let made = tokio::task::spawn_blocking(move || run(&from, &["backup", to.to_str().expect("a path")])).await.expect("ends");
    assert_eq!(made.0, Some(0), "{}", made.1);
    let after = known.load(Ordering::SeqCst);
    ending.store(1, Ordering::SeqCst);
    writer.await.expect("writes");
    assert!(after > before, "others wrote meanwhile");
    assert_eq!(mode(&file), 0o600);
    assert!(leftovers(folder.path()).is_empty());
    drop(served);

    let told = said(&["restore", file.to_str().expect("a path")], &other);
    assert!(told.contains("signed after that moment read as cut off"), "an honest restore looks like a forgery: {told}");
    assert_eq!(read(other.join("attachments").join(&object)).expect("reads"), PDF);
    assert_eq!(read_dir(other.join("attachments")).expect("a folder").count(), 1, "only what a row names");
    assert!(!other.join(".mistok-restoring").exists());
    assert_eq!(read(other.join("keys.json")).expect("reads"), read(data.join("keys.json")).expect("reads"));
    assert_eq!((mode(&other.join("keys.json")), mode(&other.join("mistok.db")), mode(&other)), (0o600, 0o600, 0o700));
    assert!(said(&["--json", "config", "print"], &other).contains("\"value\": 7"));
    let again = Served::start(&mut mistok(&other, &["serve", "--listen", "127.0.0.1:0"]));
    for number in FIRST..=before {
        let found = again.data(Some(&token), FIND, json!({ "id": edrpou(number) })).await;
        assert!(found["organisation"]["id"].is_string(), "{number} of {before} was acknowledged");
    }
    drop(again);
    assert_eq!(run(&other, &["doctor"]).0, Some(0));
}

#[test]
fn a_backup_replaces_nothing_and_is_restored_over_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("mistok.tar"));
    let path = file.to_str().expect("a path");
    let (code, told) = run(&data, &["backup", path]);
    assert!(code == Some(1) && told.contains("no database"), "{told}");
    installed(&data);
    write(&file, "another's").expect("writes");
    let (code, told) = run(&data, &["backup", path]);
    assert!(code == Some(1) && told.contains("is there already"), "{told}");
    assert_eq!(read(&file).expect("reads"), b"another's");
    fs::remove_file(&file).expect("goes");
    said(&["backup", path], &data);
    let (code, told) = run(&data, &["restore", path]);
    assert!(code == Some(1) && told.contains("is not empty"), "{told}");
    fs::set_permissions(&file, Permissions::from_mode(0o644)).expect("opens it");
    let (code, told) = run(&folder.path().join("other"), &["restore", path]);
    assert!(code == Some(1) && told.contains("chmod 600"), "its keys can be read by others: {told}");
    fs::set_permissions(data.join("keys.json"), Permissions::from_mode(0o644)).expect("opens them");
    let (code, told) = run(&data, &["backup", &format!("{path}2")]);
    assert!(code == Some(1) && told.contains("chmod 600"), "keys that others can read are refused: {told}");
}

#[test]
fn a_damaged_backup_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("mistok.tar"));
    installed(&data);
    said(&["backup", file.to_str().expect("a path")], &data);
    let whole = read(&file).expect("reads");
    let flipped = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    };
    let seed = whole.windows(10).position(|bytes| bytes == b"token_seed").expect("the keys are in it");
    for (name, bytes) in [
        ("a bit of the database", flipped(whole.len() / 2)),
        ("a bit of the keys", flipped(seed + 20)),
        ("a bit of a header", flipped(100)),
        ("half of it", whole[..whole.len() / 2].to_vec()),
        ("all but its manifest", whole[..whole.windows(13).rposition(|bytes| bytes == b"manifest.json").expect("a manifest")].to_vec()),
        ("nothing", Vec::new()),
        ("a letter", b"Dear all".to_vec()),
    ] {
        let (damaged, target) = (folder.path().join("damaged.tar"), folder.path().join("target"));
        write(&damaged, bytes).expect("writes");
        fs::set_permissions(&damaged, Permissions::from_mode(0o600)).expect("closes it");
        let (code, told) = run(&target, &["restore", damaged.to_str().expect("a path")]);
        assert!(code == Some(1) && told.contains("no backup that can be used"), "{name}: {told}");
        assert_eq!(read_dir(&target).expect("a folder").count(), 0, "{name}");
    }
}

#[tokio::test]
async fn a_backup_that_is_killed_leaves_nothing_that_looks_like_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let object = installed_with_a_file(&data, &data.join("attachments")).await;
    // Nothing but a hole, which takes long to read all the same.
    File::create(data.join("attachments").join(object)).and_then(|file| file.set_len(4 << 30)).expect("a large file");
    let backups = folder.path().join("backups");
    create_dir(&backups).expect("a folder");
    let file = backups.join("mistok.tar");
    let mut making = mistok(&data, &["backup", file.to_str().expect("a path")]).spawn().expect("runs");
    let is_copied = || read_dir(&backups).expect("a folder").any(|entry| entry.expect("an entry").path().join("mistok.db").exists());
    waited(&mut making, is_copied);
    making.kill().and_then(|()| making.wait()).expect("ends");
    let left = leftovers(&backups);
    assert!(!file.exists() && left.len() == 1 && left[0].starts_with(".mistok-unfinished-"), "{left:?}");
}

#[tokio::test]
async fn a_backup_clears_away_what_a_killed_one_left_and_nothing_of_one_that_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, other) = (folder.path().join("data"), folder.path().join("other"));
    let object = installed_with_a_file(&data, &data.join("attachments")).await;
    installed(&other);
    // Reading waits until somebody writes, which nobody does.
    fs::remove_file(data.join("attachments").join(&object)).expect("goes");
    pipe(&data.join("attachments").join(&object));
    let backups = folder.path().join("backups");
    create_dir(&backups).expect("a folder");
    let path = |name: &str| backups.join(name).to_str().expect("a path").to_owned();
    let mut making = mistok(&data, &["backup", &path("mistok.tar")]).spawn().expect("runs");
    let is_copied = || read_dir(&backups).expect("a folder").any(|entry| entry.expect("an entry").path().join("mistok.db").exists());
    waited(&mut making, is_copied);
    said(&["backup", &path("one.tar")], &other);
    assert!(is_copied() && making.try_wait().expect("runs").is_none(), "it goes on");
    making.kill().and_then(|()| making.wait()).expect("ends");
    said(&["backup", &path("two.tar")], &other);
    let mut names = leftovers(&backups);
    names.sort();
    assert_eq!(names, ["one.tar", "two.tar"]);
}

#[test]
fn a_restore_that_was_killed_is_made_anew_at_the_same_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, other, file) = (folder.path().join("data"), folder.path().join("other"), folder.path().join("mistok.tar"));
    installed(&data);
    said(&["backup", file.to_str().expect("a path")], &data);
    let waits = folder.path().join("waits.tar");
    pipe(&waits);
    let mut filling = mistok(&other, &["restore", waits.to_str().expect("a path")]).spawn().expect("runs");
    waited(&mut filling, || other.exists() && leftovers(&other).iter().any(|name| name.starts_with(".mistok-unfinished-")));
    let again = || run(&other, &["restore", file.to_str().expect("a path")]);
    let (code, told) = again();
    assert!(code == Some(1) && told.contains(&format!("another restore fills {} now", other.display())), "{told}");
    filling.kill().and_then(|()| filling.wait()).expect("ends");
    let (code, told) = run(&other, &["admin", "token", "ivan@mistok.example"]);
    assert!(code == Some(1) && told.contains("no database"), "{told}");
    assert_eq!(again().0, Some(0));
    assert_eq!(names_in(&other), ["keys.json", "mistok.db"]);
    assert_eq!(run(&other, &["doctor"]).0, Some(0));

    write(other.join(".mistok-restoring"), "").expect("as a restore leaves it that was killed while it put files there");
    let (code, told) = again();
    assert!(code == Some(1) && told.contains(&format!("remove {} with all that is in it", other.display())), "{told}");
    assert!(other.join("keys.json").exists() && other.join(".mistok-restoring").exists());
}

/// A file that has its reader wait.
fn pipe(path: &Path) {
    assert!(std::process::Command::new("mkfifo").args(["-m", "600"]).arg(path).status().expect("runs").success());
}

/// Waits until something is so that a program that runs brings about.
fn waited(program: &mut std::process::Child, is_so: impl Fn() -> bool) {
    while !is_so() {
        assert!(program.try_wait().expect("runs").is_none(), "it is not done yet");
        std::thread::yield_now();
    }
}

/// What is in a folder.
fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn attachments_elsewhere_are_in_a_backup_and_come_into_the_data_folder_and_a_bucket_is_said_not_to_be() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, other, files, file) = (folder.path().join("data"), folder.path().join("other"), folder.path().join("files"), folder.path().join("mistok.tar"));
    let path = file.to_str().expect("a path");
    create_dir(&data).expect("a folder");
    write(data.join("mistok.toml"), format!("session_hours = 7\nattachments = {:?}\n", files.to_str().expect("a path"))).expect("writes");
    let object = installed_with_a_file(&data, &files).await;
    said(&["backup", path], &data);
    let told = said(&["restore", path], &other);
    assert_eq!(read(other.join("attachments").join(&object)).expect("reads"), PDF);
    assert!(told.contains("mistok.toml.restored, since its attachments leads elsewhere") && told.contains(&format!("which were in {}", files.display())), "{told}");
    assert!(!other.join("mistok.toml").exists() && other.join("mistok.toml.restored").exists());
    assert_eq!(run(&other, &["doctor"]).0, Some(0));

    let inside = folder.path().join("bucket.tar");
    let inside = inside.to_str().expect("a path");
    let told = said(&["backup", inside, "--attachments", "s3://bucket/prefix"], &data);
    assert!(told.contains("The attachments are not in it but in s3://bucket/prefix"), "{told}");
    let told = said(&["restore", inside], &folder.path().join("third"));
    assert!(told.contains("not in the backup but in s3://bucket/prefix"), "{told}");
    let told = said(&["--json", "backup", &format!("{inside}2"), "--attachments", "s3://bucket/prefix"], &data);
    assert!(told.contains("\"included\": false"), "{told}");

    fs::remove_file(files.join(&object)).expect("goes");
    let told = said(&["backup", &format!("{inside}3")], &data);
    assert!(told.contains(&format!("The attachment {} is named and not there", object.to_string_lossy())), "{told}");
}

#[test]
fn a_restore_that_was_cut_off_is_not_served() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    installed(&data);
    write(data.join(".mistok-restoring"), "").expect("writes");
    for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["restore", "mistok.tar"], &["admin", "token", "ivan@mistok.example"]] {
        let (code, told) = run(&data, arguments);
        assert!(code == Some(1) && told.contains("did not come to its end") && told.contains("restore the backup again"), "{arguments:?}: {told}");
    }
}

#[test]
fn a_backup_without_keys_is_refused_with_what_mends_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    installed(&data);
    fs::remove_file(data.join("keys.json")).expect("goes");
    let (code, told) = run(&data, &["backup", folder.path().join("mistok.tar").to_str().expect("a path")]);
    assert!(code == Some(1) && told.contains("Put keys.json back into"), "{told}");
}

/// What is in a folder beside the files and folders of these tests.
fn leftovers(folder: &Path) -> Vec<String> {
    let names = read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    names.filter(|name| !["data", "other", "mistok.tar"].contains(&name.as_str())).collect()
}

#[test]
fn beside_postgresql_the_keys_are_backed_up_and_the_line_for_the_rest_is_printed_without_its_password() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, other, file) = (folder.path().join("data"), folder.path().join("other"), folder.path().join("mistok.tar"));
    installed(&data);
    let path = file.to_str().expect("a path");
    let away = |data: &Path, arguments: &[&str]| outcome(mistok(data, arguments).env("MISTOK_DATABASE_URL", "postgres://mistok:s3cret@db.example:5433/hub"));
    let (code, told) = away(&data, &["backup", path]);
    let line = format!("pg_dump --dbname=postgres://mistok@db.example:5433/hub --format=custom --file={path}.dump");
    assert!(code == Some(1) && told.contains(&line) && !told.contains("s3cret") && !file.exists(), "the dump comes first: {told}");
    for junk in ["", "something else"] {
        write(format!("{path}.dump"), junk).expect("writes");
        let (code, told) = away(&data, &["backup", path]);
        assert!(code == Some(1) && told.contains("is no dump in the custom format") && told.contains(&line) && !file.exists(), "{told}");
    }
    write(format!("{path}.dump"), "PGDMP, and so on").expect("writes");
    let dump = std::fs::File::options().write(true).open(format!("{path}.dump")).expect("opens");
    let written = dump.metadata().and_then(|dump| dump.modified()).expect("a time");
    dump.set_modified(written - Duration::from_hours(13)).expect("is old");
    let (code, told) = away(&data, &["backup", path]);
    assert!(code == Some(1) && told.contains("is more than twelve hours old") && !file.exists(), "{told}");
    write(format!("{path}.dump"), "PGDMP, and so on").expect("writes");
    create_dir(data.join("attachments")).expect("a folder");
    let object = uuid::Uuid::nil().to_string();
    write(data.join("attachments").join(&object), PDF).expect("writes");
    write(data.join("attachments").join(format!("{object}#1")), PDF).expect("writes");
    let (code, told) = away(&data, &["backup", path]);
    assert!(code == Some(0) && told.contains(&format!("in {path}.dump")) && !told.contains("s3cret"), "{told}");
    let (code, told) = run(&other, &["restore", path]);
    assert!(code == Some(1) && told.contains("--database"), "it has no rows: {told}");
    let (code, told) = away(&other, &["restore", path]);
    assert!(code == Some(0) && told.contains(&format!("--exit-on-error --single-transaction {path}.dump")) && !told.contains("s3cret"), "{told}");
    assert_eq!(read(other.join("keys.json")).expect("reads"), read(data.join("keys.json")).expect("reads"));
    assert!(!other.join("mistok.db").exists());
    assert_eq!(read_dir(other.join("attachments")).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect::<Vec<_>>(), [object.as_str()]);
}

on_both! {
    async fn events_that_a_dump_of_another_server_brought_unnumbered_get_their_place(app) {
        app.person("oksana").await;
        if app.app.db.backend() == DbBackend::Postgres {
            app.app.db.reader().execute_unprepared("UPDATE event SET xact = '999999999999' WHERE seq IS NULL").await.expect("as a dump brings them");
            assert!(sequencer::run_once(&app.app).await.expect("numbers") > 0);
        }
        let open = app.rows("SELECT COUNT(*) AS open FROM event WHERE seq IS NULL", |row| row.try_get::<i64>("", "open").expect("a count")).await;
        assert_eq!(open, [0]);
    }
}
