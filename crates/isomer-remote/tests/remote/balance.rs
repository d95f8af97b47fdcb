//! Several servers: shared work, and what happens when one of them dies.

use std::time::Duration;

use futures::future::join_all;
use isomer_remote::RemoteSandbox;
use isomer_sandbox::{Job, Language, Sandbox};
use isomer_serve::ServerSettings;
use serde_json::Value;

use crate::mock::{Flavour, Mock};
use crate::world::{Process, double, is_doubled, open};

pub(crate) async fn check(sandbox: &Sandbox) {
    all_take_part(sandbox).await;
    languages(sandbox).await;
    one_dies(sandbox).await;
    one_begins_late(sandbox).await;
}

fn ours(sandbox: &Sandbox, port: u16) -> Process {
    Process::ours(sandbox, port, ServerSettings { jobs: 2, ..ServerSettings::default() })
}

async fn run_all(remote: &RemoteSandbox, numbers: std::ops::Range<u64>) -> usize {
    let jobs = numbers.map(|number| async move {
        is_doubled(number, &remote.run(double(number)).await.unwrap())
    });
    join_all(jobs).await.into_iter().filter(|right| *right).count()
}

/// Jobs that a server of ours has answered.
async fn answered(server: &Process) -> u64 {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let text = client.get(format!("{}/metrics", server.url)).send().await.unwrap();
    let text = text.text().await.unwrap();
    let line = text.lines().find(|line| line.contains("/v1/run\"") && line.contains("\"200\""));
    let count = line.and_then(|line| line.rsplit(' ').next()).and_then(|count| count.parse().ok());
    count.unwrap_or(0)
}

async fn all_take_part(sandbox: &Sandbox) {
    let (one, two) = (ours(sandbox, 0), ours(sandbox, 0));
    let mock = Mock::start(Flavour::SandboxFusion);
    let remote = open(&[one.url.clone(), two.url.clone(), mock.url()]).await;
    mock.asked();
    assert_eq!(run_all(&remote, 0..40).await, 40);
    let shares = [answered(&one).await, answered(&two).await, mock.asked().len() as u64];
    assert_eq!(shares.iter().sum::<u64>(), 40);
    assert!(shares.iter().all(|share| *share >= 4), "{shares:?}");
    let health: Value = reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .get(format!("{}/health", one.url))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!((&health["busy"], &health["waiting"]), (&0.into(), &0.into()));
}

/// Other languages than Python run on servers of ours alone.
async fn languages(sandbox: &Sandbox) {
    let ours = ours(sandbox, 0);
    let mock = Mock::start(Flavour::SandboxFusion);
    let job = Job {
        source:
            "#include <iostream>\nint main() { int n; std::cin >> n; std::cout << 2 * n << '\\n'; }"
                .to_owned(),
        language: Language::named("cpp").unwrap(),
        ..double(21)
    };
    let alone = open(&[mock.url()]).await;
    let error = alone.run(job.clone()).await.unwrap_err();
    assert_eq!(error.to_string(), "the job is not runnable: none of the sandboxes runs C++");
    let both = open(&[mock.url(), ours.url.clone()]).await;
    mock.asked();
    // Where there is no compiler, both say so.
    match (sandbox.run(job.clone()).await, both.run(job).await) {
        (Ok(here), Ok(there)) => assert!(is_doubled(21, &here) && is_doubled(21, &there)),
        (here, there) => assert!(here.is_err() && there.is_err()),
    }
    assert!(mock.asked().is_empty());
}

async fn one_dies(sandbox: &Sandbox) {
    let (mut one, two) = (ours(sandbox, 0), ours(sandbox, 0));
    let remote = open(&[one.url.clone(), two.url.clone()]).await;
    let work = tokio::spawn({
        let remote = remote.clone();
        async move { run_all(&remote, 0..60).await }
    });
    while answered(&one).await < 5 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let port = one.kill();
    assert_eq!(work.await.unwrap(), 60, "no job is lost and none is wrong");
    let reports = remote.servers();
    assert!(reports[0].found.is_err() && reports[1].found.is_ok(), "{reports:?}");
    // It comes back where it was, and takes part again.
    let one = ours(sandbox, port);
    for _ in 0..100 {
        assert_eq!(run_all(&remote, 0..8).await, 8);
        if answered(&one).await > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("a server that came back is not used");
}

/// One of two is not there yet when work begins.
async fn one_begins_late(sandbox: &Sandbox) {
    let mut late = ours(sandbox, 0);
    let (url, port) = (late.url.clone(), late.kill());
    let early = ours(sandbox, 0);
    let remote = open(&[url, early.url.clone()]).await;
    assert!(remote.servers()[0].found.is_err());
    let late = ours(sandbox, port);
    for _ in 0..100 {
        assert_eq!(run_all(&remote, 0..8).await, 8);
        if answered(&late).await > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("a server that came later is not used");
}
