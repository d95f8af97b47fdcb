//! The request of `/v1/judge`, and its lines.

use std::time::Duration;

use isomer_record::Verdict;
use isomer_sandbox::{Checker, CheckerProtocol, Entry, Limits, Stop};
use serde_json::{Value, json};

use super::program;
use crate::compare::Compare;
use crate::fields::Fields;
use crate::limits;
use crate::refusal::Refusal;
use crate::suite::{Judged, Suite};

/// Reads the body.
pub(super) fn read(body: &Value, patience: Duration) -> Result<Suite, Refusal> {
    let mut fields = Fields::of_body(body);
    let entry = program::entry(&mut fields);
    check_mode(&mut fields, &entry);
    let tests = fields.array("tests");
    if tests.is_empty() {
        fields.wrong("tests", "too_short", "List should have at least 1 item");
    }
    for (index, test) in tests.iter().enumerate() {
        if test.get("input").is_none() || test.get("expected").is_none() {
            let message = "Input should have `input` and `expected`";
            fields.wrong_item("tests", index, "missing", message);
        }
    }
    let of = |name: &str| tests.iter().filter_map(|test| test.get(name)).cloned().collect();
    let inputs: Vec<Value> = of("input");
    let expected: Vec<Value> = of("expected");
    program::check_inputs(&mut fields, "tests", &entry, inputs.iter());
    if entry == Entry::Stdio {
        let wrong = expected.iter().enumerate().filter(|(_, expected)| !expected.is_string());
        for (index, _) in wrong {
            let message = "`expected` should be a string, the standard output";
            fields.wrong_item("tests", index, "value_error", message);
        }
    }
    let stop_at_first = match fields.optional_text("stop").as_deref() {
        None | Some("never") => false,
        Some("first_failure") => true,
        Some(_) => {
            fields.wrong("stop", "literal_error", "Input should be 'never' or 'first_failure'");
            false
        }
    };
    let compare = Compare::read(&mut fields, "compare");
    let checker = checker(&mut fields);
    let mut job = program::read(&mut fields, entry, inputs, Stop::Never);
    if body.pointer("/limits/output_bytes").is_none_or(Value::is_null) {
        job.limits.output_bytes = limits::output_bytes(&expected);
    }
    let more = ["mode", "tests", "stop", "compare", "checker", "checker_protocol"];
    fields.only(&[program::FIELDS.as_slice(), &more].concat());
    let suite = Suite { job, expected, compare, checker, stop_at_first, patience };
    let suite = fields.finish(suite)?;
    Ok(Suite { job: program::with_language(suite.job, body)?, ..suite })
}

fn checker(fields: &mut Fields<'_>) -> Option<Checker> {
    let protocol = match fields.optional_text("checker_protocol").as_deref() {
        None | Some("function") => CheckerProtocol::Function,
        Some("files") => CheckerProtocol::Files,
        Some("arguments") => CheckerProtocol::Arguments,
        Some(_) => {
            let message = "Input should be 'function', 'files' or 'arguments'";
            fields.wrong("checker_protocol", "literal_error", message);
            CheckerProtocol::Function
        }
    };
    let source = fields.optional_text("checker")?;
    Some(Checker { source, protocol, limits: Limits::default() })
}

/// The mode may be left out; a function's name tells. It must not contradict.
fn check_mode(fields: &mut Fields<'_>, entry: &Entry) {
    match (fields.optional_text("mode").as_deref(), entry) {
        (None, _) | (Some("stdio"), Entry::Stdio) | (Some("call"), Entry::Call { .. }) => {}
        (Some("call"), Entry::Stdio) => fields.missing("fn_name"),
        (Some("stdio"), Entry::Call { .. }) => {
            fields.wrong("fn_name", "value_error", "Input should be absent in mode 'stdio'");
        }
        (Some(_), _) => {
            fields.wrong("mode", "literal_error", "Input should be 'stdio' or 'call'");
        }
    }
}

/// The line of one verdict.
pub(super) fn line(judged: Judged<'_>) -> String {
    let execution = judged.execution;
    let detail = judged.remark.map_or_else(|| execution.ending.describe(), str::to_owned);
    json!({
        "index": judged.index,
        "verdict": judged.verdict,
        "detail": detail,
        "cpu_ms": execution.cpu_ms,
        "wall_ms": execution.wall_ms,
        "memory_bytes": execution.memory_bytes,
    })
    .to_string()
}

/// The line of a test that was left alone.
pub(super) fn not_run(index: usize, why: &str) -> String {
    json!({
        "index": index,
        "verdict": Verdict::NotRun,
        "detail": why,
        "cpu_ms": 0,
        "wall_ms": 0,
        "memory_bytes": 0,
    })
    .to_string()
}

/// Verdicts so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    first_failure: Option<Verdict>,
    passed: usize,
    total: usize,
}

impl Tally {
    /// Counts a verdict.
    pub(super) fn add(&mut self, verdict: Verdict) {
        self.total += 1;
        if verdict == Verdict::Accepted {
            self.passed += 1;
        } else if self.first_failure.is_none() {
            self.first_failure = Some(verdict);
        }
    }

    /// How many there are.
    pub(super) const fn total(&self) -> usize {
        self.total
    }

    /// The last line: the verdict on the whole is that of the first test that failed.
    pub(super) fn to_json(&self) -> Value {
        json!({
            "verdict": self.first_failure.unwrap_or(Verdict::Accepted),
            "accepted": self.first_failure.is_none(),
            "passed": self.passed,
            "total": self.total,
        })
    }
}
