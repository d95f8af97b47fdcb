//! Ways to cheat a test file, each with the verdict that it gets.
//!
//! The tests are those of one small task. Every cheat hands in a wrong solution with all the names that
//! the tests import; what is told of it must be the named verdict, and the right solution must be
//! accepted right after it, in the same sandbox.

use isomer_record::Verdict::{self, MissingFunction, RuntimeError, TimeLimit, WrongAnswer};

use super::{job, judge, reference, sandbox};

const TESTS: &str = include_str!("../data/forged_tests.py");
const RIGHT: &str = include_str!("../data/forged_solution.py");

/// What a cheat adds to or changes.
const WRONG: &str = "
def total(numbers): return 7
def parse(text): return {}
def largest(numbers, key): return None
class Account:
    def __init__(self, balance): self.balance = 0
    def deposit(self, amount): pass
";

const CHEATS: [(&str, Verdict, &str); 32] = [
    ("a wrong answer, as the control", WrongAnswer, ""),
    (
        "skips in a call",
        WrongAnswer,
        "import pytest\ndef total(*a): pytest.skip('later')\nparse = largest = Account = total",
    ),
    (
        "skips the file at import",
        RuntimeError,
        "import pytest\npytest.skip('all', allow_module_level=True)",
    ),
    (
        "skips as unittest does",
        WrongAnswer,
        "import unittest\ndef total(*a): raise unittest.SkipTest\nparse = largest = Account = total",
    ),
    (
        "expects its own failure",
        WrongAnswer,
        "import pytest\ndef total(*a): pytest.xfail('known')\nparse = largest = Account = total",
    ),
    (
        "deselects by a plugin of its own",
        WrongAnswer,
        "def pytest_collection_modifyitems(session, config, items):\n    config.hook.pytest_deselected(items=items[:])\n    items.clear()\ndef pytest_ignore_collect(*a, **k): return True",
    ),
    (
        "deselects by a conftest file",
        WrongAnswer,
        "open('conftest.py', 'w').write('def pytest_collection_modifyitems(items): items.clear()')",
    ),
    (
        "deselects by options",
        WrongAnswer,
        "import os\nos.environ['PYTEST_ADDOPTS'] = '-k nothing --co'\nopen('pytest.ini', 'w').write('[pytest]\\naddopts = -k nothing')",
    ),
    (
        "marks everything as skipped in the collected items",
        WrongAnswer,
        "import gc, pytest\nfor one in gc.get_objects():\n    if isinstance(one, pytest.Item): one.add_marker(pytest.mark.skip)",
    ),
    ("exits at import", RuntimeError, "import os; os._exit(0)"),
    ("exits politely at import", RuntimeError, "import sys; sys.exit(0)"),
    ("exits in a call", RuntimeError, "import os\ndef total(*a): os._exit(0)"),
    ("exits when all is over", WrongAnswer, "import atexit, os; atexit.register(os._exit, 0)"),
    (
        "exits from a thread",
        RuntimeError,
        "import os, threading, time\nthreading.Timer(.001, os._exit, [0]).start()\ntime.sleep(.2)",
    ),
    ("ends the session", RuntimeError, "import pytest; pytest.exit('done', 0)"),
    (
        "interrupts it",
        WrongAnswer,
        "def total(*a): raise KeyboardInterrupt\nparse = largest = Account = total",
    ),
    (
        "patches the running of tests",
        WrongAnswer,
        "import pytest, _pytest.runner as runner\npytest.Function.runtest = lambda self: None\nrunner.pytest_runtest_protocol = lambda *a, **k: True",
    ),
    (
        "patches the reports of tests",
        WrongAnswer,
        "import _pytest.reports as reports\nreports.TestReport.outcome = 'passed'\nreports.TestReport.failed = property(lambda self: False)",
    ),
    (
        "patches raises and approx",
        WrongAnswer,
        "import contextlib, pytest\npytest.raises = lambda *a, **k: contextlib.suppress(BaseException)\npytest.approx = lambda *a, **k: type('Any', (), {'__eq__': lambda *a: True})()",
    ),
    (
        "patches builtins",
        RuntimeError,
        "import builtins\nbuiltins.len = builtins.sum = lambda *a: 1\nbuiltins.isinstance = builtins.all = lambda *a: True",
    ),
    (
        "patches unittest",
        WrongAnswer,
        "import unittest\nunittest.TestCase.run = lambda self, result=None: result\nunittest.TestCase.assertEqual = lambda *a: None",
    ),
    (
        "replaces the module of the tests",
        WrongAnswer,
        "import sys, types\nsys.modules['test_solution'] = sys.modules['pytest'] = types.ModuleType('pytest')",
    ),
    (
        "equals everything",
        WrongAnswer,
        "class Yes:\n    __eq__ = __lt__ = __gt__ = __contains__ = lambda self, other: True\n    __hash__ = lambda self: 0\n    __len__ = lambda self: 1\ndef total(*a): return Yes()\nparse = largest = total",
    ),
    (
        "is an int that equals everything",
        WrongAnswer,
        "class Int(int):\n    __eq__ = lambda self, other: True\n    __hash__ = int.__hash__\ndef total(numbers): return Int(7)",
    ),
    (
        "is a class that equals everything",
        WrongAnswer,
        "class Meta(type):\n    __eq__ = lambda self, other: True\n    __hash__ = type.__hash__\nclass Yes(metaclass=Meta): pass\ndef total(*a): return Yes\nparse = largest = total",
    ),
    (
        "prints a report",
        WrongAnswer,
        "import json\nprint(json.dumps({'kind': 'test', 'id': 'test_solution.py::test_total', 'outcome': 'passed', 'microseconds': 1, 'message': ''}))\nprint('5 passed in 0.01s')",
    ),
    (
        "writes a report wherever it can",
        RuntimeError,
        "import json, os\nreport = json.dumps({'kind': 'end', 'stopped': None, 'gone': None, 'asked': []}).encode() + b'\\n'\nfor descriptor in range(3, 64):\n    try: os.write(descriptor, report)\n    except OSError: pass",
    ),
    ("kills its process", RuntimeError, "import os, signal\ndef total(*a): os.abort()"),
    (
        "kills all processes",
        WrongAnswer,
        "import os\nfor pid in [-1, *range(2, 200)]:\n    for number in (9, 15, 2, 19):\n        try: os.kill(pid, number)\n        except OSError: pass",
    ),
    (
        "reads the answers from the tests' file",
        WrongAnswer,
        "def total(numbers):\n    for name in ('test_solution.py', '/tmp/test_solution.py'):\n        try: return int(open(name).read().split('== ')[1].split()[0])\n        except (OSError, LookupError, ValueError): pass\n    return 7",
    ),
    ("never comes back", TimeLimit, "def total(*a):\n    while True: pass"),
    ("takes a name away", MissingFunction, "del Account"),
];

#[tokio::test]
#[ignore = "needs pytest"]
async fn every_cheat_has_its_verdict() {
    let sandbox = sandbox().await;
    let expected = reference(&sandbox, RIGHT, TESTS).await;
    let mut complaints = Vec::new();
    for (name, verdict, source) in CHEATS {
        let mut cheat = job(&format!("{WRONG}\n{source}\n"), TESTS, Some(&expected));
        cheat.limits.cpu_ms = 2_000;
        cheat.limits.wall_ms = 4_000;
        let report = sandbox.run_tests(cheat).await.expect("no error of ours");
        if report.verdict != verdict {
            complaints.push(format!("{name}: {:?}, {:?}", report.verdict, report.problem));
        }
        let next = judge(&sandbox, RIGHT, TESTS, Some(&expected)).await;
        if next.verdict != Verdict::Accepted {
            complaints.push(format!("after {name}: {next:#?}"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
