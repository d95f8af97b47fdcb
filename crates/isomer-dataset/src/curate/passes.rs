//! The share of solutions that pass each task: from results of `verify`, or from what a measurement
//! with a target model says of each task.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::verify;
use crate::{DatasetError, Lines, Problems};

/// A line of `tasks.measures.jsonl`, which no result of `verify` looks like.
#[derive(Deserialize)]
struct Measures {
    id: String,
    #[serde(rename = "nearest")]
    _nearest: IgnoredAny,
    passes: Option<Passes>,
}

#[derive(Deserialize)]
struct Passes {
    samples: u32,
    passed: u32,
}

/// Shares by the ids of tasks; tasks without samples have none.
pub(super) fn passes(path: &Path) -> Result<HashMap<String, f64>, DatasetError> {
    let first = Lines::open(path)?.advance()?.map(|line| measures(line.bytes).is_ok());
    if first == Some(true) { of_measures(path) } else { of_verdicts(path) }
}

fn measures(line: &[u8]) -> serde_json::Result<Measures> {
    serde_json::from_slice(line)
}

fn of_measures(path: &Path) -> Result<HashMap<String, f64>, DatasetError> {
    let mut shares = HashMap::new();
    let mut problems = Problems::of(path);
    let mut lines = Lines::open(path)?;
    while let Some(line) = lines.advance()? {
        match measures(line.bytes) {
            Ok(Measures { id, passes: Some(Passes { samples, passed }), .. }) if samples > 0 => {
                shares.insert(id, f64::from(passed) / f64::from(samples));
            }
            Ok(_) => {}
            Err(error) => problems.add(line.number, format!("not a task's measures: {error}")),
        }
    }
    problems.check()?;
    Ok(shares)
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn of_verdicts(path: &Path) -> Result<HashMap<String, f64>, DatasetError> {
    let tasks = verify::rates(path)?.tasks.into_iter();
    Ok(tasks
        .map(|task| (task.task_id, task.accepted as f64 / task.solutions.max(1) as f64))
        .collect())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::passes;
    use crate::measure::{TaskMeasures, TaskPasses};

    fn file(lines: &[String]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(lines.join("\n").as_bytes()).unwrap();
        file
    }

    #[test]
    fn shares_are_read_as_they_are_written() {
        let task = |id: &str, passed: Option<u32>| {
            let passes =
                passed.map(|passed| TaskPasses { samples: 8, passed, ..TaskPasses::default() });
            let measures = TaskMeasures { id: id.to_owned(), passes, ..TaskMeasures::default() };
            serde_json::to_string(&measures).unwrap()
        };
        let measured = file(&[task("a", Some(2)), task("b", None), task("c", Some(0))]);
        let shares = passes(measured.path()).unwrap();
        assert_eq!((shares.len(), shares["a"], shares["c"]), (2, 0.25, 0.0));

        let broken = file(&[task("a", Some(2)), "{\"id\":".to_owned()]);
        let error = passes(broken.path()).unwrap_err().to_string();
        assert!(error.contains("line 2") || error.contains(":2"), "{error}");
    }
}
