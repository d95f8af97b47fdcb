//! Tasks that pytest judges: which test files are trusted, and what a run makes of them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use isomer_flow::runner::EndReason;
use isomer_flow::stages::{Cx, Exit, FlowSettings, Item, verify};
use isomer_record::{
    Candidate, Comparison, Design, DropReason, Id, JudgeMode, Stage, TaskLine, TestSource, Trust,
    Verified,
};
use serde_json::json;

use crate::script::Mood;
use crate::world::World;

const SOLUTION: &str = "import math\n\n\ndef total(numbers: list[int]) -> int:\n    return sum(numbers)\n\n\n\
    class Adder:\n    def add(self, number: int) -> int:\n        return number + 1\n";

const FINE: &str = "\
def test_one(): assert total([1]) == 1
def test_two(): assert total([1, 2]) == 3
def test_three(): assert total([1, 2, 3]) == 6
";

#[expect(clippy::disallowed_methods, reason = "which Python has pytest differs by machine")]
#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
pub(crate) async fn all() {
    let Some(python) = std::env::var_os("ISOMER_TEST_PYTHON").map(PathBuf::from) else {
        eprintln!("left out: `ISOMER_TEST_PYTHON` names no Python with pytest");
        return;
    };
    let world = World::of("pytest_pack", Some(python.clone()), Mood::Able, 4).await;
    weak_test_files_are_rejected(&world.cx).await;
    evidence_is_the_same_every_time(&world.cx).await;
    let dataset = a_run_gives_hardened_tasks(&world).await;
    let world = World::of("pytest_pack", Some(python), Mood::Able, 1).await;
    assert_eq!(a_run_gives_hardened_tasks(&world).await, dataset);
}

/// Verifies [`SOLUTION`] with these tests, without repairs.
async fn verified(cx: &Cx, tests: &str) -> Result<Verified, Exit> {
    let settings = FlowSettings { repairs: 0, ..FlowSettings::clone(&cx.settings) };
    let cx = Cx { settings: Arc::new(settings), ..cx.clone() };
    let item = Item { id: Id::derive(["a"]), sample: 0, stage: Stage::Verify };
    let design = Design {
        statement: "Add.".to_owned(),
        judge_mode: JudgeMode::Pytest,
        fn_name: None,
        comparison: Comparison::Exact,
        header: None,
    };
    let tests = format!("from solution import total\n{tests}");
    let tests = TestSource::Pytest(tests.replace("from solution import total\n# alone\n", ""));
    verify::run(&cx, &item, Candidate { design, solution: SOLUTION.to_owned(), tests }).await
}

async fn weak_test_files_are_rejected(cx: &Cx) {
    let fine = verified(cx, FINE).await.unwrap();
    let expected = fine.expected.unwrap();
    assert_eq!((expected.tests.len(), expected.trust), (3, Trust::TwoProcess));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let tomorrow =
        format!("import time\n{FINE}def test_time(): assert time.time() < {}", now + 86_400);
    let many: Vec<String> = (0..60)
        .map(|number| format!("def test_{number}(): assert total([{number}]) == {number}\n"))
        .collect();
    let long = format!("{FINE}# {}\n", "x".repeat(20_000));
    use DropReason as R;
    let table = [
        (
            "no assertion",
            "def test_one(): total([1])\ndef test_two(): total([])\ndef test_three(): total([2])",
            R::TestsWithoutAssertion,
            "`test_one`, `test_two`, `test_three`",
        ),
        (
            "one without an assertion",
            &format!("{FINE}def test_four():\n    print(total([4]))"),
            R::TestsWithoutAssertion,
            "nothing: `test_four`",
        ),
        (
            "an assertion that cannot fail",
            &format!("{FINE}def test_four():\n    assert True"),
            R::TestsWithoutAssertion,
            "`test_four`",
        ),
        (
            "passes for an empty solution",
            &format!(
                "# alone\nimport importlib\ndef module(): return importlib.import_module('solution')\ndef test_four(): assert module() is not None\n{}",
                FINE.replace("total(", "module().total(")
            ),
            R::TestsPassEmpty,
            "`test_four`",
        ),
        (
            "passes for stubs",
            "def test_one(): assert callable(total)\ndef test_two(): assert total is not None\ndef test_three(): assert total([]) in (0, None)",
            R::TestsPassStubs,
            "only 0 tests, of at least 3",
        ),
        (
            "most pass for stubs",
            "def test_one(): assert total([1]) == 1\ndef test_two(): assert total([2]) == 2\ndef test_three(): assert callable(total)\ndef test_four(): assert total([]) in (0, None)",
            R::TestsPassStubs,
            "`test_three`, `test_four`",
        ),
        (
            "random",
            &format!(
                "import pytest, random\n{FINE}@pytest.mark.parametrize('n', [random.random()])\ndef test_four(n): assert total([]) < n"
            ),
            R::TestsNotDeterministic,
            "chance",
        ),
        (
            "depends on hashes",
            &format!(
                "import pytest\n{FINE}@pytest.mark.parametrize('n', [hash('a')])\ndef test_four(n): assert total([n]) == n"
            ),
            R::TestsNotDeterministic,
            "hashing",
        ),
        ("depends on the day", &tomorrow, R::TestsDependOnTime, "`test_time` failed"),
        (
            "skips",
            &format!(
                "import pytest\n{FINE}@pytest.mark.skip\ndef test_four(): assert total([4]) == 4"
            ),
            R::TestsSkipped,
            "`test_four` skipped",
        ),
        (
            "expects to fail",
            &format!(
                "import pytest\n{FINE}@pytest.mark.xfail\ndef test_four(): assert total([4]) == 5"
            ),
            R::TestsSkipped,
            "`test_four`",
        ),
        (
            "skips itself",
            &format!("import pytest\npytest.skip('all', allow_module_level=True)\n{FINE}"),
            R::TestsNotCollected,
            "all",
        ),
        ("does not compile", "def test_one(:", R::TestsNotCollected, "line 2"),
        (
            "nested without end",
            &format!("x = {}1{}\n{FINE}", "(".repeat(3000), ")".repeat(3000)),
            R::TestsNotCollected,
            "cannot be read",
        ),
        (
            "imports what is not there",
            &format!("import nothing_of_that_name\n{FINE}"),
            R::TestsNotCollected,
            "nothing_of_that_name",
        ),
        (
            "imports what the solution lacks",
            &format!("from solution import other\n{FINE}"),
            R::SolutionInvalid,
            "other",
        ),
        ("hides a test", &format!("{FINE}{FINE}"), R::TestsNotCollected, "twice"),
        ("too few", "def test_one(): assert total([1]) == 1", R::SuiteTooSmall, "1 tests"),
        ("too many", &format!("{FINE}{}", many.concat()), R::SuiteTooLarge, "at most 60"),
        ("too long", &long, R::SuiteTooLarge, "bytes"),
        (
            "derives from the solution",
            &format!(
                "from solution import Adder\nclass More(Adder): pass\n{FINE}def test_four(): assert More().add(1) == 2"
            ),
            R::TestsNeedOneProcess,
            "from outside",
        ),
        (
            "contradicts the reference",
            &format!("{FINE}def test_four(): assert total([4]) == 5"),
            R::SolutionWrongAnswer,
            "assert 4 == 5",
        ),
        (
            "ends its process",
            &format!(
                "import os\n{FINE}def test_four():\n    assert total([4]) == 4\n    os._exit(0)"
            ),
            R::SolutionRuntimeError,
            "ended early",
        ),
        (
            "never ends",
            &format!("{FINE}def test_four():\n    while total([4]) == 4: pass\n    assert 0 == 1"),
            R::SolutionOverLimit,
            "time limit",
        ),
    ];
    let mut complaints = Vec::new();
    for (name, tests, reason, words) in table {
        match verified(cx, tests).await {
            Err(Exit::Dropped { reason: found, detail, .. })
                if found == reason && detail.contains(words) => {}
            other => complaints.push(format!("{name}: {other:?}")),
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// What a repair is shown is part of the question, and so of a recording's key.
async fn evidence_is_the_same_every_time(cx: &Cx) {
    let tests =
        format!("{FINE}def test_four(tmp_path):\n    assert (total([4]), object(), tmp_path) == 5");
    let mut details = Vec::new();
    for _ in 0..2 {
        let Err(Exit::Dropped { detail, .. }) = verified(cx, &tests).await else {
            panic!("accepted")
        };
        details.push(detail);
    }
    assert_eq!(details[0], details[1]);
    assert!(!details[0].contains("/tmp") || !details[0].contains("pytest-of"), "{}", details[0]);
}

async fn a_run_gives_hardened_tasks(world: &World) -> String {
    let (ended, _) = world.run(None).await;
    assert!(matches!(ended.reason, EndReason::Complete), "{ended:?}");
    let tasks = world.tasks();
    assert_eq!((ended.tasks, tasks.len()), (5, 5), "one of each seed with elements");
    for task in tasks {
        assert_eq!((&task["judge_mode"], &task["tests"]), (&json!("pytest"), &json!(null)));
        assert!(task.get("generator").is_none(), "{task}");
        let task: TaskLine = serde_json::from_value(task).unwrap();
        check(&task);
    }
    world.dataset()
}

/// One line of the dataset against its contract.
fn check(task: &TaskLine) {
    let header = task.header.as_ref().unwrap();
    assert!(header.starts_with("import math") && task.solution.starts_with("import math"));
    assert!(task.statement.ends_with(&format!("## Starter code\n\n```python\n{header}\n```")));
    let (tests, expected) = (task.pytest.as_ref().unwrap(), task.expected.as_ref().unwrap());
    let ids: Vec<&str> =
        expected.tests.iter().filter_map(|test| test.strip_prefix("test_solution.py::")).collect();
    let first =
        ["test_total[numbers0]", "test_total[numbers1]", "test_total[numbers2]", "test_nothing"];
    assert_eq!(ids, [&first[..], &["test_more"]].concat());
    assert!(tests.ends_with("def test_more():\n    assert total([777, -1]) == 776\n"), "{tests}");
    assert_eq!(tests.matches("def test_").count(), 3, "refused additions are not kept");
    let near_misses = &task.near_misses;
    let statuses = serde_json::to_value(near_misses).unwrap();
    let statuses: Vec<&str> = (0..5).filter_map(|at| statuses[at]["status"].as_str()).collect();
    assert_eq!(statuses, ["killed", "killed", "killed", "survived", "invalid"]);
    assert!(near_misses.iter().all(|one| one.verdicts.len() == expected.tests.len()));
    assert!(
        (task.kill_rate_before - 0.25).abs() < 1e-9 && (task.kill_rate_after - 0.75).abs() < 1e-9
    );
    assert_eq!((task.rounds, task.repairs, task.inputs_tried), (3, 1, 0));
}
