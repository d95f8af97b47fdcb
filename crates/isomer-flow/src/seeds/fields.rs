//! Which fields of a row are a seed's statement, solution and id: one table, one search.

use isomer_record::{Id, Origin, Seed};
use serde_json::{Map, Value};

use super::fault::Reason;

/// Names of the field with the problem's text, best first.
pub const STATEMENT_FIELDS: &[&str] = &[
    "prompt",
    "question",
    "problem",
    "problem_text",
    "statement",
    "generated_task",
    "text",
    "content",
    "question_content",
    "instruct_prompt",
    "complete_prompt",
];

/// Names of the field with a known right solution, best first. Each may be a string or an array of
/// strings, of which the first counts, or such an array written as a string (as in APPS and TACO).
pub const SOLUTION_FIELDS: &[&str] = &[
    "gold_standard_solution",
    "solution",
    "solutions",
    "canonical_solution",
    "code",
    "reference_code",
];

/// Names of the field with the id, best first: a string or a number. Without one the id is derived
/// from the content, or is the row's key in an object of objects.
pub const ID_FIELDS: &[&str] = &["id", "problem_id", "task_id", "question_id"];

/// Objects inside a row that are searched when the row itself has no statement.
pub const CONTAINERS: &[&str] = &["metadata", "raw", "input", "instance"];

/// Finds the seed in a row.
///
/// The first field that holds a statement wins. Solution and id are looked for in the row and, if
/// the statement was inside a container, in that container.
pub fn seed_in(row: &Value, key: Option<&str>, origin: Origin) -> Result<Seed, Reason> {
    let Value::Object(row) = row else {
        return Err(Reason::NotAnObject { found: kind_of(row) });
    };
    let (holder, statement) = statement_in(row)?;
    let solution = solution_in(row).or_else(|| solution_in(holder));
    let statement = with_starter_code(holder, statement);
    let id = id_in(row)
        .or_else(|| id_in(holder))
        .or_else(|| key.map(str::to_owned))
        .unwrap_or_else(|| derived_id(&statement, solution.as_deref()));
    Ok(Seed { id, statement, solution, origin })
}

/// Whether a row may have a field of this name that is looked at.
pub(super) fn is_field(name: &str) -> bool {
    [STATEMENT_FIELDS, SOLUTION_FIELDS, ID_FIELDS, CONTAINERS]
        .iter()
        .any(|names| names.contains(&name))
}

/// What a value is, with its article.
fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// The object that holds the statement, and the statement.
fn statement_in(row: &Map<String, Value>) -> Result<(&Map<String, Value>, &str), Reason> {
    let nested =
        CONTAINERS.iter().filter_map(|name| Some((Some(*name), row.get(*name)?.as_object()?)));
    let mut trouble = None;
    for (container, holder) in std::iter::once((None, row)).chain(nested) {
        for name in STATEMENT_FIELDS {
            let Some(value) = holder.get(*name) else { continue };
            let field = || match container {
                Some(container) => format!("{container}.{name}"),
                None => (*name).to_owned(),
            };
            match value {
                Value::String(text) if !text.trim().is_empty() => return Ok((holder, text)),
                Value::String(_) => {
                    trouble.get_or_insert_with(|| Reason::EmptyStatement { field: field() });
                }
                other => {
                    trouble.get_or_insert_with(|| Reason::StatementNotText {
                        field: field(),
                        found: kind_of(other),
                    });
                }
            }
        }
    }
    Err(trouble
        .unwrap_or_else(|| Reason::MissingStatement { present: row.keys().cloned().collect() }))
}

/// APPS and TACO keep the signature apart from the text, although it is part of the task.
fn with_starter_code(holder: &Map<String, Value>, statement: &str) -> String {
    match holder.get("starter_code").and_then(Value::as_str) {
        Some(code) if !code.trim().is_empty() => {
            format!("{}\n\n```python\n{}\n```", statement.trim_end(), code.trim_end())
        }
        _ => statement.to_owned(),
    }
}

fn solution_in(holder: &Map<String, Value>) -> Option<String> {
    SOLUTION_FIELDS.iter().find_map(|name| {
        let text = first_text(holder.get(*name)?)?;
        Some(if *name == "canonical_solution" { with_signature(holder, text) } else { text })
    })
}

/// The first usable text of a string, an array of strings, or such an array written as a string.
fn first_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(Value::Array(texts)) => first_of(&texts),
            _ => Some(text.clone()),
        },
        Value::Array(texts) => first_of(texts),
        _ => None,
    }
}

fn first_of(texts: &[Value]) -> Option<String> {
    texts.iter().filter_map(Value::as_str).find(|text| !text.trim().is_empty()).map(str::to_owned)
}

/// HumanEval's solution is only the body; its prompt ends where that begins.
fn with_signature(holder: &Map<String, Value>, solution: String) -> String {
    let text = |name| holder.get(name).and_then(Value::as_str);
    let (Some(prompt), Some(function)) = (text("prompt"), text("entry_point")) else {
        return solution;
    };
    let signature = format!("def {function}(");
    if prompt.contains(&signature) && !solution.contains(&signature) {
        format!("{prompt}{solution}")
    } else {
        solution
    }
}

fn id_in(holder: &Map<String, Value>) -> Option<String> {
    ID_FIELDS.iter().find_map(|name| match holder.get(*name)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// The same content has the same id wherever it is read.
fn derived_id(statement: &str, solution: Option<&str>) -> String {
    let digest = Id::derive(["seed", statement, solution.unwrap_or_default()]);
    format!("seed-{}", digest.as_str().get(..16).unwrap_or_default())
}
