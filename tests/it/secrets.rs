//! No secret is told: a whole run of the program, in which everything is planted, handed out or gone wrong, is searched for them.

use std::collections::BTreeSet;
use std::fs::{Permissions, read_to_string, set_permissions, write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use mistok::clock::{Clock as _, SystemClock};
use mistok::config::{Config, DatabaseUrl};
use mistok::mail::Route;
use serde_json::{Value, json};

use crate::support::content::organisation;
use crate::support::program::{Served, mistok, outcome};
use crate::support::socket::Address;

const PASSWORD: &str = "planted-password-of-a-person";
const WRONG: &str = "planted-wrong-password";
const ADMINISTRATOR: &str = "planted-password-of-the-administrator";
const SMTP: &str = "planted-password-of-smtp";
const DATABASE: &str = "planted-password-of-the-database";
const BEARER: &str = "planted-bearer-that-holds-nowhere";

const SIGN_UP: &str = "mutation($input: SignUpInput!) { signUp(input: $input) { userErrors { code message remedy } } }";
const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { accessToken refreshToken userErrors { code message remedy } } }";
const STEP_UP: &str = "mutation($input: StepUpInput!) { stepUp(input: $input) { userErrors { code message remedy } } }";
const PREPARE: &str = "mutation { prepareSecondFactor { address userErrors { code } } }";
const ENABLE: &str = "mutation($input: EnableSecondFactorInput!) { enableSecondFactor(input: $input) { recoveryCodes userErrors { code } } }";
const CONFIRM: &str = "mutation($input: ConfirmEmailInput!) { confirmEmail(input: $input) { userErrors { code message remedy } } }";
const REGISTER: &str = "mutation($input: RegisterOrganisationInput!) { registerOrganisation(input: $input) { organisation { id } userErrors { code message } } }";
const TOKEN: &str = "mutation($input: CreateApiTokenInput!) { createApiToken(input: $input) { secret userErrors { code message } } }";
const REFRESH: &str = "mutation($input: RefreshSessionInput!) { refreshSession(input: $input) { accessToken refreshToken userErrors { code message } } }";
const RESET: &str = "mutation($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { userErrors { code } } }";

/// What must not be told, and what was told.
#[derive(Default)]
struct Watch {
    secrets: BTreeSet<String>,
    told: Vec<(String, String)>,
}

impl Watch {
    fn secret(&mut self, secret: impl Into<String>) -> String {
        let secret = secret.into();
        assert!(secret.len() >= 8, "{secret} would be found everywhere");
        self.secrets.insert(secret.clone());
        secret
    }

    fn heard(&mut self, place: &str, text: impl Into<String>) {
        self.told.push((place.to_owned(), text.into()));
    }

    fn nothing_was_told(&self) {
        assert!(self.secrets.len() > 20, "they were planted");
        for (place, text) in &self.told {
            for secret in &self.secrets {
                assert!(!text.contains(secret.as_str()), "{place} tells {secret}:\n{}", text.lines().find(|line| line.contains(secret.as_str())).unwrap_or_default());
            }
        }
    }

    /// Everything that happens to a person's secrets over HTTP.
    async fn story(&mut self, served: &Served, data: &Path) {
        self.told.push(("an answer".to_owned(), served.ask(None, SIGN_UP, json!({ "input": { "email": "oksana@mistok.example", "name": "Оксана", "password": PASSWORD } })).await));
        for password in [WRONG, "planted-wrong-password-again"] {
            let input = json!({ "input": { "email": "oksana@mistok.example", "password": password } });
            self.heard("a refusal of a sign-in", served.ask(None, SIGN_IN, input).await);
        }
        // What hands a secret out is not searched; it is remembered.
        let handed = async |token: Option<&str>, query: &str, input: Value| served.data(token, query, json!({ "input": input })).await;
        let signed = handed(None, SIGN_IN, json!({ "email": "oksana@mistok.example", "password": PASSWORD })).await["signIn"].clone();
        let token = self.secret(signed["accessToken"].as_str().expect("a token"));
        let refresh = self.secret(signed["refreshToken"].as_str().expect("a token"));
        let bearer = Some(token.as_str());
        self.heard("a step-up", served.ask(bearer, STEP_UP, json!({ "input": { "password": WRONG } })).await);
        self.heard("a step-up", served.ask(bearer, STEP_UP, json!({ "input": { "password": PASSWORD } })).await);
        let letter = links(data, 1).await.pop().expect("a link that confirms the address");
        let (_, mark) = letter.split_once("?token=").expect("a token");
        let mark = self.secret(mark.split('&').next().expect("a token").trim());
        self.heard("a confirmation", served.ask(None, CONFIRM, json!({ "input": { "token": mark, "password": PASSWORD } })).await);
        let made = handed(bearer, REGISTER, organisation("BUSINESS", 1, "ТОВ «Нове»")).await["registerOrganisation"]["organisation"]["id"].clone();
        let input = json!({ "organisationId": made, "name": "frontend", "scopes": ["READ"], "expiresAt": SystemClock.now() + chrono::TimeDelta::days(1) });
        let program = handed(bearer, TOKEN, input).await["createApiToken"].clone();
        let program = self.secret(program["secret"].as_str().unwrap_or_else(|| panic!("a token was made: {program}")));
        let address = served.data(bearer, PREPARE, json!({})).await["prepareSecondFactor"]["address"].as_str().expect("an address").to_owned();
        let (_, seed) = address.split_once("secret=").expect("a secret");
        self.secret(seed.split('&').next().expect("a secret"));
        let now = u64::try_from(SystemClock.now().timestamp()).expect("after 1970");
        let code = totp_rs::Totp::from_url(&address).expect("an app takes it").generate(now).to_string();
        let enabled = handed(bearer, ENABLE, json!({ "code": code })).await["enableSecondFactor"].clone();
        for code in enabled["recoveryCodes"].as_array().expect("codes") {
            self.secret(code.as_str().expect("a code"));
        }
        self.heard("a program's answer", served.ask(Some(&program), "{ viewer { organisations { id } } sectors { code } }", json!({})).await);
        self.heard("a reset", served.ask(None, RESET, json!({ "input": { "email": "oksana@mistok.example" } })).await);

        let renewed = handed(None, REFRESH, json!({ "refreshToken": refresh })).await["refreshSession"].clone();
        for name in ["accessToken", "refreshToken"] {
            self.secret(renewed[name].as_str().expect("a token"));
        }
        self.heard("a replay", served.ask(None, REFRESH, json!({ "input": { "refreshToken": refresh } })).await);
        self.errors(served, &token, &program).await;
        self.links(served, data).await;
    }

    /// What goes wrong with secrets in it.
    async fn errors(&mut self, served: &Served, ended: &str, program: &str) {
        for token in [BEARER, ended, &format!("{program}x"), "mst_planted-bearer-that-holds-nowhere"] {
            self.heard("a refusal of a token", served.ask(Some(token), "{ viewer { account { email } } }", json!({})).await);
        }
        for document in [
            format!("mutation {{ signIn(input: {{ email: \"a@b.c\", password: \"{PASSWORD}\" }}) {{ nothing }} }}"),
            format!("mutation {{ signIn(input: {{ email: \"a@b.c\", password: \"{PASSWORD}\" "),
            format!("mutation {{ signIn(input: {{ email: 5, password: \"{PASSWORD}\" }}) {{ accessToken }} }}"),
            format!("mutation {{ signIn(input: {{ email: \"no address\", password: \"{PASSWORD}\" }}) {{ userErrors {{ message remedy }} }} }}"),
        ] {
            self.heard("an error of a document", served.ask(None, &document, json!({})).await);
        }
        for variables in [json!({ "input": { "email": [], "password": PASSWORD } }), json!({ "input": [PASSWORD] }), json!({ "input": { "code": PASSWORD } })] {
            self.heard("an error of variables", served.ask(None, SIGN_IN, variables).await);
        }
        let http = reqwest::Client::new();
        let address = served.address("GraphQL");
        for (place, request) in [
            ("a body", http.post(address).header("content-type", "application/json").body(format!("{{ \"query\": {PASSWORD} }}"))),
            ("a query string", http.get(format!("{address}?query=%7Bsectors%7Bcode%7D%7D&variables={PASSWORD}"))),
            ("a path", http.get(format!("{}/reset-password?token={BEARER}", address.trim_end_matches("/graphql")))),
            ("an organisation", http.post(address).header("mistok-organisation", BEARER).json(&json!({ "query": "{ sectors { code } }" }))),
            ("a basic sign-in", http.post(address).basic_auth("oksana", Some(PASSWORD)).json(&json!({ "query": "{ sectors { code } }" }))),
        ] {
            let text = request.send().await.expect("an answer").text().await.expect("text");
            // The page of a link holds its own token, so that its form can send it.
            if place != "a path" {
                self.heard(place, text);
            }
        }
    }

    /// What is said over sockets, with tokens at their beginning and a sign-in in the middle.
    async fn sockets(&mut self, served: &Served) {
        let address = Address::of_service(served);
        let begin = |token: &str| json!({ "type": "connection_init", "payload": { "Authorization": format!("Bearer {token}") } });
        let mut refused = address.speaking().await;
        refused.say(begin(BEARER)).await;
        assert!(refused.ends().await, "the token holds nowhere");
        let mut socket = address.speaking().await;
        socket.say(json!({ "type": "connection_init" })).await;
        assert_eq!(socket.hears().await["type"], "connection_ack");
        socket.call("in", SIGN_IN, json!({ "input": { "email": "ivan@mistok.example", "password": ADMINISTRATOR } })).await;
        let signed = socket.answer("in").await["data"]["signIn"].clone();
        self.secret(signed["refreshToken"].as_str().expect("a token"));
        let token = self.secret(signed["accessToken"].as_str().expect("a token"));
        let mut socket = address.speaking().await;
        socket.say(begin(&token)).await;
        assert_eq!(socket.hears().await["type"], "connection_ack");
        socket.call("who", "{ viewer { account { email } } }", json!({})).await;
        self.heard("an answer over a socket", socket.answer("who").await.to_string());
    }

    /// The one-time links of letters, opened and used, where letters are files.
    async fn links(&mut self, served: &Served, data: &Path) {
        let before = self.secrets.len();
        for link in links(data, 2).await {
            let (page, token) = link.trim().split_once("?token=").expect("a token");
            self.secret(token.split('&').next().expect("a token"));
            let page = page.rsplit_once('/').expect("a page").1;
            let address = served.address("GraphQL").replace("/graphql", &format!("/{page}?token={token}"));
            reqwest::get(&address).await.expect("a page");
            let form = format!("token={token}&password={WRONG}");
            let sent = reqwest::Client::new().post(&address).header("content-type", "application/x-www-form-urlencoded").body(form).send();
            sent.await.expect("a page");
        }
        assert!(self.secrets.len() > before, "a link resets the password, beside the one that confirmed the address");
    }
}

/// The one-time links of letters, once there are so many.
async fn links(data: &Path, many: usize) -> Vec<String> {
    let mut links = Vec::new();
    // A letter is there before all of it is.
    for _ in 0..100 {
        let letters = std::fs::read_dir(data.join("mail")).into_iter().flatten().map(|letter| read_to_string(letter.expect("an entry").path()).expect("a letter"));
        links = letters.flat_map(|letter| letter.lines().filter(|line| line.starts_with("http") && line.contains("?token=")).map(str::to_owned).collect::<Vec<_>>()).collect();
        if links.len() >= many {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    links
}

#[tokio::test]
async fn no_secret_is_told_in_logs_errors_metrics_answers_or_settings() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path();
    let mut watch = Watch::default();
    for secret in [PASSWORD, WRONG, ADMINISTRATOR, SMTP, DATABASE, BEARER] {
        watch.secret(secret);
    }
    let settings = [("MISTOK_ADMIN_EMAIL", "ivan@mistok.example"), ("MISTOK_ADMIN_PASSWORD", ADMINISTRATOR), ("MISTOK_LOG_FORMAT", "json")];
    let served = |arguments: &[&str]| {
        let mut command = mistok(data, &["serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"]);
        command.args(arguments).envs(settings);
        command
    };

    let first = Served::start(&mut served(&["-vv"]));
    watch.story(&first, data).await;
    let metrics = reqwest::get(first.address("Metrics")).await.expect("metrics").text().await.expect("text");
    assert!(metrics.contains("mistok_errors_total"), "{metrics}");
    watch.heard("the metrics", metrics);
    let log = first.stop();
    assert!(log.contains("\"message\":\"answered\""), "it was logged: {log}");
    watch.heard("the log", log);

    // Letters that cannot go out, and a log of all there is.
    let route = format!("smtp://hub:{SMTP}@127.0.0.1:9?tls=required");
    let second = Served::start(served(&["--log", "trace"]).env("MISTOK_MAIL", &route));
    watch.heard("a reset", second.ask(None, RESET, json!({ "input": { "email": "oksana@mistok.example" } })).await);
    watch.heard("a refusal of a token", second.ask(Some(BEARER), "{ sectors { code } }", json!({})).await);
    watch.sockets(&second).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let log = second.stop();
    assert!(log.contains("a job failed"), "the letter did not go out: {log}");
    watch.heard("the log of all there is", log);

    keys(&mut watch, data);
    commands(&mut watch, data, &route);
    watch.nothing_was_told();
}

/// What the key file holds.
fn keys(watch: &mut Watch, data: &Path) {
    let keys: Value = serde_json::from_str(&read_to_string(data.join("keys.json")).expect("keys")).expect("keys");
    for key in keys.as_object().expect("keys").values().filter_map(Value::as_str) {
        watch.secret(key);
    }
}

/// The commands that speak of settings, and those that fail with them.
fn commands(watch: &mut Watch, data: &Path, route: &str) {
    let away = format!("postgres://hub:{DATABASE}@127.0.0.1:9/hub?connect_timeout=1&password={DATABASE}");
    let variables = [("MISTOK_MAIL", route), ("MISTOK_DATABASE_URL", &away), ("MISTOK_ADMIN_PASSWORD", ADMINISTRATOR), ("MISTOK_ADMIN_EMAIL", "ivan@mistok.example")];
    let backup = data.join("backup.tar");
    for arguments in [
        &["config", "print"][..],
        &["--json", "config", "print"],
        &["config", "check"],
        &["-vvv", "doctor"],
        &["-vvv", "serve", "--listen", "127.0.0.1:0", "--no-migrate", "--database", "postgres://hub@127.0.0.1:9/hub"],
        &["migrate", "status"],
        &["serve", "--help"],
        &["serve", "--listen", "nowhere"],
        &["backup", backup.to_str().expect("a path")],
    ] {
        watch.heard(&arguments.join(" "), outcome(mistok(data, arguments).envs(variables)).1);
        watch.heard(&arguments.join(" "), outcome(&mut mistok(data, arguments)).1);
        let _ = std::fs::remove_file(&backup);
    }
    for (name, value) in [("MISTOK_DATABASE_URL", format!("mysql://hub:{DATABASE}@db/hub")), ("MISTOK_MAIL", format!("pigeon://hub:{SMTP}@mail"))] {
        watch.heard(name, outcome(mistok(data, &["serve", "--listen", "127.0.0.1:0"]).env(name, value)).1);
    }
    let file = data.join("mistok.toml");
    for (text, mode) in [
        (format!("database = \"{away}\"\nadmin_email = \"ivan@mistok.example\"\nadmin_password = \"{ADMINISTRATOR}\"\nmail = \"{route}\"\n"), 0o600),
        (format!("mail = \"{route}\"\n"), 0o644),
        (format!("admin_password = [\"{ADMINISTRATOR}\"]\nmail = {SMTP}\n"), 0o600),
        (format!("mail = \"{SMTP}\nlisten = 5"), 0o600),
    ] {
        write(&file, text).expect("writes");
        set_permissions(&file, Permissions::from_mode(mode)).expect("sets its mode");
        for arguments in [&["config", "print"][..], &["--json", "config", "print"], &["config", "check"], &["doctor"]] {
            watch.heard(&format!("{} with a file", arguments.join(" ")), outcome(&mut mistok(data, arguments)).1);
        }
    }
}

#[test]
fn no_type_shows_a_secret_when_it_is_printed_for_programmers() {
    let database = DatabaseUrl::parse(&format!("postgres://hub:{DATABASE}@db/hub?password={DATABASE}")).expect("an address");
    let config = Config { mail: Route::parse(&format!("smtps://hub:{SMTP}@mail.example"), Path::new("data")).expect("a route"), ..Config::new("data".into(), database) };
    for text in [format!("{config:?}"), format!("{config:#?}")] {
        assert!([SMTP, DATABASE].iter().all(|secret| !text.contains(secret)), "{text}");
    }
}

#[test]
fn a_type_that_holds_a_secret_as_plain_text_derives_no_debug() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    let mut folders = vec![root.join("src"), root.join("entity/src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = read_to_string(&path).expect("a source file");
                wrong.extend(plain_secrets(&text).into_iter().map(|field| format!("{}: {field}", path.display())));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "write its Debug by hand, or wrap the secret");
    assert_eq!(plain_secrets("#[derive(Clone, Debug)]\nstruct A {\n    /// x\n    pub api_token: Option<String>,\n}\n"), ["pub api_token: Option<String>,"], "it can fail");
}

/// The fields of types that derive Debug which are named like a secret and hold plain text or bytes.
fn plain_secrets(text: &str) -> Vec<String> {
    let derived = text.split("#[derive(").skip(1).filter(|part| part.split(')').next().is_some_and(|names| names.split(", ").any(|name| name == "Debug")));
    let fields = derived.flat_map(|part| part.split("\n}").next().unwrap_or_default().lines());
    let secret = |field: &&str| {
        let (name, kind) = field.trim().split_once(": ").unwrap_or_default();
        let named = ["password", "secret", "token", "seed", "bearer"].contains(&name.rsplit(['_', ' ']).next().unwrap_or_default());
        named && ["String", "Vec<u8>", "[u8; 32]", "&'static str"].iter().any(|plain| kind.trim_end_matches(',').trim_start_matches("Option<").starts_with(plain))
    };
    fields.filter(secret).map(|field| field.trim().to_owned()).collect()
}
