//! Variables and arguments: which must be given, what they stand for, and which one a place in the text belongs to.

use std::convert::Infallible;

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet};
use async_graphql::{Name, Pos, Positioned, Value, Variables};

use super::refusal::Refused;

/// Refuses an operation whose required variables are not all given.
pub fn required_variables(operation: &Positioned<OperationDefinition>, variables: &Variables) -> Result<(), Box<Refused>> {
    for definition in &operation.node.variable_definitions {
        let name = &definition.node.name.node;
        let given = match variables.get(name) {
            None => definition.node.default_value.is_some(),
            Some(value) => *value != Value::Null,
        };
        if !given && !definition.node.var_type.node.nullable {
            return Err(Refused::missing_variable(name, definition.pos));
        }
    }
    Ok(())
}

/// The value of an argument, itself or by variables, null where one of those is not given; none when there is no value.
pub fn given(field: &Field, name: &str, operation: &OperationDefinition, variables: &Variables) -> Option<Value> {
    let by_default = |variable: &Name| {
        let definition = operation.variable_definitions.iter().find(|definition| definition.node.name.node == *variable)?;
        definition.node.default_value.as_ref().map(|value| value.node.clone())
    };
    let fill = |variable: Name| Ok::<_, Infallible>(variables.get(&variable).cloned().or_else(|| by_default(&variable)).unwrap_or_default());
    field.get_argument(name)?.node.clone().into_const_with(fill).ok().filter(|value| *value != Value::Null)
}

/// An argument as a document and its variables give it.
pub struct Argument {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Value,
}

impl Argument {
    /// The path of the argument itself, or, where its value holds `text`, of the field that does.
    #[must_use]
    pub fn path_to(self, text: Option<&str>) -> Vec<String> {
        let inner = text.and_then(|text| path_in(&self.value, text)).unwrap_or_default();
        std::iter::once(self.name).chain(inner).collect()
    }
}

fn path_in(value: &Value, text: &str) -> Option<Vec<String>> {
    let below = |step: String, value: &Value| path_in(value, text).map(|rest| std::iter::once(step).chain(rest).collect());
    match value {
        Value::String(held) if held == text => Some(Vec::new()),
        Value::List(values) => values.iter().enumerate().find_map(|(place, value)| below(place.to_string(), value)),
        Value::Object(fields) => fields.iter().find_map(|(name, value)| below(name.to_string(), value)),
        _ => None,
    }
}

/// The argument whose value stands at a place of a document that has passed the guard.
#[must_use]
pub fn argument_at(text: &str, place: Pos, variables: &Variables) -> Option<Argument> {
    let ExecutableDocument { operations, fragments } = parse_query(text).ok()?;
    let in_operations = operations.iter().find_map(|(_, operation)| in_set(&operation.node.selection_set.node, place, variables));
    in_operations.or_else(|| fragments.values().find_map(|fragment| in_set(&fragment.node.selection_set.node, place, variables)))
}

fn in_set(set: &SelectionSet, place: Pos, variables: &Variables) -> Option<Argument> {
    let filled = |variable: Name| Ok::<_, ()>(variables.get(&variable).cloned().unwrap_or_default());
    set.items.iter().find_map(|selection| match &selection.node {
        Selection::Field(field) => {
            let own = field
                .node
                .arguments
                .iter()
                .find(|(_, value)| value.pos == place)
                .map(|(name, value)| Argument { name: name.node.to_string(), value: value.node.clone().into_const_with(filled).unwrap_or_default() });
            own.or_else(|| in_set(&field.node.selection_set.node, place, variables))
        }
        Selection::InlineFragment(inline) => in_set(&inline.node.selection_set.node, place, variables),
        Selection::FragmentSpread(_) => None,
    })
}
