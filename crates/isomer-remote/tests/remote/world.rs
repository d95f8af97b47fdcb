//! The sandbox built in, and servers that can be killed.

use std::future::Future;
use std::time::Duration;

use isomer_remote::{RemoteSandbox, RemoteSettings};
use isomer_sandbox::{Execution, Isolation, Job, Output, Sandbox, Settings};
use isomer_serve::{ServerSettings, serve};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

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

/// Patience for tests: short.
pub(crate) fn settings() -> RemoteSettings {
    RemoteSettings {
        connect: Duration::from_secs(2),
        patience: Duration::from_secs(10),
        outage: Duration::from_secs(4),
        busy: Duration::from_secs(4),
        ..RemoteSettings::default()
    }
}

/// Opens what is at these addresses.
pub(crate) async fn open(urls: &[String]) -> RemoteSandbox {
    RemoteSandbox::open(urls, settings()).await.unwrap()
}

/// A server with threads of its own, which end with it, and with them its connections.
pub(crate) struct Process {
    pub(crate) url: String,
    port: u16,
    runtime: Option<Runtime>,
}

impl Process {
    /// Serves on a free port, or on a given one.
    pub(crate) fn start<Served>(
        port: u16,
        server: impl FnOnce(TcpListener) -> Served + Send + 'static,
    ) -> Self
    where
        Served: Future<Output = ()> + Send + 'static,
    {
        let runtime = Runtime::new().unwrap();
        let listener = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        runtime.spawn(async move { server(TcpListener::from_std(listener).unwrap()).await });
        Self { url: format!("http://127.0.0.1:{port}"), port, runtime: Some(runtime) }
    }

    /// A server of ours.
    pub(crate) fn ours(sandbox: &Sandbox, port: u16, settings: ServerSettings) -> Self {
        let sandbox = sandbox.clone();
        Self::start(port, |listener| async move {
            serve(listener, sandbox, settings, std::future::pending()).await.unwrap();
        })
    }

    /// Ends it with everything it was doing, and returns its port.
    pub(crate) fn kill(&mut self) -> u16 {
        self.runtime.take().unwrap().shutdown_background();
        self.port
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Doubles a number.
pub(crate) fn double(number: u64) -> Job {
    Job {
        source: "print(2 * int(input()))".to_owned(),
        inputs: vec![json!(format!("{number}\n"))],
        ..Job::default()
    }
}

/// Whether the number was doubled.
pub(crate) fn is_doubled(number: u64, executions: &[Execution]) -> bool {
    matches!(executions, [one] if one.output == Output::Text(format!("{}\n", 2 * number)))
}
