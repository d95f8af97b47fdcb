//! Programs whose verdict nothing may change.

use isomer_record::{Comparison, JudgeMode, Verdict};
use isomer_sandbox::{Entry, Job, Limits, Sandbox, judge};
use serde_json::{Value, json};

use crate::common::call;

/// A digest of everything a program can see of its place, and of some honest work in it.
const DIGEST: &str = r#"
import builtins, hashlib, json, math, os, random, re, signal, sys, threading, time, unittest
assert time.time() > 1e9 and time.monotonic() > 0 and json.loads(json.dumps({"a": [1, None]})) == {"a": [1, None]}
random.seed(7)
seen = {
    "files": sorted(os.listdir(".")), "folder": os.getcwd(), "environment": sorted(os.environ.items()),
    "open": [fd for fd in range(64) if os.path.exists("/proc/self/fd/%d" % fd)],
    "processes": sum(name.isdigit() for name in os.listdir("/proc")),
    "rights": oct(os.stat(".").st_mode), "mask": oct(os.umask(0o22)), "threads": threading.active_count(),
    "builtins": sorted(map(str, vars(builtins))), "modules": sorted(sys.modules), "path": sys.path,
    "hooks": [len(sys.meta_path), len(sys.path_hooks), sys.gettrace(), sys.getrecursionlimit()],
    "signals": [str(signal.getsignal(number)) for number in range(1, 32)], "random": random.random(),
    "numbers": [math.sqrt(2), 3 + 4, 2 ** 100, hash("x")], "words": re.findall("[a-z]+", "a bc 7"),
    "sum": sum(number * number % 7 for number in range(20000)), "input": input(),
    "equal": unittest.TestCase().assertEqual(1, 1),
}
open("left", "w").write("x" * 1000)
print(hashlib.sha256(json.dumps(seen, sort_keys=True, default=repr).encode()).hexdigest())
"#;

/// An innocent program: what is run, what is expected of it, and the verdict.
pub(crate) struct Innocent {
    name: &'static str,
    source: &'static str,
    entry: Entry,
    input: Value,
    expected: Value,
    verdict: Verdict,
}

/// All of them; the digest is what the place looks like now.
pub(crate) async fn all(sandbox: &Sandbox) -> Vec<Innocent> {
    let (sum, recurse) = (
        "print(sum(map(int, input().split())))",
        "import sys\nsys.setrecursionlimit(10**6)\ndef f(n): return n and 1 + f(n - 1)",
    );
    let one = |name, source, entry, input, expected, verdict| Innocent {
        name,
        source,
        entry,
        input,
        expected,
        verdict,
    };
    use Verdict::{
        Accepted, CompileError, MemoryLimit, MissingFunction, RuntimeError, WrongAnswer,
    };
    let mut all = vec![
        one("right", sum, Entry::Stdio, json!("1 2"), json!("3"), Accepted),
        one("wrong", sum, Entry::Stdio, json!("1 2"), json!("4"), WrongAnswer),
        one(
            "value",
            "def f(x): return {'k': [x, 0.5]}",
            call(),
            json!([7]),
            json!({"k": [7, 0.5]}),
            Accepted,
        ),
        one("wrong value", "def f(x): return [x]", call(), json!([7]), json!([8]), WrongAnswer),
        one("deep", recurse, call(), json!([50_000]), json!(50_000), Accepted),
        one(
            "large",
            "def f(n): return len(bytearray(b'x') * n)",
            call(),
            json!([100_000_000]),
            json!(100_000_000),
            Accepted,
        ),
        one("crash", "1 / 0", Entry::Stdio, json!(""), json!(""), RuntimeError),
        one("greedy", "bytearray(1 << 40)", Entry::Stdio, json!(""), json!(""), MemoryLimit),
        one("broken", "def f(:", Entry::Stdio, json!(""), json!(""), CompileError),
        one("missing", "g = 1", call(), json!([1]), json!(1), MissingFunction),
        one("digest", DIGEST, Entry::Stdio, json!("x"), json!(""), Accepted),
    ];
    let executions = sandbox.run(job(&all[all.len() - 1])).await.unwrap();
    let isomer_sandbox::Output::Text(digest) = &executions[0].output else { panic!("no digest") };
    assert_eq!(digest.trim().len(), 64, "{executions:?}");
    all.last_mut().unwrap().expected = json!(digest);
    all
}

fn job(innocent: &Innocent) -> Job {
    let limits = Limits { memory_bytes: 512 << 20, ..Limits::default() };
    Job {
        source: innocent.source.to_owned(),
        entry: innocent.entry.clone(),
        inputs: vec![innocent.input.clone(); 2],
        limits,
        ..Job::default()
    }
}

/// Runs it on two inputs and tells what was wrong with its verdicts.
pub(crate) async fn check(sandbox: &Sandbox, innocent: &Innocent) -> Vec<String> {
    let executions = sandbox.run(job(innocent)).await.unwrap();
    let mode = if innocent.entry == Entry::Stdio { JudgeMode::Stdio } else { JudgeMode::Call };
    let judged = executions.iter().filter_map(|execution| {
        let verdict = judge(mode, Comparison::Exact, &innocent.expected, execution);
        (verdict != innocent.verdict).then(|| {
            format!("{}: {verdict}, not {}: {execution:?}", innocent.name, innocent.verdict)
        })
    });
    judged.collect()
}
