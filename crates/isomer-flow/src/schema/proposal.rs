//! Proposals as a model writes them: strict JSON.

use serde::{Deserialize, Serialize};

use crate::pack::ElementDefinition;
use crate::reply::Missing;

/// One change to a schema, with its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// What to do.
    pub change: Change,
    /// Why, in the model's words.
    pub rationale: String,
}

/// What can be done to a schema. Elements are named as they stand when the change is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// A new element at the end.
    Add(ElementDefinition),
    /// An element goes.
    Remove {
        /// Its name.
        element: String,
    },
    /// Several elements become one, in the place of the first.
    Merge {
        /// Their names.
        elements: Vec<String>,
        /// What they become.
        into: ElementDefinition,
    },
    /// An element becomes several, in its place.
    Split {
        /// Its name.
        element: String,
        /// What it becomes.
        into: Vec<ElementDefinition>,
    },
    /// An element gets another definition, and perhaps another name.
    Refine {
        /// Its name.
        element: String,
        /// What it becomes.
        into: ElementDefinition,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    proposals: Vec<Proposal>,
}

/// Reads the one JSON object of a reply, which may stand in a fence or behind some thinking.
///
/// # Errors
///
/// Says what is wrong with the JSON, and where, in words for the model.
pub fn read(reply: &str) -> Result<Vec<Proposal>, Missing> {
    // The last object that names proposals: thoughts before it may quote the form.
    let Some(key) = reply.rfind("\"proposals\"") else {
        return Err(missing("There is no JSON object with the key `proposals` in it."));
    };
    let Some(start) = reply[..key].rfind('{') else {
        return Err(missing("The JSON object with the key `proposals` has no beginning."));
    };
    let mut objects = serde_json::Deserializer::from_str(&reply[start..]).into_iter::<Answer>();
    match objects.next() {
        Some(Ok(answer)) => Ok(answer.proposals),
        Some(Err(error)) => {
            Err(missing(&format!("The JSON object is not of the asked form: {error}.")))
        }
        None => Err(missing("The JSON object is empty.")),
    }
}

fn missing(text: &str) -> Missing {
    Missing { text: text.to_owned(), refusal: false }
}

#[cfg(test)]
mod tests {
    use super::{Change, read};

    const ANSWER: &str = r#"I thought of {"proposals": [...]} first.
```json
{"proposals": [
  {"change": {"remove": {"element": "B"}}, "rationale": "says what A says"},
  {"change": {"add": {"name": "C", "definition": "the limits"}}, "rationale": "missing"}
]}
```
That is all."#;

    #[test]
    fn the_last_object_counts_wherever_it_stands() {
        let proposals = read(ANSWER).unwrap();
        assert_eq!(proposals.len(), 2);
        assert_eq!(proposals[0].change, Change::Remove { element: "B".to_owned() });
        assert_eq!(proposals[0].rationale, "says what A says");
        assert!(read(r#"{"proposals": []}"#).unwrap().is_empty());
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (reply, said) in [
            ("I would leave it as it is.", "no JSON object"),
            (r#"{"proposals": [{"change": {"remove": {"element": "B"}}}]}"#, "rationale"),
            (r#"{"proposals": [{"change": {"rename": {}}, "rationale": ""}]}"#, "rename"),
            (
                r#"{"proposals": [{"change": {"remove": {"element": 1}}, "rationale": ""}]}"#,
                "string",
            ),
            (r#"{"proposals": [], "schema": []}"#, "schema"),
            (r#"{"proposals": [{"change""#, "asked form"),
        ] {
            let error = read(reply).unwrap_err().text;
            assert!(error.contains(said), "{reply}: {error}");
        }
    }
}
