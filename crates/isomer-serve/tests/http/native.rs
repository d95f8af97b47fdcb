//! `/v1/run` and `/v1/judge`.

use isomer_sandbox::{Entry, Job, Limits, Sandbox, Stop};
use isomer_serve::wire::{Line, job_to_json};
use serde_json::{Value, json};

use crate::world::Server;

pub(crate) async fn check(sandbox: &Sandbox) {
    let server = Server::start(sandbox).await;
    executions_come_back_exactly(&server, sandbox).await;
    verdicts(&server).await;
    suites_stop(&server).await;
    checkers(&server).await;
    mistakes(&server).await;
}

/// A job sent over the wire gives the executions that it gives without it, but for their times.
async fn executions_come_back_exactly(server: &Server, sandbox: &Sandbox) {
    let limits = Limits { cpu_ms: 1_000, wall_ms: 5_000, ..Limits::default() };
    let value = "def f(x):\n    if x == 2: raise ValueError('two')\n    if x == 3: import os; os._exit(4)\n\
                 \x20   return (x, 1.0, -0.0, float('nan'), 10**40, {1: 'a', (2,): None}, '\\ud800', [x])";
    let call = Job {
        source: value.to_owned(),
        entry: Entry::Call { function: "f".to_owned() },
        inputs: vec![json!([1]), json!([2]), json!([3]), json!(["é"])],
        limits,
        ..Job::default()
    };
    let stdio = Job {
        source: "import sys\nprint(input())\nprint('e', file=sys.stderr)\nopen('out', 'wb').write(b'\\0')\n\
                 if open('in').read() != 'x': print(1 / 0)\nwhile sys.stdin.readline(): pass"
            .to_owned(),
        inputs: vec![json!("1"), json!(""), json!("2")],
        limits,
        files: vec![("in".to_owned(), b"x".to_vec())],
        fetch: vec!["out".to_owned(), "none".to_owned()],
        hash_seed: 7,
        width: 2,
        ..Job::default()
    };
    let broken =
        Job { source: "def (".to_owned(), inputs: vec![json!("")], limits, ..Job::default() };
    let stopped = Job {
        source: "1 / 0".to_owned(),
        inputs: vec![json!(""), json!("")],
        stop: Stop::AfterFirst,
        limits,
        ..Job::default()
    };
    let empty = Job { source: String::new(), limits, ..Job::default() };
    for job in [call, stdio, broken, stopped, empty] {
        let response = server.post("/v1/run", &job_to_json(&job)).await;
        assert_eq!(response.status, 200, "{}", response.text);
        let mut lines: Vec<Line> =
            response.text.lines().map(|line| Line::read(line).unwrap()).collect();
        assert_eq!(lines.pop(), Some(Line::End { executions: job.inputs.len() }));
        let direct = sandbox.run(job).await.unwrap();
        assert_eq!(lines.len(), direct.len());
        for (place, (line, direct)) in lines.into_iter().zip(direct).enumerate() {
            let Line::Execution { index, mut execution } = line else { panic!("{line:?}") };
            assert_eq!(index, place);
            execution.cpu_ms = direct.cpu_ms;
            execution.wall_ms = direct.wall_ms;
            execution.memory_bytes = direct.memory_bytes;
            // Compared as text, because NaN equals nothing.
            assert_eq!(format!("{execution:?}"), format!("{direct:?}"));
        }
    }
}

fn verdict_names(lines: &[Value]) -> Vec<&str> {
    lines.iter().filter_map(|line| line["verdict"].as_str()).collect()
}

async fn verdicts(server: &Server) {
    let source = "import os, sys\ndef f(x):\n    if x == 'wrong': return 0\n    if x == 'error': raise KeyError\n\
                  \x20   if x == 'slow':\n        while True: pass\n    if x == 'large': bytearray(1 << 30)\n\
                  \x20   if x == 'leave': os._exit(0)\n    return {'a': [1, 2.0]}";
    let expected = json!({"a": [1, 2.0]});
    let tests: Vec<Value> = ["right", "wrong", "error", "slow", "large", "leave", "right"]
        .into_iter()
        .map(|input| json!({"input": [input], "expected": expected}))
        .collect();
    let body = json!({
        "source": source, "mode": "call", "fn_name": "f", "tests": tests, "compare": "exact",
        "limits": {"cpu_ms": 500, "memory_bytes": 256 << 20}, "width": 2,
    });
    let response = server.post("/v1/judge", &body).await;
    let lines = response.lines();
    let (summary, lines) = lines.split_last().unwrap();
    assert_eq!(
        verdict_names(lines),
        [
            "accepted",
            "wrong_answer",
            "runtime_error",
            "time_limit",
            "memory_limit",
            "runtime_error",
            "accepted"
        ]
    );
    assert_eq!(
        lines.iter().map(|line| line["index"].as_u64().unwrap()).collect::<Vec<_>>(),
        [0, 1, 2, 3, 4, 5, 6]
    );
    assert_eq!(lines[2]["detail"], "KeyError (line 4)");
    let expected = json!({"verdict": "wrong_answer", "accepted": false, "passed": 2, "total": 7});
    assert_eq!(summary["summary"], expected);
    for (source, fn_name, verdict) in
        [("def f(:", "f", "compile_error"), ("x = 1", "f", "missing_function")]
    {
        let body = json!({"source": source, "fn_name": fn_name, "tests": [{"input": [], "expected": null}]});
        let lines = server.post("/v1/judge", &body).await.lines();
        assert_eq!(lines[1]["summary"]["verdict"], verdict);
    }
}

async fn suites_stop(server: &Server) {
    let tests: Vec<Value> =
        (0..5).map(|n| json!({"input": n.to_string(), "expected": (n % 2).to_string()})).collect();
    let body = json!({"source": "print(input())", "tests": tests, "stop": "first_failure"});
    let lines = server.post("/v1/judge", &body).await.lines();
    let (summary, lines) = lines.split_last().unwrap();
    assert_eq!(
        verdict_names(lines),
        ["accepted", "accepted", "wrong_answer", "not_run", "not_run"]
    );
    assert_eq!(summary["summary"]["total"], 5);
    let body = json!({"source": "print(input())", "tests": &tests[..2], "stop": "first_failure"});
    let lines = server.post("/v1/judge", &body).await.lines();
    assert_eq!(lines[2]["summary"]["accepted"], true);
}

async fn checkers(server: &Server) {
    let checker = "def check(input, output, expected):\n    if input[0] == 9: return 'yes'\n\
                   \x20   return output * output == input[0]";
    let tests: Vec<Value> =
        [4, 9, 16, 5, 25].map(|n| json!({"input": [n], "expected": -1})).to_vec();
    let mut body = json!({
        "source": "import math\ndef f(n):\n    return -math.isqrt(n)", "fn_name": "f", "tests": tests,
        "checker": checker,
    });
    let lines = server.post("/v1/judge", &body).await.lines();
    let (_, seen) = lines.split_last().unwrap();
    let names = ["accepted", "wrong_answer", "accepted", "wrong_answer", "accepted"];
    assert_eq!(verdict_names(seen), names);
    assert!(seen[1]["detail"].as_str().unwrap().starts_with("the checker did not say"));
    body["stop"] = json!("first_failure");
    let lines = server.post("/v1/judge", &body).await.lines();
    assert_eq!(verdict_names(&lines)[..3], ["accepted", "wrong_answer", "not_run"]);
    body["checker"] = json!("def check(:");
    let lines = server.post("/v1/judge", &body).await.lines();
    assert_eq!(lines[5]["summary"]["passed"], 0);
}

async fn mistakes(server: &Server) {
    for (path, body, place) in [
        ("/v1/run", json!({"inputs": []}), json!(["body", "source"])),
        ("/v1/run", json!({"source": "", "inputs": [1]}), json!(["body", "inputs", 0])),
        (
            "/v1/run",
            json!({"source": "", "fn_name": "f", "inputs": ["x"]}),
            json!(["body", "inputs", 0]),
        ),
        (
            "/v1/run",
            json!({"source": "", "inputs": [], "limits": {"cpu_ms": 0}}),
            json!(["body", "limits", "cpu_ms"]),
        ),
        (
            "/v1/run",
            json!({"source": "", "inputs": [], "limits": {"memory_bytes": 1}}),
            json!(["body", "limits", "memory_bytes"]),
        ),
        ("/v1/run", json!({"source": "", "inputs": [], "stop": "soon"}), json!(["body", "stop"])),
        (
            "/v1/run",
            json!({"source": "", "inputs": [], "fetch": ["/etc/passwd"]}),
            json!(["body", "fetch", 0]),
        ),
        (
            "/v1/run",
            json!({"source": "", "inputs": [], "hash_seed": -1}),
            json!(["body", "hash_seed"]),
        ),
        (
            "/v1/run",
            json!({"source": "", "inputs": [], "limits": {"cpu": 1}}),
            json!(["body", "limits", "cpu"]),
        ),
        ("/v1/run", json!({"source": "", "inputs": [], "tests": []}), json!(["body", "tests"])),
        (
            "/v1/judge",
            json!({"source": "", "tests": [{"input": "", "expected": ""}], "comparison": "float"}),
            json!(["body", "comparison"]),
        ),
        (
            "/v1/pytest",
            json!({"solution": "", "tests": "", "limits": {}, "timeout": 3}),
            json!(["body", "timeout"]),
        ),
        ("/v1/judge", json!({"source": "", "tests": []}), json!(["body", "tests"])),
        ("/v1/judge", json!({"source": "", "tests": [{"input": ""}]}), json!(["body", "tests", 0])),
        (
            "/v1/judge",
            json!({"source": "", "tests": [{"input": "", "expected": 1}]}),
            json!(["body", "tests", 0]),
        ),
        (
            "/v1/judge",
            json!({"source": "", "mode": "call", "tests": [{"input": "", "expected": ""}]}),
            json!(["body", "fn_name"]),
        ),
        (
            "/v1/judge",
            json!({"source": "", "compare": "?", "tests": [{"input": "", "expected": ""}]}),
            json!(["body", "compare"]),
        ),
    ] {
        let response = server.checked("POST", path, body.to_string().as_bytes()).await;
        assert_eq!(response.status, 422, "{body}: {}", response.text);
        assert_eq!(response.json()["detail"][0]["loc"], place, "{body}");
    }
    let body = json!({"source": "", "inputs": [""], "language": "sql"});
    assert_eq!(server.post("/v1/run", &body).await.status, 400);
    let body = json!({"source": "", "inputs": [""], "packages": ["nowhere"]});
    let response = server.post("/v1/run", &body).await;
    assert_eq!(response.status, 400);
    assert!(response.json()["detail"].as_str().unwrap().contains("nowhere"), "{}", response.text);
}
