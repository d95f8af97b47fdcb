//! Makes system calls and tells what they answer: in a jail, and without one.

use std::io::Write;
use std::process::{Command, Stdio};

use isomer_sandbox::{Entry, Execution, Job, Language, Output, Sandbox, SandboxError};
use serde_json::json;

use crate::common::{call, job, once};
use crate::table::{Row, Rule};

/// Makes calls, each given by its number and arguments, and returns their `errno` (0 is none).
pub(crate) const PYTHON: &str = r"
import ctypes

syscall = ctypes.CDLL(None, use_errno=True).syscall
syscall.restype = ctypes.c_long

def answer(call):
    ctypes.set_errno(0)
    words = (call + [-1] * 6)[:7]
    return ctypes.get_errno() if syscall(*map(ctypes.c_long, words)) == -1 else 0

def f(calls):
    return [answer(call) for call in calls]
";

/// The same, of calls on lines of standard input.
const C: &str = r#"
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
    long w[7];
    while (scanf("%ld%ld%ld%ld%ld%ld%ld", w, w + 1, w + 2, w + 3, w + 4, w + 5, w + 6) == 7) {
        errno = 0;
        long answer = syscall(w[0], w[1], w[2], w[3], w[4], w[5], w[6]);
        printf("%d\n", answer == -1 ? errno : 0);
    }
}
"#;

fn words(row: &Row) -> Vec<i64> {
    std::iter::once(row.number).chain(row.arguments).collect()
}

/// What an execution of [`PYTHON`] returned.
pub(crate) fn answers(execution: &Execution) -> Vec<i32> {
    let Output::Value(value) = &execution.output else { panic!("{execution:?}") };
    serde_json::from_value(value.to_json().unwrap()).unwrap()
}

/// What the rows answer in a Python program.
pub(crate) async fn answers_of_python(sandbox: &Sandbox, rows: &[Row]) -> Vec<i32> {
    let calls: Vec<_> = rows.iter().map(words).collect();
    answers(&once(sandbox, PYTHON, call(), json!([calls])).await)
}

/// What they answer in a C program, if there is a compiler.
pub(crate) async fn answers_of_c(sandbox: &Sandbox, rows: &[Row]) -> Option<Vec<i32>> {
    let line =
        |row: &Row| words(row).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ") + "\n";
    let input = rows.iter().map(line).collect::<String>();
    let language = Language::named("c").unwrap();
    let job = Job { language, ..job(C, Entry::Stdio, vec![json!(input)]) };
    let executions = match sandbox.run(job).await {
        Err(SandboxError::LanguageMissing { detail, .. }) => {
            println!("not tested: {detail}");
            return None;
        }
        executions => executions.unwrap(),
    };
    let Output::Text(text) = &executions[0].output else { panic!("{:?}", executions[0]) };
    Some(text.lines().map(|line| line.parse().unwrap()).collect())
}

/// What they answer where nothing is filtered; [`Rule::RefusedUntried`] is taken for answered.
pub(crate) fn unfiltered(rows: &[Row]) -> Vec<i32> {
    const ASK: &str = "import json, sys\nprint(json.dumps(f(json.load(sys.stdin))))";
    let tried: Vec<_> = rows.iter().filter(|row| row.rule != Rule::RefusedUntried).collect();
    let mut child = Command::new("python3")
        .args(["-I", "-c", &format!("{PYTHON}\n{ASK}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let calls = json!(tried.into_iter().map(words).collect::<Vec<_>>());
    child.stdin.take().unwrap().write_all(calls.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let mut answers = serde_json::from_slice::<Vec<i32>>(&output.stdout).unwrap().into_iter();
    let answer =
        |row: &Row| if row.rule == Rule::RefusedUntried { Some(0) } else { answers.next() };
    rows.iter().map(answer).map(Option::unwrap).collect()
}
