//! SandboxFusion's `/run_code`, field for field.

use isomer_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::world::Server;

/// A response with its times left out, which must be there.
fn timeless(mut response: Value) -> Value {
    for result in ["compile_result", "run_result"] {
        if let Some(fields) = response[result].as_object_mut() {
            assert!(fields["execution_time"].as_f64().unwrap() >= 0.0);
            fields["execution_time"] = json!("T");
        }
    }
    response
}

fn request(code: &str) -> Value {
    json!({"code": code, "language": "python", "run_timeout": 2})
}

pub(crate) async fn check(sandbox: &Sandbox) {
    let server = Server::start(sandbox).await;
    golden(&server).await;
    endings(&server).await;
    compiled(&server).await;
    files(&server).await;
    limits(&server).await;
    mistakes(&server).await;
}

async fn golden(server: &Server) {
    // What verl sends.
    let body = json!({
        "compile_timeout": 10, "run_timeout": 10, "code": "print(input()[::-1])", "stdin": "abc\n",
        "memory_limit_MB": 1024, "language": "python", "files": {}, "fetch_files": [],
    });
    let expected = json!({
        "status": "Success",
        "message": "",
        "compile_result": null,
        "run_result": {
            "status": "Finished", "execution_time": "T", "return_code": 0,
            "stdout": "cba\n", "stderr": "",
        },
        "executor_pod_name": null,
        "files": {},
    });
    for path in ["/run_code", "/run", "/submit", "/common_evaluate", "/common_evaluate_batch"] {
        let response = server.answer(path, &body).await;
        let keys: Vec<&String> = response.as_object().unwrap().keys().collect();
        let order =
            ["status", "message", "compile_result", "run_result", "executor_pod_name", "files"];
        assert_eq!(keys, order);
        assert_eq!(timeless(response), expected, "{path}");
    }
}

async fn endings(server: &Server) {
    for (code, status, command, return_code, stdout) in [
        ("print(1)", "Success", "Finished", json!(0), "1\n"),
        ("import sys; print(1); sys.exit(3)", "Failed", "Finished", json!(3), "1\n"),
        ("print(1); 1 / 0", "Failed", "Finished", json!(1), "1\n"),
        ("def f(:", "Failed", "Finished", json!(1), ""),
        (
            "print(1, flush=True)\nwhile True: pass",
            "Failed",
            "TimeLimitExceeded",
            json!(null),
            "1\n",
        ),
        (
            "import ctypes; print(1, flush=True); ctypes.string_at(0)",
            "Failed",
            "Finished",
            json!(-11),
            "1\n",
        ),
        ("import os; os._exit(0)", "Success", "Finished", json!(0), ""),
    ] {
        let response = server.answer("/run_code", &request(code)).await;
        let result = &response["run_result"];
        let found =
            (&response["status"], &result["status"], &result["return_code"], &result["stdout"]);
        let wanted = (&json!(status), &json!(command), &return_code, &json!(stdout));
        assert_eq!(found, wanted, "{code}: {response}");
        assert_eq!(response["message"], "", "{code}");
        assert_eq!(response["compile_result"], Value::Null);
    }
    let response = server
        .answer("/run_code", &request("import sys\nprint('e', file=sys.stderr)\n1 / 0"))
        .await;
    let stderr = response["run_result"]["stderr"].as_str().unwrap();
    assert!(stderr.starts_with("e\n") && stderr.contains("ZeroDivisionError"), "{stderr}");
    for seconds in [0.0, -1.0] {
        let body = json!({"code": "print(1)", "language": "python", "run_timeout": seconds});
        let response = server.answer("/run_code", &body).await;
        assert_eq!(response["status"], "Failed");
        assert_eq!(response["run_result"]["status"], "TimeLimitExceeded");
    }
}

async fn compiled(server: &Server) {
    let twice =
        "#include <iostream>\nint main() { int n; std::cin >> n; std::cout << 2 * n; return n; }";
    let body = |code: &str, stdin: &str| json!({"code": code, "language": "cpp", "stdin": stdin});
    let compiled = json!({
        "status": "Finished", "execution_time": null, "return_code": 0, "stdout": "", "stderr": "",
    });
    for (stdin, status, return_code) in [("0", "Success", 0), ("3", "Failed", 3)] {
        let response = server.answer("/run_code", &body(twice, stdin)).await;
        assert_eq!((&response["status"], &response["compile_result"]), (&json!(status), &compiled));
        assert_eq!(response["run_result"]["return_code"], return_code);
    }
    let response = server.answer("/run_code", &body("int main() { return x; }", "")).await;
    assert_eq!((&response["status"], &response["run_result"]), (&json!("Failed"), &Value::Null));
    let result = &response["compile_result"];
    assert_eq!((&result["status"], &result["return_code"]), (&json!("Finished"), &json!(1)));
    assert!(result["stderr"].as_str().unwrap().contains("'x' was not declared"), "{result}");
    let body = json!({
        "completion": format!("```cpp\n{twice}\n```"),
        "config": {
            "language": "cpp",
            "provided_data": {"test_cases": {"input": ["0", "1"], "output": ["0", "2"]}},
            "extra": {"run_all_cases": true},
        },
    });
    let response = server.answer("/common_evaluate_batch", &body).await;
    assert_eq!(
        (&response["tests"][0]["passed"], &response["tests"][1]["passed"]),
        (&json!(true), &json!(false))
    );
    let mut body = body;
    body["config"]["provided_data"]["test_cases"] =
        json!({"fn_name": "f", "input": [[]], "output": [[1]]});
    let response = server.post("/common_evaluate_batch", &body).await;
    assert_eq!(
        (response.status, response.json()["detail"].as_str()),
        (400, Some("functions of C++ cannot be called"))
    );
    let judged =
        json!({"source": twice, "language": "cpp", "tests": [{"input": "0", "expected": "0"}]});
    assert_eq!(server.post("/v1/judge", &judged).await.lines()[1]["summary"]["accepted"], true);
}

async fn files(server: &Server) {
    let body = json!({
        "code": "import shutil\nprint(open('a.txt').read(), open('/tmp/d/b.bin', 'rb').read())\n\
                 shutil.copy('a.txt', 'out.txt')",
        "language": "python",
        "files": {"a.txt": "aGVsbG8=", "/tmp/d/b.bin": "AP8=", "left_out": null},
        "fetch_files": ["out.txt", "/tmp/d/b.bin", "./a.txt", "missing"],
    });
    let response = server.answer("/run_code", &body).await;
    assert_eq!(response["run_result"]["stdout"], "hello b'\\x00\\xff'\n", "{response}");
    let expected = json!({"out.txt": "aGVsbG8=", "/tmp/d/b.bin": "AP8=", "./a.txt": "aGVsbG8="});
    assert_eq!(response["files"], expected);
}

async fn limits(server: &Server) {
    // SandboxFusion cuts this to 219,264 bytes and calls it a success.
    let response = server.answer("/run_code", &request("print('x' * 3_000_000)")).await;
    assert_eq!(response["run_result"]["stdout"].as_str().unwrap().len(), 3_000_001);
    // There, any memory limit makes threads impossible.
    let body = json!({
        "code": "import threading\nt = threading.Thread(target=print, args=(1,))\nt.start(); t.join()",
        "language": "python", "memory_limit_MB": 1024,
    });
    assert_eq!(server.answer("/run_code", &body).await["run_result"]["stdout"], "1\n");
    let body = json!({
        "code": "x = bytearray(600 << 20)", "language": "python", "memory_limit_MB": 256,
    });
    let response = server.answer("/run_code", &body).await;
    assert_eq!(response["status"], "Failed");
    assert_eq!(response["message"], "memory limit exceeded");
    // A package of the server is loaded for those who name it.
    for (code, loaded) in [("import html", true), ("", false)] {
        let code = format!("import sys; print('html' + '.entities' in sys.modules)\n{code}");
        let code = if loaded { code } else { code.replace("html", "ht' + 'ml") };
        let response = server.answer("/run_code", &request(&code)).await;
        assert_eq!(response["run_result"]["stdout"], if loaded { "True\n" } else { "False\n" });
    }
    // Bytes that are no text.
    let code = "import sys; sys.stdout.buffer.write(b'a\\xff')";
    let response = server.answer("/run_code", &request(code)).await;
    assert_eq!(response["run_result"]["stdout"], "a\u{fffd}");
}

async fn mistakes(server: &Server) {
    let problem = async |body: &str, status: u16| {
        let response = server.checked("POST", "/run_code", body.as_bytes()).await;
        assert_eq!(response.status, status, "{body}: {}", response.text);
        response.json()["detail"].clone()
    };
    let detail = problem(r#"{"language": "python"}"#, 422).await;
    let expected = json!([{
        "type": "missing", "loc": ["body", "code"], "msg": "Field required", "input": ["language"],
    }]);
    assert_eq!(detail, expected);
    let detail = problem(
        r#"{"code": 1, "language": "kotlin", "run_timeout": "x", "files": {"a": "?"}}"#,
        422,
    )
    .await;
    let places: Vec<&Value> = detail.as_array().unwrap().iter().map(|one| &one["loc"]).collect();
    let expected = [
        json!(["body", "code"]),
        json!(["body", "language"]),
        json!(["body", "run_timeout"]),
        json!(["body", "files", "a"]),
    ];
    assert_eq!(places, expected.iter().collect::<Vec<_>>());
    let detail = problem(r#"{"code": "print(1)", "#, 422).await;
    assert_eq!(
        (&detail[0]["type"], &detail[0]["loc"]),
        (&json!("json_invalid"), &json!(["body", 20]))
    );
    problem(r#"{"code": "\ud800", "language": "python"}"#, 422).await;
    problem(r#"{"code": "", "language": "python", "files": {"../x": ""}}"#, 422).await;
    problem("[]", 422).await;
    problem("", 422).await;
    let detail = problem(r#"{"code": "", "language": "sql"}"#, 400).await;
    assert_eq!(detail, "language: `sql` is not available on this server");
    let long = format!(r#"{{"code": "{}", "language": "python"}}"#, "#".repeat(9 << 20));
    assert_eq!(problem(&long, 413).await, "the body is larger than 8388608 bytes");
}
