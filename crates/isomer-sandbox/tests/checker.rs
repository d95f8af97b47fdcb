//! Checkers, honest and otherwise, behind real walls.
#![expect(clippy::expect_used, reason = "helpers of tests may fail like tests")]

mod common;

use common::{LIMITS, call, job, once, sandbox};
use isomer_record::Verdict::{self, Accepted, WrongAnswer};
use isomer_sandbox::{
    CheckTrial, Checker, CheckerFailed, CheckerProtocol, Ending, Entry, Isolation, Limits, Output,
    PyValue, Sandbox,
};
use serde_json::{Value, json};

fn checker(protocol: CheckerProtocol, source: &str) -> Checker {
    Checker { source: source.to_owned(), protocol, limits: LIMITS }
}

fn function(source: &str) -> Checker {
    checker(CheckerProtocol::Function, source)
}

fn trial(input: Value, output: Output, expected: Value) -> CheckTrial {
    CheckTrial { input, output, expected }
}

fn printed(output: &str) -> CheckTrial {
    trial(json!("10\n"), Output::Text(output.to_owned()), json!("3 7\n"))
}

fn returned(output: PyValue) -> CheckTrial {
    trial(json!([10]), Output::Value(output), json!([3, 7]))
}

async fn ask(
    sandbox: &Sandbox,
    checker: &Checker,
    trials: &[CheckTrial],
) -> Vec<Result<Verdict, CheckerFailed>> {
    sandbox.check(checker, trials).await.expect("no error of ours")
}

/// Two numbers with the sum that was asked for, written for each protocol.
const SUM: &str = "\
def check(input, output, expected):
    assert len(expected.split()) == 2
    try:
        first, second = map(int, output.split())
    except ValueError:
        return False
    return first + second == int(input)
";
const SUM_OF_FILES: &str = "\
import sys
read = lambda name: open(name).read().split()
assert len(read('stdout.txt')) == 2
if len(read('answer.txt')) != 2:
    sys.exit('two numbers are wanted')
assert sum(map(int, read('answer.txt'))) == int(read('stdin.txt')[0])
";
const SUM_OF_ARGUMENTS: &str = "\
from __future__ import annotations
import sys
given, right, shown = (open(path).read().split() for path in sys.argv[1:])
if __name__ == '__main__':
    print(int(len(right) == len(shown) == 2 and sum(map(int, shown)) == int(given[0])))
";

#[tokio::test]
async fn right_and_wrong_answers() {
    let sandbox = sandbox(Isolation::Full).await;
    let trials =
        [printed("4 6\n"), printed("4 7\n"), printed("10\n"), printed("1\n9"), printed("")];
    let verdicts = [Accepted, WrongAnswer, WrongAnswer, Accepted, WrongAnswer].map(Ok);
    for (protocol, source) in [
        (CheckerProtocol::Function, SUM),
        (CheckerProtocol::Files, SUM_OF_FILES),
        (CheckerProtocol::Arguments, SUM_OF_ARGUMENTS),
    ] {
        assert_eq!(ask(&sandbox, &checker(protocol, source), &trials).await, verdicts);
        assert_eq!(ask(&sandbox, &checker(protocol, source), &[]).await, []);
    }
}

#[tokio::test]
async fn from_program_to_verdict() {
    let sandbox = sandbox(Isolation::Full).await;
    let source = "number = int(input())\nprint(number - 2, 3 if number > 20 else 2)";
    let inputs = vec![json!("10\n"), json!("30\n")];
    let executions = sandbox.run(job(source, Entry::Stdio, inputs.clone())).await.expect("ours");
    let trials: Vec<_> = inputs
        .into_iter()
        .zip(executions)
        .map(|(input, execution)| trial(input, execution.output, json!("5 5")))
        .collect();
    assert_eq!(ask(&sandbox, &function(SUM), &trials).await, [Ok(Accepted), Ok(WrongAnswer)]);

    let execution = once(&sandbox, "def f(n): return (n, 1)", call(), json!([9])).await;
    let sum = function("def check(input, output, expected): return sum(output) == 10");
    let trials = [trial(json!([9]), execution.output, json!([3, 7]))];
    assert_eq!(ask(&sandbox, &sum, &trials).await, [Ok(Accepted)]);
}

#[tokio::test]
async fn values_are_handed_over() {
    let sandbox = sandbox(Isolation::Full).await;
    let sum = function(
        "def check(input, output, expected):\n \
         return type(output) is list and sum(output) == input[0] == sum(expected)",
    );
    let int = |number: i32| PyValue::Int(number.into());
    let trials = [
        returned(PyValue::List(vec![int(4), int(6)])),
        returned(PyValue::Tuple(vec![int(4), int(6)])),
        returned(PyValue::List(vec![int(4), int(7)])),
        // No checker is asked about what it could not be shown, nor about nothing.
        returned(PyValue::List(vec![PyValue::Float(f64::NAN), int(10)])),
        trial(json!([10]), Output::None, json!([3, 7])),
        returned(PyValue::List(vec![int(10)])),
    ];
    let verdicts = [Accepted, Accepted, WrongAnswer, WrongAnswer, WrongAnswer, Accepted].map(Ok);
    assert_eq!(ask(&sandbox, &sum, &trials).await, verdicts);

    let files = checker(
        CheckerProtocol::Files,
        "import json\nassert sum(json.load(open('answer.txt'))) == json.load(open('stdin.txt'))[0]",
    );
    assert_eq!(ask(&sandbox, &files, &trials).await, verdicts);
}

#[tokio::test]
async fn broken_checkers_are_told_from_wrong_answers() {
    let sandbox = sandbox(Isolation::Full).await;
    let mut complaints = Vec::new();
    for (protocol, source, expected) in [
        (
            "function",
            "def check(i, o, e): return 1",
            "did not say whether the answer is right: `check`",
        ),
        ("function", "def check(i, o, e): print('True')", "did not say whether"),
        ("function", "def check(i, o, e): return 'True'", "did not say whether"),
        ("function", "def check(i, o, e): return [True]", "did not say whether"),
        (
            "function",
            "class Yes(int):\n  __eq__ = lambda s, o: True\ndef check(i, o, e): return Yes(1)",
            "did not finish: ResultNotEncodable",
        ),
        ("function", "def check(i, o, e): return 1 / 0", "did not finish: ZeroDivisionError"),
        ("function", "def check(i, o, e): assert False", "did not finish: AssertionError"),
        ("function", "def check(i, o): return True", "did not finish: TypeError"),
        ("function", "def check(i, o, e):\n while True: pass", "did not finish: time limit"),
        (
            "function",
            "def check(i, o, e): return len('x' * (1 << 34)) > 0",
            "did not finish: memory limit",
        ),
        ("function", "import os\ndef check(i, o, e): os._exit(0)", "did not finish: exit status 0"),
        ("function", "import sys\nsys.exit()", "did not finish: exit status 0"),
        ("function", "def judge(i, o, e): return True", "did not finish: the wanted function"),
        ("function", "def check(i, o, e) return True", "did not finish: does not compile"),
        ("files", "open('nothing.txt')", "did not finish: FileNotFoundError"),
        ("files", "while True: pass", "did not finish: time limit"),
        ("files", "import os; os.abort()", "did not finish: killed by SIGABRT"),
        ("files", "print(1", "did not finish: does not compile"),
        ("arguments", "print('yes')", "did not say whether the answer is right: it printed"),
        ("arguments", "print(1); print(0)", "did not say whether"),
        ("arguments", "print(0.5)", "did not say whether"),
        ("arguments", "pass", "did not say whether"),
        ("arguments", "print(1)\nraise SystemExit(1)", "did not finish: exit status 1"),
        ("arguments", "print(1)\nassert False", "did not finish: AssertionError"),
        ("arguments", "print(1", "did not finish: SyntaxError"),
    ] {
        let protocol = match protocol {
            "function" => CheckerProtocol::Function,
            "files" => CheckerProtocol::Files,
            _ => CheckerProtocol::Arguments,
        };
        match ask(&sandbox, &checker(protocol, source), &[printed("4 6")]).await.as_slice() {
            [Err(error)] if error.to_string().starts_with(&format!("the checker {expected}")) => {}
            other => complaints.push(format!("{source:?}: {other:?}, not `{expected}`")),
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[tokio::test]
async fn a_failure_is_of_one_trial() {
    let sandbox = sandbox(Isolation::Full).await;
    let fragile = function("def check(input, output, expected): return int(output) == 1");
    let verdicts =
        ask(&sandbox, &fragile, &[printed("1"), printed("x"), printed("2"), printed("1")]).await;
    let Err(CheckerFailed::Ended(Ending::Exception { kind, .. })) = &verdicts[1] else {
        panic!("{verdicts:?}")
    };
    assert_eq!(kind, "ValueError");
    assert_eq!(
        [&verdicts[0], &verdicts[2], &verdicts[3]],
        [&Ok(Accepted), &Ok(WrongAnswer), &Ok(Accepted)]
    );
}

#[tokio::test]
async fn trials_do_not_know_of_each_other() {
    let sandbox = sandbox(Isolation::Full).await;
    let counting = function(
        "import builtins, os\n\
         def check(input, output, expected):\n \
           builtins.seen = getattr(builtins, 'seen', 0) + 1 + len(os.listdir('.'))\n \
           open('left.txt', 'w').write(output)\n \
           return builtins.seen == 1",
    );
    let trials: Vec<_> = (0..6).map(|number| printed(&number.to_string())).collect();
    assert_eq!(ask(&sandbox, &counting, &trials).await, [Accepted; 6].map(Ok));

    let counting = checker(
        CheckerProtocol::Files,
        "import os\nassert sorted(os.listdir('.')) == ['answer.txt', 'stdin.txt', 'stdout.txt']\n\
         open('left.txt', 'w').write('x'); os.remove('answer.txt')",
    );
    assert_eq!(ask(&sandbox, &counting, &trials).await, [Accepted; 6].map(Ok));
}

#[tokio::test]
async fn checkers_see_nothing_else() {
    let sandbox = sandbox(Isolation::Full).await;
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let curious = function(&format!(
        "import os, socket\n\
         def check(input, output, expected):\n \
           found = [path for path in ({here:?}, '/etc/passwd') if os.path.exists(path)]\n \
           secret = [name for name in os.environ if 'CARGO' in name]\n \
           try:\n  socket.socket(); found.append('socket')\n \
           except OSError: pass\n \
           return not found and not secret"
    ));
    assert_eq!(ask(&sandbox, &curious, &[printed("4 6")]).await, [Ok(Accepted)]);
}

#[tokio::test]
async fn long_answers_fit() {
    let sandbox = sandbox(Isolation::Full).await;
    let limits = Limits { file_bytes: 1 << 20, ..LIMITS };
    let long = "1".repeat(3 << 20);
    for (protocol, source) in [
        (CheckerProtocol::Function, "def check(i, output, e): return len(output) == 3 << 20"),
        (CheckerProtocol::Files, "assert len(open('answer.txt').read()) == 3 << 20"),
    ] {
        let checker = Checker { limits, ..checker(protocol, source) };
        assert_eq!(
            ask(&sandbox, &checker, &[printed(&long), printed("1")]).await,
            [Ok(Accepted), Ok(WrongAnswer)]
        );
    }
}

#[tokio::test]
async fn impossible_limits_are_our_callers_mistake() {
    let sandbox = sandbox(Isolation::Full).await;
    let checker = Checker { limits: Limits { cpu_ms: 0, ..LIMITS }, ..function(SUM) };
    assert!(sandbox.check(&checker, &[printed("4 6")]).await.is_err());
}
