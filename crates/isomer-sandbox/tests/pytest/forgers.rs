//! Solutions that want to pass without being right: a table of attempts, none of which may work.

use isomer_record::{Trust, Verdict};
use isomer_sandbox::{Outcome, TestOutcome};

use super::{job, judge, reference, sandbox};

const TESTS: &str = include_str!("../data/forged_tests.py");
const RIGHT: &str = include_str!("../data/forged_solution.py");

/// Where the solution's wire is; a forger finds it by trying.
const WIRE: &str = "
import json, os, sys, threading
def frame(content):
    content = json.dumps(content).encode()
    return len(content).to_bytes(4, 'little') + content
def send(data):
    for descriptor in range(3, 64):
        try: os.write(descriptor, data)
        except OSError: pass
";

/// What a forger needs so that all names are there.
const WRONG: &str = "
def total(numbers): return 7
def parse(text): return {}
def largest(numbers, key): return None
class Account:
    def __init__(self, balance): self.balance = 0
    def deposit(self, amount): pass
";

/// Searches its own memory for a sentence that only the tests have.
const LOOK: &str = "
import ctypes, re
WORD = b'sum of num' + b'bers is '
def total(numbers):
    for line in open('/proc/self/maps'):
        place = re.match(r'(\\w+)-(\\w+) r', line)
        if not place or '[v' in line: continue
        start, end = int(place[1], 16), int(place[2], 16)
        data = ctypes.string_at(start, end - start)
        at = data.find(WORD)
        while at >= 0:
            found = re.match(rb'\\d+', data[at + len(WORD):at + len(WORD) + 20])
            if found: return int(found[0])
            at = data.find(WORD, at + 1)
    return 7
";

async fn none_is_accepted(attempts: &[(&str, String)]) {
    let sandbox = sandbox().await;
    let expected = reference(&sandbox, RIGHT, TESTS).await;
    assert_eq!(expected.trust, Trust::TwoProcess);
    let mut complaints = Vec::new();
    for (name, solution) in attempts {
        let mut job = job(solution, TESTS, Some(&expected));
        job.limits.cpu_ms = 2_000;
        job.limits.wall_ms = 4_000;
        let report = sandbox.run_tests(job).await.expect("no error of ours");
        // None of them computes a sum: what passes here was read off the tests.
        let total = |test: &&TestOutcome| test.id.ends_with("test_total");
        let seen =
            report.outcomes.iter().find(total).is_some_and(|test| test.outcome == Outcome::Passed);
        if report.verdict == Verdict::Accepted || seen {
            complaints.push(format!("{name}: {report:#?}"));
        }
        // Whatever it did, the next one is judged as ever.
        let next = judge(&sandbox, RIGHT, TESTS, Some(&expected)).await;
        if next.verdict != Verdict::Accepted {
            complaints.push(format!("after {name}: {next:#?}"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

fn attempts(table: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    table.iter().map(|(name, source)| (*name, format!("{WRONG}\n{source}"))).collect()
}

#[tokio::test]
#[ignore = "needs pytest"]
async fn objects_that_equal_everything() {
    let yes = "
class Yes:
    def __init__(self, *a, **k): pass
    def __call__(self, *a, **k): return self
    def __getattr__(self, name): return self
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __bool__ = lambda self: True
    __len__ = lambda self: 1
    __hash__ = lambda self: 0
    __iter__ = lambda self: iter([self])
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __abs__ = __getitem__ = lambda self, *a: self
    __float__ = lambda self: 0.75
    __int__ = __index__ = lambda self: 6
";
    let with = |rest: &str| format!("{yes}\n{rest}");
    let all = with("total = parse = largest = Account = Yes()");
    let returned = with("def total(*a): return Yes()\nparse = largest = total\nAccount = Yes");
    let class = with("total = parse = largest = Account = Yes");
    let lying = with(
        "class Dict(Yes):\n    __class__ = property(lambda self: dict)\n\
         def total(*a): return Dict()\nparse = largest = total\nAccount = Dict",
    );
    let subclasses = "
class Int(int):
    __eq__ = __lt__ = __gt__ = lambda self, other: True
    __hash__ = int.__hash__
class Dict(dict):
    __eq__ = __contains__ = lambda self, other: True
    __len__ = lambda self: 1
class Text(str):
    __eq__ = lambda self, other: True
    __hash__ = str.__hash__
def total(numbers): return Int(3)
def parse(text): return Dict(a=2)
def largest(numbers, key): return Text('x')
";
    let array = with(
        "class Array(Yes):\n    def __array__(self, *a, **k):\n        import numpy\n        return numpy.array([])\n\
         \x20   __array_interface__ = {'shape': (0,), 'typestr': '<f8', 'version': 3, 'data': (4096, False)}\n\
         \x20   __array_ufunc__ = __array_function__ = lambda self, *a, **k: True\n\
         def total(*a): return Array()\nparse = largest = total\nAccount = Array",
    );
    let meta = "
class Meta(type):
    __eq__ = __lt__ = __gt__ = __contains__ = lambda self, other: True
    __hash__ = type.__hash__
    __len__ = lambda self: 1
class Yes(metaclass=Meta): pass
def total(*a): return Yes
parse = largest = total
";
    let nothing = "
def total(*a): return NotImplemented
parse = largest = total
";
    let nan = "def total(*a): return float('nan')\nparse = largest = total";
    none_is_accepted(&attempts(&[
        ("one object for everything", &all),
        ("returned objects", &returned),
        ("a class for everything", &class),
        ("an object that says it is a dictionary", &lying),
        ("subclasses of plain types", subclasses),
        ("an object that says it is an empty array", &array),
        ("a class that equals everything", meta),
        ("NotImplemented", nothing),
        ("not a number", nan),
    ]))
    .await;
}

#[tokio::test]
#[ignore = "needs pytest"]
async fn endings_that_look_like_success() {
    none_is_accepted(&attempts(&[
        ("exit at import", "import os; os._exit(0)"),
        ("polite exit at import", "import sys; sys.exit(0)"),
        ("exit in a call", "import os\ndef total(*a): os._exit(0)"),
        ("polite exit in a call", "import sys\ndef total(*a): sys.exit(0)"),
        ("exit at exit", "import atexit, os; atexit.register(os._exit, 0)"),
        ("exit in a thread", "import os, threading; threading.Timer(.001, os._exit, [0]).start()"),
        ("skip", "import pytest\ndef total(*a): pytest.skip('later')\nparse = largest = Account = total"),
        ("skip at import", "import pytest; pytest.skip('all', allow_module_level=True)"),
        ("skip like unittest", "import unittest\ndef total(*a): raise unittest.SkipTest\nparse = largest = Account = total"),
        ("skip like unittest at import", "import unittest\nraise unittest.SkipTest('all')"),
        ("end the session", "import pytest; pytest.exit('done', 0)"),
        ("end the session in a call", "import pytest\ndef total(*a): pytest.exit('done', 0)\nparse = largest = Account = total"),
        ("expected failure", "import pytest\ndef total(*a): pytest.xfail('known')\nparse = largest = Account = total"),
        ("interrupt", "def total(*a): raise KeyboardInterrupt\nparse = largest = Account = total"),
        ("generator exit", "def total(*a): raise GeneratorExit\nparse = largest = Account = total"),
        (
            "an exception with the name of a skip",
            "class Skipped(BaseException): allow_module_level = True; msg = 'x'\nSkipped.__module__ = '_pytest.outcomes'\n\
             def total(*a): raise Skipped('x')\nparse = largest = Account = total",
        ),
        ("kill oneself", "import os, signal\ndef total(*a): os.kill(os.getpid(), signal.SIGKILL)"),
        ("kill everybody", "import os, signal\nfor n in range(1, 65):\n    try: os.kill(-1, n)\n    except OSError: pass"),
        (
            "signals to all processes",
            "import os\nfor pid in range(2, 200):\n    for n in (9, 2, 14, 19):\n        try: os.kill(pid, n)\n        except OSError: pass",
        ),
        (
            "signals by way of fcntl",
            "import fcntl, os\na, b = os.pipe()\nfor pid in range(2, 200):\n    for command, value in ((8, pid), (10, 2)):\n        try: fcntl.fcntl(a, command, value)\n        except OSError: pass\n\
             try: fcntl.fcntl(a, fcntl.F_SETFL, os.O_ASYNC)\nexcept OSError: pass\nos.write(b, b'x')",
        ),
        ("never return", "def total(*a):\n    while True: pass"),
        ("sleep", "import time\ndef total(*a): time.sleep(100)"),
        ("much memory", "x = []\nwhile True: x.append(bytearray(1 << 24))"),
        ("does not compile", "def"),
        ("lacks a name", "del Account"),
    ]))
    .await;
}

#[tokio::test]
#[ignore = "needs pytest"]
async fn patched_runners_and_poisoned_modules() {
    none_is_accepted(&attempts(&[
        ("the test runner", "import pytest\npytest.Function.runtest = lambda self: None"),
        (
            "the runner's plugins",
            "import _pytest.runner as r, _pytest.python as p\nr.pytest_runtest_protocol = p.pytest_pyfunc_call = lambda *a, **k: True",
        ),
        ("unittest", "import unittest\nunittest.TestCase.run = lambda self, result=None: result"),
        ("the approximate number", "import pytest\npytest.approx = lambda *a, **k: type('Any', (), {'__eq__': lambda *a: True})()"),
        ("builtins", "import builtins\nbuiltins.len = builtins.sum = lambda *a: 1\nbuiltins.isinstance = builtins.all = lambda *a: True"),
        ("raises", "import pytest, contextlib\npytest.raises = contextlib.suppress(BaseException).__class__"),
        (
            "our modules",
            "import sys\nfor name, module in list(sys.modules.items()):\n    if name.startswith('isomer_'):\n        for key in list(vars(module)):\n            if not key.startswith('__'): setattr(module, key, None)",
        ),
        (
            "our answers",
            "import isomer_wire\nisomer_wire.Peer.answer = lambda self, kind, value, *a: self.send(['=', True, [], None])",
        ),
        ("json", "import json, isomer_wire\nisomer_wire.write_json = lambda frame: '[\"=\", 6, [], null]'"),
        (
            "files that the runner or the interpreter may load",
            "import os\nfor name in ('conftest.py', 'pytest.ini', 'test_solution.py', 'sitecustomize.py', 'random.py', 'numpy.py', 'difflib.py', 'pprint.py', 'tox.ini', 'pyproject.toml', 'setup.cfg'):\n\
             \x20   open(name, 'w').write('import os; os._exit(0)')",
        ),
        (
            "compiled files",
            "import os\nos.makedirs('__pycache__', exist_ok=True)\nfor v in ('39', '310', '311', '312', '313', '314'):\n    open('__pycache__/test_solution.cpython-%s-pytest-9.2.0.pyc' % v, 'wb').write(b'x' * 100)",
        ),
        ("a folder without rights", "import os; os.chmod('/tmp', 0)"),
    ]))
    .await;
}

#[tokio::test]
#[ignore = "needs pytest"]
async fn nonsense_on_the_wire() {
    let send = |rest: &str| format!("{WIRE}\n{rest}");
    let loud = |node: &str| {
        send(&format!(
            "def total(*a):\n    send(frame(['=', {node}, [], None]) * 40)\n    return 7\nparse = largest = Account = total"
        ))
    };
    let table = [
        (
            "a fake report",
            send(
                "send(json.dumps({'kind': 'end', 'stopped': None, 'gone': None, 'asked': []}).encode() + b'\\n')",
            ),
        ),
        (
            "a printed report",
            send(
                "print(json.dumps({'kind': 'test', 'id': 'test_solution.py::test_total', 'outcome': 'passed', 'microseconds': 1, 'message': ''}))",
            ),
        ),
        ("garbage", send("send(b'garbage' * 100)")),
        ("garbage in a call", send("def total(*a): send(os.urandom(1000))")),
        ("a huge frame", send("send(b'\\xff\\xff\\xff\\xff')")),
        (
            "half a frame",
            send("def total(*a):\n    send(b'\\x00\\x01\\x00\\x00[')\n    os._exit(0)"),
        ),
        ("answers beforehand", send("send(frame(['=', 6, [], None]) * 100)")),
        (
            "a flood",
            send(
                "def flood():\n    while True: send(frame(['=', 6, [], None]))\nthreading.Thread(target=flood, daemon=True).start()",
            ),
        ),
        ("closed wire", send("os.closerange(3, 64)")),
        ("closed wire in a call", send("def total(*a): os.closerange(3, 64)")),
        ("someone else's object", loud("['@m', 1]")),
        ("objects by the dozen", loud("['@m', 2]")),
        ("a pickle", loud("['@k', 'Y29zCnN5c3RlbQooUydlY2hvJwp0Ui4=']")),
        ("a module", loud("['@g', 'pytest']")),
        ("a function of the system", loud("['@i', 'os', '_exit']")),
        ("a class of the runner", loud("['@i', 'unittest.mock', '_ANY']")),
        ("an array of pointers", loud("['array', '|O', [1], 'AAAAAAAAAAA=']")),
        ("an array without end", loud("['array', '<f8', [100000000000], '']")),
        ("a shared container", loud("['r', 100]")),
        ("an unknown tag", loud("['__class__', 1]")),
        ("a tag that is none", loud("[[], {}]")),
        ("deep nesting", loud("json.loads('[\"l\",' * 100000 + '1' + ']' * 100000)")),
        (
            "a class of strange names",
            loud(
                "['@h', 5, ['@C', 6, ['__init__', 'os', 'object', [], ['__eq__'], ['_isomer_peer', '__class__'], None, True, ['', None]]]]",
            ),
        ),
        ("a dictionary that is none", loud("['o', [1, 2]]")),
        (
            "an exception that is none",
            send("def total(*a):\n    send(frame(['!', 6, [], None]) * 40)\n    return 7"),
        ),
        (
            "changes of nothing",
            send(
                "def total(*a):\n    send(frame(['=', 6, [[5, ['a', [1]]]], None]) * 40)\n    return 7",
            ),
        ),
        (
            "requests that nobody expects",
            send("def total(*a):\n    send(frame(['call', 1, [], [], None]) * 40)\n    return 7"),
        ),
        (
            "requests for everything",
            send(
                "def total(*a):\n    for name in ('patch', 'seed', 'import', 'method of value', 'dir', 'export', '__init__'):\n        send(frame([name, None, [], [], None]))\n    return 7",
            ),
        ),
    ];
    let table: Vec<_> = table.iter().map(|(name, source)| (*name, source.as_str())).collect();
    none_is_accepted(&attempts(&table)).await;
}

#[tokio::test]
#[ignore = "needs pytest"]
async fn a_look_at_the_tests() {
    none_is_accepted(&attempts(&[
        (
            "what the interpreter holds",
            "import gc, sys\ndef total(numbers):\n    for one in gc.get_objects():\n        try:\n            if type(one) is dict and 'EXPECTED' in one: return one['EXPECTED']\n        except Exception: pass\n    return 7",
        ),
        (
            "other processes",
            "import os\ndef total(numbers):\n    for pid in range(1, 200):\n        if pid == os.getpid(): continue\n        for name in ('mem', 'maps', 'environ', 'fd/51', 'fd/50', 'cwd/x', 'root/tmp'):\n            try: os.open('/proc/%s/%s' % (pid, name), os.O_RDONLY)\n            except OSError: continue\n            return sum(numbers)\n    return 7",
        ),
        (
            "a callback's globals",
            "def largest(numbers, key):\n    try: return key.__globals__['EXPECTED']\n    except Exception: pass\n    return None",
        ),
        (
            "a callback's globals over the wire",
            "import isomer_wire, sys\ndef largest(numbers, key):\n    side = sys.modules['__main__']\n    import gc\n    for one in gc.get_objects():\n        if type(one).__name__ == 'Solution':\n            number = one.mirrors.number_of(key)\n            for name in ('__globals__', '__code__', '__closure__', 'mro'):\n                try: return one.ask('get', number, name)\n                except AttributeError: pass\n            for arguments in (('format', '{0.__globals__}'),):\n                try: return one.ask('method', number, arguments, (), ())\n                except AttributeError: pass\n            try: return one.ask('method of value', None, ('{0.__globals__}', 'format', key), (), ())\n            except Exception: pass\n    return None",
        ),
        (
            "the file of the tests",
            "import os\ndef total(numbers):\n    for name in ('test_solution.py', '/tmp/test_solution.py'):\n        try: open(name).read()\n        except OSError: pass\n    return 7",
        ),
    ]))
    .await;
}

#[tokio::test]
#[ignore = "needs pytest"]
async fn objects_that_contradict_themselves() {
    let right = "
def squares(count): return [number ** 2 for number in range(count)]
def table(): return {'a': 1}
";
    let wrong = "
class Empty:
    def __init__(self, size): self.size = size
    def __len__(self): return self.size
    def __iter__(self): return iter(())
    def keys(self): return {'a'}
    def items(self): return []
    def equals(self, other): return True
    def tolist(self): return self
    def __sub__(self, other): return self
    def __abs__(self): return self
    def __lt__(self, other): return True
def squares(count): return Empty(count)
def table(): return Empty(1)
";
    let head = "import pytest\nfrom solution import squares, table\n";
    let sandbox = sandbox().await;
    for test in [
        "result = squares(3)\n    assert len(result) == 3\n    for one, other in zip(result, [0, 1, 4]): assert one == other",
        "assert squares(3) == pytest.approx([0, 1, 4])",
        "assert len(squares(3)) == 3 and all(one == 1 for one in squares(3)[3:])",
        "assert all(key == 'a' and value == 1 for key, value in table().items())",
        "assert 'a' in table().keys()",
    ] {
        let tests = format!("{head}def test_a():\n    {test}\n");
        let expected = reference(&sandbox, right, &tests).await;
        assert_eq!(expected.asked, [""; 0]);
        let report = judge(&sandbox, wrong, &tests, Some(&expected)).await;
        assert_eq!(report.verdict, Verdict::WrongAnswer, "{test}: {report:#?}");
    }
}

#[tokio::test]
#[ignore = "needs pytest"]
async fn a_look_into_memory_finds_what_is_there() {
    let sandbox = sandbox().await;
    let expected = reference(&sandbox, RIGHT, TESTS).await;
    // The control: the same search finds the word when the solution itself holds it.
    let control = format!("{WRONG}{LOOK}\nWORDS = 'sum of numbers is 6'");
    let report = judge(&sandbox, &control, TESTS, Some(&expected)).await;
    assert_eq!(report.outcomes[0].outcome, Outcome::Passed, "{report:#?}");
    let report = judge(&sandbox, &format!("{WRONG}{LOOK}"), TESTS, Some(&expected)).await;
    assert_eq!(report.outcomes[0].outcome, Outcome::Failed, "{report:#?}");
}
