//! Changes to a schema whose worth is known, and the values that make it so.

use serde_json::json;

use crate::mock::profile::Proposals;

const SETTING: &str = "Setting";
const QUESTION: &str = "Question";
const BLANK: &str = "Blank";

/// What the elements that [`proposals`] names say of one of our seeds.
pub(super) fn value(name: &str, prompt: &str) -> Option<String> {
    let part = |start: &str, end: &str| {
        let (_, rest) = prompt.rsplit_once(start)?;
        rest.split_once(end).map(|(part, _)| part.to_owned())
    };
    match name {
        SETTING => part("the keeper of ", " number"),
        QUESTION => part("she wants to know ", ", before"),
        BLANK => Some("a problem like any other".to_owned()),
        _ => None,
    }
}

/// Changes that make the schema in `prompt` better or worse, or no changes at all.
pub(crate) fn proposals(kind: Proposals, prompt: &str) -> String {
    let names = element_names(prompt);
    let refine = |(element, name): (&&str, &str)| {
        json!({
            "change": {"refine": {
                "element": element,
                "into": {"name": name, "definition": format!("The {name} of the problem.")},
            }},
            "rationale": format!("its values tell little, those of {name} will"),
        })
    };
    let into: &[&str] = match kind {
        Proposals::Better => &[SETTING, QUESTION],
        Proposals::Worse => &[BLANK],
        Proposals::Prose => return "I would rather talk about it first.".to_owned(),
    };
    let changes: Vec<_> = names.iter().zip(into.iter().copied()).map(refine).collect();
    json!({"proposals": changes}).to_string()
}

/// A line `Name: definition` before a line of figures.
fn element_names(prompt: &str) -> Vec<&str> {
    let lines: Vec<&str> = prompt.lines().collect();
    let followed = lines.windows(2).filter(|pair| pair[1].starts_with("  entropy "));
    followed.filter_map(|pair| pair[0].split_once(':')).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::{Proposals, proposals, value};

    #[test]
    fn changes_name_the_elements_of_the_prompt() {
        let prompt = "Idea: what\n  entropy 0.91, about\n\nStory: where: here\n  entropy 0.5";
        let better = proposals(Proposals::Better, prompt);
        assert!(
            better.contains("\"element\":\"Idea\"") && better.contains("\"Story\""),
            "{better}"
        );
        assert!(proposals(Proposals::Worse, prompt).contains("Blank"));
        assert!(!proposals(Proposals::Prose, prompt).contains('{'));
    }

    #[test]
    fn values_come_from_our_seeds() {
        let seed = "the keeper of harbour number 3 weighs; she wants to know how many, before";
        assert_eq!(value("Setting", seed).as_deref(), Some("harbour"));
        assert_eq!(value("Question", seed).as_deref(), Some("how many"));
        assert_eq!(value("Story", seed), None);
    }
}
