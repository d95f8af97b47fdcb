//! Sharp and blunt tests, with and without a generator.

use std::time::{Duration, Instant};

use isomer_dataset::measure::MutantKills;
use isomer_dataset::measure::test_quality::{TestSettings, Until, examine};
use isomer_record::{TaskLine, Verdict};
use isomer_sandbox::Sandbox;
use serde_json::json;

use crate::world::{call, found, found_by_every_test, settings, stdio, task};

pub(crate) async fn check(sandbox: &Sandbox) {
    blunt_tests_leave_survivors(sandbox).await;
    equivalent_mutants_need_a_generator(sandbox).await;
    every_test_says_more_and_changes_no_figure(sandbox).await;
    near_misses_are_run_on_every_test(sandbox).await;
    tasks_that_cannot_be_measured(sandbox).await;
    no_task_takes_longer_than_it_may(sandbox).await;
}

const LARGEST: &str = "\
def f(numbers):
    best = 0
    for number in numbers:
        if number > best:
            best = number
    return best
";

const GENERATOR: &str = "\
import random
def generate_tests(seed):
    draw = random.Random(seed)
    inputs = [[[draw.randint(0, 9) for _ in range(draw.randint(0, 6))]] for _ in range(10)]
    return {'input': inputs, 'output': [max([0] + one[0]) for one in inputs]}
";

fn largest(tests: &[(&[i64], i64)], generator: Option<&str>) -> TaskLine {
    let tests: Vec<_> =
        tests.iter().map(|(input, output)| (json!([input]), json!(output))).collect();
    TaskLine { generator: generator.map(str::to_owned), ..call(LARGEST, &tests) }
}

async fn blunt_tests_leave_survivors(sandbox: &Sandbox) {
    let blunt = found(sandbox, &largest(&[(&[4], 4)], None)).await.mutants.unwrap();
    let sharp = found(sandbox, &largest(&[(&[4], 4), (&[2, 7, 3], 7), (&[], 0)], None))
        .await
        .mutants
        .unwrap();
    assert_eq!((blunt.made, blunt.equivalent), (sharp.made, 0));
    assert_eq!(blunt.killed as usize + blunt.survivors.len(), blunt.made as usize);
    assert!(blunt.survivors.len() > sharp.survivors.len(), "{blunt:?} {sharp:?}");
    let initial =
        blunt.survivors.iter().find(|one| one.line == 2 && one.operator == "constant").unwrap();
    assert_eq!((initial.before.as_str(), initial.after.as_str()), ("best = 0", "best = -1"));
}

/// `>=` for `>` changes nothing: whichever of two equal numbers is taken.
async fn equivalent_mutants_need_a_generator(sandbox: &Sandbox) {
    let tests: [(&[i64], i64); 3] = [(&[4], 4), (&[2, 7, 3], 7), (&[], 0)];
    let is_boundary = |one: &isomer_dataset::measure::Survivor| one.operator == "boundary";
    let without = found(sandbox, &largest(&tests, None)).await.mutants.unwrap();
    assert!(without.survivors.iter().any(is_boundary), "{without:?}");
    let with = found(sandbox, &largest(&tests, Some(GENERATOR))).await.mutants.unwrap();
    assert!(!with.survivors.iter().any(is_boundary), "{with:?}");
    assert!(with.equivalent >= 1 && with.survivors.is_empty(), "{with:?}");
    assert_eq!(with.killed + with.equivalent, with.made);
    // What other inputs separate is no equivalent: here that the first number is enough.
    let blunt = found(sandbox, &largest(&[(&[4], 4)], Some(GENERATOR))).await.mutants.unwrap();
    assert!(blunt.equivalent == with.equivalent && !blunt.survivors.is_empty(), "{blunt:?}");
    // Generators that fail, hang, or always make the same know nothing of other inputs.
    for broken in [
        "def generate_tests(seed):\n    raise ValueError\n",
        "def generate_tests(seed):\n    while True: pass\n",
        "def generate_tests(seed):\n    return {'input': [[[1]]] * 50, 'output': [1] * 50}\n",
        "def generate_tests(seed):\n    return [seed]\n",
        "def generate_tests(seed):\n    return {'input': [[[seed, i]] for i in range(9)], 'output': [-1] * 9}\n",
    ] {
        let found = found(sandbox, &largest(&tests, Some(broken))).await.mutants.unwrap();
        assert_eq!(found, without, "{broken}");
    }
}

async fn every_test_says_more_and_changes_no_figure(sandbox: &Sandbox) {
    let largest = largest(&[(&[4], 4), (&[2, 7, 3], 7), (&[], 0)], Some(GENERATOR));
    let countdown = "n = int(input())\nwhile n > 2:\n    n -= 1\nprint(n)\n";
    let countdown = stdio(countdown, &[("1", "1"), ("5", "2"), ("7", "2")]);
    // Only no number at all shows what the largest begins with, and who counts up never ends.
    for (task, row) in [(largest, "AAW"), (countdown, "AT-")] {
        let mut found_by_all = found_by_every_test(sandbox, &task).await;
        let mutants = found_by_all.mutants.as_mut().unwrap();
        let kills = mutants.kills.take().unwrap();
        assert_eq!(kills.of, MutantKills::digest(&task));
        assert_eq!(kills.rows.len(), mutants.killed as usize, "{kills:?}");
        let killers = kills.killers(3).unwrap();
        assert!(killers.iter().all(|tests| !tests.is_empty()), "{kills:?}");
        assert!(killers.iter().any(|tests| tests.len() > 1), "{kills:?}");
        assert!(kills.rows.iter().any(|one| one == row), "{kills:?}");
        assert_eq!(found_by_all, found(sandbox, &task).await);
    }
}

async fn near_misses_are_run_on_every_test(sandbox: &Sandbox) {
    let near_miss = |code: &str, status: &str| {
        json!({"code": code, "mistake": "m", "verdict_before": "accepted", "verdict_after": "accepted",
               "status": status, "verdicts": []})
    };
    let mut line = serde_json::to_value(stdio(
        "print(int(input()) + 1)\n",
        &[("1", "2"), ("2", "3"), ("3", "4")],
    ))
    .unwrap();
    line["near_misses"] = json!([
        near_miss("print(2)\n", "survived"),
        near_miss("print(6 // (2 - int(input())))\n", "killed"),
        near_miss("n = int(input())\nwhile n == 2: pass\nprint(n + 1)\n", "killed"),
        near_miss("print(int(input()) - -1)\n", "indistinguishable"),
        near_miss("print(\n", "invalid"),
    ]);
    let found = found(sandbox, &task(line)).await;
    assert_eq!(found.matrix.as_ref().unwrap().rows, ["AWW", "WRW", "AT-", "AAA", "CCC"]);
    assert_eq!((found.near_misses.killed, found.near_misses.counted), (3, 3));
    assert_eq!((found.tests, found.reference, found.cut), (3, Some(Verdict::Accepted), false));
}

async fn tasks_that_cannot_be_measured(sandbox: &Sandbox) {
    let rejected = found(sandbox, &stdio("print(1)\n", &[("", "1"), ("", "2")])).await;
    assert_eq!(rejected.reference, Some(Verdict::WrongAnswer));
    assert!(
        rejected.mutants.is_none() && rejected.coverage.is_none() && rejected.unmeasured.is_none()
    );
    for (line, reason) in [
        (stdio("", &[("", "1")]), "the task has no reference solution"),
        (stdio("print(1)", &[]), "the task has no tests"),
        (
            task(
                json!({"judge_mode": "pytest", "solution": "x = 1", "pytest": "def test_a(): pass"}),
            ),
            "no `expected`",
        ),
    ] {
        let found = found(sandbox, &line).await;
        assert!(found.unmeasured.as_ref().is_some_and(|why| why.contains(reason)), "{found:?}");
    }
    let other = found(sandbox, &stdio("int main() { return 0; }\n", &[("", "1")])).await;
    assert_eq!(other.reference, Some(Verdict::CompileError));
}

/// Each of these mutants waits without using the processor, so that only the clock ends it.
async fn no_task_takes_longer_than_it_may(sandbox: &Sandbox) {
    let sleepy = "import time\nn = int(input())\nif n != 1:\n    time.sleep(9)\nif n > 1:\n    time.sleep(9)\nprint(n)\n";
    let settings = TestSettings { time: Duration::from_secs(4), ..settings() };
    let started = Instant::now();
    let found =
        examine(&stdio(sleepy, &[("1", "1")]), &settings, Until::LastTest, sandbox).await.unwrap();
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
    let mutants = found.mutants.unwrap();
    assert!(found.cut && mutants.made > 0, "{mutants:?}");
    assert_eq!(mutants.kills.unwrap().rows.len(), mutants.killed as usize);
    assert_eq!(mutants.killed as usize + mutants.survivors.len(), mutants.made as usize);
}
