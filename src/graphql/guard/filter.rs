//! What the filters and searches of an operation ask of the database: every condition is looked at for every row, and a word
//! that is sought is read through the whole text of each.

use async_graphql::Value;

use super::cost::Load;
use crate::text;

/// Objects that one word of a search stands for: no index helps to find it.
const WORD: u64 = 10;

/// The conditions of an argument: each value that a column is compared with, each word of a search.
pub fn of(name: &str, value: &Value) -> Load {
    match value {
        Value::Null => Load::default(),
        Value::List(values) => values.iter().fold(Load::default(), |load, value| load.and(of(name, value))),
        Value::Object(fields) => {
            let load = fields.iter().fold(Load::default(), |load, (name, value)| load.and(of(name, value)));
            Load { conditions: load.conditions.max(1), ..load }
        }
        Value::String(words) if name == "search" => {
            let words = text::key(words).split_whitespace().count() as u64;
            Load { objects: words.saturating_mul(WORD), values: 0, conditions: words.max(1) }
        }
        _ => Load { conditions: 1, ..Load::default() },
    }
}
