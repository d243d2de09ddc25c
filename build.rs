//! Fetches GraphiQL from the npm registry and lays its files where `src/http/explorer.rs` embeds them.
//!
//! The versions and their hashes are those of `src/http/explorer/package-lock.json`. Where npm is missing, fails or takes too long, the build goes on
//! and the explorer page does without. `MISTOK_GRAPHIQL=no` leaves it out on purpose. To try again after a failure, touch this file.

#![expect(clippy::disallowed_methods, reason = "cargo tells a build script its folders through the environment")]

use std::error::Error;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;
use std::{env, io};

const PACKAGE_FILES: [&str; 2] = ["package.json", "package-lock.json"];
const LIMIT: Duration = Duration::from_mins(2);
const POLL: Duration = Duration::from_millis(100);

/// What the page loads: its name there, and where the packages have it.
const WANTED: [(&str, &str); 4] = [
    ("react.js", "react/umd/react.production.min.js"),
    ("react-dom.js", "react-dom/umd/react-dom.production.min.js"),
    ("graphiql.js", "graphiql/graphiql.min.js"),
    ("graphiql.css", "graphiql/graphiql.min.css"),
];
const LICENCES: &str = "licences.txt";

fn main() -> Result<(), Box<dyn Error>> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo gives no CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo gives no OUT_DIR")?);
    let source = manifest.join("src/http/explorer");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=MISTOK_GRAPHIQL");
    for name in PACKAGE_FILES {
        println!("cargo:rerun-if-changed=src/http/explorer/{name}");
    }

    let target = out.join("explorer");
    clear(&target)?;
    let embedded = if env::var_os("MISTOK_GRAPHIQL").is_some_and(|wish| wish == "no") {
        Vec::new()
    } else {
        fetch(&source, &out.join("npm"), &target).unwrap_or_else(|problem| {
            println!("cargo:warning=GraphiQL is not built in ({problem}); the explorer page works without it");
            Vec::new()
        })
    };
    fs::write(out.join("explorer.rs"), list(&embedded))?;
    Ok(())
}

/// Installs the packages in `work`, copies what is wanted to `target` and clears `work` again.
fn fetch(source: &Path, work: &Path, target: &Path) -> Result<Vec<&'static str>, Box<dyn Error>> {
    clear(work)?;
    for name in PACKAGE_FILES {
        fs::copy(source.join(name), work.join(name))?;
    }
    let outcome = install(work).and_then(|()| {
        let packages = work.join("node_modules");
        for (name, path) in WANTED {
            fs::copy(packages.join(path), target.join(name))?;
        }
        fs::write(target.join(LICENCES), licences(&packages)?)?;
        Ok(WANTED.map(|(name, _)| name).into_iter().chain([LICENCES]).collect())
    });
    fs::remove_dir_all(work)?;
    outcome
}

fn install(work: &Path) -> Result<(), Box<dyn Error>> {
    let log = work.join("npm.log");
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1", "--fetch-timeout=30000"])
        .current_dir(work)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(&log)?)
        .spawn()
        .map_err(|problem| if problem.kind() == io::ErrorKind::NotFound { "there is no npm".to_owned() } else { format!("npm does not start: {problem}") })?;
    let mut waited = Duration::ZERO;
    let status = loop {
        if let Some(status) = npm.try_wait()? {
            break status;
        }
        if waited >= LIMIT {
            npm.kill()?;
            npm.wait()?;
            return Err(format!("npm took more than {} s", LIMIT.as_secs()).into());
        }
        sleep(POLL);
        waited += POLL;
    };
    if status.success() {
        return Ok(());
    }
    let said = fs::read_to_string(&log).unwrap_or_default();
    let reason = said.lines().find(|line| line.contains("error") && !line.contains("code")).unwrap_or("no reason given");
    Err(format!("npm failed: {reason}").into())
}

/// The licences of all that was installed, since its files hold code of many packages.
fn licences(packages: &Path) -> Result<String, Box<dyn Error>> {
    let mut folders = Vec::new();
    for name in names(packages)? {
        if name.starts_with('@') {
            folders.extend(names(&packages.join(&name))?.into_iter().map(|inner| format!("{name}/{inner}")));
        } else if !name.starts_with('.') {
            folders.push(name);
        }
    }
    let mut text = String::new();
    for package in folders {
        let folder = packages.join(&package);
        if !folder.is_dir() {
            continue;
        }
        for file in names(&folder)? {
            let upper = file.to_uppercase();
            if upper.starts_with("LICENSE") || upper.starts_with("LICENCE") {
                writeln!(text, "== {package}\n\n{}\n", String::from_utf8_lossy(&fs::read(folder.join(file))?).trim())?;
            }
        }
    }
    Ok(text)
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect::<io::Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

/// The Rust expression of the files: names and contents. It names them as they lie beside it, wherever the build folder goes.
fn list(names: &[&str]) -> String {
    let entries: Vec<String> = names.iter().map(|name| format!("({name:?}, include_bytes!(\"explorer/{name}\"))")).collect();
    format!("&[{}]", entries.join(", "))
}

fn clear(folder: &Path) -> io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)
}
