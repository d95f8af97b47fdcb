//! A schema in a model's answer: strict JSON is asked for, and read with patience.

use serde_json::{Value, json};

use crate::pack::{ElementDefinition, MOST_ELEMENTS, read_schema};

/// Most core elements a proposal may name.
const MOST_CORE: usize = 2;

/// Elements of a domain and those of them that a blueprint keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The schema, in order.
    pub elements: Vec<ElementDefinition>,
    /// Names of the core elements.
    pub core: Vec<String>,
}

/// Reads the last schema in an answer; the error is a sentence for the model that wrote it.
pub(super) fn read(reply: &str) -> Result<Proposal, String> {
    let text = without_trailing_commas(reply);
    let found = values(&text).into_iter().rfind(|value| list(value).is_some());
    let Some(value) = found else {
        return Err("There is no JSON object with a list `elements` of objects with `name` and \
                    `definition` in it."
            .to_owned());
    };
    let elements = elements(list(&value).unwrap_or_default())?;
    let core = core(&value, &elements)?;
    Ok(Proposal { elements, core })
}

/// Every JSON object or list that a text contains, none of them inside another.
fn values(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find(['{', '[']) {
        let start = from + at;
        let mut stream = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Value>();
        from = match stream.next() {
            Some(Ok(value)) => {
                found.push(value);
                start + stream.byte_offset()
            }
            _ => start + 1,
        };
    }
    found
}

/// The list of elements as pairs, in whichever of the usual shapes.
fn list(value: &Value) -> Option<Vec<(&str, &str)>> {
    const NAMES: [&str; 3] = ["name", "element", "title"];
    const DEFINITIONS: [&str; 2] = ["definition", "description"];
    let inner = ["elements", "schema"].iter().find_map(|key| value.get(key)).unwrap_or(value);
    match inner {
        Value::Array(items) if !items.is_empty() => items
            .iter()
            .map(|item| {
                let pick = |keys: &[&str]| keys.iter().find_map(|key| item.get(key)?.as_str());
                Some((pick(&NAMES)?, pick(&DEFINITIONS)?))
            })
            .collect(),
        Value::Object(map) if !std::ptr::eq(inner, value) => {
            map.iter().map(|(name, text)| Some((name.as_str(), text.as_str()?))).collect()
        }
        _ => None,
    }
}

fn elements(pairs: Vec<(&str, &str)>) -> Result<Vec<ElementDefinition>, String> {
    if !(2..=MOST_ELEMENTS).contains(&pairs.len()) {
        return Err(format!(
            "The schema has {} elements; 2 to {MOST_ELEMENTS} are asked for.",
            pairs.len()
        ));
    }
    let rows: Vec<Value> = pairs
        .into_iter()
        .map(|(name, definition)| json!({ "name": name, "definition": one_line(definition) }))
        .collect();
    read_schema("the answer", &Value::Array(rows).to_string())
        .map_err(|error| format!("The schema is not valid: {}.", error.message))
}

/// Definitions stand on one line of a prompt each.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn core(value: &Value, elements: &[ElementDefinition]) -> Result<Vec<String>, String> {
    let names: Vec<&str> = match ["core", "core_elements"].iter().find_map(|key| value.get(key)) {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if names.is_empty() {
        return Err("`core` does not name a core element.".to_owned());
    }
    let mut core: Vec<String> = Vec::new();
    for name in names {
        let wanted = name.trim().to_lowercase();
        let found = elements.iter().find(|element| element.name.to_lowercase() == wanted);
        let Some(element) = found else {
            return Err(format!("`core` names `{name}`, which is no element of the schema."));
        };
        if !core.contains(&element.name) {
            core.push(element.name.clone());
        }
    }
    if core.len() > MOST_CORE || core.len() >= elements.len() {
        return Err(format!(
            "`core` names {} of {} elements; at most {MOST_CORE} and not all of them are asked for.",
            core.len(),
            elements.len()
        ));
    }
    Ok(core)
}

/// Drops commas before a closing bracket, which JSON forbids and models write.
fn without_trailing_commas(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let (mut inside, mut escaped) = (false, false);
    for letter in text.chars() {
        if matches!(letter, ']' | '}') && !inside {
            let end = kept.trim_end().len();
            if kept[..end].ends_with(',') {
                kept.truncate(end - 1);
            }
        }
        // An apostrophe or quote in prose may leave this wrong until the line ends.
        inside = (inside != (letter == '"' && !escaped)) && letter != '\n';
        escaped = letter == '\\' && !escaped;
        kept.push(letter);
    }
    kept
}
