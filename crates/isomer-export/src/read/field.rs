//! Getting at the fields of a row.

use serde_json::Value;

/// The text at a path of names.
pub(super) fn text<'a>(row: &'a Value, path: &[&str]) -> Option<&'a str> {
    at(row, path)?.as_str()
}

/// The value at a path of names.
pub(super) fn at<'a>(row: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(row, |value, name| value.get(*name)).filter(|value| !value.is_null())
}

/// A value that may be written as JSON text.
pub(super) fn parsed(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => serde_json::from_str(text).ok(),
        other => Some(other.clone()),
    }
}

/// What the user says in a chat, or the text itself.
pub(super) fn asked(row: &Value, name: &str) -> Option<String> {
    match row.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Array(turns) => {
            let mut users = turns.iter().filter(|turn| text(turn, &["role"]) == Some("user"));
            users.next_back().and_then(|turn| text(turn, &["content"])).map(str::to_owned)
        }
        _ => None,
    }
}

/// The first of several texts, or the first text of a list, or of a list written as JSON.
pub(super) fn first_text(row: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| {
        let value = row.get(*name)?;
        match value {
            Value::String(text) => match serde_json::from_str::<Value>(text) {
                Ok(Value::Array(items)) => items.first()?.as_str().map(str::to_owned),
                _ => Some(text.clone()).filter(|text| !text.trim().is_empty()),
            },
            Value::Array(items) => items.first()?.as_str().map(str::to_owned),
            _ => None,
        }
    })
}

/// The row's id, or one made from its statement.
pub(super) fn id(row: &Value, statement: &str) -> String {
    const NAMES: [&[&str]; 10] = [
        &["isomer_id"],
        &["extra_info", "isomer_id"],
        &["hash_id"],
        &["task_id"],
        &["question_id"],
        &["problem_id"],
        &["id"],
        &["uid"],
        &["name"],
        &["extra_info", "index"],
    ];
    let named = NAMES.iter().find_map(|path| match at(row, path)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    named.unwrap_or_else(|| {
        let digest = blake3::hash(statement.as_bytes()).to_hex();
        format!("task-{}", digest.get(..16).unwrap_or_default())
    })
}
