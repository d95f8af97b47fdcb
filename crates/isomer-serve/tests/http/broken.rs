//! A sandbox that fails: told as ours, and never as a verdict.

use isomer_sandbox::{Isolation, Sandbox, Settings};
use serde_json::json;

use crate::evaluate::batch;
use crate::world::{Server, get, metric};

pub(crate) async fn check() {
    let dir = tempfile::tempdir().unwrap();
    let launcher = dir.path().join("launcher");
    std::fs::copy(std::env::current_exe().unwrap(), &launcher).unwrap();
    let isolation = Isolation::Full;
    let settings = Settings { launcher: launcher.clone(), python: None, slots: 2, isolation };
    let sandbox = Sandbox::open(settings).await.unwrap();
    let server = Server::start(&sandbox).await;
    // From now on no jail can be started; what is warm goes on.
    std::fs::remove_file(&launcher).unwrap();
    let named = "import html\nprint(1)";
    let cases = json!({"input": [""], "output": ["1"]});
    for (path, body) in [
        ("/run_code", json!({"code": named, "language": "python"})),
        ("/common_evaluate_batch", batch(named, &cases)),
        ("/v1/run", json!({"source": "print(1)", "inputs": [""], "hash_seed": 9})),
        (
            "/v1/judge",
            json!({"source": "", "tests": [{"input": "", "expected": ""}], "hash_seed": 9}),
        ),
        ("/v1/pytest", json!({"solution": "", "tests": "def test_a(): pass"})),
    ] {
        let response = server.post(path, &body).await;
        assert_eq!(response.status, 503, "{path}: {}", response.text);
        let detail = response.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.starts_with("the sandbox failed: "), "{detail}");
    }
    assert!((metric(&server, "isomer_sandbox_errors_total").await - 5.0).abs() < 0.5);
    assert!(!get(&server, "/metrics").await.text.contains("verdict="));
    // Programs that need nothing special still run, and the server says so.
    assert_eq!(get(&server, "/health").await.json()["status"], "ok");
    let response =
        server.answer("/run_code", &json!({"code": "print(1)", "language": "python"})).await;
    assert_eq!(response["status"], "Success");
}
