//! How much an operation may return: objects, and fields of all objects together; and how much its filters ask of the database.
//!
//! A connection multiplies what is below its rows by its `first`, an object is one, a scalar nothing. A fragment is reckoned
//! once; where the type of an object is open, the most costly of the types that it may have counts.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet};
use async_graphql::{Name, Positioned, Value, Variables};

use super::argument;
use super::filter;
use super::introspection;
use super::list;
use super::shape::{Many, Selectable, Shape, Shapes};

/// Most rows that a resolver gives, whatever is asked.
const MOST_FIRST: u64 = 100;

/// Objects that a ranking stands for beside those it returns: one answers for all businesses or all open work packages.
/// Each row of the second is a ranking of its own.
const RANKINGS: [(&str, &str, u64, u64); 3] = [("WorkPackage", "matches", 20, 0), ("Organisation", "matches", 600, 10), ("Query", "whyNot", 40, 0)];

/// What may be returned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Objects.
    pub objects: u64,
    /// Fields of all of them.
    pub values: u64,
    /// Conditions of the filters behind them.
    pub conditions: u64,
}

impl Load {
    /// Both of two.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { objects: self.objects.saturating_add(other.objects), values: self.values.saturating_add(other.values), conditions: self.conditions.saturating_add(other.conditions) }
    }

    /// The same so many times.
    #[must_use]
    pub const fn times(self, count: u64) -> Self {
        Self { objects: self.objects.saturating_mul(count), values: self.values.saturating_mul(count), conditions: self.conditions.saturating_mul(count) }
    }

    fn or(self, other: Self) -> Self {
        Self { objects: self.objects.max(other.objects), values: self.values.max(other.values), conditions: self.conditions.max(other.conditions) }
    }
}

/// What a selection returns for one object, and for each row if that object is a connection.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    once: Load,
    per_row: Load,
}

impl Part {
    fn and(self, other: Self) -> Self {
        Self { once: self.once.and(other.once), per_row: self.per_row.and(other.per_row) }
    }

    fn or(self, other: Self) -> Self {
        Self { once: self.once.or(other.once), per_row: self.per_row.or(other.per_row) }
    }
}

/// What the operation may return. The document has passed [`super::size::check`], so that its nesting is small.
pub fn of(shapes: &Shapes, document: &ExecutableDocument, operation: &Positioned<OperationDefinition>, variables: &Variables) -> Load {
    let root = match operation.node.ty {
        OperationType::Mutation => &shapes.mutation,
        OperationType::Query => &shapes.query,
        OperationType::Subscription => &shapes.subscription,
    };
    let mut reckoner = Reckoner { shapes, document, operation: &operation.node, variables, fragments: HashMap::new() };
    reckoner.selection_set(&operation.node.selection_set.node, root).once
}

struct Reckoner<'a> {
    shapes: &'a Shapes,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    fragments: HashMap<&'a str, Part>,
}

impl<'a> Reckoner<'a> {
    fn selection_set(&mut self, set: &'a SelectionSet, on: &str) -> Part {
        let shapes = self.shapes;
        let selectable = shapes.get(on);
        let mut always = Part::default();
        let mut by_type: HashMap<&str, Part> = HashMap::new();
        for selection in &set.items {
            let (condition, part) = match &selection.node {
                Selection::Field(field) => (None, self.field(&field.node, selectable).and(self.ranking(on, &field.node, selectable))),
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref().map(|condition| condition.node.on.node.as_str());
                    (condition, self.selection_set(&inline.node.selection_set.node, condition.unwrap_or(on)))
                }
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node),
            };
            match condition.filter(|condition| self.is_one_of_several(on, condition)) {
                Some(condition) => {
                    let sum = by_type.entry(condition).or_default();
                    *sum = sum.and(part);
                }
                None => always = always.and(part),
            }
        }
        always.and(by_type.into_values().fold(Part::default(), Part::or))
    }

    /// Whether only some of the objects behind `on` are of the type `condition`.
    fn is_one_of_several(&self, on: &str, condition: &str) -> bool {
        let is_abstract = |name: &str| self.shapes.get(name).is_some_and(|selectable| selectable.is_abstract);
        is_abstract(on) && !is_abstract(condition)
    }

    fn fragment(&mut self, name: &'a Name) -> (Option<&'a str>, Part) {
        let Some(fragment) = self.document.fragments.get(name) else { return (None, Part::default()) };
        let on = fragment.node.type_condition.node.on.node.as_str();
        if let Some(part) = self.fragments.get(name.as_str()) {
            return (Some(on), *part);
        }
        let part = self.selection_set(&fragment.node.selection_set.node, on);
        self.fragments.insert(name.as_str(), part);
        (Some(on), part)
    }

    fn field(&mut self, field: &'a Field, on: Option<&Selectable>) -> Part {
        let name = field.name.node.as_str();
        if let Some(items) = introspection::items(name, on.is_some(), self.shapes) {
            let below = self.selection_set(&field.selection_set.node, introspection::NOWHERE).once;
            return Part { once: Load { values: items.of(below.values), ..Load::default() }, per_row: Load::default() };
        }
        let own = Part { once: Load { values: 1, ..self.filtered(field) }, per_row: Load::default() };
        match on.and_then(|on| on.field(name).map(|shape| (on, shape))) {
            Some((on, shape)) => own.and(self.returned(field, on, shape)),
            None => own,
        }
    }

    /// What the ranking behind a field stands for.
    fn ranking(&self, on: &str, field: &Field, selectable: Option<&Selectable>) -> Part {
        let name = field.name.node.as_str();
        let Some((.., objects, each)) = RANKINGS.iter().find(|(of, ranking, ..)| *of == on && *ranking == name) else { return Part::default() };
        let rows = match selectable.and_then(|on| on.field(name)).map(|shape| &shape.many) {
            Some(Many::Connection(default)) => self.first(field, *default),
            _ => 0,
        };
        Part { once: Load { objects: objects + each * rows, ..Load::default() }, per_row: Load::default() }
    }

    /// What the filter and the search of a field stand for.
    fn filtered(&self, field: &Field) -> Load {
        let given = |name| argument::given(field, name, self.operation, self.variables).map(|value| filter::of(name, &value)).unwrap_or_default();
        given("filter").and(given("search"))
    }

    /// What the objects behind a field return.
    fn returned(&mut self, field: &'a Field, on: &Selectable, shape: &Shape) -> Part {
        let below = self.selection_set(&field.selection_set.node, &shape.of);
        let each = Load { objects: 1, ..Load::default() }.and(below.once);
        let once = |load| Part { once: load, per_row: Load::default() };
        match &shape.many {
            Many::Scalar => Part::default(),
            Many::Some(_) if on.is_connection && field.name.node == "edges" => Part { once: Load::default(), per_row: below.once },
            Many::Some(_) if on.is_connection && field.name.node == "nodes" => Part { once: Load::default(), per_row: each },
            Many::One if on.is_connection && shape.of == "PageInfo" => once(below.once),
            Many::One => once(each),
            Many::Some(items) if list::is_within(&shape.of) => once(below.once.times(*items)),
            Many::Some(items) => once(each.times(*items)),
            Many::First(default) => once(each.times(self.first(field, *default))),
            Many::AsGiven(list) => once(each.times(self.length(field, list))),
            Many::Connection(default) => {
                let rows = below.per_row.times(self.first(field, *default)).and(below.once);
                once(Load { objects: rows.objects.max(1), ..rows })
            }
        }
    }

    fn first(&self, field: &Field, default: u64) -> u64 {
        let given = match argument::given(field, "first", self.operation, self.variables) {
            Some(Value::Number(number)) => number.as_i64().map(|first| u64::try_from(first).unwrap_or(1)),
            _ => None,
        };
        given.unwrap_or(default).clamp(1, MOST_FIRST)
    }

    fn length(&self, field: &Field, list: &str) -> u64 {
        match argument::given(field, list, self.operation, self.variables) {
            Some(Value::List(items)) => (items.len() as u64).clamp(1, MOST_FIRST),
            _ => 1,
        }
    }
}
