//! The schema that partners build against is the one that the code has.

use async_graphql::resolver_utils::EnumType as _;
use mistok::error::Code;
use mistok::graphql;

/// `cargo run -- schema > schema.graphql` brings the file up to date; `CHANGELOG.md` names what changed.
#[test]
fn the_schema_in_the_repository_is_the_codes() {
    let kept = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql")).expect("schema.graphql is there");
    let made = graphql::sdl(&graphql::schema());
    let differs = kept.lines().zip(made.lines()).enumerate().find(|(_, (kept, made))| kept != made);
    assert_eq!(differs, None, "the first line that differs; update with: cargo run -- schema > schema.graphql");
    assert_eq!(kept.trim_end().lines().count(), made.trim_end().lines().count(), "update with: cargo run -- schema > schema.graphql");
}

/// Every code that a refusal can bear stands in the schema as it stands in an error.
#[test]
fn the_codes_of_refusals_are_written_alike_everywhere() {
    for item in Code::items() {
        assert_eq!(item.name, item.value.as_str());
    }
}

/// What has no description, a partner's developer has to guess.
#[test]
fn everything_in_the_schema_is_described() {
    let sdl = graphql::sdl(&graphql::schema());
    let (mut inside, mut described) = (false, false);
    let mut undescribed = Vec::new();
    for line in sdl.lines().map(str::trim).take_while(|line| !line.starts_with("directive")) {
        if line == "\"\"\"" {
            inside = !inside;
            described = true;
        } else if !inside && !matches!(line, "" | "}") {
            if !described && !is_relays(line) {
                undescribed.push(line.to_owned());
            }
            described = false;
        }
    }
    assert_eq!(undescribed, Vec::<String>::new());
}

/// Connections and edges are described by the Relay specification.
fn is_relays(line: &str) -> bool {
    ["Connection {", "Edge {", "PageInfo {"].iter().any(|end| line.ends_with(end))
}
