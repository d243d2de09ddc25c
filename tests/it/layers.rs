//! Which file may name which: the order that `ARCHITECTURE.md` promises, read from the paths in `src`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What everything rests on. These may name each other, and no slice.
const KERNEL: [&str; 20] = [
    "error",
    "locale",
    "clock",
    "ids",
    "config",
    "db",
    "metrics",
    "app",
    "events",
    "hash",
    "idempotency",
    "mail",
    "money",
    "objects",
    "page",
    "references",
    "text",
    "auth",
    "telemetry",
    "lib",
];
/// The slices, earlier ones first; each may name those before it. What stands at the end reads all of them.
const SLICES: [&str; 21] = [
    "reference",
    "accounts",
    "identities",
    "tokens",
    "attachments",
    "organisations",
    "verification",
    "delegations",
    "members",
    "claims",
    "programmes",
    "needs",
    "projects",
    "calls",
    "matching",
    "interests",
    "notifications",
    "privacy",
    "jobs",
    "exchange",
    "demo",
];
/// The shell; each may name those before it and everything above.
const SHELL: [&str; 4] = ["graphql", "http", "cli", "main"];

/// Arrows against the order that stand, and why.
const EXCEPTIONS: [(&str, &str, &str); 10] = [
    ("app.rs", "matching", "the one thing that requests share holds the live index"),
    ("app.rs", "reference", "and the codes that are known, as last read"),
    ("accounts/service/links.rs", "jobs", "a use case schedules the letter that a job then sends"),
    ("accounts/service/erasure.rs", "jobs", "and the one that says that the account is erased"),
    ("attachments/service.rs", "jobs", "so does the removal of a file from its store"),
    ("attachments/service/upload.rs", "jobs", "and the look after one whose upload may be cut off"),
    ("members/service/invitations.rs", "jobs", "so do the letter of an invitation and its end"),
    ("calls/service.rs", "jobs", "a use case schedules what falls due later; the job then runs through the use case"),
    ("interests/service.rs", "jobs", "so does what an interest reminds people of"),
    ("notifications/service/digest.rs", "jobs", "so does the letter of a digest"),
];

/// What only a query needs.
const QUERY_WORDS: [&str; 7] = ["EntityTrait", "QueryFilter", "QuerySelect", "QueryOrder", "Statement", "find_by_id", "execute_unprepared"];
/// Where queries are.
const QUERY_FILES: [&str; 5] = ["db.rs", "db/copy.rs", "page.rs", "references.rs", "app.rs"];

/// A source file: its path under the root and its text without comments and tests.
struct Source {
    path: String,
    code: String,
}

impl Source {
    fn module(&self) -> &str {
        self.path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    fn file(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// A graph is cyclic: the files that describe it to the outside may name each other.
    fn is_graphql(&self) -> bool {
        matches!(self.file(), "graphql.rs" | "filter.rs") || self.path.contains("/graphql/") || self.module() == "graphql"
    }

    /// The modules of this crate that it names.
    fn names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for (start, _) in self.code.match_indices("crate::") {
            let rest = &self.code[start + "crate::".len()..];
            if let Some(list) = rest.strip_prefix('{') {
                names.extend(first_names(list));
            } else {
                names.insert(identifier(rest));
            }
        }
        names.retain(|name| !name.is_empty() && name != self.module());
        names
    }
}

/// The first name of each path in a list of imports such as `a::{b, c}, d}`.
fn first_names(list: &str) -> Vec<String> {
    let mut names = vec![identifier(list)];
    let mut depth = 0;
    for (place, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(identifier(list[place + 1..].trim_start())),
            _ => {}
        }
    }
    names
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect()
}

fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let read = |file: &PathBuf| {
        let text = fs::read_to_string(file).expect("a source file");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code = code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
        Source { path: file.strip_prefix(&root).expect("below the root").to_string_lossy().replace('\\', "/"), code }
    };
    files.iter().map(read).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Where a module stands: the kernel, then the slices in their order, then the shell.
fn rank(module: &str) -> Option<usize> {
    let later = SLICES.iter().chain(&SHELL).position(|known| *known == module);
    if KERNEL.contains(&module) { Some(0) } else { later.map(|place| place + 1) }
}

#[test]
fn every_arrow_points_to_an_earlier_module() {
    let sources = sources("src");
    assert!(sources.len() > 50, "the sources were found");
    let mut wrong = Vec::new();
    for source in &sources {
        let from = rank(source.module()).unwrap_or_else(|| panic!("src/{} belongs to no layer: add its module to this test and to ARCHITECTURE.md", source.path));
        for name in source.names() {
            // Macros of the crate are named like modules; they are no arrow.
            let Some(to) = rank(&name) else { continue };
            let allowed = to <= from || source.is_graphql() || EXCEPTIONS.iter().any(|(file, module, _)| *file == source.path && *module == name);
            if !allowed {
                wrong.push(format!("src/{} names crate::{name}, which comes after it", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_exception_is_still_needed() {
    let sources = sources("src");
    for (file, module, _) in EXCEPTIONS {
        let source = sources.iter().find(|source| source.path == file).unwrap_or_else(|| panic!("src/{file} is gone"));
        assert!(source.names().contains(module), "src/{file} names crate::{module} no more: take the exception away");
    }
}

#[test]
fn only_stores_and_the_kernel_query_the_database() {
    let query = |source: &&Source| {
        let home = source.file() == "store.rs" || source.module() == "events" || QUERY_FILES.contains(&source.path.as_str());
        !home && QUERY_WORDS.iter().any(|word| source.code.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).any(|found| found == *word))
    };
    let wrong: Vec<String> = sources("src").iter().filter(query).map(|source| source.path.clone()).collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn rules_and_access_are_pure() {
    let impure = ["sea_orm", "async ", "super::store", "super::service", "Utc::now"];
    let wrong: Vec<String> = sources("src")
        .iter()
        .filter(|source| matches!(source.file(), "rules.rs" | "access.rs"))
        .flat_map(|source| impure.iter().filter(|word| source.code.contains(**word)).map(|word| format!("{}: {word}", source.path)))
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_engine_takes_values_and_gives_values() {
    let impure = ["sea_orm", "async ", "std::fs", "std::env", "std::time", "std::net", "Utc", "rand", "tokio", "async_graphql", "axum", "entity::"];
    let engine: Vec<Source> = sources("src/matching/engine");
    assert!(!engine.is_empty());
    for source in &engine {
        for word in impure {
            let found = source.code.match_indices(word).any(|(start, _)| !source.code[..start].ends_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_'));
            assert!(!found, "src/matching/engine/{} names {word}", source.path);
        }
        let foreign: Vec<&str> = source
            .code
            .match_indices("crate::")
            .map(|(start, _)| source.code[start..].lines().next().unwrap_or_default())
            .filter(|path| !path.starts_with("crate::matching::engine"))
            .collect();
        assert_eq!(foreign, Vec::<&str>::new(), "src/matching/engine/{}", source.path);
    }
}

#[test]
fn rows_know_nothing_of_the_api() {
    for (folder, words) in [("entity/src", ["async_graphql", "axum"]), ("migration/src", ["async_graphql", "entity::"])] {
        for source in sources(folder) {
            for word in words {
                assert!(!source.code.contains(word), "{folder}/{} names {word}", source.path);
            }
        }
    }
}

#[test]
fn every_source_file_opens_with_what_it_holds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["src", "entity/src", "migration/src", "tests/it"] {
        for source in sources(folder) {
            let text = fs::read_to_string(root.join(folder).join(&source.path)).expect("a source file");
            assert!(text.starts_with("//! "), "{folder}/{} has no //! at its top", source.path);
        }
    }
}
