//! The schema that partners build against is the one that the code has.

use std::collections::BTreeMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, TypeKind, TypeSystemDefinition};
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

/// What a frontend reads it can send back: each language of a text, and the words of an enumeration.
#[test]
fn what_can_be_written_is_read_in_the_same_words() {
    let sdl = graphql::sdl(&graphql::schema());
    let document = parse_schema(&sdl).expect("the schema reads back");
    let kinds: BTreeMap<&str, &TypeKind> =
        document.definitions.iter().filter_map(|one| if let TypeSystemDefinition::Type(one) = one { Some((one.node.name.node.as_str(), &one.node.kind)) } else { None }).collect();
    let mut wrong = Vec::new();
    for (input, object) in [
        ("RegisterOrganisationInput", "Organisation"),
        ("UpdateOrganisationInput", "Organisation"),
        ("DeclareCapabilityInput", "Capability"),
        ("CertificateInput", "Certificate"),
        ("AddPastWorkInput", "PastWork"),
        ("ProgrammeContentInput", "Programme"),
        ("NeedContentInput", "Need"),
        ("ProjectContentInput", "Project"),
        ("WorkPackageContentInput", "WorkPackage"),
        ("RequirementInput", "Requirement"),
        ("CallContentInput", "Call"),
        ("CriterionInput", "Criterion"),
    ] {
        let (TypeKind::InputObject(input_of), TypeKind::Object(object_of)) = (kinds[input], kinds[object]) else { panic!("{input} and {object} are other kinds of types") };
        let reads = |name: &str| object_of.fields.iter().find(|field| field.node.name.node == name).map(|field| named(&field.node.ty.node.base));
        for field in &input_of.fields {
            let (name, kind) = (field.node.name.node.as_str(), named(&field.node.ty.node.base));
            let read = match kind {
                "TranslationsInput" => reads(&format!("{name}Translations")).is_some(),
                _ if matches!(kinds.get(kind), Some(TypeKind::Enum(_))) => reads(name) == Some(kind),
                _ => true,
            };
            if !read {
                wrong.push(format!("{input}.{name}: {kind}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// The name of the type inside all lists.
fn named(base: &BaseType) -> &str {
    match base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => named(&inner.base),
    }
}

/// Connections and edges are described by the Relay specification.
fn is_relays(line: &str) -> bool {
    ["Connection {", "Edge {", "PageInfo {"].iter().any(|end| line.ends_with(end))
}
