//! C++, the second language: the same jail, and a compiler that is as little trusted as a program.
#![expect(clippy::print_stdout, reason = "whoever lacks the compiler is told what is not tested")]
#![expect(clippy::expect_used, reason = "a test without a sandbox cannot go on")]

#[path = "../common/mod.rs"]
mod common;
mod compiler;
mod places;
mod programs;
mod speed;

use common::{job, sandbox};
use isomer_record::{Comparison, JudgeMode, Verdict};
use isomer_sandbox::{
    Entry, Execution, Isolation, Job, Language, Output, Sandbox, SandboxError, judge,
};
use serde_json::{Value, json};

/// A job in C++.
pub(crate) fn cpp(source: &str, inputs: Vec<Value>) -> Job {
    let language = Language::named("cpp").expect("a file of that name");
    Job { language, ..job(source, Entry::Stdio, inputs) }
}

/// A sandbox, if programs can be compiled here.
pub(crate) async fn with_compiler(isolation: Isolation) -> Option<Sandbox> {
    let sandbox = sandbox(isolation).await;
    match sandbox.run(cpp("int main() {}", vec![json!("")])).await {
        Err(SandboxError::LanguageMissing { detail, .. }) => {
            println!("not tested: {detail}");
            None
        }
        other => {
            other.expect("no error of ours");
            Some(sandbox)
        }
    }
}

/// Runs a source once.
pub(crate) async fn run(sandbox: &Sandbox, source: &str) -> Execution {
    let executions = sandbox.run(cpp(source, vec![json!("7\n")])).await;
    executions.expect("no error of ours").remove(0)
}

/// What a program wrote.
pub(crate) fn text(execution: &Execution) -> &str {
    match &execution.output {
        Output::Text(text) => text,
        Output::Value(_) | Output::None => "",
    }
}

/// A source and how it must end: `Ending::describe` starts with this, or it must print it.
pub(crate) enum Expected {
    Ends(&'static str),
    Prints(&'static str),
}

/// Runs all of a table, each with the usual headers before it.
pub(crate) async fn check_all(isolation: Isolation, table: &[(&str, &str, Expected)]) {
    let Some(sandbox) = with_compiler(isolation).await else { return };
    let mut complaints = Vec::new();
    for (name, source, expected) in table {
        let source = format!("{HEAD}{source}");
        let execution = run(&sandbox, &source).await;
        let described = execution.ending.describe();
        let right = match expected {
            Expected::Ends(start) => described.starts_with(start),
            Expected::Prints(wanted) => text(&execution) == format!("{wanted}\n"),
        };
        let verdict = judge(JudgeMode::Stdio, Comparison::Exact, &json!("right"), &execution);
        if !right || verdict == Verdict::Accepted {
            let output: String = text(&execution).chars().take(200).collect();
            complaints.push(format!("{name}: {described}: {output:?} {:?}", execution.stderr));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// C, because its headers are read quickly.
pub(crate) const HEAD: &str = "#include <cerrno>\n#include <csignal>\n#include <cstdio>\n#include <cstdlib>\n\
                    #include <cstring>\n#include <fcntl.h>\n#include <initializer_list>\n#include <sys/mman.h>\n\
                    #include <sys/resource.h>\n#include <sys/socket.h>\n#include <sys/stat.h>\n\
                    #include <sys/syscall.h>\n#include <unistd.h>\n";

/// The smallest program that says something.
pub(crate) const SUM: &str = "#include <iostream>\n\
                   int main() { long long a, b; std::cin >> a >> b; std::cout << a + b << '\\n'; }";
