//! Servers that have SandboxFusion's `/run_code`: one request for each input.
//!
//! Such a server runs a Python file and tells its exit status and output; it knows no values, no
//! processor time, no hash seed, cuts long output without a word, and with a limit of memory breaks
//! threads. So what it is given to run is not the program but `harness.py`, which runs the program
//! in a child with the limits and the hash seed of the job, and leaves a report in a file that the
//! server is asked to bring back. The report carries a secret of its request, so that an answer that
//! belongs to somebody else is not taken for ours.
//!
//! The time limit of the request is the wall time of the job, rounded up, and some seconds to start;
//! the server's own word that time is up is therefore never a verdict. Limits of memory and processor
//! time are set by the harness; `memory_limit_MB` is left out.

mod request;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use isomer_sandbox::{Execution, Job, SandboxError, read_report};
use serde::Deserialize;

use crate::course::Course;
use crate::exchange;
use crate::failure::{Failure, excerpt};
use crate::server::Server;
use request::Request;

/// Largest standard error of a program, and room for the rest of an answer, in bytes.
const DIAGNOSTICS: u64 = 4 << 20;

/// Runs what is left of a job, one input after the other. What came before a failure is kept.
pub(crate) async fn run(
    server: &Server,
    course: &mut Course,
    patience: Duration,
) -> Result<(), Failure> {
    while let Some(input) = course.next() {
        let request = Request::new(course.job(), input)?;
        let patience = patience + Duration::from_secs(request.run_seconds());
        let most = most(course.job());
        let body = request.body().to_string().into_bytes();
        let answer = exchange::post(server, "/run_code", body, patience, most).await?;
        let execution = read(&answer.whole().await?, &request, course.job())?;
        course.put(execution);
    }
    Ok(())
}

/// Most bytes that an answer can have; a report comes in base64.
fn most(job: &Job) -> usize {
    let limits = &job.limits;
    let report = limits.output_bytes.saturating_mul(2).saturating_add(limits.file_bytes);
    usize::try_from(report.saturating_add(DIAGNOSTICS).saturating_mul(2)).unwrap_or(usize::MAX)
}

/// The part of an answer that matters.
#[derive(Deserialize)]
struct Answer {
    status: Status,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    run_result: Option<RunResult>,
    #[serde(default)]
    files: serde_json::Map<String, serde_json::Value>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
enum Status {
    Success,
    Failed,
    SandboxError,
}

#[derive(Deserialize)]
struct RunResult {
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    return_code: Option<i64>,
    #[serde(default)]
    stderr: Option<String>,
}

fn read(answer: &[u8], request: &Request, job: &Job) -> Result<Execution, Failure> {
    let answer: Answer = serde_json::from_slice(answer)
        .map_err(|_| Failure::Broken("its answer is not that of a sandbox".to_owned()))?;
    if answer.status == Status::SandboxError {
        let message = excerpt(&answer.message.unwrap_or_default());
        return Err(Failure::Broken(format!("it failed: {message}")));
    }
    let Some(report) = answer.files.get(request.report()) else {
        return Err(no_report(answer.run_result));
    };
    let damaged = || Failure::Broken("the report of the program is damaged".to_owned());
    let report = report.as_str().and_then(|text| STANDARD.decode(text).ok()).ok_or_else(damaged)?;
    let report = report.strip_prefix(request.secret().as_bytes()).ok_or_else(damaged)?;
    read_report(report, &job.entry, &job.limits).map_err(|error| match error {
        SandboxError::Package { .. } => Failure::Broken(error.to_string()),
        _ => damaged(),
    })
}

/// The harness did not come to its end, which is nobody's verdict.
fn no_report(result: Option<RunResult>) -> Failure {
    let Some(result) = result else {
        return Failure::Broken("it ran nothing".to_owned());
    };
    if result.status.as_deref() == Some("TimeLimitExceeded") {
        return Failure::Slow("it did not run the program in time".to_owned());
    }
    let code = result.return_code.map_or_else(|| "none".to_owned(), |code| code.to_string());
    let stderr = result.stderr.unwrap_or_default();
    // What a traceback ends with says most.
    let last = stderr.trim_end().lines().last().unwrap_or_default();
    Failure::Broken(format!("the harness left no report; return code {code}, {}", excerpt(last)))
}

#[cfg(test)]
mod tests {
    use isomer_sandbox::Job;
    use serde_json::{Value, json};

    use super::{Request, read};
    use crate::failure::Failure;

    fn failure(answer: &Value) -> Failure {
        let job = Job::default();
        let request = Request::new(&job, &json!("")).unwrap();
        read(answer.to_string().as_bytes(), &request, &job).unwrap_err()
    }

    fn result(status: &str, code: &Value) -> Value {
        json!({"status": status, "execution_time": 1.0, "return_code": code,
               "stdout": "42", "stderr": "Traceback\nImportError: no module"})
    }

    #[test]
    fn nothing_but_a_report_is_an_execution() {
        let succeeded = result("Finished", &json!(0));
        for answer in [
            json!({}),
            json!("pong"),
            json!({"status": "Done"}),
            json!({"status": "SandboxError", "message": "no"}),
            json!({"status": "Success", "message": "", "run_result": null, "files": {}}),
            json!({"status": "Success", "message": "", "run_result": succeeded, "files": {}}),
        ] {
            assert!(matches!(failure(&answer), Failure::Broken(_)), "{answer}");
        }
        let late =
            json!({"status": "Failed", "run_result": result("TimeLimitExceeded", &json!(null))});
        assert!(matches!(failure(&late), Failure::Slow(_)));
        let died = json!({"status": "Failed", "run_result": result("Finished", &json!(-9))});
        let detail = "the harness left no report; return code -9, ImportError: no module";
        assert_eq!(failure(&died).detail(), detail);
    }

    #[test]
    fn a_report_of_somebody_else_is_refused() {
        let job = Job::default();
        let request = Request::new(&job, &json!("")).unwrap();
        for report in ["", "bm90IG91cnM=", "no base64"] {
            let answer = json!({"status": "Success", "files": {request.report(): report}});
            let failure = read(answer.to_string().as_bytes(), &request, &job).unwrap_err();
            assert_eq!(failure.detail(), "the report of the program is damaged");
        }
    }
}
