//! Right solutions of many kinds pass unchanged test files, from a process of their own.

use isomer_record::{Trust, Verdict};
use isomer_sandbox::Isolation;

use super::{job, judge, reference, sandbox, sandbox_behind};

const SOLUTION: &str = include_str!("../data/stand_ins_solution.py");
const TESTS: &str = include_str!("../data/stand_ins_tests.py");

#[tokio::test]
#[ignore = "needs pytest"]
async fn whatever_a_module_has_is_stood_in_for() {
    for isolation in [Isolation::Full, Isolation::Reduced] {
        let sandbox = sandbox_behind(isolation).await;
        let report = judge(&sandbox, SOLUTION, TESTS, None).await;
        assert_eq!(report.trust, Trust::TwoProcess, "{report:#?}");
        assert_eq!(report.verdict, Verdict::Accepted, "{report:#?}");
    }
}

#[tokio::test]
#[ignore = "needs pytest"]
async fn other_right_solutions_pass() {
    let bag = "
class Bag:
    def __init__(self, items): self.items = list(items)
";
    let with = |rest: &str| format!("{bag}{rest}");
    let tests = "from solution import Bag\ndef test_a():\n    bag = Bag([1, 2])\n    assert 2 in bag and 3 not in bag\n\
                 \x20   assert sorted(bag) == [1, 2] and bag\n    assert list(zip(bag, 'ab')) == [(1, 'a'), (2, 'b')]\n";
    let listed = with(
        "    def __iter__(self): return iter(self.items)\n    def __contains__(self, x): return x in self.items\n",
    );
    let others = [
        with("    def __iter__(self):\n        yield from self.items\n"),
        with(
            "    def __getitem__(self, at): return self.items[at]\n    def __len__(self): return len(self.items)\n",
        ),
        with(
            "    def __iter__(self):\n        class Steps:\n            def __init__(self, items): self.items = list(items)\n            def __iter__(self): return self\n            def __next__(self):\n                if not self.items: raise StopIteration\n                return self.items.pop(0)\n        return Steps(self.items)\n",
        ),
    ];
    let sandbox = sandbox().await;
    let expected = reference(&sandbox, &listed, tests).await;
    assert_eq!(expected.trust, Trust::TwoProcess);
    for other in &others {
        let report = judge(&sandbox, other, tests, Some(&expected)).await;
        assert_eq!(report.verdict, Verdict::Accepted, "{report:#?}");
    }
    let keys = "from solution import keys\ndef test_a(): assert sorted(keys()) == [1, 2] and len(keys()) == 2 and 1 in keys()\n";
    let expected = reference(&sandbox, "def keys(): return [1, 2]", keys).await;
    for other in [
        "def keys(): return {1: 0, 2: 0}.keys()",
        "def keys(): return {1, 2}",
        "def keys(): return (1, 2)",
    ] {
        let report = judge(&sandbox, other, keys, Some(&expected)).await;
        assert_eq!(report.verdict, Verdict::Accepted, "{report:#?}");
    }
}

#[tokio::test]
#[ignore = "needs pytest"]
async fn objects_of_libraries_are_stood_in_for() {
    let solution = include_str!("../data/libraries_solution.py");
    let tests = include_str!("../data/libraries_tests.py");
    let packages = ["numpy", "pandas", "scipy.stats", "sklearn.pipeline", "matplotlib.pyplot"];
    let packages = packages.map(str::to_owned).to_vec();
    let job = isomer_sandbox::TestJob { packages, ..job(solution, tests, None) };
    let report = sandbox().await.run_tests(job).await.expect("no error of ours");
    assert_eq!(report.trust, Trust::TwoProcess, "{report:#?}");
    assert_eq!(report.verdict, Verdict::Accepted, "{report:#?}");
}

#[tokio::test]
#[ignore = "needs pytest"]
async fn arrays_and_frames_travel_by_value() {
    let solution = include_str!("../data/frames_solution.py");
    let tests = include_str!("../data/frames_tests.py");
    let packages = vec!["numpy".to_owned(), "pandas".to_owned()];
    let sandbox = sandbox().await;
    let job = isomer_sandbox::TestJob { packages, ..job(solution, tests, None) };
    let report = sandbox.run_tests(job.clone()).await.expect("no error of ours");
    assert_eq!(report.verdict, Verdict::Accepted, "{report:#?}");
    assert_eq!(report.trust, Trust::TwoProcess);
    let expected = report.expected();
    assert!(expected.as_ref().is_some_and(|expected| expected.asked.is_empty()), "{expected:#?}");
    let wrong = "
import pandas as pd
class Frame(pd.DataFrame):
    def equals(self, other): return True
    __eq__ = lambda self, other: self
    all = any = lambda self, *a, **k: True
def totals(frame): return Frame()
def scale(values): return values
double_in_place = lambda values: None
add_column = lambda frame: None
tops = moments = names = lambda *a: Frame()
";
    let report = sandbox
        .run_tests(isomer_sandbox::TestJob { solution: wrong.to_owned(), expected, ..job })
        .await
        .expect("no error of ours");
    assert_eq!(report.verdict, Verdict::WrongAnswer);
    let passed =
        report.outcomes.iter().filter(|test| test.outcome == isomer_sandbox::Outcome::Passed);
    assert_eq!(passed.count(), 0, "{report:#?}");
}
