//! One execution in the words of SandboxFusion.

use isomer_sandbox::{Ending, Execution, Language, Output};
use serde_json::{Map, Value, json};

use crate::wire::files_to_json;

/// Exit status of an interpreter that ended with a traceback.
const TRACEBACK: i32 = 1;
/// Signal of a process that wrote more than allowed.
const SIGXFSZ: i32 = 25;

/// A response of `/run_code`: every key is always there.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outcome {
    /// `Success`, `Failed` or `SandboxError`.
    pub(crate) status: &'static str,
    /// Empty in SandboxFusion unless its sandbox failed; here also the limits it has no word for.
    pub(crate) message: String,
    /// Only of compiled languages.
    pub(crate) compile_result: Option<Value>,
    /// Absent when compiling failed.
    pub(crate) run_result: Option<Value>,
    /// Files asked for, in base64.
    pub(crate) files: Map<String, Value>,
}

impl Outcome {
    /// As JSON.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "status": self.status,
            "message": self.message,
            "compile_result": self.compile_result,
            "run_result": self.run_result,
            "executor_pod_name": null,
            "files": self.files,
        })
    }

    /// What a run without any execution looks like: never begun for lack of time.
    pub(crate) fn never_run(message: &str) -> Self {
        Self {
            status: "SandboxError",
            message: message.to_owned(),
            compile_result: None,
            run_result: None,
            files: Map::new(),
        }
    }

    /// A time limit of zero or less.
    pub(crate) fn no_time() -> Self {
        let run_result = command(None, 0.0, "", "");
        Self {
            status: "Failed",
            message: String::new(),
            compile_result: None,
            run_result: Some(run_result),
            files: Map::new(),
        }
    }

    /// Makes it a failure with these words, as a harness inside of the program would.
    pub(crate) fn fail(&mut self, message: &str) {
        self.status = "Failed";
        message.clone_into(&mut self.message);
        if let Some(result) = &mut self.run_result {
            result["status"] = json!("Finished");
            result["return_code"] = json!(TRACEBACK);
            result["stderr"] = json!(message);
        }
    }

    /// A program that does not compile, which is nothing special in Python.
    fn uncompiled(execution: &Execution) -> Self {
        Self {
            status: "Failed",
            message: String::new(),
            compile_result: Some(compilation(1, &stderr(execution))),
            run_result: None,
            files: Map::new(),
        }
    }

    /// What became of a test file.
    pub(crate) fn of_tests(code: Option<i32>, wall_ms: u64, stdout: &str) -> Self {
        Self {
            status: if code == Some(0) { "Success" } else { "Failed" },
            message: String::new(),
            compile_result: None,
            run_result: Some(command(code, seconds(wall_ms), stdout, "")),
            files: Map::new(),
        }
    }

    /// What became of one input.
    pub(crate) fn of(execution: &Execution, language: Language) -> Self {
        let compiled = language != Language::PYTHON;
        if compiled && matches!(execution.ending, Ending::CompileError { .. }) {
            return Self::uncompiled(execution);
        }
        let seconds = seconds(execution.wall_ms);
        let stdout = match &execution.output {
            Output::Text(text) => text.as_str(),
            Output::Value(_) | Output::None => "",
        };
        let code = return_code(&execution.ending);
        let stderr = stderr(execution);
        let files = files_to_json(&execution.files);
        Self {
            status: if code == Some(0) { "Success" } else { "Failed" },
            message: message(&execution.ending).to_owned(),
            compile_result: compiled.then(|| compilation(0, "")),
            run_result: Some(command(code, seconds, stdout, &stderr)),
            files,
        }
    }
}

/// A result of one command; no return code means that time was up.
fn command(return_code: Option<i32>, seconds: f64, stdout: &str, stderr: &str) -> Value {
    json!({
        "status": if return_code.is_some() { "Finished" } else { "TimeLimitExceeded" },
        "execution_time": seconds,
        "return_code": return_code,
        "stdout": stdout,
        "stderr": stderr,
    })
}

/// A result of the compiler. It may have run for an earlier request, so that it has no time.
fn compilation(return_code: i32, stderr: &str) -> Value {
    json!({
        "status": "Finished",
        "execution_time": null,
        "return_code": return_code,
        "stdout": "",
        "stderr": stderr,
    })
}

fn seconds(ms: u64) -> f64 {
    std::time::Duration::from_millis(ms).as_secs_f64()
}

fn return_code(ending: &Ending) -> Option<i32> {
    Some(match ending {
        Ending::Finished => 0,
        Ending::ExitStatus(status) => *status,
        Ending::Signal(signal) => -signal,
        Ending::TimeLimit => return None,
        Ending::OutputLimit => -SIGXFSZ,
        Ending::Exception { .. }
        | Ending::MemoryLimit
        | Ending::CompileError { .. }
        | Ending::MissingFunction
        | Ending::NotRun => TRACEBACK,
    })
}

/// Limits that a return code alone does not tell.
const fn message(ending: &Ending) -> &'static str {
    match ending {
        Ending::MemoryLimit => "memory limit exceeded",
        Ending::OutputLimit => "output limit exceeded",
        _ => "",
    }
}

/// Standard error; where the program left nothing there, how it failed.
fn stderr(execution: &Execution) -> String {
    match &execution.ending {
        Ending::Finished | Ending::TimeLimit | Ending::ExitStatus(_) | Ending::Signal(_) => {
            execution.stderr.clone()
        }
        ending if execution.stderr.is_empty() => ending.describe(),
        _ => execution.stderr.clone(),
    }
}

#[cfg(test)]
mod tests {
    use isomer_sandbox::Ending;

    use super::return_code;

    #[test]
    fn return_codes_are_those_of_a_shell_less_parent() {
        assert_eq!(return_code(&Ending::Finished), Some(0));
        assert_eq!(return_code(&Ending::ExitStatus(3)), Some(3));
        assert_eq!(return_code(&Ending::Signal(9)), Some(-9));
        assert_eq!(return_code(&Ending::TimeLimit), None);
    }
}
