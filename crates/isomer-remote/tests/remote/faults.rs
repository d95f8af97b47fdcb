//! Whatever a server does wrong costs time and never a verdict.

use std::time::{Duration, Instant};

use isomer_remote::{RemoteSandbox, RemoteSettings};
use isomer_sandbox::{Ending, SandboxError};

use crate::mock::{Fault, Flavour, Mock};
use crate::world::{double, is_doubled, open, settings};

const FAULTS: [Fault; 8] = [
    Fault::SandboxError,
    Fault::Crash,
    Fault::Unavailable,
    Fault::Cut,
    Fault::Html,
    Fault::WrongJson,
    Fault::NoFiles,
    Fault::Mixed,
];

pub(crate) async fn check() {
    for flavour in [Flavour::SandboxFusion, Flavour::ScaleBox] {
        transient(flavour).await;
    }
    permanent().await;
    hanging().await;
    full().await;
    known_inputs_are_kept().await;
    nothing_there().await;
}

/// A fault, then a right answer: also to the probe in between.
async fn transient(flavour: Flavour) {
    let mock = Mock::start(flavour);
    let remote = open(&[mock.url()]).await;
    for (number, fault) in (1..).zip(FAULTS) {
        mock.asked();
        mock.fail([fault]);
        let executions = remote.run(double(number)).await.unwrap();
        assert!(is_doubled(number, &executions), "{fault:?}");
        assert_eq!(mock.asked().len(), 3, "{fault:?}: attempt, probe, attempt");
    }
}

/// One fault after the other: the job fails, and not for lack of trying.
async fn permanent() {
    let all = FAULTS.map(|fault| async move {
        let mock = Mock::start(Flavour::SandboxFusion);
        let remote = open(&[mock.url()]).await;
        mock.fail([fault; 100]);
        let error = remote.run(double(1)).await.unwrap_err();
        assert!(matches!(error, SandboxError::Remote { .. }), "{fault:?}: {error}");
        assert!(mock.asked().len() >= 3, "{fault:?}");
        assert!(remote.servers()[0].found.is_err());
    });
    futures::future::join_all(all).await;
}

async fn hanging() {
    let mock = Mock::start(Flavour::SandboxFusion);
    let patience = Duration::from_millis(500);
    let settings = RemoteSettings { patience, ..settings() };
    let remote = RemoteSandbox::open(&[mock.url()], settings).await.unwrap();
    mock.fail([Fault::Hang]);
    let mut job = double(4);
    job.limits.wall_ms = 1000;
    let started = Instant::now();
    assert!(is_doubled(4, &remote.run(job).await.unwrap()));
    // A second, fifteen to start in, and the patience.
    assert!(started.elapsed() > Duration::from_secs(16), "{:?}", started.elapsed());
    // Whoever goes away leaves nothing behind.
    mock.fail([Fault::Hang]);
    let gone = tokio::time::timeout(Duration::from_millis(200), remote.run(double(5))).await;
    assert!(gone.is_err());
    assert!(is_doubled(6, &remote.run(double(6)).await.unwrap()));
}

async fn full() {
    let mock = Mock::start(Flavour::SandboxFusion);
    let remote = open(&[mock.url()]).await;
    mock.asked();
    let slots = remote.slots();
    mock.fail([Fault::Full; 2]);
    assert!(is_doubled(1, &remote.run(double(1)).await.unwrap()));
    let asked = mock.asked();
    assert_eq!(asked.len(), 3);
    for pair in asked.windows(2) {
        assert!(pair[1] - pair[0] >= Duration::from_millis(990), "asked again too early");
    }
    assert!(remote.slots() < slots, "a full server gets fewer requests at once");
    assert!(remote.servers()[0].found.is_ok(), "a full server is not a broken one");
    mock.fail([Fault::Full; 100]);
    let error = remote.run(double(1)).await.unwrap_err();
    assert!(error.to_string().contains("full for 4 s"), "{error}");
}

/// A job goes on where it was when its server failed.
async fn known_inputs_are_kept() {
    let mock = Mock::start(Flavour::SandboxFusion);
    let remote = open(&[mock.url()]).await;
    let mut job = double(1);
    job.inputs = (0..4).map(|number| serde_json::json!(number.to_string())).collect();
    mock.asked();
    let work = tokio::spawn({
        let (remote, job) = (remote.clone(), job.clone());
        async move { remote.run(job).await }
    });
    // Two inputs are answered before it begins to fail.
    let mut seen = 0;
    while seen < 2 {
        seen += mock.asked().len();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    mock.fail([Fault::Crash]);
    let executions = work.await.unwrap().unwrap();
    assert!(executions.iter().all(|one| one.ending == Ending::Finished));
    seen += mock.asked().len();
    assert_eq!(seen, 6, "four inputs, a fault, a probe");
}

async fn nothing_there() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://user:secret-word@{free}/?token=secret-word");
    let error = RemoteSandbox::open(&[url], settings()).await.err().unwrap();
    let text = format!("{error} {error:?}");
    assert!(text.contains("refused") && !text.contains("secret-word"), "{text}");
    assert!(error.help().is_some());
    let mock = Mock::start(Flavour::SandboxFusion);
    mock.fail([Fault::NoFiles]);
    let error = RemoteSandbox::open(&[mock.url()], settings()).await.err().unwrap();
    assert!(error.to_string().contains("does not run a program"), "{error}");
}
