//! What an operation asks for at its root: the names of its fields and what is given to them.

use async_graphql::Variables;
use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, Selection, SelectionSet};
use serde_json::{Map, Value};

use super::argument;

/// A field of the operation itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootField {
    /// Its name in the schema.
    pub name: String,
    /// Its arguments as a JSON object, variables in place.
    pub arguments: Value,
}

/// Whether an operation has one field at its root, written there and not within a fragment.
pub fn is_one_field(operation: &OperationDefinition) -> bool {
    matches!(operation.selection_set.node.items.as_slice(), [only] if matches!(only.node, Selection::Field(_)))
}

/// The fields of an operation of a document that was counted, fragments in place.
pub fn fields(document: &ExecutableDocument, operation: &OperationDefinition, variables: &Variables) -> Vec<RootField> {
    let mut fields = Vec::new();
    let mut sets: Vec<&SelectionSet> = vec![&operation.selection_set.node];
    while let Some(set) = sets.pop() {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let given = |name: &str| argument::given(&field.node, name, operation, variables).and_then(|value| value.into_json().ok()).unwrap_or_default();
                    let arguments: Map<String, Value> = field.node.arguments.iter().map(|(name, _)| (name.node.to_string(), given(&name.node))).collect();
                    fields.push(RootField { name: field.node.name.node.to_string(), arguments: Value::Object(arguments) });
                }
                Selection::InlineFragment(inline) => sets.push(&inline.node.selection_set.node),
                Selection::FragmentSpread(spread) => sets.extend(document.fragments.get(&spread.node.fragment_name.node).map(|fragment| &fragment.node.selection_set.node)),
            }
        }
    }
    fields
}
