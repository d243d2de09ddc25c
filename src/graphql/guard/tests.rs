//! Hostile documents are refused quickly, and what people and tools send passes.

use std::fmt::Write as _;
use std::time::Duration;

use async_graphql::Variables;
use async_graphql::parser::types::OperationType;
use serde_json::json;
use tokio::time::Instant;

use super::{Checked, Fault, Guard, Refused, argument_at};

const SDL: &str = r"
    type Query { needs(filter: NeedFilter, first: Int, after: String): NeedConnection! need(id: ID!): Need node(id: ID!): Node nodes(ids: [ID!]!): [Node]! }
    type Mutation { submitNeed(id: ID!): Payload! }
    interface Node { id: ID! }
    type Need implements Node { id: ID! title(locale: String): String! translations: [Translation!]! needs: [Need!]! interests(first: Int! = 5): [Interest!]! calls(first: Int): CallConnection! }
    type Interest implements Node { id: ID! need: Need }
    type Call implements Node { id: ID! need: Need }
    type Translation { text: String! }
    type Payload { need: Need }
    input NeedFilter { and: [NeedFilter!] or: [NeedFilter!] state: [String!] search: String }
    type NeedConnection { edges: [NeedEdge!]! nodes: [Need!]! pageInfo: PageInfo! totalCount: Int }
    type NeedEdge { cursor: String! node: Need! }
    type CallConnection { nodes: [Call!]! pageInfo: PageInfo! }
    type PageInfo { hasNextPage: Boolean! endCursor: String }
";
/// A hostile document is turned away within this time, by a build without optimisation on a busy machine too.
const AT_ONCE: Duration = Duration::from_secs(1);

fn guard() -> Guard {
    Guard::new(SDL).expect("the schema above can be read")
}

fn check(text: &str) -> Result<Checked, Box<Refused>> {
    guard().check(text, None, &Variables::default(), true)
}

fn cost(text: &str) -> u64 {
    check(text).expect("it passes").cost
}

/// The refusal of a hostile document, which must come at once.
fn refused(text: &str) -> Box<Refused> {
    let guard = guard();
    let begun = Instant::now();
    let refusal = guard.check(text, None, &Variables::default(), true).expect_err("it is refused");
    assert!(begun.elapsed() < AT_ONCE, "took {:?}", begun.elapsed());
    refusal
}

/// What tools ask to learn the schema: all of it, with types nine deep.
fn introspection() -> String {
    let nested = (0..9).fold("kind name".to_owned(), |below, _| format!("kind name ofType {{ {below} }}"));
    format!(
        "query IntrospectionQuery {{ __schema {{ description queryType {{ name kind }} mutationType {{ name kind }} subscriptionType {{ name kind }}
            types {{ ...FullType }} directives {{ name description isRepeatable locations args(includeDeprecated: true) {{ ...InputValue }} }} }} }}
        fragment FullType on __Type {{ kind name description specifiedByURL
            fields(includeDeprecated: true) {{ name description args(includeDeprecated: true) {{ ...InputValue }} type {{ ...TypeRef }} isDeprecated deprecationReason }}
            inputFields(includeDeprecated: true) {{ ...InputValue }} interfaces {{ ...TypeRef }}
            enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }} possibleTypes {{ ...TypeRef }} }}
        fragment InputValue on __InputValue {{ name description type {{ ...TypeRef }} defaultValue isDeprecated deprecationReason }}
        fragment TypeRef on __Type {{ {nested} }}"
    )
}

#[test]
fn tools_may_ask_for_the_whole_schema() {
    let checked = check(&introspection()).expect("it passes");
    assert_eq!((checked.cost, checked.kind), (0, OperationType::Query));
}

#[test]
fn a_schema_of_four_hundred_types_can_still_be_asked_for() {
    let large = (0..400).fold(SDL.to_owned(), |mut sdl, number| {
        let _ = writeln!(sdl, "type Other{number} {{ id: ID! }}");
        sdl
    });
    let guard = Guard::new(&large).expect("it can be read");
    guard.check(&introspection(), None, &Variables::default(), false).expect("it passes");
}

#[test]
fn introspection_in_circles_is_refused() {
    let circle = (0..5).fold("name".to_owned(), |below, _| format!("fields {{ type {{ {below} }} }}"));
    assert_eq!(refused(&format!("{{ __schema {{ types {{ {circle} }} }} }}")).fault, Fault::TooComplex);
}

#[test]
fn connections_multiply_and_objects_count_one() {
    assert_eq!(cost("{ __typename }"), 0);
    assert_eq!(cost("{ need(id: 1) { id title } }"), 1);
    assert_eq!(cost("{ needs { nodes { id } } }"), 20);
    assert_eq!(cost("{ needs(first: 7) { totalCount pageInfo { endCursor } nodes { id } } }"), 7);
    assert_eq!(cost("{ needs(first: 7) { edges { cursor node { id translations { text } } } } }"), 7);
    assert_eq!(cost("{ needs(first: 7) { nodes { id needs { id } } } }"), 7 * (1 + 50));
    assert_eq!(cost("{ needs(first: 10) { nodes { calls(first: 3) { nodes { need { id } } } interests { id } } } }"), 10 * (1 + 3 * 2 + 5));
    assert_eq!(cost("{ needs(first: 1000000) { nodes { id } } }"), 100);
    assert_eq!(cost("{ needs { totalCount } }"), 1);
    assert_eq!(cost("{ nodes(ids: [1, 2, 3]) { id } }"), 3);
}

#[test]
fn every_list_of_the_schema_has_a_bound() {
    use async_graphql::parser::types::{BaseType, TypeKind, TypeSystemDefinition};
    let schema = async_graphql::parser::parse_schema(crate::graphql::sdl(&crate::graphql::schema())).expect("our own schema");
    let objects: Vec<(&str, &[_])> = schema
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => match &definition.node.kind {
                TypeKind::Object(object) => Some((definition.node.name.node.as_str(), object.fields.as_slice())),
                TypeKind::Interface(interface) => Some((definition.node.name.node.as_str(), interface.fields.as_slice())),
                _ => None,
            },
            _ => None,
        })
        .collect();
    let is_object = |name: &str| objects.iter().any(|(object, _)| *object == name);
    for (on, fields) in &objects {
        for field in fields.iter().map(|field| &field.node) {
            let of = super::shape::named(&field.ty.node);
            let bounded =
                field.arguments.iter().any(|argument| matches!(argument.node.name.node.as_str(), "first" | "ids")) || matches!(field.name.node.as_str(), "nodes" | "edges");
            let plain = matches!(field.ty.node.base, BaseType::List(_)) && is_object(of) && !bounded;
            assert!(!plain || super::list::bound(of, on).is_some(), "{on}.{}: how many {of}?", field.name.node);
        }
    }
    let guard = Guard::new(&crate::graphql::sdl(&crate::graphql::schema())).expect("our own schema");
    let cost = |text: &str| guard.check(text, None, &Variables::default(), true).map(|checked| checked.cost).map_err(|refusal| refusal.message.en);
    assert_eq!(cost("{ project(id: 1) { workPackages { requirements { kind } } calls { state } } }"), Ok(1 + 50 * 51 + 20));
    assert_eq!(cost("{ projects(first: 20) { nodes { workPackages { titleTranslations { text } cpv { code label } } } } }"), Ok(20 * 51));
    assert!(cost("{ projects(first: 20) { nodes { workPackages { requirements { kind } } } } }").is_err());
}

#[test]
fn first_may_come_from_a_variable_or_its_default() {
    let text = "query Page($first: Int = 4) { needs(first: $first) { ...rows } } fragment rows on NeedConnection { nodes { id } }";
    let guard = guard();
    let with = |variables| guard.check(text, Some("Page"), &Variables::from_json(variables), false).expect("it passes").cost;
    assert_eq!((with(json!({ "first": 50 })), with(json!({}))), (50, 4));
}

#[test]
fn only_one_of_the_types_behind_an_interface_counts() {
    assert_eq!(cost("{ node(id: 1) { id ... on Need { interests(first: 30) { id } } ... on Call { need { id } } } }"), 1 + 30);
}

#[test]
fn a_costly_query_is_refused_with_its_number_and_limit() {
    let text = "{ needs(first: 100) { nodes { calls(first: 100) { nodes { id } } } } }";
    assert_eq!(cost(text), 10_100);
    let refusal = guard().check(text, None, &Variables::default(), false).expect_err("it is refused");
    assert_eq!(refusal.fault, Fault::TooComplex);
    assert!(refusal.message.en.contains("10100") && refusal.remedy.en.contains("2000"), "{refusal:?}");
}

#[test]
fn many_fields_of_many_objects_are_refused() {
    let fields = (0..100).fold(String::new(), |mut fields, number| {
        let _ = write!(fields, "a{number}: title ");
        fields
    });
    assert_eq!(refused(&format!("{{ needs(first: 100) {{ nodes {{ calls(first: 100) {{ nodes {{ need {{ {fields} }} }} }} }} }} }}")).fault, Fault::TooComplex);
}

#[test]
fn twenty_fragments_that_double_are_refused() {
    let mut text = "{ ...a0 }".to_owned();
    for number in 0..20 {
        let _ = write!(text, "fragment a{number} on Query{{...a{0} ...a{0}}}", number + 1);
    }
    text.push_str("fragment a20 on Query{__typename}");
    assert!(text.len() < 800);
    assert_eq!(refused(&text).fault, Fault::TooComplex);
}

#[test]
fn fragments_in_a_circle_are_refused_even_when_unused() {
    assert_eq!(refused("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }").fault, Fault::Validation);
    assert_eq!(refused("{ __typename } fragment a on Query { ...a }").fault, Fault::Validation);
}

#[test]
fn a_chain_of_deep_fragments_does_not_overflow_the_stack() {
    let mut text = "{ ...a0 }".to_owned();
    for number in 0..99 {
        let _ = write!(text, "fragment a{number} on Query{{{}...a{} {}}}", "...{".repeat(30), number + 1, "}".repeat(30));
    }
    text.push_str("fragment a99 on Query{__typename}");
    assert_eq!(refused(&text).fault, Fault::TooComplex);
}

#[test]
fn deep_nesting_of_any_bracket_is_refused_before_it_is_parsed() {
    for (open, close) in [("{a", "}"), ("{", "}"), ("[", "]"), ("(a:", ")"), ("{a:", "}")] {
        assert_eq!(refused(&format!("{}{}", open.repeat(8_000), close.repeat(8_000))).fault, Fault::TooComplex);
    }
    assert_eq!(refused(&format!("{{ need(id: {}1{}) {{ id }} }}", "[".repeat(100), "]".repeat(100))).fault, Fault::TooComplex);
    assert_eq!(refused(&format!("query($a: {}Int{}) {{ a }}", "[".repeat(9_000), "]".repeat(9_000))).fault, Fault::TooComplex);
}

#[test]
fn brackets_cannot_hide_behind_a_string() {
    let deep = "[".repeat(9_000);
    for text in [
        format!("{{ a(b: [\"\"\"c\" {deep}"),
        format!("{{ a(b: [\"\\\"\" {deep}"),
        format!("{{ a(b: [\"\"\"\\\"\"\" \"\"\" {deep}"),
        format!("{{ # \"\n a(b: {deep}"),
        format!("{{ # \"\r a(b: {deep}"),
        format!("{{ a(b: [\"\" {deep}"),
    ] {
        refused(&text);
    }
}

#[test]
fn brackets_in_strings_and_comments_do_not_nest() {
    let deep = "[".repeat(1_000);
    check(&format!("{{ need(id: \"{deep}\") {{ id }} }} # {deep}")).expect("it passes");
    check(&format!("{{ need(id: \"\"\"{deep} \\\"\"\" \" \"\"\") {{ id }} }}")).expect("it passes");
}

#[test]
fn ten_thousand_aliases_are_refused() {
    let many = |count: usize| {
        let fields = (0..count).fold(String::new(), |mut fields, number| {
            let _ = write!(fields, "a{number}:id ");
            fields
        });
        format!("{{ need(id: 1) {{ {fields} }} }}")
    };
    assert_eq!(refused(&many(10_000)).fault, Fault::TooComplex);
    assert_eq!(refused(&many(2_000)).fault, Fault::TooComplex);
    check(&many(900)).expect("it passes");
}

#[test]
fn repeated_directives_are_counted() {
    assert_eq!(refused(&format!("{{ __typename {} }}", "@a ".repeat(3_000))).fault, Fault::TooComplex);
}

#[test]
fn more_than_twenty_root_fields_are_refused_also_by_fragments() {
    let fields = (0..11).fold(String::new(), |mut fields, number| {
        let _ = write!(fields, "a{number}: __typename ");
        fields
    });
    assert_eq!(refused(&format!("{{ {fields} ...more }} fragment more on Query {{ {fields} }}")).fault, Fault::TooComplex);
}

#[test]
fn huge_strings_are_refused_by_their_size() {
    assert_eq!(refused(&format!("{{ need(id: \"\"\"{}\"\"\") {{ id }} }}", " \n".repeat(20_000))).fault, Fault::TooComplex);
    check(&format!("{{ need(id: \"\"\"{}\"\"\") {{ id }} }}", " \n".repeat(15_000))).expect("it passes");
}

#[test]
fn seventeen_levels_of_fields_are_refused() {
    let deep = |levels: usize| (0..levels - 2).fold("id".to_owned(), |below, _| format!("need {{ {below} }}"));
    check(&format!("{{ need(id: 1) {{ {} }} }}", deep(16))).expect("it passes");
    assert_eq!(refused(&format!("{{ need(id: 1) {{ {} }} }}", deep(17))).fault, Fault::TooComplex);
}

#[test]
fn an_operation_must_be_chosen_and_its_kind_is_told() {
    let text = "query A { __typename } mutation B { submitNeed(id: 1) { need { id } } }";
    let guard = guard();
    let with = |name| guard.check(text, name, &Variables::default(), false);
    assert_eq!(with(Some("A")).expect("it passes").kind, OperationType::Query);
    assert_eq!(with(Some("B")).expect("it passes").kind, OperationType::Mutation);
    assert_eq!(with(None).expect_err("it is refused").fault, Fault::Validation);
    assert_eq!(with(Some("C")).expect_err("it is refused").fault, Fault::Validation);
}

#[test]
fn a_required_variable_must_be_given() {
    let text = "query A($id: ID!, $no: Int, $with: Int! = 1) { need(id: $id) { id } }";
    let guard = guard();
    let with = |variables| guard.check(text, None, &Variables::from_json(variables), false);
    with(json!({ "id": "1" })).expect("it passes");
    for variables in [json!({}), json!({ "id": null }), json!({ "id": "1", "with": null })] {
        assert_eq!(with(variables).expect_err("it is refused").fault, Fault::Variable);
    }
}

#[test]
fn a_syntax_error_says_where_and_what_was_expected() {
    let refusal = refused("{ need(id: ) }");
    assert_eq!((refusal.fault, refusal.position.map(|place| (place.line, place.column))), (Fault::Syntax, Some((1, 12))));
    assert!(refusal.message.en.contains("expected"), "{}", refusal.message.en);
}

#[test]
fn a_place_in_a_document_names_its_argument() {
    let text = "{ need(id: 1) { calls(\n first: 3) { nodes { id } } } }";
    assert_eq!(argument_at(text, async_graphql::Pos { line: 2, column: 9 }, &Variables::default()).map(|argument| argument.name).as_deref(), Some("first"));
}

#[test]
fn conditions_of_all_filters_are_counted_together_and_words_that_are_sought_cost() {
    let text = "query($filter: NeedFilter, $word: String) { a: needs(first: 1, filter: $filter) { nodes { id } } ...b } fragment b on Query { b: needs(first: 1, filter: { or: [$filter, { search: $word }] }) { nodes { id } } }";
    let guard = guard();
    let with = |filter: serde_json::Value| guard.check(text, None, &Variables::from_json(json!({ "filter": filter })), true);
    assert_eq!(with(json!({ "state": ["A", "B"] })).expect("it passes").cost, 2);
    assert_eq!(with(json!({ "search": "ремонт школи" })).expect("it passes").cost, 2 + 2 * 20);
    let parts = |leaf: &serde_json::Value, count| json!({ "and": vec![json!({ "or": vec![leaf; 10] }); count] });
    for leaf in [json!({ "search": "а" }), json!({ "state": ["A"] }), json!({})] {
        with(parts(&leaf, 24)).expect("it passes");
        let refusal = with(parts(&leaf, 26)).expect_err("it is refused");
        assert!(refusal.fault == Fault::TooComplex && refusal.message.en.contains("conditions in filters"), "{refusal:?}");
    }
}

#[test]
fn a_ranking_costs_more_than_what_it_returns() {
    let sdl = "type Query { whyNot: Found organisation: Organisation } type Organisation { matches(first: Int): MatchConnection! } type Found { total: Float! } type MatchConnection { nodes: [Found!]! }";
    let guard = Guard::new(sdl).expect("the schema above can be read");
    let cost = |text| guard.check(text, None, &Variables::default(), true).expect("it passes").cost;
    assert_eq!(cost("{ whyNot { total } }"), 41);
    assert_eq!(cost("{ organisation { matches(first: 3) { nodes { total } } } }"), 634);
}
