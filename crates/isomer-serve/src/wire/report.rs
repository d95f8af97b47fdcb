//! A test file and what came of it, as `/v1/pytest` takes and gives them.

use isomer_sandbox::{TestJob, TestReport};
use serde_json::{Value, json};

use super::execution::{ending_from_json, ending_to_json};
use super::job::limits_to_json;
use super::{WireError, files_to_json};

/// The body of a request for these tests.
pub fn test_job_to_json(job: &TestJob) -> Value {
    json!({
        "solution": job.solution,
        "tests": job.tests,
        "expected": job.expected,
        "limits": limits_to_json(&job.limits),
        "packages": job.packages,
        "files": files_to_json(&job.files),
        "hash_seed": job.hash_seed,
        "shift_clock_s": job.shift_clock_s,
    })
}

/// The report in JSON.
pub fn test_report_to_json(report: &TestReport) -> Value {
    json!({
        "verdict": report.verdict,
        "trust": report.trust,
        "collected": report.collected,
        "outcomes": report.outcomes,
        "asked": report.asked,
        "ending": ending_to_json(&report.ending),
        "problem": report.problem,
        "cpu_ms": report.cpu_ms,
        "wall_ms": report.wall_ms,
        "memory_bytes": report.memory_bytes,
    })
}

/// The report of what [`test_report_to_json`] made.
pub fn test_report_from_json(json: &Value) -> Result<TestReport, WireError> {
    let ending = json.get("ending").ok_or(WireError::new("ending", "it is missing"))?;
    Ok(TestReport {
        verdict: part(json, "verdict")?,
        trust: part(json, "trust")?,
        collected: part(json, "collected")?,
        outcomes: part(json, "outcomes")?,
        asked: part(json, "asked")?,
        ending: ending_from_json(ending)?,
        problem: part(json, "problem")?,
        cpu_ms: part(json, "cpu_ms")?,
        wall_ms: part(json, "wall_ms")?,
        memory_bytes: part(json, "memory_bytes")?,
    })
}

fn part<T: serde::de::DeserializeOwned>(json: &Value, name: &'static str) -> Result<T, WireError> {
    T::deserialize(json.get(name).unwrap_or(&Value::Null))
        .map_err(|_| WireError::new(name, "it is missing or of the wrong kind"))
}

#[cfg(test)]
mod tests {
    use isomer_record::Trust;
    use isomer_record::Verdict;
    use isomer_sandbox::{Ending, Outcome, TestOutcome, TestReport};

    use super::{test_report_from_json, test_report_to_json};

    #[test]
    fn reports_survive_the_round() {
        for problem in [None, Some("`test_a` did not pass".to_owned())] {
            let report = TestReport {
                collected: vec!["test_a".to_owned()],
                outcomes: vec![TestOutcome {
                    id: "test_a".to_owned(),
                    outcome: Outcome::Skipped,
                    duration_us: 3,
                    message: "é".to_owned(),
                }],
                trust: Trust::TwoProcess,
                asked: vec!["A.==".to_owned()],
                ending: Ending::Signal(9),
                problem,
                cpu_ms: 1,
                wall_ms: 2,
                memory_bytes: 3,
                verdict: Verdict::WrongAnswer,
            };
            assert_eq!(test_report_from_json(&test_report_to_json(&report)), Ok(report));
        }
        assert!(test_report_from_json(&serde_json::json!({})).is_err());
    }
}
