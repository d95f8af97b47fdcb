//! The OpenAPI file: what the server itself holds every response against.

use std::collections::BTreeSet;

use isomer_sandbox::Sandbox;
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::world::{Server, get};

/// The file.
pub(crate) struct Description(Value);

impl Description {
    /// Reads it.
    pub(crate) fn new() -> Self {
        Self(serde_json::from_str(include_str!("../../openapi.json")).unwrap())
    }

    fn operation(&self, method: &str, path: &str) -> &Value {
        let mut item = &self.0["paths"][path];
        if let Some(target) = item["$ref"].as_str() {
            item = self.0.pointer(&target[1..]).unwrap();
        }
        let operation = &item[method];
        assert!(operation.is_object(), "{method} {path} is not described");
        operation
    }

    fn validator(&self, schema: &Value) -> Validator {
        let mut whole = json!({"components": self.0["components"]});
        whole.as_object_mut().unwrap().extend(schema.as_object().unwrap().clone());
        jsonschema::draft202012::new(&whole).unwrap()
    }

    /// Panics unless a response is as described.
    pub(crate) fn check(&self, method: &str, path: &str, status: u16, kind: &str, body: &str) {
        let operation = self.operation(method, path);
        let content = &operation["responses"][status.to_string()]["content"];
        let kind = kind.split(';').next().unwrap();
        let schema = &content[kind]["schema"];
        assert!(schema.is_object(), "{method} {path}: {status} {kind} is not described: {body}");
        let validator = self.validator(schema);
        let parts: Vec<Value> = match kind {
            "application/json" => vec![serde_json::from_str(body).unwrap()],
            "application/x-ndjson" => {
                body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
            }
            _ => vec![json!(body)],
        };
        assert!(!parts.is_empty(), "{path}: an answer has at least one line");
        for part in parts {
            if let Err(error) = validator.validate(&part) {
                panic!("{method} {path} {status}: {error} at {}: {part}", error.instance_path());
            }
        }
    }

    /// Panics unless a request is as described.
    pub(crate) fn check_request(&self, path: &str, body: &Value) {
        let operation = self.operation("post", path);
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if let Err(error) = self.validator(schema).validate(body) {
            panic!("post {path}: {error} at {}: {body}", error.instance_path());
        }
    }
}

/// The file describes the routes there are, and no others.
pub(crate) async fn check(sandbox: &Sandbox) {
    let server = Server::start(sandbox).await;
    let found: Value = serde_json::from_str(&get(&server, "/openapi.json").await.text).unwrap();
    let description = Description::new();
    assert_eq!(found, description.0);
    let paths: BTreeSet<&str> =
        found["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    for path in &paths {
        let other = if found["paths"][path]["get"].is_object() { "POST" } else { "GET" };
        let response = server.raw(other, path, b"").await;
        assert_eq!(response.status, 405, "{other} {path}");
        assert!(response.text.starts_with(r#"{"detail":"not with this method; this server has "#));
    }
    // Notebooks and data sets by name are what SandboxFusion has beyond this.
    for path in ["/", "/v1", "/v1/run/", "/metrics/x", "/run_jupyter", "/list_datasets"] {
        for method in ["GET", "POST"] {
            let response = server.raw(method, path, b"{}").await;
            assert_eq!(response.status, 404, "{method} {path}");
            let detail = response.json()["detail"].as_str().unwrap().to_owned();
            assert!(detail.starts_with("there is nothing here; this server has POST /run_code, "));
            assert!(paths.iter().all(|path| detail.contains(path)), "{detail}");
        }
    }
    for path in ["/health", "/v1/ping", "/metrics"] {
        assert_eq!(get(&server, path).await.status, 200);
    }
    assert_eq!(get(&server, "/v1/ping").await.text, "\"pong\"");
}
