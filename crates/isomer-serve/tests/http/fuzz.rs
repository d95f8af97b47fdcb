//! Bodies of every kind: whatever a client sends, it is never our failure.

use isomer_sandbox::Sandbox;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::{Value, json};

use crate::world::Server;

const PATHS: [&str; 4] = ["/run_code", "/common_evaluate_batch", "/v1/run", "/v1/judge"];

/// Values that fit nowhere in particular.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::num::f64::NORMAL.prop_map(Value::from),
        prop_oneof![Just("python".to_owned()), Just("stdin_stdout".to_owned()), ".{0,8}"]
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(NAMES), inner), 0..4).prop_map(|pairs| {
                pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
            }),
        ]
    })
}

const NAMES: &[&str] = &[
    "code",
    "completion",
    "language",
    "config",
    "provided_data",
    "test_cases",
    "type",
    "fn_name",
    "input",
    "output",
    "expected",
    "extra",
    "run_timeout",
    "memory_limit_MB",
    "files",
    "stdin",
    "fetch_files",
    "source",
    "inputs",
    "tests",
    "limits",
    "cpu_ms",
    "stop",
    "mode",
    "width",
    "test",
    "json_input",
    "total_timeout",
    "compare",
    "hash_seed",
    "packages",
    "id",
];

/// Right requests, quick ones, to be damaged.
fn right() -> Vec<Value> {
    let test_cases = json!({"fn_name": "f", "input": [[1]], "output": [[1]]});
    vec![
        json!({"code": "print(1)", "language": "python", "run_timeout": 1, "stdin": "", "files": {"a": "AA=="}, "fetch_files": ["a"]}),
        json!({"completion": "```python\ndef f(x): return x\n```", "config": {"language": "python",
            "provided_data": {"test_cases": test_cases}, "extra": {"total_timeout": 5}}}),
        json!({"source": "print(1)", "inputs": [""], "limits": {"cpu_ms": 1000}, "stop": "never"}),
        json!({"source": "print(1)", "tests": [{"input": "", "expected": "1"}], "compare": "float"}),
    ]
}

/// Puts a value in the place of another, somewhere.
fn damage(body: &mut Value, steps: &[usize], value: Value) {
    let Some((step, rest)) = steps.split_first() else {
        *body = value;
        return;
    };
    match body {
        Value::Object(fields) if !fields.is_empty() => {
            let place = step % fields.len();
            damage(fields.values_mut().nth(place).unwrap(), rest, value);
        }
        Value::Array(items) if !items.is_empty() => {
            let place = step % items.len();
            damage(&mut items[place], rest, value);
        }
        other => *other = value,
    }
}

pub(crate) async fn check(sandbox: &Sandbox) {
    let server = Server::start(sandbox).await;
    // The same cases every time: the cases that proptest finds by itself run beside the readers.
    let config =
        Config { rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let damages = (0_usize..4, prop::collection::vec(0_usize..8, 0..5), any_json());
    for _ in 0..300 {
        let (which, steps, value) = damages.new_tree(&mut runner).unwrap().current();
        let mut body = right().swap_remove(which);
        damage(&mut body, &steps, value);
        send(&server, PATHS[which], body.to_string().as_bytes()).await;
    }
    let bytes = prop::collection::vec(any::<u8>(), 0..60);
    for path in PATHS {
        for _ in 0..20 {
            let body = any_json().new_tree(&mut runner).unwrap().current();
            send(&server, path, body.to_string().as_bytes()).await;
            send(&server, path, &bytes.new_tree(&mut runner).unwrap().current()).await;
        }
        let whole = right()[0].to_string();
        for end in 0..whole.len() {
            send(&server, path, &whole.as_bytes()[..end]).await;
        }
    }
    assert_eq!(server.answer("/run_code", &right()[0]).await["status"], "Success");
}

async fn send(server: &Server, path: &str, body: &[u8]) {
    let response = server.checked("POST", path, body).await;
    assert!(response.status < 500, "{path} {}: {}", String::from_utf8_lossy(body), response.text);
}
