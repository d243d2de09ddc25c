//! The program itself, as the one who operates it runs it: with no variables but those that a test gives.

use std::io::{BufRead as _, BufReader, Read};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use serde_json::{Value, json};

/// A command on a data folder.
pub fn mistok(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mistok"));
    command.env_clear().arg("--data").arg(data).args(arguments).stdin(Stdio::null());
    command
}

/// Runs a command; gives its exit code and all that it said.
pub fn run(data: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    outcome(&mut mistok(data, arguments))
}

/// Runs a command; gives its exit code and all that it said.
pub fn outcome(command: &mut Command) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = command.output().expect("runs");
    (status.code(), String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr))
}

/// The access rights of a file or folder.
pub fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).expect("is there").permissions().mode() & 0o777
}

/// What a service tells until it says where it is, on standard output.
pub fn first_lines(command: &mut Command) -> String {
    Served::start(command).told.clone()
}

/// A service that runs; it ends with this value.
pub struct Served {
    child: Child,
    readers: Vec<JoinHandle<()>>,
    lines: Mutex<Receiver<String>>,
    /// What it told on standard output until it said where it is.
    pub told: String,
}

impl Served {
    /// Starts it and waits until it says where it is.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("serves");
        let ((sent, lines), (log, logged)) = (channel(), channel());
        let (out, err) = (child.stdout.take().expect("its output"), child.stderr.take().expect("its log"));
        let readers = vec![read(out, sent), read(err, log)];
        let mut told = String::new();
        while let Ok(line) = lines.recv() {
            told.push_str(&line);
            told.push('\n');
            if line.contains("/graphql") {
                break;
            }
        }
        assert!(told.contains("/graphql"), "it does not serve: {told}{}", logged.iter().collect::<Vec<_>>().join("\n"));
        // What comes later is read together.
        let (both, rest) = channel();
        let readers = readers.into_iter().chain([forward(lines, both.clone()), forward(logged, both)]).collect();
        Self { child, readers, lines: Mutex::new(rest), told }
    }

    /// The address behind a word that it told: `GraphQL` or `Metrics`.
    pub fn address(&self, word: &str) -> &str {
        let line = self.told.lines().find(|line| line.starts_with(word)).unwrap_or_else(|| panic!("no {word} in {}", self.told));
        &line[line.find("http://").expect("an address")..]
    }

    /// Asks as somebody with a token, or as nobody; gives the answer as it is.
    pub async fn ask(&self, token: Option<&str>, query: &str, variables: Value) -> String {
        let mut request = reqwest::Client::new().post(self.address("GraphQL")).json(&json!({ "query": query, "variables": variables }));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        request.send().await.expect("an answer").text().await.expect("text")
    }

    /// Asks, and expects data.
    pub async fn data(&self, token: Option<&str>, query: &str, variables: Value) -> Value {
        let answer = self.ask(token, query, variables).await;
        let answer: Value = serde_json::from_str(&answer).unwrap_or_else(|_| panic!("no JSON: {answer}"));
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"].clone()
    }

    /// Ends it as an operator does, and gives all that it said.
    pub fn stop(mut self) -> String {
        let killed = Command::new("kill").arg(self.child.id().to_string()).status().expect("kill runs");
        assert!(killed.success() && self.child.wait().expect("ends").success(), "it ends in order");
        self.readers.drain(..).for_each(|reader| reader.join().expect("reads"));
        self.told.clone() + &self.lines.get_mut().expect("lines").iter().collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(source: impl Read + Send + 'static, sink: Sender<String>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        for line in BufReader::new(source).lines().map_while(Result::ok) {
            if sink.send(line).is_err() {
                return;
            }
        }
    })
}

fn forward(source: Receiver<String>, sink: Sender<String>) -> JoinHandle<()> {
    std::thread::spawn(move || source.into_iter().for_each(|line| drop(sink.send(line))))
}
