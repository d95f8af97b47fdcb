//! ScaleBox's and SandboxFusion's ways to judge a completion.

use isomer_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::world::{Server, metric};

/// A completion with one fenced block.
pub(crate) fn fenced(code: &str) -> String {
    format!("Here it is:\n```python\n{code}\n```\nDone.")
}

/// What the client of ADR sends, but for shorter limits.
pub(crate) fn batch(code: &str, test_cases: &Value) -> Value {
    json!({
        "completion": fenced(code),
        "config": {
            "language": "python", "compile_timeout": 30, "run_timeout": 1,
            "provided_data": {"test_cases": test_cases},
            "extra": {"run_all_cases": true, "total_timeout": 30},
        },
    })
}

pub(crate) async fn check(sandbox: &Sandbox) {
    let server = Server::start(sandbox).await;
    golden(&server).await;
    order_and_cuts(&server).await;
    other_forms(&server).await;
    numbers(&server).await;
    comparisons(&server).await;
    forgiven_endings(&server).await;
    checkers(&server).await;
    long_lines(&server).await;
    total_timeout(&server).await;
    mistakes(&server).await;
}

async fn golden(server: &Server) {
    let cases = json!({"type": "function_call", "fn_name": "add", "input": [[1, 2], [3, 4]], "output": [[3], [8]]});
    let mut response = server
        .answer("/common_evaluate_batch", &batch("def add(a, b): return a + b", &cases))
        .await;
    for test in response["tests"].as_array_mut().unwrap() {
        test["exec_info"]["run_result"]["execution_time"] = json!("T");
    }
    let info = |status: &str, message: &str, code: i32, stderr: &str| {
        json!({
            "status": status, "message": message, "compile_result": null,
            "run_result": {"status": "Finished", "execution_time": "T", "return_code": code, "stdout": "", "stderr": stderr},
            "executor_pod_name": null, "files": {},
        })
    };
    let expected = json!({
        "id": 0,
        "accepted": false,
        "extracted_code": "def add(a, b): return a + b",
        "full_code": null,
        "test_code": null,
        "tests": [
            {
                "passed": true, "exec_info": info("Success", "", 0, ""),
                "test_info": {"type": "function_call", "fn_name": "add", "input": [1, 2], "output": [3]},
            },
            {
                "passed": false, "exec_info": info("Failed", "Wrong Answer", 1, "Wrong Answer"),
                "test_info": {"type": "function_call", "fn_name": "add", "input": [3, 4], "output": [8]},
            },
        ],
        "extracted_type": null,
        "extra": null,
    });
    assert_eq!(response, expected);
    let cases =
        json!({"type": "stdin_stdout", "fn_name": null, "input": ["1 2\n"], "output": ["3\n"]});
    let body = batch("print(sum(map(int, input().split())))", &cases);
    let response = server.answer("/common_evaluate_batch", &body).await;
    assert_eq!(response["accepted"], true);
    let test = &response["tests"][0];
    assert_eq!(
        test["test_info"],
        json!({"input": {"stdin": "1 2\n"}, "output": {"stdout": "3\n"}})
    );
    assert_eq!(test["exec_info"]["run_result"]["stdout"], "3\n");
    assert!(metric(server, "isomer_sandbox_verdicts_total{verdict=\"accepted\"}").await >= 2.0);
}

async fn order_and_cuts(server: &Server) {
    // The first tests take longest.
    let code = "import time\nn = int(input())\ntime.sleep((20 - n) * 0.005)\nprint(n)";
    let inputs: Vec<String> = (0..20).map(|n| format!("{n}\n")).collect();
    let mut outputs = inputs.clone();
    let mut body = batch(code, &json!({"input": inputs, "output": outputs}));
    let response = server.answer("/run", &body).await;
    let seen: Vec<&Value> = response["tests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|test| &test["test_info"]["input"]["stdin"])
        .collect();
    assert_eq!(
        seen,
        inputs.iter().map(|text| json!(text)).collect::<Vec<_>>().iter().collect::<Vec<_>>()
    );
    assert_eq!(response["accepted"], true);
    // Without `run_all_cases` the list ends with the first failure.
    "x".clone_into(&mut outputs[3]);
    body["config"]["provided_data"]["test_cases"]["output"] = json!(outputs);
    let passed = |response: &Value| -> Vec<bool> {
        response["tests"]
            .as_array()
            .unwrap()
            .iter()
            .map(|test| test["passed"].as_bool().unwrap())
            .collect()
    };
    let all = passed(&server.answer("/run", &body).await);
    assert_eq!(all.iter().position(|passed| !passed), Some(3));
    assert_eq!(all.len(), 20);
    body["config"]["extra"]["run_all_cases"] = json!(false);
    assert_eq!(passed(&server.answer("/run", &body).await), [true, true, true, false]);
}

async fn other_forms(server: &Server) {
    let rows = json!([{"type": "stdin_stdout", "input": "1", "output": "1"}]);
    let mut body = batch("print(input())", &rows);
    body["id"] = json!("seven");
    let response = server.answer("/common_evaluate", &body).await;
    assert_eq!((&response["id"], &response["accepted"]), (&json!("seven"), &json!(true)));
    let data = json!({"test": [{"input": {"stdin": "1"}, "output": {"stdout": "1"}}]});
    body["dataset"] = json!("any");
    body["config"]["dataset_type"] = json!("CommonOJDataset");
    body["config"]["provided_data"] = data;
    assert_eq!(server.answer("/submit", &body).await["accepted"], true);
    // Classes in LeetCode's style lean on names that somebody else imports.
    let class = "class Solution:\n    def f(self, xs: List[int]) -> int:\n        return Counter(xs).most_common(1)[0][0]";
    let cases =
        json!({"fn_name": "f", "json_input": true, "input": ["[1, 2, 2]"], "output": ["2"]});
    let response = server.answer("/common_evaluate_batch", &batch(class, &cases)).await;
    assert_eq!(response["accepted"], true, "{response}");
    // No program passes no test, not even one that expects nothing.
    let cases = json!({"input": ["", ""], "output": ["", ""]});
    let mut body = batch("", &cases);
    body["completion"] = json!("I am not able to solve this.");
    let response = server.answer("/common_evaluate_batch", &body).await;
    assert_eq!(
        (&response["accepted"], response["tests"].as_array().unwrap().len()),
        (&json!(false), 2)
    );
}

async fn numbers(server: &Server) {
    let code = "def f(x): return x";
    let big = "1".repeat(60);
    let body = format!(
        r#"{{"completion": {}, "completion": {}, "unknown": NaN, "config": {{"language": "python", "memory_limit_mb": 1,
           "provided_data": {{"test_cases": {{"fn_name": "f", "input": [[NaN], [Infinity], [-Infinity], [{big}], [1e400]],
           "output": [[NaN], [Infinity], [-Infinity], [{big}], [Infinity]]}}}}, "extra": {{"run_all_cases": true}}}}}}"#,
        json!("first"),
        json!(fenced(code)),
    );
    let response = server.checked("POST", "/common_evaluate_batch", body.as_bytes()).await;
    assert_eq!(response.status, 200, "{}", response.text);
    assert_eq!(response.json()["accepted"], true, "{}", response.text);
    assert!(
        response.text.contains(&format!(r#""input":[{big}],"output":[{big}]"#)),
        "{}",
        response.text
    );
    assert!(response.text.contains(r#""input":[null],"output":[null]"#));
}

async fn comparisons(server: &Server) {
    for (compare, printed, expected, accepted) in [
        (None, "YES", "Yes", false),
        (Some("sandboxfusion"), "YES", "Yes", true),
        (None, "100002", "100001", false),
        (Some("sandboxfusion"), "100002", "100001", true),
        (Some("open-r1"), "3\n4", "3", true),
        (Some("token"), "3 4", "3\n4", true),
        (Some("unordered"), "3\n4", "4\n3", true),
        (Some("float"), "0.3333333333", "0.33333333333", true),
    ] {
        let mut body = batch(
            &format!("print({})", json!(printed)),
            &json!({"input": [""], "output": [expected]}),
        );
        if let Some(compare) = compare {
            body["config"]["extra"]["compare"] = json!(compare);
        }
        let response = server.answer("/common_evaluate_batch", &body).await;
        assert_eq!(response["accepted"], accepted, "{compare:?} {printed} {expected}");
    }
}

/// A grader that forgives how a program ended goes on with the tests after it.
async fn forgiven_endings(server: &Server) {
    let code = "import os\nprint(input(), flush=True)\nos.kill(os.getpid(), 9)";
    let mut body = batch(code, &json!({"input": ["1", "2"], "output": ["1", "2"]}));
    body["config"]["extra"] = json!({"compare": "scalebox"});
    let response = server.answer("/common_evaluate_batch", &body).await;
    let count = response["tests"].as_array().unwrap().len();
    assert_eq!((&response["accepted"], count), (&json!(true), 2), "{response}");
    body["config"]["extra"] = json!({"compare": "exact"});
    let response = server.answer("/common_evaluate_batch", &body).await;
    let count = response["tests"].as_array().unwrap().len();
    assert_eq!((&response["accepted"], count), (&json!(false), 1));
}

async fn checkers(server: &Server) {
    let checker = "xs = open('answer.txt').read().split()\nn = int(open('stdin.txt').read())\n\
                   assert len(xs) == 2 and sum(map(int, xs)) == n, open('stdout.txt').read()";
    let code = "n = int(input())\nprint(n - 3, 3 if n != 7 else 4)";
    let mut body =
        batch(code, &json!({"input": ["5", "6", "7", "8"], "output": ["2 3", "0 6", "0 7", "8"]}));
    body["config"]["extra"]["special_judge_program"] = json!(checker);
    let response = server.answer("/common_evaluate_batch", &body).await;
    let passed: Vec<&Value> =
        response["tests"].as_array().unwrap().iter().map(|test| &test["passed"]).collect();
    assert_eq!(passed, [true, true, false, true], "{response}");
    body["config"]["extra"]["special_judge_language"] = json!("cpp");
    let response = server.post("/common_evaluate_batch", &body).await;
    assert_eq!(response.status, 422);
}

/// Far more than the peers read of an output.
async fn long_lines(server: &Server) {
    let line = "x".repeat(3 << 20);
    let code = "print('x' * (3 << 20))";
    let cases = json!({"input": ["", ""], "output": [line, "y"]});
    let response = server.answer("/common_evaluate_batch", &batch(code, &cases)).await;
    let passed: Vec<&Value> =
        response["tests"].as_array().unwrap().iter().map(|test| &test["passed"]).collect();
    assert_eq!(passed, [true, false]);
}

async fn total_timeout(server: &Server) {
    let code = "import time\nif input() == 'slow': time.sleep(30)\nprint(1)";
    let cases = json!({"input": ["x", "slow", "x", "slow"], "output": ["1", "1", "1", "1"]});
    let mut body = batch(code, &cases);
    body["config"]["extra"]["total_timeout"] = json!(2);
    let response = server.answer("/common_evaluate_batch", &body).await;
    let tests = response["tests"].as_array().unwrap();
    assert_eq!((&response["accepted"], tests.len()), (&json!(false), 4));
    assert_eq!(tests[0]["passed"], true);
    for test in &tests[1..] {
        let info = &test["exec_info"];
        let found = (&info["status"], &info["message"], &info["run_result"]);
        assert_eq!(found, (&json!("SandboxError"), &json!("Total Timeout"), &Value::Null));
    }
}

async fn mistakes(server: &Server) {
    let good = batch("print(1)", &json!({"input": [""], "output": ["1"]}));
    let with = |pointer: &str, value: Value| {
        let mut body = good.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[name] = value;
        body
    };
    let data = "/config/provided_data";
    for (body, place) in [
        (with("/completion", json!(1)), json!(["body", "completion"])),
        (with("/id", json!(1.5)), json!(["body", "id"])),
        (with("/config", Value::Null), json!(["body", "config"])),
        (with(data, Value::Null), json!(["body", "config", "provided_data"])),
        (with(data, json!([])), json!(["body", "config", "provided_data"])),
        (
            with(data, json!({"test_cases": {"input": [], "output": []}})),
            json!(["body", "config", "provided_data", "test_cases", "input"]),
        ),
        (
            with("/config/extra", json!({"compare": "like"})),
            json!(["body", "config", "extra", "compare"]),
        ),
        (with("/config/language", json!("klingon")), json!(["body", "config", "language"])),
    ] {
        let response =
            server.checked("POST", "/common_evaluate_batch", body.to_string().as_bytes()).await;
        assert_eq!(response.status, 422, "{body}: {}", response.text);
        assert_eq!(response.json()["detail"][0]["loc"], place, "{}", response.text);
    }
    for (body, detail) in [
        (with("/config/language", Value::Null), "config.language field must exist, got None"),
        (
            with("/config/language", json!("lean")),
            "language: `lean` is not available on this server",
        ),
        (
            with("/config/custom_extract_logic", json!("import os")),
            "config.custom_extract_logic: no code of a request is run here",
        ),
    ] {
        let response = server.checked("POST", "/submit", body.to_string().as_bytes()).await;
        assert_eq!((response.status, response.json()["detail"].as_str().unwrap()), (400, detail));
    }
}
