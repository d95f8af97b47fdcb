//! A scripted endpoint on the loopback address, and a ledger in memory.

#![expect(dead_code, reason = "each test file uses a part of it")]
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use axum::response::Response;
use futures::StreamExt;
use isomer_model::*;
use serde_json::{Value, json};

/// What the endpoint does with one request.
#[derive(Clone)]
pub(crate) enum Act {
    /// Answers with status, headers and body.
    Say(u16, Vec<(&'static str, String)>, String),
    /// Sends the pieces as an event stream, then waits, then closes or breaks the connection.
    Stream { pieces: Vec<Vec<u8>>, pause: Duration, broken: bool },
    /// Sends nothing for that long.
    Hang(Duration),
}

pub(crate) fn say(status: u16, body: &Value) -> Act {
    let kind = ("content-type", "application/json".to_owned());
    Act::Say(status, vec![kind], body.to_string())
}

pub(crate) fn say_error(status: u16, message: &str) -> Act {
    say(status, &json!({ "error": { "message": message } }))
}

pub(crate) fn good(text: &str) -> Value {
    json!({
        "model": "served",
        "choices": [{ "message": { "role": "assistant", "content": text }, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150 },
    })
}

pub(crate) fn ok(text: &str) -> Act {
    say(200, &good(text))
}

pub(crate) fn stream(text: &str) -> Act {
    Act::Stream { pieces: vec![text.as_bytes().to_vec()], pause: Duration::ZERO, broken: false }
}

pub(crate) struct Server {
    pub(crate) url: String,
    state: Arc<Script>,
}

struct Script {
    acts: Vec<Act>,
    /// Calls at once that are served; more get a 429.
    slots: usize,
    busy: AtomicUsize,
    most_busy: AtomicUsize,
    seen: Mutex<Vec<(HeaderMap, Value)>>,
    peers: Mutex<HashSet<SocketAddr>>,
}

impl Server {
    /// Does one act after the other, and the last one for ever.
    pub(crate) async fn start(acts: Vec<Act>) -> Self {
        Self::with_slots(acts, usize::MAX).await
    }

    pub(crate) async fn with_slots(acts: Vec<Act>, slots: usize) -> Self {
        let state = Arc::new(Script {
            acts,
            slots,
            busy: AtomicUsize::new(0),
            most_busy: AtomicUsize::new(0),
            seen: Mutex::default(),
            peers: Mutex::default(),
        });
        let router = Router::new()
            .route("/v1/chat/completions", axum::routing::post(serve))
            .route("/v1/embeddings", axum::routing::post(serve))
            .with_state(Arc::clone(&state));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self { url, state }
    }

    pub(crate) fn hits(&self) -> usize {
        self.state.seen.lock().unwrap().len()
    }

    pub(crate) fn connections(&self) -> usize {
        self.state.peers.lock().unwrap().len()
    }

    pub(crate) fn most_busy(&self) -> usize {
        self.state.most_busy.load(Ordering::SeqCst)
    }

    pub(crate) fn body(&self, number: usize) -> Value {
        self.state.seen.lock().unwrap()[number].1.clone()
    }

    pub(crate) fn headers(&self, number: usize) -> HeaderMap {
        self.state.seen.lock().unwrap()[number].0.clone()
    }

    /// Settings for this endpoint that do not make a test wait.
    pub(crate) fn settings(&self) -> ClientSettings {
        let mut settings = ClientSettings::new(EndpointSettings::new(&self.url, "m"));
        settings.retry.first_delay = Duration::from_millis(1);
        settings.retry.longest_delay = Duration::from_millis(5);
        settings
    }
}

async fn serve(
    State(state): State<Arc<Script>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    state.peers.lock().unwrap().insert(peer);
    let number = {
        let mut seen = state.seen.lock().unwrap();
        seen.push((headers, serde_json::from_slice(&body).unwrap()));
        seen.len() - 1
    };
    let busy = state.busy.fetch_add(1, Ordering::SeqCst) + 1;
    state.most_busy.fetch_max(busy, Ordering::SeqCst);
    let act = if busy > state.slots {
        say_error(429, "too many")
    } else {
        state.acts[number.min(state.acts.len() - 1)].clone()
    };
    if state.slots < usize::MAX && busy <= state.slots {
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    let response = perform(act).await;
    state.busy.fetch_sub(1, Ordering::SeqCst);
    response
}

async fn perform(act: Act) -> Response {
    match act {
        Act::Hang(time) => {
            tokio::time::sleep(time).await;
            Response::new(Body::empty())
        }
        Act::Say(status, headers, body) => {
            let mut response = Response::builder().status(status);
            for (name, value) in headers {
                response = response.header(name, value);
            }
            response.body(Body::from(body)).unwrap()
        }
        Act::Stream { pieces, pause, broken } => {
            let start = futures::stream::iter(pieces.into_iter().map(Ok));
            let end = futures::stream::once(async move {
                tokio::time::sleep(pause).await;
                if broken { Err(std::io::Error::other("broken")) } else { Ok(Vec::new()) }
            });
            Response::builder()
                .header("content-type", "text/event-stream; charset=utf-8")
                .body(Body::from_stream(start.chain(end)))
                .unwrap()
        }
    }
}

/// Keeps entries in memory, as a run's store does on disk.
#[derive(Default)]
pub(crate) struct MemoryLedger {
    pub(crate) entries: Mutex<Vec<LedgerEntry>>,
    pub(crate) broken: bool,
}

#[async_trait]
impl Ledger for MemoryLedger {
    async fn find(&self, key: &str) -> Result<Option<Reply>, LedgerError> {
        let entries = self.entries.lock().unwrap();
        let found = entries.iter().find(|entry| entry.key == key && entry.status == STATUS_OK);
        let reply = found.and_then(|entry| entry.reply.clone());
        Ok(reply.map(|reply| serde_json::from_value(reply).unwrap()))
    }

    async fn record(&self, entry: LedgerEntry) -> Result<(), LedgerError> {
        if self.broken {
            return Err(LedgerError("disk full".into()));
        }
        // A disk takes its time; the client must wait for it.
        tokio::time::sleep(Duration::from_millis(2)).await;
        self.entries.lock().unwrap().push(entry);
        Ok(())
    }
}

impl MemoryLedger {
    pub(crate) fn statuses(&self) -> Vec<String> {
        self.entries.lock().unwrap().iter().map(|entry| entry.status.clone()).collect()
    }
}

pub(crate) fn request(text: &str) -> Request {
    Request {
        role: "solver".into(),
        messages: vec![Message::user(text)],
        sampling: Sampling { max_tokens: Some(100), ..Sampling::default() },
        sample: 0,
        purpose: Purpose { stage: "solve".into(), item: "item-1".into() },
    }
}

/// One question to a server that does `acts`; the outcome, and the statuses in the ledger.
pub(crate) async fn ask_once(acts: Vec<Act>) -> (Result<Reply, ModelError>, Vec<String>, usize) {
    let server = Server::start(acts).await;
    let ledger = Arc::new(MemoryLedger::default());
    let client = connect(server.settings(), Arc::clone(&ledger) as Arc<dyn Ledger>).unwrap();
    let outcome = client.ask(request("hello")).await;
    (outcome, ledger.statuses(), server.hits())
}

/// A model without an endpoint.
pub(crate) struct Fixed(pub(crate) Mutex<HashMap<String, Result<Reply, ModelError>>>);

#[async_trait]
impl Model for Fixed {
    async fn ask(&self, request: Request) -> Result<Reply, ModelError> {
        self.0.lock().unwrap()[&request.messages[0].content].clone()
    }
}
