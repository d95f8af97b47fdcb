//! Test files that are broken, hostile to us, or need what two processes cannot give.

use isomer_record::{Trust, Verdict};
use isomer_sandbox::{Ending, Outcome, stubs};

use super::{job, judge, reference, sandbox};

const RIGHT: &str =
    "def double(number): return 2 * number\nclass Base:\n    def name(self): return 'base'\n";

#[tokio::test]
#[ignore = "needs pytest"]
async fn broken_and_hostile_test_files_are_never_accepted() {
    let table = [
        ("empty", ""),
        ("without tests", "from solution import double\nassert double(1) == 2"),
        ("does not compile", "def test_a(:"),
        ("not text", "\0\0"),
        ("missing module", "import nothing_of_that_name\ndef test_a(): pass"),
        ("missing name", "from solution import missing\ndef test_a(): pass"),
        ("fails at import", "1 / 0"),
        ("skips itself", "import pytest\npytest.skip('all', allow_module_level=True)"),
        ("only skipped tests", "import pytest\n@pytest.mark.skip\ndef test_a(): pass"),
        ("an expected failure", "import pytest\n@pytest.mark.xfail\ndef test_a(): assert 0"),
        ("ends the session", "import pytest\ndef test_a(): pytest.exit('done', 0)"),
        ("ends its process", "import os\ndef test_a(): os._exit(0)"),
        ("ends its process at import", "import os; os._exit(0)"),
        ("stops politely", "import sys\ndef test_a(): sys.exit(0)"),
        ("kills itself", "import os\ndef test_a(): os.kill(os.getpid(), 9)"),
        (
            "kills everybody",
            "import os\nfor n in (9, 15): \n    try: os.kill(-1, n)\n    except OSError: pass\ndef test_a(): os._exit(0)",
        ),
        ("loops", "def test_a():\n    while True: pass"),
        ("loops at import", "while True: pass"),
        ("sleeps", "import time\ndef test_a(): time.sleep(100)"),
        ("recurses", "def f(): f()\ndef test_a(): f()"),
        (
            "takes all memory",
            "def test_a():\n    x = []\n    while True: x.append(bytearray(1 << 24))",
        ),
        ("prints without end", "def test_a():\n    while True: print('x' * 1000)"),
        ("fails at length", "def test_a(): assert 'x' * 10**7 == 'y'"),
        (
            "writes nonsense into its report",
            "import os\ndef test_a():\n    for n in range(3, 64):\n        try: os.write(n, b'\\xff' * 10000)\n        except OSError: pass\n    assert 0",
        ),
        (
            "cuts its report",
            "import os\ndef test_a():\n    for n in range(3, 64):\n        try: os.ftruncate(n, 0)\n        except OSError: pass\n    os._exit(0)",
        ),
        (
            "starts processes",
            "import os, subprocess\ndef test_a():\n    try: os.fork()\n    except OSError: assert 0\n    subprocess.run(['true'])",
        ),
    ];
    let sandbox = sandbox().await;
    for (name, tests) in table {
        let mut job = job(RIGHT, tests, None);
        job.limits.cpu_ms = 2_000;
        job.limits.wall_ms = 4_000;
        let report = sandbox.run_tests(job).await.expect("no error of ours");
        assert_ne!(report.verdict, Verdict::Accepted, "{name}: {report:#?}");
        let texts = report.outcomes.iter().map(|test| test.message.len());
        assert!(texts.sum::<usize>() < 10_000, "{name}");
    }
    let fine = "from solution import double\ndef test_a(): assert double(2) == 4";
    reference(&sandbox, RIGHT, fine).await;
}

#[tokio::test]
#[ignore = "needs pytest"]
async fn reports_say_what_happened() {
    let sandbox = sandbox().await;
    let tests = "import pytest\nfrom solution import double\n\
                 def test_right(): assert double(2) == 4\n\
                 @pytest.mark.parametrize('n', [1, 2])\ndef test_wrong(n): assert double(n) == 2\n\
                 @pytest.fixture\ndef broken(): raise KeyError('x')\ndef test_error(broken): pass\n\
                 @pytest.mark.skip(reason='later')\ndef test_skipped(): pass\n\
                 class TestGroup:\n    def test_inside(self): assert double('a') == 'aa'\n";
    let report = judge(&sandbox, RIGHT, tests, None).await;
    let outcomes: Vec<_> = report
        .outcomes
        .iter()
        .map(|test| (test.id.trim_start_matches("test_solution.py::"), test.outcome))
        .collect();
    assert_eq!(
        outcomes,
        [
            ("test_right", Outcome::Passed),
            ("test_wrong[1]", Outcome::Passed),
            ("test_wrong[2]", Outcome::Failed),
            ("test_error", Outcome::Error),
            ("test_skipped", Outcome::Skipped),
            ("TestGroup::test_inside", Outcome::Passed),
        ]
    );
    assert!(report.outcomes[2].message.contains("assert 4 == 2"), "{report:#?}");
    assert_eq!(report.outcomes[4].message, "Skipped: later");
    assert_eq!(report.verdict, Verdict::WrongAnswer);
    assert_eq!(report.collected.len(), 6);
    let broken = judge(&sandbox, "def double(", tests, None).await;
    assert_eq!(broken.verdict, Verdict::CompileError, "{broken:#?}");
    let missing = judge(&sandbox, "def triple(): pass", tests, None).await;
    assert_eq!(missing.verdict, Verdict::MissingFunction, "{missing:#?}");
    let raising = judge(&sandbox, "raise RuntimeError('no')", tests, None).await;
    assert_eq!(raising.verdict, Verdict::RuntimeError);
    assert!(raising.problem.is_some_and(|problem| problem.contains("RuntimeError: no")));
}

#[tokio::test]
#[ignore = "needs pytest"]
async fn a_slow_test_keeps_what_came_before_it() {
    let sandbox = sandbox().await;
    let tests = "from solution import double\ndef test_a(): assert double(1) == 2\n\
                 def test_b():\n    while True: double(1)\n";
    let mut job = job(RIGHT, tests, None);
    job.limits.cpu_ms = 1_000;
    let report = sandbox.run_tests(job).await.expect("no error of ours");
    assert_eq!(report.ending, Ending::TimeLimit);
    assert_eq!(report.verdict, Verdict::TimeLimit);
    assert_eq!(report.outcomes.len(), 1);
    assert_eq!(report.collected.len(), 2);
}

#[tokio::test]
#[ignore = "needs pytest"]
async fn what_needs_one_interpreter_says_so() {
    let sandbox = sandbox().await;
    let tests = "from solution import Base\nclass Derived(Base):\n    def name(self): return super().name() + '!'\n\
                 def test_a(): assert Derived().name() == 'base!'\n";
    let expected = reference(&sandbox, RIGHT, tests).await;
    assert_eq!(expected.trust, Trust::InProcess);
    for wrong in [
        "class Base: name = lambda self: 'x'",
        "import os; os._exit(0)",
        "import os, atexit; atexit.register(os._exit, 0)\nclass Base: pass",
        "import pytest; pytest.skip('all', allow_module_level=True)",
        "import pytest\nclass Base:\n    def name(self): pytest.skip('x')",
    ] {
        let report = judge(&sandbox, wrong, tests, Some(&expected)).await;
        assert_eq!(report.trust, Trust::InProcess);
        assert_ne!(report.verdict, Verdict::Accepted, "{wrong}");
    }
}

#[tokio::test]
#[ignore = "needs pytest"]
async fn code_that_a_solution_writes_does_not_run_among_the_tests() {
    let evil = "
import os, pickle
class Evil:
    def __reduce__(self): return (eval, (\"__import__('os')._exit(0)\",))
def save(path):
    with open(path, 'wb') as file: pickle.dump(Evil(), file)
def write(path):
    open(path, 'w').write('VALUE = 7\\n')
";
    let right = "
import pickle
def save(path):
    with open(path, 'wb') as file: pickle.dump({'a': 7}, file)
def write(path):
    open(path, 'w').write('VALUE = 7\\n')
";
    let sandbox = sandbox().await;
    let unpickling = "import pickle\nfrom solution import save\ndef test_a(tmp_path):\n    save(str(tmp_path / 'x'))\n\
                      \x20   with open(tmp_path / 'x', 'rb') as file: assert pickle.load(file) == {'a': 7}\n";
    let expected = reference(&sandbox, right, unpickling).await;
    assert_eq!(expected.trust, Trust::TwoProcess);
    let report = judge(&sandbox, evil, unpickling, Some(&expected)).await;
    assert_eq!(report.verdict, Verdict::WrongAnswer);
    assert!(report.outcomes[0].message.contains("may not unpickle `builtins.eval`"), "{report:#?}");
    for running in [
        "import sys\nfrom solution import write\ndef test_a(tmp_path, monkeypatch):\n    write(str(tmp_path / 'made.py'))\n\
         \x20   monkeypatch.syspath_prepend(tmp_path)\n    import made\n    assert made.VALUE == 7\n",
        "import runpy\nfrom solution import write\ndef test_a(tmp_path):\n    write(str(tmp_path / 'made.py'))\n\
         \x20   assert runpy.run_path(str(tmp_path / 'made.py'))['VALUE'] == 7\n",
        "from solution import write\ndef test_a(tmp_path):\n    write(str(tmp_path / 'made.py'))\n    names = {}\n\
         \x20   exec((tmp_path / 'made.py').read_text(), names)\n    assert names['VALUE'] == 7\n",
    ] {
        let expected = reference(&sandbox, right, running).await;
        assert_eq!(expected.trust, Trust::InProcess, "{running}");
    }
    // A pickle may set attributes of a class that it names, and a library is code as well.
    let patching = "
import fractions, pickle
def save(path):
    with open(path, 'wb') as file:
        file.write(b'cfractions\\nFraction\\n(NcCounter\\n' b'.')
";
    let counter = patching.replace("fractions\\nFraction", "collections\\nCounter");
    for solution in [patching, counter.as_str()] {
        let expected = Some(expected_alone());
        let report = judge(&sandbox, solution, unpickling, expected.as_ref()).await;
        assert!(report.outcomes[0].message.contains("may not unpickle"), "{report:#?}");
    }
    let library = "import importlib.machinery\ndef write(path):\n    suffix = importlib.machinery.EXTENSION_SUFFIXES[0]\n\
                   \x20   open(path[:-3] + suffix, 'wb').write(b'\\x7fELF' * 100)\n";
    let loading = "import sys\nfrom solution import write\ndef test_a(tmp_path, monkeypatch):\n    write(str(tmp_path / 'made.py'))\n\
                   \x20   monkeypatch.syspath_prepend(tmp_path)\n    import made\n";
    let report = judge(&sandbox, library, loading, Some(&expected_alone())).await;
    assert!(report.outcomes[0].message.contains("may not load"), "{report:#?}");
}

fn expected_alone() -> isomer_record::ExpectedTests {
    let tests = vec!["test_solution.py::test_a".to_owned()];
    isomer_record::ExpectedTests { tests, trust: Trust::TwoProcess, asked: vec![] }
}

#[tokio::test]
#[ignore = "needs pytest"]
async fn a_star_brings_nothing_that_judges() {
    let sandbox = sandbox().await;
    let tests = "import math\nfrom solution import *\ndef test_a():\n    assert all([double(2) == 4, len(double('ab')) == 4])\n\
                 \x20   assert math.isclose(double(0.5), 1.0) and isinstance(double(1), int)\n";
    let expected = reference(&sandbox, RIGHT, tests).await;
    let wrong = "def double(number): return None\nall = any = len = isinstance = lambda *a: True\nclass math:\n    isclose = lambda *a: True\n";
    let report = judge(&sandbox, wrong, tests, Some(&expected)).await;
    assert_eq!(report.verdict, Verdict::WrongAnswer, "{report:#?}");
    let numpy = "from solution import double, np\ndef test_a(): np.testing.assert_allclose(double(2.0), 4.0)\n";
    let right = format!("import numpy as np\n{RIGHT}");
    let expected = reference(&sandbox, &right, numpy).await;
    let wrong = "import numpy as np\ndef double(number): return 0\nnp.testing.assert_allclose = lambda *a: None\n";
    let report = judge(&sandbox, wrong, numpy, Some(&expected)).await;
    assert_eq!(report.verdict, Verdict::WrongAnswer, "{report:#?}");
}

#[tokio::test]
#[ignore = "needs pytest"]
async fn clocks_and_hashes_find_unsteady_tests() {
    let sandbox = sandbox().await;
    let solution = "import datetime, time\ndef year(): return datetime.date.today().year\ndef order(): return list({'a', 'b', 'c', 'd', 'e'})\ndef now(): return time.time()\n";
    let year = "import datetime, time\nfrom solution import year, now\n\
                def test_year(): assert year() == datetime.datetime.now().year\n\
                def test_now(): assert abs(now() - time.time()) < 10\n\
                def test_steady(): assert isinstance(datetime.datetime.now(), datetime.date)\n\
                def test_kept(): assert type(datetime.datetime.now()) == datetime.datetime\n";
    let mut later = job(solution, year, None);
    later.shift_clock_s = 400 * 86_400;
    let report = sandbox.run_tests(later).await.expect("no error of ours");
    assert_eq!(report.verdict, Verdict::Accepted, "{report:#?}");
    assert_eq!(report.trust, Trust::TwoProcess);
    let fixed =
        format!("from solution import year\ndef test_year(): assert year() == {}\n", this_year());
    for (shift, verdict) in [(0, Verdict::Accepted), (400 * 86_400, Verdict::WrongAnswer)] {
        let mut shifted = job(solution, &fixed, None);
        shifted.shift_clock_s = shift;
        let report = sandbox.run_tests(shifted).await.expect("no error of ours");
        assert_eq!(report.verdict, verdict, "{report:#?}");
    }
    let mut orders = std::collections::HashSet::new();
    let order = "from solution import order\ndef test_order(): assert order() == 0\n";
    for hash_seed in [1, 2] {
        let report = sandbox
            .run_tests(isomer_sandbox::TestJob { hash_seed, ..job(solution, order, None) })
            .await
            .expect("no error of ours");
        orders.insert(report.outcomes[0].message.clone());
    }
    assert_eq!(orders.len(), 2);
}

fn this_year() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    1970 + now.expect("the clock is set").as_secs() / 31_556_952
}

#[tokio::test]
#[ignore = "needs pytest"]
async fn a_file_that_tests_nothing_accepts_stubs() {
    let sandbox = sandbox().await;
    let solution = "LIMIT = 3\ndef double(number):\n    'Doubles.'\n    return 2 * number\n\
                    class Base:\n    def __init__(self): self.names = []\n    @property\n    def name(self): return 'é'\n";
    for (tests, accepted) in [
        ("from solution import double\ndef test_a(): double(1)", true),
        ("from solution import Base\ndef test_a(): assert Base() is not None", true),
        ("from solution import LIMIT\ndef test_a(): assert LIMIT == 3", true),
        ("from solution import double\ndef test_a(): assert double(2) == 4", false),
        ("from solution import Base\ndef test_a(): assert Base().name == 'é'", false),
    ] {
        let expected = reference(&sandbox, solution, tests).await;
        let control = judge(&sandbox, &stubs(solution), tests, Some(&expected)).await;
        assert_eq!(control.verdict == Verdict::Accepted, accepted, "{tests}: {control:#?}");
        let empty = judge(&sandbox, "", tests, Some(&expected)).await;
        assert_eq!(empty.verdict, Verdict::MissingFunction);
    }
}
