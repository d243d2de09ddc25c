//! What introspection may return: it goes in circles too (`types { fields { type { fields …`), though its objects cost nothing.

use super::shape::Shapes;

/// The name under which no type of the schema is found: below it all fields are introspection's own.
pub const NOWHERE: &str = "";

/// Fields of a type, on the average.
const FIELDS: u64 = 8;
/// Arguments of a field, interfaces of a type, types of an interface, on the average.
const FEW: u64 = 2;

/// How many items a field of introspection is reckoned to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Items {
    /// So many.
    Many(u64),
    /// A type within a type (`ofType`): half of them have none.
    Half,
}

impl Items {
    /// The values of all items together when one has so many.
    pub const fn of(self, values: u64) -> u64 {
        match self {
            Self::Many(count) => values.saturating_mul(count).saturating_add(1),
            Self::Half => (values / 2).saturating_add(1),
        }
    }
}

/// How many items the field has, if it is one of introspection. `known` says whether the type it is asked of is the schema's.
pub fn items(field: &str, known: bool, shapes: &Shapes) -> Option<Items> {
    match (field, known) {
        ("__schema" | "__type", true) => Some(Items::Many(1)),
        (_, true) => None,
        ("types", false) => Some(Items::Many(shapes.count.max(1))),
        ("fields" | "inputFields" | "enumValues" | "directives", false) => Some(Items::Many(FIELDS)),
        ("args" | "interfaces" | "possibleTypes", false) => Some(Items::Many(FEW)),
        ("ofType", false) => Some(Items::Half),
        (_, false) => Some(Items::Many(1)),
    }
}
