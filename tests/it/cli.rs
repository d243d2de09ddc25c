//! The command line, as the one who operates the program meets it: the binary itself, on SQLite in a folder of its own.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Output, Stdio};

use migration::{Migrator, MigratorTrait as _};
use mistok::config::DatabaseUrl;
use mistok::db::Db;
use sea_orm::ConnectionTrait as _;

use crate::support::program::{first_lines, mistok, mode, run};

#[test]
fn rows_do_not_go_with_the_schema_unasked() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    assert_eq!(run(&data, &["migrate", "up"]).0, Some(0));
    assert_eq!((mode(&data), mode(&data.join("mistok.db"))), (0o700, 0o600), "the data is its owner's alone");
    assert_eq!(run(&data, &["migrate", "down"]).0, Some(0), "an empty table goes");
    assert_eq!(run(&data, &["migrate", "status"]).0, Some(1));
    note(&data, "begun");
    let all = Migrator::migrations().len();
    let Output { status, stderr, .. } = mistok(&data, &["migrate", "down", "--steps", &all.to_string()]).env("MISTOK_YES", "1").output().expect("runs");
    let said = String::from_utf8_lossy(&stderr);
    assert!(status.code() == Some(1) && said.contains("m0001_setting (1 rows)") && said.contains("--yes"), "{said}");
    assert_eq!(run(&data, &["migrate", "status"]).0, Some(0), "nothing was changed");
    assert_eq!(run(&data, &["migrate", "down", "--steps", &(all - 1).to_string()]).0, Some(0), "empty tables go");
    let (code, said) = run(&data, &["migrate", "down"]);
    assert!(code == Some(1) && said.contains("--yes"), "the last one holds a row: {said}");
    assert_eq!(run(&data, &["migrate", "down", "--steps", "99", "--yes"]).0, Some(0));
    let (code, said) = run(&data, &["migrate", "down", "--yes"]);
    assert!(code == Some(1) && said.contains("no step of the schema is applied"), "{said}");
}

#[test]
fn the_proof_of_the_journal_does_not_go_unasked() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    run(&data, &["admin", "create", "--email", "ivan@mistok.example", "--name", "Ivan"]);
    let steps = Migrator::migrations().iter().filter(|step| step.name() >= "m0060").count();
    let (code, said) = run(&data, &["migrate", "down", "--steps", &steps.to_string()]);
    assert!(code == Some(1) && said.contains("m0060_event.digest (") && said.contains("The proof of the journal goes with them"), "{said}");
    let (code, said) = run(&data, &["audit", "verify"]);
    assert!(code == Some(0), "nothing was changed: {said}");
}

#[test]
fn a_folder_is_no_file_to_import() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    assert_eq!(run(&data, &["migrate", "up"]).0, Some(0));
    let table = folder.path().join("awards.csv");
    std::fs::create_dir(&table).expect("a folder");
    let (code, said) = run(&data, &["import", "awards", &table.to_string_lossy()]);
    assert!(code == Some(1) && said.contains("is a folder, not a file"), "{said}");
}

#[test]
fn a_taken_port_is_noticed_before_a_demonstration_is_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("demo");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let (code, said) = run(&data, &["serve", "--demo", "--listen", &address]);
    assert!(code == Some(1) && said.contains("--listen"), "{said}");
    assert!(!data.exists());
}

#[test]
fn a_demonstration_is_shown_to_nobody_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, said) = run(folder.path(), &["serve", "--demo", "--listen", "0.0.0.0:0"]);
    assert!(code == Some(1) && said.contains("loopback"), "{said}");
    note(folder.path(), "2027-01-01T00:00:00+00:00");
    let (code, said) = run(folder.path(), &["serve", "--listen", "0.0.0.0:0"]);
    assert!(code == Some(1) && said.contains("loopback"), "{said}");
}

#[test]
fn a_demonstration_that_was_interrupted_begins_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    note(folder.path(), "begun");
    let (code, said) = run(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
    assert!(code == Some(1) && said.contains("serve --demo"), "{said}");
    let mut served = mistok(folder.path(), &["serve", "--demo", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("serves");
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(served.stdout.take().expect("its output")));
    let told = lines.find(|line| line.as_ref().is_ok_and(|line| line.contains("/graphql")));
    served.kill().and_then(|()| served.wait()).expect("ends");
    assert!(told.is_some(), "it is served");
    let (_, found) = run(folder.path(), &["doctor"]);
    let organisations = found.lines().find(|line| line.contains("rows of organisation")).and_then(|line| line.split_whitespace().last());
    assert!(organisations.is_some_and(|rows| rows != "0"), "it is filled: {found}");
}

#[test]
fn the_first_start_prints_a_link_for_the_first_administrator_and_none_once_there_is_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let told = first_lines(&mut mistok(folder.path(), &["serve", "--listen", "127.0.0.1:0", "--public-url", "https://mistok.example/"]));
    assert!(told.contains("  https://mistok.example/first-administrator?token="), "{told}");
    let settings = [("MISTOK_ADMIN_EMAIL", "ivan@mistok.example"), ("MISTOK_ADMIN_PASSWORD", "чотири слова поспіль")];
    let told = first_lines(mistok(folder.path(), &["serve", "--listen", "127.0.0.1:0"]).envs(settings));
    assert!(told.contains("ivan@mistok.example runs the platform now") && !told.contains("слова"), "{told}");
    let told = first_lines(mistok(folder.path(), &["serve", "--listen", "127.0.0.1:0"]).envs(settings));
    assert!(!told.contains("runs the platform"), "{told}");
    assert_eq!(run(folder.path(), &["admin", "token", "ivan@mistok.example"]).0, Some(0));
}

#[test]
fn keys_rotate_on_the_command_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, said) = run(folder.path(), &["keys", "rotate"]);
    assert!(code == Some(1) && said.contains("no database"), "{said}");
    assert_eq!(run(folder.path(), &["admin", "create", "--email", "ivan@mistok.example", "--name", "Ivan"]).0, Some(0));
    let keys = || std::fs::read_to_string(folder.path().join("keys.json")).expect("keys");
    let before = keys();
    assert_eq!(run(folder.path(), &["keys", "rotate"]).0, Some(0));
    assert_ne!(keys(), before);
    assert_eq!(mode(&folder.path().join("keys.json")), 0o600);
    assert_eq!(run(folder.path(), &["admin", "token", "ivan@mistok.example"]).0, Some(0));
}

#[test]
fn a_second_factor_that_was_lost_is_taken_away_on_the_command_line() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(run(folder.path(), &["admin", "create", "--email", "ivan@mistok.example", "--name", "Ivan"]).0, Some(0));
    let remove = || run(folder.path(), &["admin", "remove-second-factor", "ivan@mistok.example"]);
    let (code, said) = remove();
    assert!(code == Some(1) && said.contains("nothing to take away") && !said.contains("enableSecondFactor"), "there is none: {said}");
    change(folder.path(), SECOND_FACTOR);
    let (code, said) = remove();
    assert!(code == Some(0) && said.contains("ivan@mistok.example"), "{said}");
    assert_eq!(remove().0, Some(1), "there is none any more");
    let (code, said) = run(folder.path(), &["admin", "remove-second-factor", "nobody@mistok.example"]);
    assert!(code == Some(1) && said.contains("NOT_FOUND") && said.contains("mistok admin create") && !said.contains("signed in"), "{said}");
    let (code, said) = run(folder.path(), &["admin", "create", "--email", "ivan@mistok.example", "--name", "Ivan"]);
    assert!(code == Some(1) && said.contains("mistok admin token"), "{said}");
}

#[test]
fn keys_that_leaked_are_replaced_and_what_hung_on_them_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(run(folder.path(), &["admin", "create", "--email", "ivan@mistok.example", "--name", "Ivan"]).0, Some(0));
    assert_eq!(run(folder.path(), &["admin", "token", "ivan@mistok.example"]).0, Some(0));
    change(folder.path(), SECOND_FACTOR);
    let file = folder.path().join("keys.json");
    let keys = || serde_json::from_slice::<serde_json::Value>(&std::fs::read(&file).expect("keys")).expect("keys");
    let before = keys();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("opens it to others");
    let (code, said) = run(folder.path(), &["keys", "rotate"]);
    assert!(code == Some(1) && said.contains("keys rotate --leaked"), "{said}");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("closes it");
    let (code, said) = run(folder.path(), &["keys", "rotate", "--leaked"]);
    assert!(code == Some(0) && said.contains("1 sign-in, 0 one-time links, 1 second factor"), "{said}");
    let after = keys();
    for name in ["token_seed", "next_token_seed", "seal_key"] {
        assert!(after[name].is_string() && after[name] != before[name] && after[name] != before["next_token_seed"], "{name}");
    }
    assert!(after["former_token_seed"].is_null() && after["identifier_key"] == before["identifier_key"]);
    let (_, said) = run(folder.path(), &["admin", "remove-second-factor", "ivan@mistok.example"]);
    assert!(said.contains("INVALID_STATE"), "it is gone: {said}");
}

#[test]
fn a_database_whose_tax_numbers_were_hashed_with_another_key_is_not_served() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path();
    let table = data.join("awards.csv");
    let number = (0..10)
        .map(|check| format!("325481231{check}"))
        .find(|number| mistok::reference::codes::Rnokpp::parse(number).is_ok_and(|code| code.checksum_valid()))
        .expect("one is right");
    std::fs::write(&table, format!("key,supplier_id,supplier_name,title,cpv\n1,{number},ФОП Шевченко,Міст,45221119-9\n")).expect("writes");
    assert_eq!(run(data, &["admin", "create", "--email", "ivan@mistok.example", "--name", "Ivan"]).0, Some(0));
    let (code, said) = run(data, &["import", "awards", table.to_str().expect("a path"), "--source", "PROZORRO"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(run(data, &["doctor"]).0, Some(0), "with its own keys all is well");
    let kept = data.join("kept.json");
    std::fs::rename(data.join("keys.json"), &kept).expect("loses the keys");
    let (code, said) = run(data, &["serve", "--listen", "127.0.0.1:0"]);
    assert!(code == Some(1) && said.contains("Put the keys.json back"), "{said}");
    let (code, said) = run(data, &["doctor"]);
    assert!(code == Some(1) && said.contains("✗  key of tax numbers"), "{said}");
    std::fs::rename(&kept, data.join("keys.json")).expect("finds them");
    assert!(first_lines(&mut mistok(data, &["serve", "--listen", "127.0.0.1:0"])).contains("/graphql"));
}

#[test]
fn facts_are_not_mixed_with_a_demonstration() {
    let folder = tempfile::tempdir().expect("a folder");
    note(folder.path(), "2027-01-01T00:00:00+00:00");
    assert_eq!(run(folder.path(), &["admin", "create", "--email", "admin@mistok.example", "--name", "Адміністраторка"]).0, Some(0));
    let table = folder.path().join("awards.csv");
    std::fs::write(&table, "key,supplier_id,title\n1,42734019,Міст\n").expect("writes");
    let (code, said) = run(folder.path(), &["import", "awards", table.to_str().expect("a path"), "--dry-run"]);
    assert!(code == Some(1) && said.contains("demonstration") && said.contains("--data"), "{said}");
}

#[test]
fn a_reader_that_has_read_enough_is_no_failure() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [&["schema"][..], &["doctor"], &["match", "P-1"]] {
        let mut command = mistok(folder.path(), arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("runs");
        drop((command.stdout.take(), command.stderr.take()));
        let code = command.wait().expect("ends").code();
        assert!(matches!(code, Some(0 | 1)), "{arguments:?} ended with {code:?}");
    }
}

/// A second factor of everybody.
const SECOND_FACTOR: &str = "INSERT INTO second_factor (id, account_id, enabled_at, last_step, recovery_used, failures, created_at) \
     SELECT id, id, created_at, 0, 0, 0, created_at FROM account";

/// A database that notes so of its demonstration.
fn note(data: &Path, value: &str) {
    assert_eq!(run(data, &["migrate", "up"]).0, Some(0));
    change(data, &format!("INSERT INTO setting (key, value) VALUES ('demo', '{value}')"));
}

/// Changes the database behind the program's back.
fn change(data: &Path, statement: &str) {
    let address = DatabaseUrl::parse(&format!("sqlite://{}/mistok.db", data.display())).expect("an address");
    let set = async {
        let db = Db::connect(&address).await.expect("connects");
        db.reader().execute_unprepared(statement).await.expect("changes");
        db.reader().close_by_ref().await.expect("closes");
    };
    tokio::runtime::Runtime::new().expect("a runtime").block_on(set);
}
