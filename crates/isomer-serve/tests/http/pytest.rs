//! Test files, over `/v1/pytest` and as SandboxFusion's language `pytest`.
//!
//! Needs a Python with pytest for most of it, named by `ISOMER_TEST_PYTHON`; what a server without
//! pytest says is looked at everywhere.
#![expect(clippy::disallowed_methods, reason = "which Python has pytest differs by machine")]

use isomer_sandbox::{Isolation, Limits, Sandbox, Settings, TestJob};
use isomer_serve::wire::{test_job_to_json, test_report_from_json};
use serde_json::{Value, json};

use crate::world::Server;

const TESTS: &str = "from solution import add\ndef test_small(): assert add(1, 2) == 3\n\
                     def test_large(): assert add(10 ** 30, 1) == 10 ** 30 + 1";

pub(crate) async fn check(sandbox: &Sandbox) {
    let server = Server::start(sandbox).await;
    mistakes(&server).await;
    let Some(python) = std::env::var_os("ISOMER_TEST_PYTHON") else {
        missing(&server).await;
        return;
    };
    let settings = Settings {
        launcher: std::env::current_exe().unwrap(),
        python: Some(python.into()),
        slots: 2,
        isolation: Isolation::Full,
    };
    let sandbox = Sandbox::open(settings).await.unwrap();
    let server = Server::start(&sandbox).await;
    reports_come_back_exactly(&server, &sandbox).await;
    as_a_language(&server).await;
}

/// The system's own Python may have pytest; if not, that is the request's problem and named.
async fn missing(server: &Server) {
    let body = json!({"solution": "", "tests": "def test_a(): pass"});
    let response = server.post("/v1/pytest", &body).await;
    let found = response.status == 200 && response.json()["verdict"] == "accepted";
    let named = response.status == 400 && response.text.contains("pytest");
    assert!(found || named, "{}", response.text);
}

async fn mistakes(server: &Server) {
    for (body, place) in [
        (json!({"tests": ""}), json!(["body", "solution"])),
        (json!({"solution": ""}), json!(["body", "tests"])),
        (json!({"solution": "", "tests": "", "expected": {}}), json!(["body", "expected"])),
        (json!({"solution": "", "tests": "", "files": {"/x": ""}}), json!(["body", "files", "/x"])),
    ] {
        let response = server.checked("POST", "/v1/pytest", body.to_string().as_bytes()).await;
        assert_eq!((response.status, &response.json()["detail"][0]["loc"]), (422, &place));
    }
}

async fn reports_come_back_exactly(server: &Server, sandbox: &Sandbox) {
    let limits =
        Limits { cpu_ms: 10_000, wall_ms: 20_000, memory_bytes: 1 << 30, ..Limits::default() };
    let mut expected = None;
    for solution in [
        "def add(a, b): return a + b",
        "def add(a, b): return (a + b) % 100",
        "def sub(): pass",
        "import os; os._exit(0)",
    ] {
        let job = TestJob {
            solution: solution.to_owned(),
            tests: TESTS.to_owned(),
            expected: expected.clone(),
            limits,
            ..TestJob::default()
        };
        let body = server.answer("/v1/pytest", &test_job_to_json(&job)).await;
        let mut report = test_report_from_json(&body).unwrap();
        let mut direct = sandbox.run_tests(job).await.unwrap();
        for report in [&mut report, &mut direct] {
            (report.cpu_ms, report.wall_ms, report.memory_bytes) = (0, 0, 0);
            report.outcomes.iter_mut().for_each(|test| test.duration_us = 0);
        }
        assert_eq!(report, direct);
        assert_eq!(report.expected().is_some(), expected.is_none(), "only the first is right");
        expected = expected.or_else(|| report.expected());
    }
}

async fn as_a_language(server: &Server) {
    let right = "def add(a, b): return a + b";
    let alone = TESTS.split_once('\n').unwrap().1;
    let file = |solution: &str| {
        use base64::Engine as _;
        json!({"solution.py": base64::engine::general_purpose::STANDARD.encode(solution)})
    };
    for (code, files, status, return_code, told) in [
        (format!("{right}\n\n{alone}"), json!({}), "Success", json!(0), "2 passed in"),
        (
            format!("def add(a, b): return 3\n\n{alone}"),
            json!({}),
            "Failed",
            json!(1),
            "1 failed, 1 passed in",
        ),
        ("x = 1".to_owned(), json!({}), "Failed", json!(5), "no tests ran in"),
        ("def (".to_owned(), json!({}), "Failed", json!(2), "no tests ran in"),
        (TESTS.to_owned(), file(right), "Success", json!(0), "2 passed in"),
        (TESTS.to_owned(), file("def add(a, b): return 0"), "Failed", json!(1), "2 failed in"),
        ("def test_a():\n    while True: pass".to_owned(), json!({}), "Failed", Value::Null, ""),
    ] {
        let body = json!({"code": code, "language": "pytest", "compile_timeout": 2, "run_timeout": 2, "files": files});
        let response = server.answer("/run", &body).await;
        let result = &response["run_result"];
        assert_eq!(
            (&response["status"], &result["return_code"]),
            (&json!(status), &return_code),
            "{code}: {response}"
        );
        assert!(result["stdout"].as_str().unwrap().contains(told), "{response}");
    }
}
