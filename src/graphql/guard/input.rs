//! The input types of the schema, by which the value is found that a scalar does not take where the library names its type only.

use std::collections::HashMap;

use async_graphql::parser::types::{ServiceDocument, TypeKind, TypeSystemDefinition};
use async_graphql::{ScalarType as _, Value};
use chrono::{DateTime, Utc};

use super::shape::named;

/// The types of the fields of every input type.
#[derive(Clone, Debug, Default)]
pub struct Inputs(HashMap<String, HashMap<String, String>>);

impl Inputs {
    /// Reads the input types of a schema.
    pub fn read(schema: &ServiceDocument) -> Self {
        let inputs = schema.definitions.iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => match &definition.node.kind {
                TypeKind::InputObject(input) => {
                    let fields = input.fields.iter().map(|field| (field.node.name.node.to_string(), named(&field.node.ty.node).to_owned()));
                    Some((definition.node.name.node.to_string(), fields.collect()))
                }
                _ => None,
            },
            _ => None,
        });
        Self(inputs.collect())
    }

    /// The path within a value of the type `of` to the first that the scalar `wanted` does not take.
    pub fn misfit(&self, of: &str, value: &Value, wanted: &str) -> Option<Vec<String>> {
        let below = |step: String, of: &str, value: &Value| self.misfit(of, value, wanted).map(|rest| std::iter::once(step).chain(rest).collect());
        match value {
            Value::List(values) => values.iter().enumerate().find_map(|(place, value)| below(place.to_string(), of, value)),
            Value::Object(fields) => fields.iter().find_map(|(name, value)| below(name.to_string(), self.0.get(of)?.get(name.as_str())?, value)),
            _ => (of == wanted && !fits(wanted, value)).then(Vec::new),
        }
    }
}

/// Whether one of the scalars that the library looks at only when it runs a document takes a value.
fn fits(scalar: &str, value: &Value) -> bool {
    match scalar {
        "Int" => i32::parse(value.clone()).is_ok(),
        "DateTime" => DateTime::<Utc>::parse(value.clone()).is_ok(),
        _ => true,
    }
}
