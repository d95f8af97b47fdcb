//! More requests than fit, clients that go away, and the end of the server.

use std::time::{Duration, Instant};

use isomer_sandbox::Sandbox;
use isomer_serve::{Served, ServerSettings};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::world::{Server, get, metric, settings};

pub(crate) async fn check(sandbox: &Sandbox) {
    a_full_queue_says_when_to_come_back(sandbox).await;
    a_client_that_goes_away_frees_its_slot(sandbox).await;
    requests_end_in_time(sandbox).await;
    stopping_finishes_what_was_accepted(sandbox).await;
    stopping_does_not_wait_forever(sandbox).await;
}

fn sleeper(seconds: f64) -> Value {
    json!({
        "code": format!("import time; time.sleep({seconds}); print('done')"),
        "language": "python", "run_timeout": 30,
    })
}

fn few() -> ServerSettings {
    ServerSettings { jobs: 1, queue: 1, ..settings() }
}

/// Waits until a gauge has a value.
async fn until(server: &Server, name: &str, value: f64) {
    let start = Instant::now();
    while (metric(server, name).await - value).abs() > 0.5 {
        assert!(start.elapsed() < Duration::from_secs(10), "{name} never became {value}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

const BUSY: &str = "isomer_sandbox_busy_slots";
const WAITING: &str = "isomer_sandbox_queue_length";

async fn a_full_queue_says_when_to_come_back(sandbox: &Sandbox) {
    let server = Server::with(sandbox, few()).await;
    let long = sleeper(1.0);
    let accepted = async {
        tokio::join!(server.answer("/run_code", &long), server.answer("/run_code", &long))
    };
    let refused = async {
        until(&server, BUSY, 1.0).await;
        until(&server, WAITING, 1.0).await;
        for path in ["/run_code", "/common_evaluate_batch", "/v1/run", "/v1/judge"] {
            // Not even the body is looked at.
            let response = server.checked("POST", path, b"oops").await;
            assert_eq!(response.status, 429);
            assert!((1..=30).contains(&response.retry_after.unwrap()));
        }
        let health = get(&server, "/health").await.json();
        assert_eq!((&health["busy"], &health["waiting"]), (&json!(1), &json!(1)));
    };
    let ((first, second), ()) = tokio::join!(accepted, refused);
    assert_eq!((&first["status"], &second["status"]), (&json!("Success"), &json!("Success")));
    let label = "isomer_sandbox_requests_total{route=\"/v1/judge\",status=\"429\"}";
    assert!((metric(&server, label).await - 1.0).abs() < 0.5);
    assert_eq!(server.answer("/run_code", &sleeper(0.0)).await["status"], "Success");
}

async fn a_client_that_goes_away_frees_its_slot(sandbox: &Sandbox) {
    let server = Server::with(sandbox, few()).await;
    let run = sleeper(25.0);
    let stream = json!({"source": "import time\nif input(): time.sleep(25)", "inputs": ["", "x"]});
    for (path, body) in [("/run_code", run.to_string()), ("/v1/run", stream.to_string())] {
        let mut connection = TcpStream::connect(server.address).await.unwrap();
        let head =
            format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n", body.len());
        connection.write_all((head + &body).as_bytes()).await.unwrap();
        until(&server, BUSY, 1.0).await;
        if path == "/v1/run" {
            // The first line comes before the job is over.
            let mut head = vec![0; 4096];
            let mut seen = String::new();
            while !seen.contains("\"index\":0") {
                let size = connection.read(&mut head).await.unwrap();
                seen.push_str(&String::from_utf8_lossy(&head[..size]));
            }
        }
        drop(connection);
        until(&server, BUSY, 0.0).await;
        let start = Instant::now();
        assert_eq!(server.answer("/run_code", &sleeper(0.0)).await["status"], "Success");
        assert!(start.elapsed() < Duration::from_secs(10), "the sandbox is free as well");
    }
}

async fn requests_end_in_time(sandbox: &Sandbox) {
    let server = Server::with(sandbox, ServerSettings { request_seconds: 2, ..few() }).await;
    let response = server.post("/run_code", &sleeper(20.0)).await;
    assert_eq!(
        (response.status, response.json()),
        (503, json!({"detail": "not done within 2 s; try again later"}))
    );
    let body = json!({"source": "import time\nif input(): time.sleep(20)", "inputs": ["", "x"]});
    let response = server.post("/v1/run", &body).await;
    let lines = response.lines();
    assert_eq!((response.status, lines.len()), (200, 2));
    assert_eq!(lines[1], json!({"error": "not done within 2 s; try again later"}));
    let body = json!({"source": "import time\nif input(): time.sleep(20)", "inputs": ["x"]});
    assert_eq!(server.post("/v1/run", &body).await.status, 503);
    until(&server, BUSY, 0.0).await;
}

async fn stopping_finishes_what_was_accepted(sandbox: &Sandbox) {
    let server = Server::with(sandbox, few()).await;
    let long = sleeper(0.7);
    let accepted = async {
        tokio::join!(server.answer("/run_code", &long), server.answer("/run_code", &long))
    };
    let stopped = async {
        until(&server, BUSY, 1.0).await;
        until(&server, WAITING, 1.0).await;
        server.stop();
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(TcpStream::connect(server.address).await.is_err(), "nobody new is let in");
    };
    let ((first, second), ()) = tokio::join!(accepted, stopped);
    assert_eq!((&first["status"], &second["status"]), (&json!("Success"), &json!("Success")));
    assert_eq!(server.end().await, Served::All);
}

async fn stopping_does_not_wait_forever(sandbox: &Sandbox) {
    let server = Server::with(sandbox, ServerSettings { drain_seconds: 1, ..few() }).await;
    let address = server.address;
    let body = sleeper(20.0).to_string();
    let mut connection = TcpStream::connect(address).await.unwrap();
    let head =
        format!("POST /run_code HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n", body.len());
    connection.write_all((head + &body).as_bytes()).await.unwrap();
    until(&server, BUSY, 1.0).await;
    server.stop();
    let start = Instant::now();
    assert_eq!(server.end().await, Served::Abandoned);
    assert!(start.elapsed() < Duration::from_secs(5));
    drop(connection);
}
