//! The schema: named elements with definitions.

use std::fmt;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::PackError;

/// The most elements a schema may have; beyond that they stop being independent of each other.
pub const MOST_ELEMENTS: usize = 5;

/// One element of a schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ElementDefinition {
    /// The name, as it stands in prompts, replies and records.
    pub name: String,
    /// What belongs into a value of this element and what does not.
    pub definition: String,
}

/// Reads a JSON array of `{name, definition}`.
pub(crate) fn read(file: &str, text: &str) -> Result<Vec<ElementDefinition>, PackError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str::<Schema>(text).map(|schema| schema.0).map_err(|error| {
        let full = error.to_string();
        // The position is told by the line; what remains is the sentence.
        let message = full.split(" at line ").next().unwrap_or(&full);
        PackError::new(file, message).at((error.line() > 0).then(|| error.line())).help(
            r#"a schema is a JSON array of 1 to 5 objects {"name": "...", "definition": "..."}"#,
        )
    })
}

/// Checked while it is read, so that the reader's position is that of the fault.
struct Schema(Vec<ElementDefinition>);

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(SchemaVisitor)
    }
}

struct SchemaVisitor;

impl<'de> Visitor<'de> for SchemaVisitor {
    type Value = Schema;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of elements")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Schema, A::Error> {
        let mut elements: Vec<ElementDefinition> = Vec::new();
        while let Some(element) = sequence.next_element::<ElementDefinition>()? {
            check(&elements, &element).map_err(A::Error::custom)?;
            elements.push(ElementDefinition {
                name: element.name.trim().to_owned(),
                definition: element.definition.trim().to_owned(),
            });
        }
        if elements.is_empty() {
            return Err(A::Error::custom("the schema has no element"));
        }
        Ok(Schema(elements))
    }
}

/// Whether these elements are a schema.
///
/// # Errors
///
/// The sentence that says what is wrong.
pub(crate) fn check_elements(elements: &[ElementDefinition]) -> Result<(), String> {
    (0..elements.len()).try_for_each(|place| check(&elements[..place], &elements[place]))
}

fn check(before: &[ElementDefinition], element: &ElementDefinition) -> Result<(), String> {
    let name = element.name.trim();
    if name.is_empty() {
        return Err("an element has no name".into());
    }
    // Replies carry one `Name: value` a line; such a name could never be found again.
    if name.contains([':', '\n', '\r', '*', '#', '<', '>', '`']) {
        return Err(format!("the element name {name:?} has a character of the reply grammar"));
    }
    if element.definition.trim().is_empty() {
        return Err(format!("the element `{name}` has no definition"));
    }
    if before.iter().any(|other| other.name.to_lowercase() == name.to_lowercase()) {
        return Err(format!("the element `{name}` is defined twice"));
    }
    if before.len() == MOST_ELEMENTS {
        return Err(format!("a schema has at most {MOST_ELEMENTS} elements, `{name}` is one more"));
    }
    Ok(())
}
