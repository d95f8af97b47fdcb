//! A server on a port of its own and a client for it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use isomer_sandbox::{Isolation, Sandbox, Settings};
use isomer_serve::{Served, ServerSettings, serve};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::description::Description;

/// Two slots.
pub(crate) async fn sandbox() -> Sandbox {
    let settings = Settings {
        launcher: std::env::current_exe().unwrap(),
        python: None,
        slots: 2,
        isolation: Isolation::Full,
    };
    Sandbox::open(settings).await.unwrap()
}

/// Settings for tests.
pub(crate) fn settings() -> ServerSettings {
    ServerSettings {
        jobs: 2,
        queue: 16,
        body_bytes: 8 << 20,
        request_seconds: 60,
        packages: vec!["html".to_owned()],
        drain_seconds: 30,
    }
}

/// A running server; it ends with the test.
pub(crate) struct Server {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    client: reqwest::Client,
    description: Description,
    stop: Arc<Notify>,
    served: JoinHandle<std::io::Result<Served>>,
}

/// A response as it came.
pub(crate) struct Response {
    /// Status.
    pub(crate) status: u16,
    /// `Retry-After`.
    pub(crate) retry_after: Option<u64>,
    /// Body.
    pub(crate) text: String,
}

impl Response {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// The body as lines of JSON.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Server {
    /// A server with the settings for tests.
    pub(crate) async fn start(sandbox: &Sandbox) -> Self {
        Self::with(sandbox, settings()).await
    }

    /// A server.
    pub(crate) async fn with(sandbox: &Sandbox, settings: ServerSettings) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = Arc::new(Notify::new());
        let told = Arc::clone(&stop);
        let until = async move { told.notified().await };
        let served = tokio::spawn(serve(listener, sandbox.clone(), settings, until));
        let client = reqwest::Client::builder().timeout(Duration::from_secs(120)).build().unwrap();
        Self { address, client, description: Description::new(), stop, served }
    }

    /// Tells it to stop.
    pub(crate) fn stop(&self) {
        self.stop.notify_one();
    }

    /// Waits for its end.
    pub(crate) async fn end(self) -> Served {
        self.served.await.unwrap().unwrap()
    }

    /// Sends bytes; the response is not checked.
    pub(crate) async fn raw(&self, method: &str, path: &str, body: &[u8]) -> Response {
        self.send(method, path, body).await.0
    }

    /// Sends bytes; a response has to be as described.
    pub(crate) async fn checked(&self, method: &str, path: &str, body: &[u8]) -> Response {
        let (response, kind) = self.send(method, path, body).await;
        let method = method.to_lowercase();
        self.description.check(&method, path, response.status, &kind, &response.text);
        assert_eq!(response.retry_after.is_some(), response.status == 429);
        response
    }

    /// Posts a request that is as described.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Response {
        self.description.check_request(path, body);
        self.checked("POST", path, body.to_string().as_bytes()).await
    }

    /// Posts a request that has to succeed.
    pub(crate) async fn answer(&self, path: &str, body: &Value) -> Value {
        let response = self.post(path, body).await;
        assert_eq!(response.status, 200, "{path} {body}: {}", response.text);
        response.json()
    }

    async fn send(&self, method: &str, path: &str, body: &[u8]) -> (Response, String) {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let url = format!("http://{}{path}", self.address);
        let response = self.client.request(method, url).body(body.to_vec()).send().await.unwrap();
        let header = |name: &str| {
            response.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
        };
        let kind = header("content-type").unwrap_or_default();
        let retry_after = header("retry-after").map(|value| value.parse().unwrap());
        let status = response.status().as_u16();
        (Response { status, retry_after, text: response.text().await.unwrap() }, kind)
    }
}

/// A checked GET.
pub(crate) async fn get(server: &Server, path: &str) -> Response {
    server.checked("GET", path, b"").await
}

/// The value of a metric, 0 when it is not there.
pub(crate) async fn metric(server: &Server, name: &str) -> f64 {
    let text = get(server, "/metrics").await.text;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map_or(0.0, |value| value.parse().unwrap())
}
