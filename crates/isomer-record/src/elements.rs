//! Element sets and the blueprints made from them.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// One value per element of the schema, in the schema's order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Elements(pub IndexMap<String, String>);

impl Elements {
    /// The value of the element called `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Names and values in the schema's order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The same set without the elements called `names`.
    pub fn without(&self, names: &[String]) -> Self {
        Self(
            self.0
                .iter()
                .filter(|(name, _)| !names.contains(name))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        )
    }
}

/// A new, coherent element set recombined from four seeds: the plan of a task that does not exist
/// yet (step 2 of ADR, arXiv 2605.31058).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blueprint {
    /// The recombined element set.
    pub elements: Elements,
    /// Names of the core elements, which are kept consistent with the first parent.
    pub core: Vec<String>,
    /// Seed ids: the first gave the core element, the others inspired the structure.
    pub parents: Vec<String>,
}
