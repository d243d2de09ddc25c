//! Settings come from flags, variables, a file and defaults, in this order; `config` prints and checks them.

use std::fs::{Permissions, create_dir, read_to_string, set_permissions, write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::program::{Served, mistok, outcome, run};

const CLOSED: u32 = 0o600;

fn settings_in(folder: &Path, text: &str) {
    let file = folder.join("mistok.toml");
    write(&file, text).expect("writes");
    set_permissions(file, Permissions::from_mode(CLOSED)).expect("closes it");
}

fn with(text: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    settings_in(folder.path(), text);
    folder
}

/// A setting's value and source, as `config print --json` tells them.
fn printed(said: &str, name: &str) -> (Value, String) {
    let all: Value = serde_json::from_str(said).unwrap_or_else(|_| panic!("no JSON: {said}"));
    let setting = all["settings"].as_array().expect("settings").iter().find(|setting| setting["name"] == name).unwrap_or_else(|| panic!("no {name}"));
    (setting["value"].clone(), setting["source"].as_str().expect("a source").to_owned())
}

#[test]
fn a_flag_goes_before_a_variable_that_before_the_file_and_that_before_the_default() {
    let folder = with("session_hours = 1\naccess_minutes = 2\nmail_from = \"hub@mistok.example\"\ncors = [\"https://a.example\", \"https://b.example\"]\nno_migrate = true\n");
    let mut command = mistok(folder.path(), &["--json", "config", "print", "--session-hours", "3"]);
    let (code, said) = outcome(command.env("MISTOK_SESSION_HOURS", "4").env("MISTOK_ACCESS_MINUTES", "5"));
    assert_eq!(code, Some(0), "{said}");
    let setting = |name: &str| printed(&said, name);
    assert_eq!(setting("session_hours"), (Value::from(3), "flag".to_owned()));
    assert_eq!(setting("access_minutes"), (Value::from(5), "variable".to_owned()));
    assert_eq!(setting("mail_from"), (Value::from("hub@mistok.example"), "file".to_owned()));
    assert_eq!(setting("cors"), (serde_json::json!(["https://a.example", "https://b.example"]), "file".to_owned()));
    assert_eq!(setting("no_migrate"), (Value::from(true), "file".to_owned()));
    assert_eq!(setting("listen"), (Value::from("127.0.0.1:8080"), "default".to_owned()));
    assert_eq!(setting("public_url"), (Value::Null, "default".to_owned()));
}

#[test]
fn what_is_printed_is_a_settings_file_that_says_the_same() {
    let folder = with(
        "listen = \"127.0.0.1:0\"\npublic_url = \"https://hub.example\"\nverbose = 1\ntrusted_proxies = [\"10.0.0.0/8\"]\nmail_from = \"Хаб \\\"Місток\\\" <hub@mistok.example>\"\n",
    );
    let (code, said) = run(folder.path(), &["config", "print"]);
    assert!(code == Some(0) && said.contains("# file") && said.contains("# default"), "{said}");
    let again = with(&said);
    let values = |folder: &Path| -> Vec<Value> {
        let (code, said) = run(folder, &["--json", "config", "print"]);
        assert_eq!(code, Some(0), "{said}");
        let all: Value = serde_json::from_str(&said).expect("JSON");
        all["settings"].as_array().expect("settings").iter().filter(|setting| setting["name"] != "data").map(|setting| setting["value"].clone()).collect()
    };
    assert_eq!(values(folder.path()), values(again.path()));
}

#[test]
fn a_service_runs_by_its_file_and_other_commands_heed_it_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, data) = (folder.path().join("hub.toml"), folder.path().join("elsewhere"));
    write(&file, format!("data = {:?}\nlisten = \"127.0.0.1:0\"\npublic_url = \"https://hub.example/m\"\n", data.to_str().expect("a path"))).expect("writes");
    let command = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_mistok"));
        command.env_clear().env("MISTOK_CONFIG", &file).current_dir(folder.path()).args(arguments);
        command
    };
    let told = Served::start(&mut command(&["serve"])).told.clone();
    assert!(told.contains("https://hub.example/m/first-administrator"), "{told}");
    assert!(data.join("mistok.db").exists());
    assert_eq!(outcome(&mut command(&["migrate", "status"])).0, Some(0));
}

#[test]
fn a_file_that_is_wrong_is_told_whole_with_its_lines() {
    let folder = with("listen = \"here\"\n\nsesion_hours = 5\nsecond_factor = \"maybe\"\nadmin_password = [\"s3cret\"]\n");
    let (code, said) = run(folder.path(), &["config", "check"]);
    assert_eq!(code, Some(2), "{said}");
    for what in [
        "line 1: listen has a value that is not accepted: an address is such as 127.0.0.1:8080",
        "line 3: sesion_hours is no setting; session_hours is one",
        "line 4: second_factor has a value that is not accepted: it is required or optional",
        "line 5: admin_password is a text",
    ] {
        assert!(said.contains(&format!("mistok.toml, {what}")), "{what}: {said}");
    }
    assert!(!said.contains("s3cret"));
    assert_eq!(run(folder.path(), &["doctor"]).0, Some(2), "no command goes on with it");
    assert_eq!(run(folder.path(), &["--help"]).0, Some(0), "help does not read it");
    let (code, said) = run(folder.path(), &["--config", "/nowhere/mistok.toml", "config", "print"]);
    assert!(code == Some(2) && said.contains("/nowhere/mistok.toml cannot be read"), "{said}");
    settings_in(folder.path(), "demo = true\n");
    let (code, said) = run(folder.path(), &["config", "print"]);
    assert!(code == Some(2) && said.contains("--config"), "it would decide which file is read: {said}");
}

#[test]
fn a_file_with_a_password_that_others_can_read_is_refused() {
    let folder = with("mail = \"smtps://hub:s3cret@mail.example\"\n");
    let file = folder.path().join("mistok.toml");
    let (code, said) = run(folder.path(), &["config", "print"]);
    assert!(code == Some(0) && said.contains("# mail = \"smtps://…@mail.example\" # file, its password left out") && !said.contains("s3cret"), "{said}");
    set_permissions(&file, Permissions::from_mode(0o640)).expect("opens it");
    let (code, said) = run(folder.path(), &["config", "print"]);
    assert!(code == Some(2) && said.contains("chmod 600") && said.contains("its mail holds a password") && !said.contains("s3cret"), "{said}");
    write(&file, "mail = \"smtp://mail.example\"\n").expect("writes");
    assert_eq!(run(folder.path(), &["config", "print"]).0, Some(0), "without a password others may read it");
}

#[test]
fn settings_that_belong_together_may_come_from_several_places_and_half_of_them_is_refused() {
    let folder = with("listen = \"127.0.0.1:0\"\noidc_issuer = \"https://id.example\"\n");
    let command = |arguments: &[&str]| mistok(folder.path(), arguments);
    let told = Served::start(command(&["serve"]).env("MISTOK_OIDC_CLIENT_ID", "mistok")).told.clone();
    assert!(told.contains("GraphQL"), "{told}");
    let (code, said) = outcome(command(&["config", "check"]).env("MISTOK_OIDC_CLIENT_ID", "mistok"));
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = outcome(&mut command(&["serve"]));
    assert!(code == Some(2) && said.contains("oidc_issuer is set without oidc_client_id") && said.contains("Set both, or neither"), "{said}");
    let (code, said) = outcome(&mut command(&["config", "check"]));
    assert!(code == Some(1) && said.contains("✗  settings") && said.contains("Set both, or neither"), "{said}");
    settings_in(folder.path(), "listen = \"127.0.0.1:0\"\n");
    for (name, value) in [("MISTOK_OIDC_CLIENT_ID", "mistok"), ("MISTOK_OIDC_CLIENT_SECRET", "s3cret")] {
        let (code, said) = outcome(command(&["serve"]).env(name, value));
        assert!(code == Some(2) && said.contains("without oidc_issuer") && !said.contains("s3cret"), "{name}: {said}");
    }
}

#[test]
fn a_check_says_what_does_not_go_together_and_makes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let check = |arguments: &[&str]| run(&data, &[&["config", "check"], arguments].concat());
    let (code, said) = check(&[]);
    assert!(code == Some(0) && said.contains("all is as it should be"), "{said}");
    assert!(!data.exists());
    for (arguments, wrong) in [
        (&["--listen", "0.0.0.0:8080"][..], "links in letters"),
        (&["--public-url", "http://hub.example"], "links in letters"),
        (&["--cors", "hub.example/page"], "origin of browsers"),
        (&["--trusted-proxies", "0.0.0.0/0"], "trusted proxies"),
        (&["--public-url", "https://hub.example"], "trusted proxies"),
        (&["--metrics-listen", "127.0.0.1:8080"], "metrics"),
        (&["--metrics-listen", "0.0.0.0:8080"], "metrics"),
        (&["--mail", "pigeon"], "settings"),
        (&["--mail", "smtp://mail.example"], "letters"),
        (&["--mail", "smtps://mail.example", "--public-url", "https://hub.example"], "sender of letters"),
        (&["--mail", "smtps://mail.example", "--mail-from", "hub@hub.example"], "links in letters"),
        (&["--mail", "smtps://mail.example", "--mail-from", "hub@hub.example", "--public-url", "https://localhost/hub"], "links in letters"),
        (&["--listen", "0.0.0.0:8080", "--public-url", "http://127.0.0.1:8080"], "links in letters"),
        (&["--attachments", "/proc/files"], "attachments"),
        (&["--oidc-client-id", "mistok"], "settings"),
        (&["--admin-email", "ivan@mistok.example"], "settings"),
        (&["--demo", "--listen", "0.0.0.0:8080"], "listens at"),
    ] {
        let (code, said) = check(arguments);
        assert!(code == Some(1) && said.contains(&format!("✗  {wrong}")), "{arguments:?}: {said}");
    }
    let (_, said) = check(&["--mail", "smtps://mail.example"]);
    assert!(said.contains("set mail_from") && said.contains("set public_url"), "{said}");
    let proxied = ["--mail", "smtps://mail.example", "--mail-from", "hub@hub.example", "--public-url", "https://hub.example", "--trusted-proxies", "127.0.0.1"];
    assert_eq!(check(&proxied).0, Some(0));
    assert_eq!(check(&["--listen", "0.0.0.0:8080", "--public-url", "https://hub.example", "--trusted-proxies", "10.0.0.0/8,fd00::/8"]).0, Some(0));
    create_dir(&data).expect("a folder");
    write(data.join("keys.json"), "{}").expect("writes");
    set_permissions(data.join("keys.json"), Permissions::from_mode(0o644)).expect("opens it");
    set_permissions(&data, Permissions::from_mode(0o777)).expect("opens it");
    let (code, said) = check(&[]);
    assert!(code == Some(1) && said.contains("✗  key file mode          0644") && said.contains("✗  data folder"), "{said}");
    assert_eq!(read_to_string(data.join("keys.json")).expect("reads"), "{}");
}

#[test]
fn shells_complete_the_command_line() {
    let folder = tempfile::tempdir().expect("a folder");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, said) = run(folder.path(), &["completions", shell]);
        assert!(code == Some(0) && said.contains("trusted-proxies") && said.contains("backtest"), "{shell}");
    }
}

#[tokio::test]
async fn a_callers_address_is_what_a_trusted_proxy_says_and_what_nobody_else_says() {
    let folder = tempfile::tempdir().expect("a folder");
    for (trusted, client) in [(&["--trusted-proxies", "127.0.0.0/8"][..], "2001:db8::17"), (&[], "127.0.0.1")] {
        let mut command = mistok(folder.path(), &["--log-format", "json", "serve", "--listen", "127.0.0.1:0"]);
        let served = Served::start(command.args(trusted));
        let request = reqwest::Client::new().get(served.address("GraphQL").replace("/graphql", "/health/live"));
        let request = request.header("forwarded", "for=203.0.113.1, for=\"[2001:db8::17]:4711\"").header("x-forwarded-for", "203.0.113.2");
        request.send().await.expect("an answer");
        let log = served.stop();
        let line = log.lines().find(|line| line.contains("\"answered\"")).unwrap_or_else(|| panic!("no line in {log}"));
        assert!(line.contains(&format!("\"client\":\"{client}\"")) && !line.contains("203.0.113"), "{line}");
    }
}
