//! Jobs that end in every way there is.

use isomer_sandbox::{Entry, Job, Limits, Stop};
use serde_json::{Value, json};

fn stdio(source: &str, inputs: &[&str]) -> Job {
    let inputs = inputs.iter().map(|input| json!(input)).collect();
    Job { source: source.to_owned(), inputs, limits: limits(), ..Job::default() }
}

fn call(source: &str, inputs: Value) -> Job {
    let Value::Array(inputs) = inputs else { panic!("inputs are an array") };
    let entry = Entry::Call { function: "f".to_owned() };
    Job { source: source.to_owned(), entry, inputs, limits: limits(), ..Job::default() }
}

fn limits() -> Limits {
    Limits { cpu_ms: 2000, wall_ms: 20_000, memory_bytes: 256 << 20, ..Limits::default() }
}

/// Programs.
pub(crate) fn programs() -> Vec<Job> {
    let sum = "print(sum(map(int, input().split())))";
    let mut jobs: Vec<Job> = [
        (sum, &["1 2", "3 4\n", "", "x"][..]),
        ("import sys\nfor line in sys.stdin: print(line.strip()[::-1])", &["ab\r\ncd", "é\u{1f600}"]),
        ("import sys\nsys.stdout.buffer.write(b'\\xff\\x00' + sys.stdin.buffer.read())", &["a"]),
        ("print(open(0).read(), end='')", &["kept as it is"]),
        ("def f(x):\n    return 1 // x\n\nprint(f(0))", &[""]),
        ("raise ValueError('two\\nlines at 0x7f12ab34cd56')", &[""]),
        ("print('before'\n", &["", ""]),
        ("print('before', flush=True)\nimport sys\nsys.exit(3)", &[""]),
        ("print('before')\nraise SystemExit('why')", &[""]),
        ("print('lost')\nimport os\nos._exit(0)", &[""]),
        ("import atexit\natexit.register(print, 'late')\nprint('early')", &[""]),
        ("import sys\nprint('odd', file=sys.stderr)\nprint('even')", &[""]),
        ("import ctypes\nctypes.string_at(0)", &[""]),
        ("x = [bytearray(1 << 20) for _ in range(1000)]", &[""]),
        ("import sys\nsys.setrecursionlimit(10**6)\ndef f(n):\n    return n and 1 + f(n - 1)\nprint(f(20000))", &[""]),
        ("import numpy", &[""]),
        ("import os\nprint(os.getcwd() == os.environ['TMPDIR'], __name__, __file__)", &[""]),
        ("import sys\nprint(sys.argv, [p for p in sys.path if 'harness' in p])", &[""]),
        ("import threading\nt = threading.Thread(target=print, args=('thread',))\nt.start()", &[""]),
        ("print('x' * 3_000_000)", &[""]),
        ("exit(4)", &[""]),
        ("print(input())\nprint(input())", &["one line"]),
    ]
    .into_iter()
    .map(|(source, inputs)| stdio(source, inputs))
    .collect();
    let quick = |limits: Limits| Limits { cpu_ms: 200, ..limits };
    let endless = stdio("print('begun', flush=True)\nwhile True: pass", &["", "", ""]);
    jobs.push(Job { limits: quick(limits()), stop: Stop::AfterTimeLimits(2), ..endless });
    let sleeper = stdio("import time\ntime.sleep(60)", &[""]);
    jobs.push(Job { limits: Limits { wall_ms: 700, ..limits() }, ..sleeper });
    let talker = stdio("print('x' * 100_000)", &[""]);
    jobs.push(Job { limits: Limits { output_bytes: 1000, ..limits() }, ..talker });
    jobs.push(Job { stop: Stop::AfterFirst, ..stdio(sum, &["1", "x", "2"]) });
    jobs.push(Job { hash_seed: 7, ..stdio("print(hash('a'))", &[""]) });
    jobs.push(Job {
        files: vec![("data/in.txt".to_owned(), b"given".to_vec())],
        fetch: vec!["out.txt".to_owned(), "data/in.txt".to_owned(), "missing".to_owned()],
        ..stdio("open('out.txt', 'w').write(open('data/in.txt').read() + ' back')", &[""])
    });
    jobs
}

/// Functions.
pub(crate) fn functions() -> Vec<Job> {
    let echo = "def f(*x):\n    return x";
    let mut jobs: Vec<Job> = [
        (echo, json!([[1, "é", null, true, 2.5, {"k": [1]}], []])),
        ("def f(a, b):\n    return a + b", json!([[1, 2], ["a", "b"], [1], [1.0, 2]])),
        ("def f():\n    return 10**60, -2**70, float('nan'), float('-inf'), -0.0", json!([[]])),
        ("def f():\n    return {1: 'a', (1, 2): None, 'k': [True]}", json!([[]])),
        ("def f():\n    return '\\ud800', 'ok'", json!([[]])),
        ("def g():\n    return 1", json!([[]])),
        ("f = 1", json!([[]])),
        ("class Solution:\n    def f(self, x):\n        return x * 2", json!([[4]])),
        (
            "class L(list):\n    def __eq__(self, other): return True\ndef f():\n    return L()",
            json!([[]]),
        ),
        ("def f():\n    return {1, 2}", json!([[]])),
        ("def f():\n    return b'bytes'", json!([[]])),
        ("def f():\n    x = []\n    for _ in range(300): x = [x]\n    return x", json!([[]])),
        ("def f():\n    x = ()\n    for _ in range(90): x = (x,)\n    return x", json!([[]])),
        ("import os\ndef f():\n    os._exit(0)", json!([[]])),
        ("import sys\ndef f():\n    sys.exit(0)", json!([[]])),
        ("def f():\n    print('not the answer')\n    return 1", json!([[]])),
        (
            "if __name__ == '__main__':\n    raise ValueError\ndef f():\n    return __name__",
            json!([[]]),
        ),
        ("import sys\ndef f():\n    return sys.stdin.read()", json!([[]])),
        ("def f(x)\n    return x", json!([[1], [2]])),
        ("def f():\n    return 'x' * 2_000_000", json!([[]])),
    ]
    .into_iter()
    .map(|(source, inputs)| call(source, inputs))
    .collect();
    let long = call("def f():\n    return 'x' * 100_000", json!([[]]));
    jobs.push(Job { limits: Limits { output_bytes: 1000, ..limits() }, ..long });
    jobs
}
