//! What the schema's fields return, as far as costs depend on it: nothing to count, one object, or how many.

use std::collections::HashMap;

use async_graphql::parser::types::{BaseType, FieldDefinition, ServiceDocument, Type, TypeDefinition, TypeKind, TypeSystemDefinition};
use async_graphql::{Positioned, Value};

use super::list;

/// Rows of a connection when `first` is not given.
const DEFAULT_FIRST: u64 = 20;
/// Items that a plain list is reckoned to have where nothing says how many.
const PLAIN_LIST: u64 = 100;

/// Types that the documents of a schema can select from, by name.
#[derive(Clone, Debug, Default)]
pub struct Shapes {
    types: HashMap<String, Selectable>,
    /// The type of queries.
    pub query: String,
    /// The type of mutations.
    pub mutation: String,
    /// The type of subscriptions.
    pub subscription: String,
    /// How many types there are.
    pub count: u64,
}

/// A type with fields, or a union.
#[derive(Clone, Debug, Default)]
pub struct Selectable {
    fields: HashMap<String, Shape>,
    /// Whether an object of it is of another type yet.
    pub is_abstract: bool,
    /// Whether its `nodes` or `edges` are the rows of a list.
    pub is_connection: bool,
}

/// What a field returns.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Name of its type.
    pub of: String,
    /// How many objects.
    pub many: Many,
}

/// How many objects a field returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Many {
    /// A value without fields.
    Scalar,
    /// One object.
    One,
    /// As many rows as `first` says, below the `nodes` and `edges` of the object returned.
    Connection(u64),
    /// A list as long as `first` says.
    First(u64),
    /// A list as long as the list given in an argument.
    AsGiven(String),
    /// A list of so many at most.
    Some(u64),
}

impl Shapes {
    /// Reads the shapes of a schema.
    pub fn read(schema: &ServiceDocument) -> Self {
        let mut shapes = Self { query: "Query".to_owned(), mutation: "Mutation".to_owned(), subscription: "Subscription".to_owned(), ..Self::default() };
        for definition in &schema.definitions {
            match definition {
                TypeSystemDefinition::Type(definition) => shapes.add(&definition.node),
                TypeSystemDefinition::Schema(roots) => shapes.name_roots(roots),
                TypeSystemDefinition::Directive(_) => {}
            }
        }
        shapes.settle();
        shapes
    }

    /// A type by its name.
    pub fn get(&self, name: &str) -> Option<&Selectable> {
        self.types.get(name)
    }

    fn name_roots(&mut self, roots: &Positioned<async_graphql::parser::types::SchemaDefinition>) {
        if let Some(query) = &roots.node.query {
            self.query = query.node.to_string();
        }
        if let Some(mutation) = &roots.node.mutation {
            self.mutation = mutation.node.to_string();
        }
        if let Some(subscription) = &roots.node.subscription {
            self.subscription = subscription.node.to_string();
        }
    }

    fn add(&mut self, definition: &TypeDefinition) {
        self.count += 1;
        let (fields, is_abstract) = match &definition.kind {
            TypeKind::Object(object) => (object.fields.as_slice(), false),
            TypeKind::Interface(interface) => (interface.fields.as_slice(), true),
            TypeKind::Union(_) => (&[][..], true),
            TypeKind::Scalar | TypeKind::Enum(_) | TypeKind::InputObject(_) => return,
        };
        let rows = |name: &str| fields.iter().any(|field| field.node.name.node == name && field.node.arguments.is_empty() && is_list(&field.node.ty.node));
        let is_connection = rows("nodes") || rows("edges");
        let fields = fields.iter().map(|field| (field.node.name.node.to_string(), shape(&field.node, &definition.name.node))).collect();
        self.types.insert(definition.name.node.to_string(), Selectable { fields, is_abstract, is_connection });
    }

    /// Now that all types are known: what has no fields is a scalar, and what has rows is a connection.
    fn settle(&mut self) {
        let connections: HashMap<String, bool> = self.types.iter().map(|(name, selectable)| (name.clone(), selectable.is_connection)).collect();
        for shape in self.types.values_mut().flat_map(|selectable| selectable.fields.values_mut()) {
            shape.many = match (connections.get(&shape.of), &shape.many) {
                (None, _) => Many::Scalar,
                (Some(true), Many::First(rows)) => Many::Connection(*rows),
                (Some(true), Many::One) => Many::Connection(DEFAULT_FIRST),
                (Some(_), many) => many.clone(),
            };
        }
    }
}

impl Selectable {
    /// What a field returns.
    pub fn field(&self, name: &str) -> Option<&Shape> {
        self.fields.get(name)
    }
}

fn shape(field: &FieldDefinition, on: &str) -> Shape {
    let argument = |name: &str| field.arguments.iter().find(|argument| argument.node.name.node == name);
    let given = field.arguments.iter().find(|argument| is_list(&argument.node.ty.node) && argument.node.name.node == "ids");
    let many = if let Some(first) = argument("first") {
        Many::First(default_of(first.node.default_value.as_ref().map(|value| &value.node)))
    } else if !is_list(&field.ty.node) {
        Many::One
    } else if let Some(given) = given {
        Many::AsGiven(given.node.name.node.to_string())
    } else {
        Many::Some(list::bound(named(&field.ty.node), on).unwrap_or(PLAIN_LIST))
    };
    Shape { of: named(&field.ty.node).to_owned(), many }
}

fn default_of(value: Option<&Value>) -> u64 {
    match value {
        Some(Value::Number(number)) => number.as_u64().unwrap_or(DEFAULT_FIRST),
        _ => DEFAULT_FIRST,
    }
}

fn is_list(ty: &Type) -> bool {
    matches!(ty.base, BaseType::List(_))
}

/// The name of a type, within the lists that it may be in.
pub fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => named(inner),
    }
}
