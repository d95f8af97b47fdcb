//! Honest programs, which the walls must not hinder.

mod common;

use common::{LIMITS, call, job, once, sandbox};
use isomer_sandbox::{Ending, Entry, Isolation, Job, Limits, Output, Stop};
use serde_json::{Value, json};

async fn check_output(table: &[(&str, &str, &str, &str)]) {
    let sandbox = sandbox(Isolation::Full).await;
    let mut complaints = Vec::new();
    for (name, source, input, expected) in table {
        let execution = once(&sandbox, source, Entry::Stdio, json!(input)).await;
        if execution.ending != Ending::Finished
            || execution.output != Output::Text((*expected).to_owned())
        {
            let described = execution.ending.describe();
            complaints.push(format!("{name}: {described}, {:?}", execution.output));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[tokio::test]
async fn programs_read_and_write() {
    check_output(&[
        ("sum", "print(sum(map(int, input().split())))", "1 2\n", "3\n"),
        ("no newline at the end", "print(input())", "x", "x\n"),
        ("carriage returns", "print(repr(input()))", "a\r\nb", "'a\\r'\n"),
        ("all of stdin", "import sys; print(len(sys.stdin.read()))", "ä\nb\n", "4\n"),
        ("bytes", "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())", "a\0b", "a\0b"),
        ("by descriptor", "print(open(0).read())", "7", "7\n"),
        ("by name", "print(open('/dev/stdin').read())", "7", "7\n"),
        ("by size", "import os; print(os.read(0, os.fstat(0).st_size))", "7", "b'7'\n"),
        ("end of input", "try: input(); input()\nexcept EOFError: print('end')", "x\n", "end\n"),
        ("unflushed file", "f = open(1, 'w'); f.write('held')", "", "held"),
        ("exit handler", "import atexit; atexit.register(print, 'bye'); print('hi')", "", "hi\nbye\n"),
        ("exit in the middle", "import sys; print(1); sys.exit(); print(2)", "", "1\n"),
        ("hard exit", "import os; os.write(1, b'1'); os._exit(0)", "", "1"),
        ("main guard", "if __name__ == '__main__': print('main')", "", "main\n"),
        ("private files", "open('x', 'w').write('1'); print(open('/tmp/x').read())", "", "1\n"),
        ("temporary files", "import tempfile as t\nwith t.TemporaryFile() as f: print(f.write(b'x'))", "", "1\n"),
        (
            "threads",
            "import threading\nt = [threading.Thread(target=print, args=(i,)) for i in range(3)]\n\
             for x in t: x.start(); x.join()",
            "",
            "0\n1\n2\n",
        ),
        (
            "thread with a stack of its own",
            "import sys, threading\nsys.setrecursionlimit(10**6)\nthreading.stack_size(1 << 27)\n\
             def f(n): return n and 1 + f(n - 1)\n\
             t = threading.Thread(target=lambda: print(f(50000))); t.start(); t.join()",
            "",
            "50000\n",
        ),
        (
            "deep recursion",
            "import sys\nsys.setrecursionlimit(10**6)\ndef f(n): return n and 1 + f(n - 1)\nprint(f(100000))",
            "",
            "100000\n",
        ),
        ("event loop", "import asyncio\nasync def f(): print('in')\nasyncio.run(f())", "", "in\n"),
        ("executor", "from concurrent.futures import ThreadPoolExecutor as T\nprint(sum(T().map(int, '12')))", "", "3\n"),
        ("data class", "from dataclasses import dataclass\n@dataclass\nclass A:\n x: int = 1\nprint(A())", "", "A(x=1)\n"),
        ("pickle", "import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))).__name__)", "", "A\n"),
        ("huge integer", "print(len(str(10 ** 20000)))", "", "20001\n"),
        ("alarm of one's own", "import signal\nsignal.signal(14, lambda *a: print('rang'))\nsignal.setitimer(0, .01)\nsignal.pause()", "", "rang\n"),
        ("usual modules", "import collections, datetime, decimal, fractions, functools, heapq, itertools, json, math, random, re, statistics, string, zlib, hashlib, sqlite3, bisect\nprint(1)", "", "1\n"),
    ])
    .await;
}

#[tokio::test]
async fn failures_are_told_apart() {
    let sandbox = sandbox(Isolation::Full).await;
    let mut complaints = Vec::new();
    for (source, expected) in [
        ("x = 1\nprint(x / 0)", "ZeroDivisionError: division by zero (line 2)"),
        ("def f():\n return {}['k']\nf()", "KeyError: 'k' (line 2)"),
        ("raise ValueError", "ValueError (line 1)"),
        ("raise ValueError('x' * 1000 + '\\udc80')", "ValueError: xxx"),
        ("raise ValueError('\\ud800')", "ValueError"),
        ("raise RuntimeError(object())", "RuntimeError: <object object at 0x..> (line 1)"),
        ("import sys; sys.exit(3)", "exit status 3"),
        ("import sys; sys.exit('message')", "exit status 1"),
        ("import sys; sys.exit(True)", "exit status 1"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt (line 1)"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", "killed by SIGTERM"),
        ("import nothing", "ModuleNotFoundError: No module named 'nothing' (line 1)"),
        ("def f(:\n pass", "does not compile: SyntaxError: invalid syntax (line 1)"),
        ("x = 1\n  y = 2", "does not compile: IndentationError: unexpected indent (line 2)"),
        ("x = '\0'", "does not compile: "),
        ("def f(): return f()\nf()", "RecursionError"),
        ("print(open('/tmp/none').read())", "FileNotFoundError: [Errno 2]"),
        ("print('\\ud800')", "UnicodeEncodeError"),
    ] {
        let described = once(&sandbox, source, Entry::Stdio, json!("")).await.ending.describe();
        if !described.starts_with(expected) {
            complaints.push(format!("{source:?}: `{described}`, not `{expected}`"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[tokio::test]
async fn values_cross_the_wall_unchanged() {
    let sandbox = sandbox(Isolation::Full).await;
    let big: Value = serde_json::from_str("[123456789012345678901234567890, -0.5, 1e300]").unwrap();
    for value in [json!(null), json!([true, 0, "ä\0\u{1f600}"]), json!({"k": [[], {}]}), big] {
        let execution = once(&sandbox, "def f(x): return x", call(), json!([value])).await;
        let Output::Value(returned) = execution.output else { panic!("no value for {value}") };
        assert_eq!(returned.to_json().unwrap().to_string(), value.to_string());
    }
    for (expression, refused) in
        [("float('nan')", "NotFinite"), ("'\\ud800'", "Surrogates"), ("{1: 2}", "Key")]
    {
        let source = format!("def f(): return {expression}");
        let execution = once(&sandbox, &source, call(), json!([])).await;
        let Output::Value(returned) = execution.output else { panic!("no value") };
        assert_eq!(format!("{:?}", returned.to_json().unwrap_err()), refused);
    }
}

#[tokio::test]
async fn functions_are_found_and_print_for_nobody() {
    let sandbox = sandbox(Isolation::Full).await;
    let method = "class Solution:\n def f(self, x):\n  print('noise')\n  return x + 1\n\
                  if __name__ == '__main__': raise SystemExit(1)";
    let execution = once(&sandbox, method, call(), json!([1])).await;
    assert_eq!(execution.ending, Ending::Finished);
    let tuple = "def f(*xs): return tuple(xs), 10 ** 5000 > 1";
    let execution = once(&sandbox, tuple, call(), json!([1, "a"])).await;
    let Output::Value(value) = execution.output else { panic!("no value") };
    assert_eq!(value.to_json().unwrap(), json!([[1, "a"], true]));
}

#[tokio::test]
async fn inputs_do_not_know_of_each_other() {
    let sandbox = sandbox(Isolation::Full).await;
    let source = "import os, gc, sys\nn = input()\nseen = os.listdir('/tmp')\n\
                  seen += [o for o in gc.get_objects() if type(o) is list and 'secret' in o]\n\
                  frame = sys._getframe()\nwhile frame:\n seen += [v for v in frame.f_locals.values() \
                  if type(v) is bytes and v.startswith(b'input') and v != n.encode()]\n frame = frame.f_back\n\
                  open('/tmp/left', 'w').write(n)\nsys.secret = ['secret', n]\nprint(seen)";
    let inputs = (0..4).map(|number| json!(format!("input {number}"))).collect();
    for execution in sandbox.run(job(source, Entry::Stdio, inputs)).await.unwrap() {
        assert_eq!(execution.output, Output::Text("[]\n".to_owned()), "{:?}", execution.ending);
    }
}

#[tokio::test]
async fn the_hash_seed_is_the_jobs() {
    let sandbox = sandbox(Isolation::Full).await;
    let mut outputs = Vec::new();
    for hash_seed in [0, 0, 1, 4_294_967_295] {
        let source = "print([hash('a'), list({'x', 'y', 'z', 'w'})])";
        let one = Job { hash_seed, ..job(source, Entry::Stdio, vec![json!("")]) };
        outputs.push(format!("{:?}", sandbox.run(one).await.unwrap()[0].output));
    }
    assert_eq!(outputs[0], outputs[1]);
    assert_ne!(outputs[0], outputs[2]);
    assert_ne!(outputs[2], outputs[3]);
}

#[tokio::test]
async fn stopping_leaves_the_rest_alone() {
    let sandbox = sandbox(Isolation::Full).await;
    let source = "n = int(input())\nwhile n == 1: pass\nprint(1 // n)";
    let inputs: Vec<_> = ["2", "1", "0", "1", "2"].map(|text| json!(text)).to_vec();
    let limits = Limits { cpu_ms: 200, ..LIMITS };
    for (stop, expected) in
        [(Stop::Never, "FTXTF"), (Stop::AfterFirst, "FTNNN"), (Stop::AfterTimeLimits(2), "FTXTN")]
    {
        let one = Job { stop, limits, ..job(source, Entry::Stdio, inputs.clone()) };
        let letters: String = sandbox.run(one).await.unwrap().iter().map(letter).collect();
        assert_eq!(letters, expected);
    }
}

fn letter(execution: &isomer_sandbox::Execution) -> char {
    match execution.ending {
        Ending::Finished => 'F',
        Ending::TimeLimit => 'T',
        Ending::NotRun => 'N',
        _ => 'X',
    }
}
