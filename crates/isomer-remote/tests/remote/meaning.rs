//! The same job means the same in the sandbox built in, on a server of ours and on others.

use isomer_remote::Protocol;
use isomer_sandbox::{Ending, Execution, Job, Output, Sandbox, SandboxError};
use isomer_serve::ServerSettings;
use serde_json::json;

use crate::jobs;
use crate::mock::{Flavour, Mock};
use crate::world::{Process, open};

pub(crate) async fn check(sandbox: &Sandbox) {
    let ours = Process::ours(sandbox, 0, ServerSettings { jobs: 2, ..ServerSettings::default() });
    let (fusion, box_) = (Mock::start(Flavour::SandboxFusion), Mock::start(Flavour::ScaleBox));
    let addresses = [ours.url.clone(), format!("{}/run_code", fusion.url()), box_.url()];
    for (address, protocol) in
        addresses.iter().zip([Protocol::Isomer, Protocol::RunCode, Protocol::RunCode])
    {
        let remote = open(std::slice::from_ref(address)).await;
        let found = remote.servers().remove(0).found.unwrap();
        assert_eq!(found.protocol, protocol);
        assert_eq!(found.python, sandbox.python().version);
        for job in jobs::programs().into_iter().chain(jobs::functions()) {
            let here = sandbox.run(job.clone()).await.unwrap();
            let there = remote.run(job.clone()).await.unwrap();
            let here: Vec<_> = here.into_iter().map(told).collect();
            let there: Vec<_> = there.into_iter().map(told).collect();
            assert_eq!(here, there, "{protocol:?}\n{}", job.source);
        }
        unusable(&remote).await;
        measured(&remote).await;
    }
}

/// All that is told of an execution but what was measured. Compared as text, because NaN equals
/// nothing.
fn told(execution: Execution) -> String {
    let Execution { ending, output, stderr, files, .. } = execution;
    let output = match output {
        Output::Text(text) if text.len() > 10_000 => {
            Output::Text(format!("{} bytes, {}", text.len(), &text[..100]))
        }
        other => other,
    };
    format!("{ending:?}\n{output:?}\n{stderr}\n{files:?}")
}

async fn unusable(remote: &isomer_remote::RemoteSandbox) {
    let wrong = Job { inputs: vec![json!(1)], ..Job::default() };
    let outside = Job { files: vec![("../x".to_owned(), Vec::new())], ..Job::default() };
    for job in [wrong, outside] {
        let error = remote.run(job).await.unwrap_err();
        assert!(matches!(error, SandboxError::Job { .. }), "{error}");
    }
    assert_eq!(remote.run(Job::default()).await.unwrap(), []);
    let package = Job {
        packages: vec!["no_such_package".to_owned()],
        inputs: vec![json!("")],
        ..Job::default()
    };
    let error = remote.run(package).await.unwrap_err();
    assert!(error.to_string().contains("no_such_package"), "{error}");
}

async fn measured(remote: &isomer_remote::RemoteSandbox) {
    let source =
        "import time\ntime.sleep(0.3)\nx = bytearray(50 << 20)\nfor i in range(10**6): pass";
    let job = Job { source: source.to_owned(), inputs: vec![json!("")], ..Job::default() };
    let one = remote.run(job).await.unwrap().remove(0);
    assert_eq!(one.ending, Ending::Finished);
    assert!(one.cpu_ms > 5 && one.wall_ms >= 300 && one.memory_bytes > 50 << 20, "{one:?}");
}
