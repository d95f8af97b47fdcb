//! What a test file says about itself, read without running it.

use isomer_record::DropReason;
use isomer_sandbox::{Ending, Entry, Job, Output};
use serde::Deserialize;
use serde_json::{Value, json};

use super::evidence::names;
use crate::stages::{Cx, Exit};
use crate::trial::Flaw;

/// Python that reads Python; what it reads is hostile, so it runs where programs run.
const SURVEY: &str = include_str!("survey.py");

/// What the source shows.
#[derive(Debug, Deserialize)]
struct Survey {
    /// Why it cannot be read.
    error: Option<String>,
    /// Tests without any assertion.
    silent: Vec<String>,
    /// Names that are defined twice, so that only the last of them counts.
    twice: Vec<String>,
}

/// Whether every test asserts something and none hides another.
pub(super) async fn survey(cx: &Cx, tests: &str) -> Result<Result<(), Flaw>, Exit> {
    let job = Job {
        source: SURVEY.to_owned(),
        entry: Entry::Call { function: "survey".to_owned() },
        inputs: vec![json!([tests])],
        limits: cx.pack.limits.solution.sandbox(),
        ..Job::default()
    };
    let executions = cx.sandbox.run(job).await?;
    let told = executions.first().map(|execution| match (&execution.ending, &execution.output) {
        (Ending::Finished, Output::Value(value)) => {
            value.to_json().map_err(|error| error.to_string())
        }
        (ending, _) => Err(ending.describe()),
    });
    Ok(judged(told.unwrap_or_else(|| Err("it was not read".to_owned()))))
}

fn judged(told: Result<Value, String>) -> Result<(), Flaw> {
    let unreadable = |error: String| {
        Flaw::new(DropReason::TestsNotCollected, format!("the test file cannot be read: {error}"))
    };
    let read = told.map_err(unreadable)?;
    let survey = Survey::deserialize(read).map_err(|error| unreadable(error.to_string()))?;
    if let Some(error) = survey.error {
        return Err(unreadable(error));
    }
    if !survey.twice.is_empty() {
        let detail = format!(
            "these names are defined twice, so that the later hides the earlier: {}",
            names(&survey.twice)
        );
        return Err(Flaw::new(DropReason::TestsNotCollected, detail));
    }
    if !survey.silent.is_empty() {
        let detail = format!("these tests assert nothing: {}", names(&survey.silent));
        return Err(Flaw::new(DropReason::TestsWithoutAssertion, detail));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use isomer_record::DropReason;
    use serde_json::json;

    use super::judged;

    #[test]
    fn the_first_fault_is_named() {
        let told = |error, silent: &[&str], twice: &[&str]| {
            judged(Ok(json!({"error": error, "silent": silent, "twice": twice})))
        };
        assert_eq!(told(None, &[], &[]), Ok(()));
        for (result, reason, word) in [
            (told(None, &["test_a"], &[]), DropReason::TestsWithoutAssertion, "`test_a`"),
            (told(None, &["test_a"], &["test_b"]), DropReason::TestsNotCollected, "`test_b`"),
            (told(Some("line 3"), &[], &[]), DropReason::TestsNotCollected, "line 3"),
            (judged(Err("time limit exceeded".to_owned())), DropReason::TestsNotCollected, "time"),
            (judged(Ok(json!(3))), DropReason::TestsNotCollected, "cannot be read"),
        ] {
            let flaw = result.unwrap_err();
            assert_eq!(flaw.reason, reason);
            assert!(flaw.detail.contains(word), "{}", flaw.detail);
        }
    }
}
