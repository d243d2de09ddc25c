//! The gate before the library: how large a document grows and how much it may return, counted before anything runs it.
//!
//! The library checks its own limits only after it has expanded every fragment, so 734 bytes of fragments that spread each
//! other cost it seconds. Here the text is scanned for nesting before it is parsed, each fragment is counted once, and what
//! could be returned is reckoned from the schema's shapes and the `first` of its connections, and what filters ask is counted.

mod argument;
mod cost;
mod filter;
mod input;
mod introspection;
mod list;
mod refusal;
mod root;
mod scan;
mod shape;
mod size;
#[cfg(test)]
mod tests;

use async_graphql::Variables;
use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType};
use async_graphql::parser::{self, Positioned};

pub use argument::{Argument, argument_at};
use input::Inputs;
pub use refusal::{Fault, Refused};
pub use root::RootField;
use shape::Shapes;

/// Longest document, in bytes.
pub const MOST_TEXT: usize = 32 * 1024;
/// Most objects that one call may return when nobody is signed in.
pub const MOST_COST_ANONYMOUS: u64 = 2_000;
/// Most objects that one call may return with a token.
pub const MOST_COST_SIGNED_IN: u64 = 20_000;
/// Most fields of all objects that one call may return.
pub const MOST_VALUES: u64 = 200_000;
/// Most conditions in all filters of one call: values that columns are compared with, words that are sought.
pub const MOST_CONDITIONS: u64 = 500;

/// What the schema looks like, as far as costs depend on it. Built once.
#[derive(Clone, Debug)]
pub struct Guard {
    shapes: Shapes,
    inputs: Inputs,
}

/// A document that may run.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The document, parsed.
    pub document: ExecutableDocument,
    /// Objects that it can return.
    pub cost: u64,
    /// Most objects that its caller may ask for.
    pub limit: u64,
    /// What the selected operation is.
    pub kind: OperationType,
    /// What it asks for at its root.
    pub root: Vec<RootField>,
}

impl Guard {
    /// Reads the shapes of a schema.
    ///
    /// # Errors
    /// When the text is no schema.
    pub fn new(sdl: &str) -> Result<Self, parser::Error> {
        let schema = parser::parse_schema(sdl)?;
        Ok(Self { shapes: Shapes::read(&schema), inputs: Inputs::read(&schema) })
    }

    /// The path from an argument of the type `of` to the value that the scalar `wanted` does not take.
    #[must_use]
    pub fn path_to(&self, argument: Argument, of: &str, wanted: &str) -> Vec<String> {
        let inner = self.inputs.misfit(of, &argument.value, wanted).unwrap_or_default();
        std::iter::once(argument.name).chain(inner).collect()
    }

    /// Lets a document pass, or says what is too much about it.
    ///
    /// # Errors
    /// When it does not parse, is too large, deep or costly, or the operation or a variable that it needs is not there.
    pub fn check(&self, text: &str, operation_name: Option<&str>, variables: &Variables, authenticated: bool) -> Result<Checked, Box<Refused>> {
        if text.len() > MOST_TEXT {
            return Err(Refused::too_much("байтів у документі", "bytes in the document", text.len() as u64, MOST_TEXT as u64));
        }
        scan::nesting(text)?;
        let document = parser::parse_query(text).map_err(|error| Refused::unreadable(&error))?;
        size::check(&document)?;
        let operation = select(&document, operation_name)?;
        argument::required_variables(operation, variables)?;
        let load = cost::of(&self.shapes, &document, operation, variables);
        if load.conditions > MOST_CONDITIONS {
            return Err(Refused::too_much("умов у фільтрах", "conditions in filters", load.conditions, MOST_CONDITIONS));
        }
        let limit = if authenticated { MOST_COST_SIGNED_IN } else { MOST_COST_ANONYMOUS };
        if load.objects > limit {
            return Err(Refused::too_costly(load.objects, limit));
        }
        if load.values > MOST_VALUES {
            return Err(Refused::too_much("полів у відповіді", "fields in the answer", load.values, MOST_VALUES));
        }
        let kind = operation.node.ty;
        if kind == OperationType::Subscription && !root::is_one_field(&operation.node) {
            return Err(Refused::not_one_field());
        }
        let root = root::fields(&document, &operation.node, variables);
        Ok(Checked { cost: load.objects, limit, kind, root, document })
    }
}

/// The operation that is to run.
fn select<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Result<&'a Positioned<OperationDefinition>, Box<Refused>> {
    match (&document.operations, name) {
        (DocumentOperations::Single(only), None) => Ok(only),
        (DocumentOperations::Multiple(named), Some(name)) => named.get(name).ok_or_else(Refused::no_such_operation),
        (DocumentOperations::Multiple(named), None) if named.len() == 1 => named.values().next().ok_or_else(Refused::no_such_operation),
        (DocumentOperations::Single(_), Some(_)) | (DocumentOperations::Multiple(_), None) => Err(Refused::no_such_operation()),
    }
}
