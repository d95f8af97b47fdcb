//! A row of solutions.

use serde_json::{Map, Value};

/// Names of the field with the task's id, best first.
const TASK_FIELDS: [&str; 2] = ["task_id", "id"];

/// Names of the field with the source, best first.
const CODE_FIELDS: [&str; 2] = ["code", "solution"];

/// One solution of one task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Solution {
    /// The task's id.
    pub(super) task_id: String,
    /// Its own id, where `task_id` names the task.
    pub(super) id: Option<String>,
    /// Python source.
    pub(super) code: String,
    /// Whether somebody knows it to be right or wrong.
    pub(super) label: Option<bool>,
}

impl Solution {
    /// Reads a row, or says what is wrong with it.
    pub(super) fn read(line: &[u8]) -> Result<Self, String> {
        let row: Map<String, Value> =
            serde_json::from_slice(line).map_err(|error| format!("not a JSON object: {error}"))?;
        let (field, task_id) = TASK_FIELDS
            .iter()
            .find_map(|name| Some((*name, row.get(*name)?)))
            .ok_or("neither `task_id` nor `id` names the task")?;
        let task_id = name(task_id).ok_or_else(|| format!("`{field}` is no text and no number"))?;
        let id = if field == "task_id" { row.get("id").and_then(name) } else { None };
        let code = CODE_FIELDS
            .iter()
            .find_map(|name| row.get(*name))
            .ok_or("neither `code` nor `solution` holds the source")?;
        let code = code.as_str().ok_or("the source is not a string")?.to_owned();
        let label = label(row.get("label").unwrap_or(&Value::Null))?;
        Ok(Self { task_id, id, code, label })
    }
}

fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn label(value: &Value) -> Result<Option<bool>, String> {
    let word = match value {
        Value::Null => return Ok(None),
        Value::Bool(right) => return Ok(Some(*right)),
        Value::Number(number) => number.to_string(),
        Value::String(word) => word.trim().to_lowercase(),
        Value::Array(_) | Value::Object(_) => String::new(),
    };
    match word.as_str() {
        "1" | "right" | "correct" | "true" | "accepted" | "pass" | "passed" => Ok(Some(true)),
        "0" | "wrong" | "incorrect" | "false" | "rejected" | "fail" | "failed" => Ok(Some(false)),
        _ => Err(format!("the label {value} is neither `true` nor `false`, `right` nor `wrong`")),
    }
}

#[cfg(test)]
mod tests {
    use super::Solution;

    fn read(line: &str) -> Result<Solution, String> {
        Solution::read(line.as_bytes())
    }

    #[test]
    fn rows_of_both_shapes() {
        let row = read(r#"{"task_id": 7, "id": "a", "code": "x", "label": "wrong"}"#).unwrap();
        let wanted = Solution {
            task_id: "7".to_owned(),
            id: Some("a".to_owned()),
            code: "x".to_owned(),
            label: Some(false),
        };
        assert_eq!(row, wanted);
        let row = read(r#"{"id": "t", "solution": "y", "label": null, "model": "m"}"#).unwrap();
        assert_eq!((row.task_id.as_str(), row.id, row.label), ("t", None, None));
        assert_eq!(read(r#"{"id": "t", "code": "", "label": 1}"#).unwrap().label, Some(true));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, words) in [
            ("[1]", "not a JSON object"),
            (r#"{"id": "t""#, "not a JSON object"),
            (r#"{"code": "x"}"#, "neither `task_id` nor `id`"),
            (r#"{"id": [], "code": "x"}"#, "`id` is no text"),
            (r#"{"id": "t"}"#, "neither `code` nor `solution`"),
            (r#"{"id": "t", "code": ["x"]}"#, "not a string"),
            (r#"{"id": "t", "code": "x", "label": "maybe"}"#, r#"the label "maybe""#),
        ] {
            let error = read(line).unwrap_err();
            assert!(error.contains(words), "{line}: {error}");
        }
    }
}
