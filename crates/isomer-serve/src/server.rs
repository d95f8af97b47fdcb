//! A server from its start to its orderly end.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::serve::ListenerExt as _;
use isomer_sandbox::Sandbox;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::app::{self, App};

/// Bounds of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerSettings {
    /// Requests that are worked on at once (at least 1); the slots of the sandbox, as a rule.
    pub jobs: usize,
    /// Requests that may wait; one more is told to come back later (429).
    pub queue: usize,
    /// Largest body of a request, in bytes.
    pub body_bytes: usize,
    /// How long a request may take from its first byte to the end of its answer, waiting included,
    /// in seconds.
    pub request_seconds: u64,
    /// Installed modules that programs of SandboxFusion's and ScaleBox's clients get when they name
    /// them.
    pub packages: Vec<String>,
    /// How long requests in flight may go on when the server is told to stop, in seconds.
    pub drain_seconds: u64,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            jobs: 1,
            queue: 1024,
            body_bytes: 64 << 20,
            request_seconds: 1000,
            packages: Vec::new(),
            drain_seconds: 60,
        }
    }
}

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served {
    /// Everything it had accepted was answered.
    All,
    /// Some requests were still in flight when the time to drain was over.
    Abandoned,
}

/// Serves until `stop` completes; then accepts no more and finishes what it accepted, for as long
/// as the settings allow.
///
/// There is no authentication: whoever reaches the address can spend this machine's time. Give it a
/// loopback address or a network of its own.
pub async fn serve(
    listener: TcpListener,
    sandbox: Sandbox,
    settings: ServerSettings,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<Served> {
    let drain = Duration::from_secs(settings.drain_seconds);
    let app = App::new(sandbox, settings);
    let stopped = Arc::new(Notify::new());
    let told = {
        let (app, stopped) = (Arc::clone(&app), Arc::clone(&stopped));
        async move {
            stop.await;
            app.stopping.store(true, Ordering::Relaxed);
            stopped.notify_one();
        }
    };
    let listener = listener.tap_io(|connection| {
        // Lines of an answer are small and must not wait for each other.
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!("no TCP_NODELAY: {error}");
        }
    });
    let served = axum::serve(listener, app::router(&app)).with_graceful_shutdown(told);
    let patience = async {
        stopped.notified().await;
        tokio::time::sleep(drain).await;
    };
    tokio::select! {
        result = served.into_future() => result.map(|()| Served::All),
        () = patience => Ok(Served::Abandoned),
    }
}
