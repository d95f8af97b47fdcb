//! Answers at the edge of what an answer can be, each with its verdict.

use Verdict::{Accepted, OutputLimit, RuntimeError, WrongAnswer};
use isomer_record::JudgeMode::{self, Call, Stdio};
use isomer_record::{Comparison, Verdict};
use isomer_sandbox::{Ending, Entry, Isolation, Job, Limits, Output, Sandbox, judge};
use serde_json::{Value, json};

use crate::common::{LIMITS, call, job, once, sandbox};

/// Name, source, what is expected as JSON, and the verdict.
type Row = (&'static str, JudgeMode, &'static str, &'static str, Verdict);

const ROWS: &[Row] = &[
    (
        "no trailing newline",
        Stdio,
        "import sys; sys.stdout.write('a\\nb')",
        r#""a\nb\n""#,
        Accepted,
    ),
    ("trailing newlines", Stdio, "print('a\\n\\n\\n')", r#""a""#, Accepted),
    ("CRLF", Stdio, "import sys; sys.stdout.write('a\\r\\nb\\r\\n')", r#""a\nb\n""#, Accepted),
    (
        "carriage returns alone",
        Stdio,
        "import sys; sys.stdout.write('a\\rb')",
        r#""a\nb""#,
        WrongAnswer,
    ),
    ("output after the answer", Stdio, "print('42'); print('42')", r#""42""#, WrongAnswer),
    ("output before the answer", Stdio, "print('debug'); print('42')", r#""42""#, WrongAnswer),
    (
        "output after the answer, from an exit handler",
        Stdio,
        "import atexit; atexit.register(print, 'x'); print('42')",
        r#""42""#,
        WrongAnswer,
    ),
    (
        "answer on standard error",
        Stdio,
        "import sys; print('42', file=sys.stderr)",
        r#""42""#,
        WrongAnswer,
    ),
    ("nothing", Stdio, "pass", r#""42""#, WrongAnswer),
    ("nothing where nothing is wanted", Stdio, "pass", r#""""#, Accepted),
    (
        "right answer, then a crash",
        Stdio,
        "print('42', flush=True); 1 / 0",
        r#""42""#,
        RuntimeError,
    ),
    (
        "right answer, then an exit status",
        Stdio,
        "import sys; print('42'); sys.exit(1)",
        r#""42""#,
        RuntimeError,
    ),
    (
        "right answer, then a signal",
        Stdio,
        "import os; print('42', flush=True); os.kill(os.getpid(), 15)",
        r#""42""#,
        RuntimeError,
    ),
    ("NUL bytes", Stdio, "print('4\\0' + '2')", r#""42""#, WrongAnswer),
    ("NUL bytes that are wanted", Stdio, "print('4\\0' + '2')", r#""4\u00002""#, Accepted),
    ("lone surrogates printed", Stdio, "print('\\ud800')", r#""\ufffd""#, RuntimeError),
    (
        "bytes that are not UTF-8",
        Stdio,
        "import sys; sys.stdout.buffer.write(b'\\xff')",
        r#""42""#,
        WrongAnswer,
    ),
    ("byte order mark", Stdio, "print('\\ufeff42')", r#""42""#, WrongAnswer),
    ("erased by backspaces", Stdio, "print('43\\b2')", r#""42""#, WrongAnswer),
    ("colours", Stdio, "print('\\x1b[1m42\\x1b[0m')", r#""42""#, WrongAnswer),
    ("digits of another script", Stdio, "print('\\u0664\\u0662')", r#""42""#, WrongAnswer),
    ("letters that look alike", Stdio, "print('\\u0430')", r#""a""#, WrongAnswer),
    ("other case", Stdio, "print('yes')", r#""Yes""#, WrongAnswer),
    ("prefix", Stdio, "print('4')", r#""42""#, WrongAnswer),
    ("non-determinism", Stdio, "import os; print(os.urandom(8).hex())", r#""42""#, WrongAnswer),
    ("non-determinism by address", Stdio, "print(id(object()))", r#""42""#, WrongAnswer),
    ("NaN", Call, "def f(): return float('nan')", "42", WrongAnswer),
    ("NaN in a list", Call, "def f(): return [float('nan')]", "[42]", WrongAnswer),
    (
        "infinities",
        Call,
        "def f(): return [float('inf'), -float('inf')]",
        "[1e308, -1e308]",
        WrongAnswer,
    ),
    ("huge integers", Call, "def f(): return 10 ** 100000", "42", WrongAnswer),
    (
        "huge integers, one off",
        Call,
        "def f(): return 2 ** 200 + 1",
        "1606938044258990275541962092341162602522202993782792835301376",
        WrongAnswer,
    ),
    (
        "huge integers that are wanted",
        Call,
        "def f(): return 2 ** 200",
        "1606938044258990275541962092341162602522202993782792835301376",
        Accepted,
    ),
    ("integer as a float", Call, "def f(): return 2.0 ** 53", "9007199254740993", WrongAnswer),
    ("negative zero", Call, "def f(): return -0.0", "0", Accepted),
    ("lone surrogates", Call, "def f(): return '\\ud800'", r#""\ufffd""#, WrongAnswer),
    ("NUL in a string", Call, "def f(): return 'a\\0'", r#""a""#, WrongAnswer),
    ("bool for a number", Call, "def f(): return True", "1", WrongAnswer),
    ("number for a bool", Call, "def f(): return 1", "true", WrongAnswer),
    ("string for a number", Call, "def f(): return '42'", "42", WrongAnswer),
    ("none for nothing", Call, "def f(): return None", "[]", WrongAnswer),
    ("keys that are numbers", Call, "def f(): return {1: 2}", r#"{"1": 3}"#, WrongAnswer),
    ("decimal", Call, "import decimal\ndef f(): return decimal.Decimal(42)", "42", RuntimeError),
    ("complex", Call, "def f(): return 42 + 0j", "42", RuntimeError),
];

async fn verdict(sandbox: &Sandbox, job: Job, expected: &Value) -> (Verdict, String) {
    let mode = if job.entry == Entry::Stdio { Stdio } else { Call };
    let executions = sandbox.run(job).await.unwrap();
    (judge(mode, Comparison::Exact, expected, &executions[0]), executions[0].ending.describe())
}

#[tokio::test]
async fn every_answer_has_its_verdict() {
    let sandbox = sandbox(Isolation::Full).await;
    let mut complaints = Vec::new();
    for (name, mode, source, expected, wanted) in ROWS {
        let (entry, input) =
            if *mode == Stdio { (Entry::Stdio, json!("")) } else { (call(), json!([])) };
        let expected = serde_json::from_str(expected).unwrap();
        let (verdict, ending) = verdict(&sandbox, job(source, entry, vec![input]), &expected).await;
        if verdict != *wanted {
            complaints.push(format!("{name}: {verdict}, not {wanted}: {ending}"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// Lines of 50 MB go in and come out; one byte more than allowed is too much.
#[tokio::test]
async fn lines_of_50_megabytes_are_judged() {
    let sandbox = sandbox(Isolation::Full).await;
    let line = "0123456789".repeat(5_000_000);
    let limits = Limits { output_bytes: 50_000_010, cpu_ms: 10_000, wall_ms: 60_000, ..LIMITS };
    let echo = "import sys; sys.stdout.write(sys.stdin.read())";
    let input = json!(format!("{line}\n"));
    let echoed = |source: &str, input: &Value| Job {
        limits,
        ..job(source, Entry::Stdio, vec![input.clone()])
    };
    let expected = json!(line);
    assert_eq!(verdict(&sandbox, echoed(echo, &input), &expected).await.0, Accepted);
    let other = "import sys; sys.stdout.write(sys.stdin.read()[:-2] + 'x')";
    assert_eq!(verdict(&sandbox, echoed(other, &input), &expected).await.0, WrongAnswer);
    let more = "import sys; sys.stdout.write(sys.stdin.read() + 'x' * 10)";
    assert_eq!(verdict(&sandbox, echoed(more, &input), &expected).await.0, OutputLimit);
    let back = Job { limits, ..job("def f(x): return x", call(), vec![json!([line])]) };
    assert_eq!(verdict(&sandbox, back, &expected).await.0, Accepted);
}

/// A hash seed is part of the job, so that the order of sets is the same in every run.
#[tokio::test]
async fn the_order_of_sets_follows_the_seed() {
    let sandbox = sandbox(Isolation::Full).await;
    let source = "print(list({str(number) for number in range(50)}), hash('x'))";
    let mut orders = Vec::new();
    for hash_seed in [0, 0, 1, 1] {
        let one = Job { hash_seed, ..job(source, Entry::Stdio, vec![json!("")]) };
        orders.push(sandbox.run(one).await.unwrap()[0].output.clone());
    }
    assert!(orders[0] == orders[1] && orders[2] == orders[3] && orders[0] != orders[2]);
}

/// What was printed before the end is kept, whatever the end was.
#[tokio::test]
async fn partial_output_is_kept() {
    let sandbox = sandbox(Isolation::Full).await;
    for (last, ending) in [
        ("while True: pass", Ending::TimeLimit),
        ("bytearray(1 << 40)", Ending::MemoryLimit),
        ("import os; os.kill(os.getpid(), 9)", Ending::Signal(9)),
        ("import os; os._exit(9)", Ending::ExitStatus(9)),
    ] {
        let source = format!("print('part', flush=True)\n{last}");
        let execution = once(&sandbox, &source, Entry::Stdio, json!("")).await;
        assert_eq!(execution.ending, ending);
        assert_eq!(execution.output, Output::Text("part\n".to_owned()));
    }
}
