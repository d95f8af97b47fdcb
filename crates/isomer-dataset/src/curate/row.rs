//! A row of a dataset, of ours or of anyone.

use isomer_flow::seeds::seed_in;
use isomer_record::Origin;
use serde::Deserialize;
use serde_json::Value;

/// What is looked at in every row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) statement: String,
    pub(super) kill_rate: Option<f64>,
    pub(super) pass_rate: Option<f64>,
}

/// A row of ours, as far as it is looked at; most rows are read by this alone.
#[derive(Deserialize)]
struct Ours {
    id: Option<String>,
    statement: Option<String>,
    kill_rate_after: Option<f64>,
    pass_rate: Option<f64>,
}

impl Row {
    /// Reads a row, or says what is wrong with it.
    pub(super) fn read(line: &[u8], file: &str, number: u64) -> Result<Self, String> {
        if let Ok(Ours { id: Some(id), statement: Some(statement), kill_rate_after, pass_rate }) =
            serde_json::from_slice(line)
            && !statement.trim().is_empty()
        {
            return Ok(Self { id, statement, kill_rate: kill_rate_after, pass_rate });
        }
        let row: Value = serde_json::from_slice(line).map_err(|error| error.to_string())?;
        let origin = Origin { file: file.to_owned(), row: number };
        let seed = seed_in(&row, None, origin).map_err(|reason| reason.to_string())?;
        let figure = |name: &str| row.get(name).and_then(Value::as_f64);
        Ok(Self {
            id: seed.id,
            statement: seed.statement,
            kill_rate: figure("kill_rate_after"),
            pass_rate: figure("pass_rate"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Row;

    #[test]
    fn rows_of_many_makers() {
        let read = |line: &str| Row::read(line.as_bytes(), "f", 1);
        let ours =
            read(r#"{"id":"a","statement":"Add.","kill_rate_after":0.5,"tests":null}"#).unwrap();
        assert_eq!((ours.id.as_str(), ours.kill_rate, ours.pass_rate), ("a", Some(0.5), None));
        let other = read(r#"{"task_id": 7, "text": "Add.", "pass_rate": 1}"#).unwrap();
        assert_eq!((other.id.as_str(), other.statement.as_str()), ("7", "Add."));
        assert_eq!(other.pass_rate, Some(1.0));
        assert!(read("{").is_err());
        assert!(read(r#"{"id": "a"}"#).unwrap_err().contains("no statement"));
        assert!(read(r#"{"id": "a", "statement": " "}"#).unwrap_err().contains("is empty"));
    }
}
