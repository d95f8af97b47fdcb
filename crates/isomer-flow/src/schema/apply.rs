//! Proposals turned into a schema, or a reason why they cannot be.

use super::proposal::{Change, Proposal};
use crate::pack::{ElementDefinition, MOST_ELEMENTS, check_elements};

/// The fewest elements: one is kept of the first parent, one must be left to recombine.
const FEWEST_ELEMENTS: usize = 2;

/// Why proposals give no schema.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// A change names an element that is not there.
    #[error("proposal {number} names `{name}`, which is no element at that point")]
    Unknown {
        /// The proposal, counted from 1.
        number: usize,
        /// The name.
        name: String,
    },
    /// A merge of fewer than two elements, or a split into fewer than two.
    #[error("proposal {number} merges or splits fewer than two elements")]
    TooFewParts {
        /// The proposal, counted from 1.
        number: usize,
    },
    /// The result has too many or too few elements.
    #[error("the result has {count} elements, not {FEWEST_ELEMENTS} to {MOST_ELEMENTS}")]
    Count {
        /// Elements of the result.
        count: usize,
    },
    /// The result is the schema that was.
    #[error("the result is the schema as it was")]
    Unchanged,
    /// The result is no schema.
    #[error("{0}")]
    Invalid(String),
}

/// The schema after all proposals, one after the other.
///
/// # Errors
///
/// The first reason why there is none.
pub fn apply(
    schema: &[ElementDefinition],
    proposals: &[Proposal],
) -> Result<Vec<ElementDefinition>, ApplyError> {
    let mut elements = schema.to_vec();
    for (number, proposal) in (1..).zip(proposals) {
        change(&mut elements, &proposal.change, number)?;
    }
    for element in &mut elements {
        element.name = element.name.trim().to_owned();
        element.definition = element.definition.trim().to_owned();
    }
    if elements == schema {
        return Err(ApplyError::Unchanged);
    }
    if !(FEWEST_ELEMENTS..=MOST_ELEMENTS).contains(&elements.len()) {
        return Err(ApplyError::Count { count: elements.len() });
    }
    check_elements(&elements).map_err(ApplyError::Invalid)?;
    Ok(elements)
}

fn change(
    elements: &mut Vec<ElementDefinition>,
    change: &Change,
    number: usize,
) -> Result<(), ApplyError> {
    match change {
        Change::Add(element) => elements.push(element.clone()),
        Change::Remove { element } => {
            elements.remove(place(elements, element, number)?);
        }
        Change::Refine { element, into } => {
            let place = place(elements, element, number)?;
            elements[place] = into.clone();
        }
        Change::Split { element, into } => {
            if into.len() < 2 {
                return Err(ApplyError::TooFewParts { number });
            }
            let place = place(elements, element, number)?;
            elements.splice(place..=place, into.iter().cloned());
        }
        Change::Merge { elements: names, into } => {
            let mut places = Vec::with_capacity(names.len());
            for name in names {
                places.push(place(elements, name, number)?);
            }
            places.sort_unstable();
            places.dedup();
            let Some((first, others)) =
                places.split_first().filter(|(_, others)| !others.is_empty())
            else {
                return Err(ApplyError::TooFewParts { number });
            };
            for other in others.iter().rev() {
                elements.remove(*other);
            }
            elements[*first] = into.clone();
        }
    }
    Ok(())
}

/// Where an element is; case and outer white space of names do not matter.
fn place(elements: &[ElementDefinition], name: &str, number: usize) -> Result<usize, ApplyError> {
    let wanted = name.trim().to_lowercase();
    elements
        .iter()
        .position(|element| element.name.trim().to_lowercase() == wanted)
        .ok_or_else(|| ApplyError::Unknown { number, name: name.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::{ApplyError, apply};
    use crate::pack::ElementDefinition;
    use crate::schema::{Change, Proposal};

    fn element(name: &str) -> ElementDefinition {
        ElementDefinition { name: name.to_owned(), definition: format!("what {name} is") }
    }

    fn names(changes: Vec<Change>) -> Result<Vec<String>, ApplyError> {
        let schema = ["A", "B", "C", "D"].map(element);
        let proposals: Vec<Proposal> = changes
            .into_iter()
            .map(|change| Proposal { change, rationale: "because".to_owned() })
            .collect();
        let elements = apply(&schema, &proposals)?;
        Ok(elements.into_iter().map(|element| element.name).collect())
    }

    #[test]
    fn every_change_keeps_its_place() {
        let refine = Change::Refine { element: "b ".to_owned(), into: element("B2") };
        assert_eq!(names(vec![refine]).unwrap(), ["A", "B2", "C", "D"]);
        let split =
            Change::Split { element: "B".to_owned(), into: vec![element("X"), element("Y")] };
        assert_eq!(names(vec![split.clone()]).unwrap(), ["A", "X", "Y", "C", "D"]);
        let merge =
            Change::Merge { elements: vec!["D".to_owned(), "B".to_owned()], into: element("BD") };
        assert_eq!(names(vec![merge]).unwrap(), ["A", "BD", "C"]);
        let remove = Change::Remove { element: "x".to_owned() };
        assert_eq!(names(vec![split, remove]).unwrap(), ["A", "Y", "C", "D"]);
        assert_eq!(names(vec![Change::Add(element("E"))]).unwrap(), ["A", "B", "C", "D", "E"]);
    }

    #[test]
    fn what_gives_no_schema_is_refused() {
        let add = |name: &str| Change::Add(element(name));
        let remove = |name: &str| Change::Remove { element: name.to_owned() };
        let refine = |into| Change::Refine { element: "B".to_owned(), into };
        for (changes, said) in [
            (vec![], "as it was"),
            (vec![refine(element("B"))], "as it was"),
            (vec![remove("Z")], "proposal 1 names `Z`"),
            (vec![remove("A"), remove("A")], "proposal 2 names `A`"),
            (vec![add("E"), add("F")], "6 elements"),
            (vec![remove("A"), remove("B"), remove("C")], "1 elements"),
            (vec![add("a")], "`a` is defined twice"),
            (vec![add("One: two")], "reply grammar"),
            (
                vec![Change::Merge { elements: vec!["A".into(), "a".into()], into: element("X") }],
                "fewer than two",
            ),
            (
                vec![Change::Split { element: "A".into(), into: vec![element("X")] }],
                "fewer than two",
            ),
        ] {
            let error = names(changes.clone()).unwrap_err().to_string();
            assert!(error.contains(said), "{changes:?}: {error}");
        }
    }
}
