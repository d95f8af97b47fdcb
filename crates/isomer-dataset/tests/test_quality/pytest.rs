//! The same where pytest judges.

use std::path::PathBuf;

use isomer_record::{TaskLine, Trust, Verdict};
use isomer_sandbox::{Sandbox, TestJob};
use serde_json::json;

use crate::world::{figures, found, found_by_every_test, sandbox, task};

const SOLUTION: &str = "\
class Account:
    def __init__(self, balance=0):
        self.balance = balance

    def take(self, amount):
        if amount > self.balance:
            raise ValueError('too much')
        self.balance -= amount
        return self.balance


def total(accounts):
    result = 0
    for account in accounts:
        result += account.balance
    return result
";

const BLUNT: &str = "\
from solution import Account, total
def test_total():
    assert total([Account(1), Account(2)]) == 3
def test_take():
    assert Account(5).take(2) == 3
";

const SHARP: &str = "\
def test_all():
    assert Account(5).take(5) == 0
def test_none():
    assert Account().balance == 0
def test_too_much():
    import pytest
    with pytest.raises(ValueError, match='too much'):
        Account(5).take(6)
";

#[expect(clippy::disallowed_methods, reason = "which Python has pytest differs by machine")]
#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
pub(crate) async fn check() {
    let Some(python) = std::env::var_os("ISOMER_TEST_PYTHON").map(PathBuf::from) else {
        eprintln!("left out: `ISOMER_TEST_PYTHON` names no Python with pytest");
        return;
    };
    let sandbox = sandbox(Some(python)).await;
    blunt_and_sharp_files(&sandbox).await;
    near_misses_have_a_verdict_for_each_test(&sandbox).await;
    tests_in_the_solutions_own_process(&sandbox).await;
}

async fn line(sandbox: &Sandbox, solution: &str, tests: &str) -> TaskLine {
    let job =
        TestJob { solution: solution.to_owned(), tests: tests.to_owned(), ..TestJob::default() };
    let report = sandbox.run_tests(job).await.unwrap();
    let expected = report.expected().unwrap_or_else(|| panic!("{report:?}"));
    task(
        json!({"judge_mode": "pytest", "solution": solution, "pytest": tests, "expected": expected}),
    )
}

async fn blunt_and_sharp_files(sandbox: &Sandbox) {
    let blunt = found(sandbox, &line(sandbox, SOLUTION, BLUNT).await).await;
    assert_eq!(figures(&blunt), ([12, 13, 3, 4], vec![7]));
    let line = line(sandbox, SOLUTION, &format!("{BLUNT}{SHARP}")).await;
    let sharp = found(sandbox, &line).await;
    let mut by_every_test = found_by_every_test(sandbox, &line).await;
    let kills = by_every_test.mutants.as_mut().and_then(|mutants| mutants.kills.take()).unwrap();
    let killers = kills.killers(5).unwrap();
    assert!(killers.iter().any(|tests| tests.len() > 1), "{kills:?}");
    assert!(killers.iter().any(|tests| *tests == [4]), "{kills:?}");
    assert_eq!(by_every_test, sharp);
    assert_eq!(figures(&sharp), ([13, 13, 4, 4], vec![]));
    assert_eq!((blunt.tests, sharp.tests, sharp.reference), (2, 5, Some(Verdict::Accepted)));
    let (blunt, sharp) = (blunt.mutants.unwrap(), sharp.mutants.unwrap());
    assert!(
        blunt.survivors.iter().any(|one| one.line == 7 && one.operator == "statement"),
        "{blunt:?}"
    );
    assert!(
        sharp.survivors.is_empty() && sharp.killed == sharp.made && sharp.made > 5,
        "{sharp:?}"
    );
}

async fn near_misses_have_a_verdict_for_each_test(sandbox: &Sandbox) {
    let mut task =
        serde_json::to_value(line(sandbox, SOLUTION, &format!("{BLUNT}{SHARP}")).await).unwrap();
    let near_miss = |code: String| {
        json!({"code": code, "mistake": "m", "verdict_before": "accepted", "verdict_after": "accepted",
               "status": "killed", "verdicts": []})
    };
    task["near_misses"] = json!([
        near_miss(SOLUTION.replace("amount > ", "amount >= ")),
        near_miss(SOLUTION.replace("-= amount", "-= 2")),
        near_miss(SOLUTION.replace("raise ValueError('too much')", "pass")),
    ]);
    let found = found(sandbox, &crate::world::task(task)).await;
    assert_eq!(found.matrix.unwrap().rows, ["AARAA", "AAWAA", "AAAAW"]);
    assert_eq!((found.near_misses.killed, found.near_misses.counted), (3, 3));
}

/// Some files need the solution beside them.
async fn tests_in_the_solutions_own_process(sandbox: &Sandbox) {
    let tests = "\
import inspect, solution
def test_body():
    assert inspect.getsource(solution.f) is not None
    assert solution.f.__code__.co_argcount == 1
def test_value():
    assert solution.f(1) == 2
";
    let solution = "def f(a):\n    if a > 5:\n        return 0\n    return a + 1\n";
    let line = line(sandbox, solution, tests).await;
    let together = line.expected.as_ref().unwrap().trust == Trust::InProcess;
    let found = found(sandbox, &line).await;
    assert_eq!(figures(&found), ([3, 4, 1, 2], vec![3]), "in one process: {together}");
}
