//! What the schema says of its operations, read by introspection; the requests of the tests are made from it.

use std::collections::BTreeMap;

use serde::Deserialize;

const INTROSPECTION: &str = "{ __schema { types { name kind fields { name args { name type { ...T } } type { ...T } } } } }
    fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// The operations of the schema.
pub struct Operations {
    queries: Vec<String>,
    subscriptions: Vec<String>,
    mutations: BTreeMap<String, Operation>,
}

/// A mutation, ready to be sent.
pub struct Operation {
    /// It with all plain fields of what it returns, also of the objects in it.
    pub document: String,
    /// The field of the payload that holds the changed entity.
    pub entity: Option<String>,
}

impl Operations {
    /// Asks the schema.
    pub async fn read() -> Self {
        let answer = mistok::graphql::schema().execute(INTROSPECTION).await;
        let answer = answer.data.into_json().expect("introspection answers in JSON");
        let types: Vec<Type> = serde_json::from_value(answer["__schema"]["types"].clone()).expect("introspection has its form");
        let types: BTreeMap<String, Type> = types.into_iter().map(|one| (one.name.clone(), one)).collect();
        let names = |of: &str| types[of].fields().map(|field| field.name.clone()).collect();
        let (queries, subscriptions) = (names("Query"), names("Subscription"));
        let mutations = types["Mutation"].fields().map(|field| (field.name.clone(), Operation::of(&types, field))).collect();
        Self { queries, subscriptions, mutations }
    }

    /// The names of the root queries.
    pub fn queries(&self) -> impl Iterator<Item = &str> {
        self.queries.iter().map(String::as_str)
    }

    /// The names of the subscriptions.
    pub fn subscriptions(&self) -> impl Iterator<Item = &str> {
        self.subscriptions.iter().map(String::as_str)
    }

    /// The names of the mutations.
    pub fn mutations(&self) -> impl Iterator<Item = &str> {
        self.mutations.keys().map(String::as_str)
    }

    /// A mutation.
    pub fn mutation(&self, name: &str) -> &Operation {
        self.mutations.get(name).unwrap_or_else(|| panic!("the schema has no mutation {name}"))
    }
}

impl Operation {
    fn of(types: &BTreeMap<String, Type>, field: &Field) -> Self {
        let payload = &types[field.of.name()];
        let objects: Vec<&Field> = payload.fields().filter(|field| field.name != "userErrors" && types[field.of.name()].kind == "OBJECT").collect();
        let alone = payload.fields().count() == 2;
        let mut selection: Vec<String> = payload.fields().filter(|field| field.name != "userErrors" && is_plain(types, field)).map(|field| field.name.clone()).collect();
        for object in &objects {
            let plain: Vec<&str> = types[object.of.name()].fields().filter(|field| is_plain(types, field)).map(|field| field.name.as_str()).collect();
            selection.push(format!("{} {{ {} }}", object.name, plain.join(" ")));
        }
        let selection = selection.join(" ");
        let name = &field.name;
        let (declared, given) = field.args.first().map_or_else(Default::default, |input| (format!("($input: {})", input.of.text()), "(input: $input)".to_owned()));
        let document = format!("mutation {declared} {{ {name}{given} {{ {selection} userErrors {{ code field message remedy currentVersion }} }} }}");
        Self { document, entity: objects.first().filter(|_| alone).map(|entity| entity.name.clone()) }
    }
}

/// Whether a field is a value, or a list of values.
fn is_plain(types: &BTreeMap<String, Type>, field: &Field) -> bool {
    matches!(types[field.of.name()].kind.as_str(), "SCALAR" | "ENUM")
}

#[derive(Deserialize)]
struct Type {
    name: String,
    kind: String,
    fields: Option<Vec<Field>>,
}

impl Type {
    fn fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().flatten()
    }
}

#[derive(Deserialize)]
struct Field {
    name: String,
    #[serde(default)]
    args: Vec<Argument>,
    #[serde(rename = "type")]
    of: TypeRef,
}

#[derive(Deserialize)]
struct Argument {
    #[serde(rename = "type")]
    of: TypeRef,
}

#[derive(Deserialize)]
struct TypeRef {
    kind: String,
    name: Option<String>,
    #[serde(rename = "ofType")]
    inner: Option<Box<Self>>,
}

impl TypeRef {
    /// The name of the type inside all lists.
    fn name(&self) -> &str {
        match (&self.name, &self.inner) {
            (Some(name), _) => name,
            (None, Some(inner)) => inner.name(),
            (None, None) => panic!("a type without a name"),
        }
    }

    /// The type as it is written.
    fn text(&self) -> String {
        match (self.kind.as_str(), &self.inner) {
            ("NON_NULL", Some(inner)) => format!("{}!", inner.text()),
            ("LIST", Some(inner)) => format!("[{}]", inner.text()),
            _ => self.name().to_owned(),
        }
    }
}
