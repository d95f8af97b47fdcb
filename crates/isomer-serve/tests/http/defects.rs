//! What the back end of the original gets wrong, every row of it, with the right answer.

use std::time::{Duration, Instant};

use isomer_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::evaluate::batch;
use crate::world::Server;

pub(crate) async fn check(sandbox: &Sandbox) {
    let server = Server::start(sandbox).await;
    functions(&server).await;
    programs(&server).await;
    time_limits_hold(&server).await;
    no_other_client_is_touched(&server).await;
}

/// Judges `add` on three tests.
async fn add(server: &Server, code: &str) -> Value {
    let cases = json!({
        "type": "function_call", "fn_name": "add",
        "input": [[1, 2], [3, 4], [5, 6]], "output": [[3], [7], [11]],
    });
    server.answer("/common_evaluate_batch", &batch(code, &cases)).await
}

async fn functions(server: &Server) {
    for (code, accepted) in [
        ("def add(a, b): return a + b", true),
        ("import os\ndef add(a, b): os._exit(0)", false),
        ("import ctypes\ndef add(a, b): ctypes.string_at(0)", false),
        (
            "import ctypes\ndef add(a, b):\n    if a == 3: ctypes.string_at(0)\n    return a + b",
            false,
        ),
        ("import sys\nsys.exit(0)\ndef add(a, b): return a + b", false),
        ("def add(a, b): raise SystemExit", false),
        (
            "class Any:\n    def __eq__(self, other): return True\ndef add(a, b): return Any()",
            false,
        ),
        (
            "class Any(int):\n    def __eq__(self, other): return True\ndef add(a, b): return Any(0)",
            false,
        ),
        (
            "import re\ntext = open(__file__).read()\n\
             def add(a, b): return int(re.search(r'assert res == \\[(\\d+)\\]', text).group(1))",
            false,
        ),
        (
            "import sys\ndef add(a, b):\n    frame = sys._getframe()\n    while frame:\n\
             \x20       for value in frame.f_locals.values():\n            case = getattr(value, 'output', None) or \
             (value.get('output') if isinstance(value, dict) else None)\n\
             \x20           if case: return case[0]\n        frame = frame.f_back",
            false,
        ),
        ("import os, signal\ndef add(a, b): os.kill(os.getppid(), 9)", false),
    ] {
        let response = add(server, code).await;
        assert_eq!(response["accepted"], accepted, "{code}: {response}");
        let tests = response["tests"].as_array().unwrap();
        assert_eq!(tests.len(), 3, "{code}: every test is there");
        let inputs: Vec<&Value> = tests.iter().map(|test| &test["test_info"]["input"]).collect();
        assert_eq!(inputs, [&json!([1, 2]), &json!([3, 4]), &json!([5, 6])]);
    }
    let response = add(
        server,
        "import ctypes\ndef add(a, b):\n    if a == 3: ctypes.string_at(0)\n    return a + b",
    )
    .await;
    let passed: Vec<&Value> =
        response["tests"].as_array().unwrap().iter().map(|test| &test["passed"]).collect();
    assert_eq!(passed, [&json!(true), &json!(false), &json!(true)]);
}

async fn programs(server: &Server) {
    for (code, expected, accepted) in [
        ("print(1)", "1\n2\n3", false),
        ("print('3\\n9\\n10')", "3", false),
        ("import os\nprint(3, flush=True)\nos._exit(0)", "3", true),
        ("import os, signal\nos.kill(os.getppid(), 9)\nprint(3)", "3", true),
        ("print(3)\nraise SystemExit(1)", "3", false),
        (
            "import sys\nframe = sys._getframe()\nfound = None\nwhile frame:\n\
             \x20   found = found or getattr(frame.f_locals.get('case'), 'output', None)\n\
             \x20   frame = frame.f_back\nprint(found['stdout'])",
            "3",
            false,
        ),
    ] {
        let cases = json!({"type": "stdin_stdout", "input": [""], "output": [expected]});
        let response = server.answer("/common_evaluate_batch", &batch(code, &cases)).await;
        assert_eq!(response["tests"].as_array().unwrap().len(), 1);
        // Nobody can be killed from inside; whether the attempt itself ends the program is its own
        // affair.
        if !code.contains("os.kill") {
            assert_eq!(response["accepted"], accepted, "{code}: {response}");
        }
    }
}

/// Swallowing every exception does not buy time: the original then waits for its total timeout.
async fn time_limits_hold(server: &Server) {
    let code = "def add(a, b):\n    while True:\n        try:\n            while True: pass\n\
                \x20       except BaseException: pass";
    let start = Instant::now();
    let response = add(server, code).await;
    assert!(start.elapsed() < Duration::from_secs(25), "{:?}", start.elapsed());
    for test in response["tests"].as_array().unwrap() {
        let info = &test["exec_info"];
        let found = (&info["status"], &info["message"], &info["run_result"]["status"]);
        assert_eq!(found, (&json!("Failed"), &json!("Case Timeout"), &json!("TimeLimitExceeded")));
    }
}

/// A daemon that takes over the server's socket forged two of three answers to others there.
async fn no_other_client_is_touched(server: &Server) {
    let code = "import os, socket\ndef add(a, b):\n    if os.fork() == 0:\n        os.setsid()\n\
                \x20       for fd in range(3, 256):\n            try:\n                \
                connection, _ = socket.socket(fileno=fd).accept()\n                \
                connection.sendall(b'HTTP/1.1 200 OK\\r\\ncontent-length: 0\\r\\n\\r\\n')\n\
                \x20           except OSError: pass\n    return a + b";
    let attack = add(server, code);
    let innocent = async {
        for _ in 0..20 {
            let response = add(server, "def add(a, b): return a + b").await;
            assert_eq!(response["accepted"], true, "{response}");
        }
    };
    let (attack, ()) = tokio::join!(attack, innocent);
    assert_eq!(attack["accepted"], false, "forking is not allowed");
    assert_eq!(server.raw("GET", "/health", b"").await.status, 200);
}
