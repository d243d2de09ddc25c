//! How large a document is once its fragments are put in place, with each fragment counted once.

use std::collections::HashMap;
use std::convert::Infallible;

use async_graphql::parser::types::{Directive, ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Name, Positioned, Value};

use super::refusal::Refused;

/// Most nodes: fields, aliases, arguments' values, directives, fragments in place.
pub const MOST_NODES: u64 = 2_000;
/// Most fields of the operation itself.
pub const MOST_ROOT_FIELDS: u64 = 20;
/// Most fragments in a document.
pub const MOST_FRAGMENTS: usize = 100;
/// Deepest field below the operation, introspection aside.
pub const MOST_DEPTH: u64 = 16;
/// Deepest selection, fragments counted as levels; the library's own limit is the same, and introspection needs 17.
pub const MOST_LEVELS: u64 = 32;

/// The size of a selection with all that is below it.
#[derive(Clone, Copy, Debug, Default)]
struct Size {
    nodes: u64,
    fields: u64,
    depth: u64,
    levels: u64,
}

impl Size {
    fn beside(self, other: Self) -> Self {
        Self {
            nodes: self.nodes.saturating_add(other.nodes),
            fields: self.fields.saturating_add(other.fields),
            depth: self.depth.max(other.depth),
            levels: self.levels.max(other.levels),
        }
    }
}

/// Refuses a document that is too large, too deep, or whose fragments contain themselves.
pub fn check(document: &ExecutableDocument) -> Result<(), Box<Refused>> {
    within("фрагментів", "fragments", document.fragments.len() as u64, MOST_FRAGMENTS as u64)?;
    let mut counter = Counter { document, fragments: HashMap::new() };
    let mut nodes = 0_u64;
    for (_, operation) in document.operations.iter() {
        let size = counter.selection_set(&operation.node.selection_set.node, 0)?;
        nodes = nodes.saturating_add(1).saturating_add(size.nodes).saturating_add(directives(&operation.node.directives));
        nodes = nodes.saturating_add(operation.node.variable_definitions.len() as u64);
        within("вузлів після розгортання фрагментів", "nodes once fragments are in place", nodes, MOST_NODES)?;
        within("кореневих полів", "root fields", size.fields, MOST_ROOT_FIELDS)?;
        within("рівнів полів", "levels of fields", size.depth, MOST_DEPTH)?;
    }
    for name in document.fragments.keys() {
        let unused = counter.fragment(name, 0)?;
        within("вузлів після розгортання фрагментів", "nodes once fragments are in place", unused.nodes, MOST_NODES)?;
    }
    Ok(())
}

fn within(uk: &str, en: &str, measured: u64, limit: u64) -> Result<(), Box<Refused>> {
    if measured > limit { Err(Refused::too_much(uk, en, measured, limit)) } else { Ok(()) }
}

struct Counter<'a> {
    document: &'a ExecutableDocument,
    /// Fragments met so far; without a size while they are being counted.
    fragments: HashMap<&'a str, Option<Size>>,
}

impl<'a> Counter<'a> {
    /// `level` is how deep the counting itself has gone, so that it cannot overflow the stack.
    fn selection_set(&mut self, set: &'a SelectionSet, level: u64) -> Result<Size, Box<Refused>> {
        within("вкладених виборів", "levels of selections", level, MOST_LEVELS)?;
        let mut total = Size::default();
        for selection in &set.items {
            total = total.beside(self.selection(&selection.node, level)?);
        }
        total.levels = total.levels.saturating_add(1);
        within("вкладених виборів", "levels of selections", total.levels, MOST_LEVELS)?;
        Ok(total)
    }

    fn selection(&mut self, selection: &'a Selection, level: u64) -> Result<Size, Box<Refused>> {
        let mut size = match selection {
            Selection::Field(field) => self.field(&field.node, level)?,
            Selection::InlineFragment(inline) => self.selection_set(&inline.node.selection_set.node, level + 1)?,
            Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, level + 1)?,
        };
        size.nodes = size.nodes.saturating_add(1).saturating_add(directives(selection.directives()));
        Ok(size)
    }

    fn field(&mut self, field: &'a Field, level: u64) -> Result<Size, Box<Refused>> {
        let below = if field.selection_set.node.items.is_empty() { Size::default() } else { self.selection_set(&field.selection_set.node, level + 1)? };
        let arguments: u64 = field.arguments.iter().map(|(_, value)| values(&value.node.clone().into_const_with(|_| Ok::<_, Infallible>(Value::Null)).unwrap_or_default())).sum();
        let own = arguments.saturating_add(u64::from(field.alias.is_some()));
        let introspection = field.name.node.starts_with("__");
        let depth = if introspection { 1 } else { below.depth.saturating_add(1) };
        Ok(Size { nodes: below.nodes.saturating_add(own), fields: 1, depth, levels: below.levels })
    }

    fn fragment(&mut self, name: &'a Name, level: u64) -> Result<Size, Box<Refused>> {
        match self.fragments.get(name.as_str()) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => return Err(Refused::cyclic(name)),
            None => {}
        }
        let Some(fragment) = self.document.fragments.get(name) else { return Ok(Size::default()) };
        self.fragments.insert(name.as_str(), None);
        let mut size = self.selection_set(&fragment.node.selection_set.node, level)?;
        size.nodes = size.nodes.saturating_add(directives(&fragment.node.directives));
        self.fragments.insert(name.as_str(), Some(size));
        Ok(size)
    }
}

fn directives(directives: &[Positioned<Directive>]) -> u64 {
    let arguments = directives.iter().flat_map(|directive| &directive.node.arguments);
    directives.len() as u64 + arguments.map(|(_, value)| values(&value.node.clone().into_const_with(|_| Ok::<_, Infallible>(Value::Null)).unwrap_or_default())).sum::<u64>()
}

/// Values within a value, itself counted; a variable is one. Its nesting was limited before it was parsed.
fn values(value: &Value) -> u64 {
    match value {
        Value::List(items) => 1 + items.iter().map(values).sum::<u64>(),
        Value::Object(fields) => 1 + fields.values().map(values).sum::<u64>(),
        _ => 1,
    }
}
