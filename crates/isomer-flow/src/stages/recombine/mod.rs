//! Step 2: one seed gives the core elements, three others inspire, out comes a new element set.

use isomer_record::{Blueprint, DropReason, Elements};
use serde_json::json;

use super::{Cx, Exit, Item};
use crate::ask::ask;
use crate::pack::{Prompt, RecombineVars};
use crate::reply;

/// The element set of a seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parent {
    /// The user's id of the seed.
    pub seed_id: String,
    /// Its elements.
    pub elements: Elements,
}

/// Whom a blueprint descends from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parents {
    /// The seed that gives the core elements.
    pub own: Parent,
    /// The seeds that inspire.
    pub references: Vec<Parent>,
}

/// Asks for a blueprint. The references are shown without the core elements, so that none can be
/// copied from them.
pub async fn run(cx: &Cx, item: &Item, parents: Parents) -> Result<Blueprint, Exit> {
    let core = &cx.pack.core;
    let references: Vec<Elements> =
        parents.references.iter().map(|parent| parent.elements.without(core)).collect();
    let vars = RecombineVars {
        elements: &cx.pack.elements,
        core,
        own: &parents.own.elements,
        references: &references,
        limits: &cx.pack.limits,
        libraries: &cx.pack.library_names(),
    };
    let parse = |text: &str| reply::elements(text, &cx.pack.elements);
    let elements = ask(cx, item, Prompt::Recombine, &vars, parse).await?;
    let family = || std::iter::once(&parents.own).chain(&parents.references);
    if let Some(parent) = family().find(|parent| copies(&elements, &parent.elements, core)) {
        let detail = format!("all elements but the core are those of seed `{}`", parent.seed_id);
        return Err(Exit::dropped(DropReason::BlueprintCopiesParent, detail)
            .with_evidence(json!({ "elements": elements })));
    }
    let parents = family().map(|parent| parent.seed_id.clone()).collect();
    Ok(Blueprint { elements, core: core.clone(), parents })
}

/// Whether nothing but the core elements sets the two apart.
fn copies(elements: &Elements, parent: &Elements, core: &[String]) -> bool {
    let free = elements.without(core);
    free.iter().all(|(name, value)| {
        parent.get(name).is_some_and(|other| normalised(other) == normalised(value))
    })
}

/// Letters and digits alone: punctuation, case and white space make nothing new.
fn normalised(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use isomer_record::Elements;

    use super::copies;

    fn elements(idea: &str, story: &str) -> Elements {
        let pairs = [("Idea", idea), ("Story", story)];
        Elements(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
    }

    #[test]
    fn punctuation_and_the_core_do_not_make_a_new_blueprint() {
        let core = ["Story".to_owned()];
        let parent = elements("Two pointers, sorted.", "A bakery");
        assert!(copies(&elements("two pointers - SORTED", "A harbour"), &parent, &core));
        assert!(!copies(&elements("two pointers, then a heap", "A bakery"), &parent, &core));
    }
}
