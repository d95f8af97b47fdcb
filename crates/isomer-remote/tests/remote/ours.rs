//! Servers of ours in trouble: broken answers of what looks like one of them.

use axum::routing::{get, post};
use axum::{Json, Router};
use isomer_record::{Trust, Verdict};
use isomer_sandbox::{Ending, Outcome, Sandbox, SandboxError, TestJob, TestOutcome, TestReport};
use isomer_serve::ServerSettings;
use isomer_serve::wire::test_report_to_json;
use serde_json::json;

use crate::mock::{Flavour, Mock};
use crate::world::{Process, double, is_doubled, open};

pub(crate) async fn check(sandbox: &Sandbox) {
    for lines in [
        "",
        "{\"end\":{\"executions\":1}}\n",
        "{\"error\":\"the sandbox failed\"}\n",
        "{\"index\":0}\n",
        "{\"index\":1,\"ending\":{\"kind\":\"finished\"},\"output\":{\"text\":\"2\\n\"},\"cpu_ms\":1,\
         \"wall_ms\":1,\"memory_bytes\":1}\n{\"end\":{\"executions\":1}}\n",
        "{\"index\":0,\"ending\":{\"kind\":\"not_run\"},\"output\":null,\"cpu_ms\":1,\
         \"wall_ms\":1,\"memory_bytes\":1}\n{\"end\":{\"executions\":1}}\n",
        "<html></html>",
    ] {
        let broken = impostor(lines);
        let remote = open(std::slice::from_ref(&broken.url)).await;
        let error = remote.run(double(1)).await.unwrap_err();
        assert!(matches!(error, SandboxError::Remote { .. }), "{lines}: {error}");
    }
    test_files().await;
    what_it_refuses(sandbox).await;
    a_full_queue(sandbox).await;
}

/// A report comes back as the server told it, nonsense is an error, and others are not asked.
async fn test_files() {
    let report = TestReport {
        collected: vec!["test_a".to_owned()],
        outcomes: vec![TestOutcome {
            id: "test_a".to_owned(),
            outcome: Outcome::Passed,
            duration_us: 3,
            message: String::new(),
        }],
        trust: Trust::TwoProcess,
        asked: vec![],
        ending: Ending::Finished,
        problem: None,
        cpu_ms: 1,
        wall_ms: 2,
        memory_bytes: 3,
        verdict: Verdict::Accepted,
    };
    let told = test_report_to_json(&report).to_string();
    let server = impostor(told.clone().leak());
    let remote = open(std::slice::from_ref(&server.url)).await;
    assert_eq!(remote.run_tests(TestJob::default()).await.unwrap(), report);
    for broken in ["", "{}", "<html></html>"] {
        let broken = impostor(broken);
        let remote = open(std::slice::from_ref(&broken.url)).await;
        let error = remote.run_tests(TestJob::default()).await.unwrap_err();
        assert!(matches!(error, SandboxError::Remote { .. }), "{error}");
    }
    let other = Mock::start(Flavour::SandboxFusion);
    let remote = open(&[other.url()]).await;
    let error = remote.run_tests(TestJob::default()).await.unwrap_err();
    assert!(error.to_string().contains("none of the sandboxes judges by pytest"), "{error}");
    let remote = open(&[other.url(), server.url.clone()]).await;
    assert_eq!(remote.run_tests(TestJob::default()).await.unwrap(), report);
}

/// Looks well, and answers every job with the same lines.
fn impostor(lines: &'static str) -> Process {
    let health = json!({"status": "ok", "jobs": 2, "python": "3.12.3"});
    let router = Router::new()
        .route("/health", get(async move || Json(health)))
        .route("/v1/run", post(async move || lines))
        .route("/v1/pytest", post(async move || lines));
    Process::start(0, |listener| async move {
        axum::serve(listener, router).await.unwrap();
    })
}

/// A job that the server does not take fails at once, and the server is not to blame.
async fn what_it_refuses(sandbox: &Sandbox) {
    let settings = ServerSettings { body_bytes: 4096, ..ServerSettings::default() };
    let server = Process::ours(sandbox, 0, settings);
    let remote = open(std::slice::from_ref(&server.url)).await;
    let mut job = double(1);
    job.source.push_str(&"#".repeat(5000));
    let error = remote.run(job).await.unwrap_err();
    assert!(matches!(error, SandboxError::Job { .. }), "{error}");
    assert!(error.to_string().contains("413"), "{error}");
    assert!(is_doubled(3, &remote.run(double(3)).await.unwrap()));
}

/// More jobs than its queue holds wait here.
async fn a_full_queue(sandbox: &Sandbox) {
    let settings = ServerSettings { jobs: 1, queue: 0, ..ServerSettings::default() };
    let server = Process::ours(sandbox, 0, settings);
    let remote = open(std::slice::from_ref(&server.url)).await;
    assert_eq!(remote.slots(), 2);
    let jobs = (0..6).map(|number| {
        let remote = remote.clone();
        let mut job = double(number);
        job.source.push_str("\nimport time\ntime.sleep(0.3)");
        async move { is_doubled(number, &remote.run(job).await.unwrap()) }
    });
    assert!(futures::future::join_all(jobs).await.into_iter().all(|right| right));
    assert_eq!(remote.slots(), 1, "it has learnt what the server bears");
}
