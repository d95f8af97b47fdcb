//! A measurement: `cargo test -p isomer-sandbox --test speed -- --ignored --nocapture`.
#![expect(clippy::print_stdout, reason = "the figures are the result")]

mod common;

use std::time::Instant;

use common::{call, job, once, sandbox};
use isomer_sandbox::{Ending, Entry, Isolation};
use serde_json::json;

#[tokio::test]
#[ignore = "a measurement, not a test"]
async fn milliseconds_of_a_tiny_job() {
    let sandbox = sandbox(Isolation::Full).await;
    once(&sandbox, "def f(): return 1", call(), json!([])).await;
    for inputs in [1, 20, 500] {
        let mut times = Vec::new();
        for _ in 0..15 {
            let source = "print(sum(map(int, input().split())))";
            let one = job(source, Entry::Stdio, vec![json!("1 2"); inputs]);
            let started = Instant::now();
            let executions = sandbox.run(one).await.unwrap();
            times.push(started.elapsed().as_secs_f64() * 1000.0);
            assert!(executions.iter().all(|one| one.ending == Ending::Finished));
        }
        times.sort_by(f64::total_cmp);
        println!("{inputs} inputs: median {:.2} ms, best {:.2} ms", times[7], times[0]);
    }
}
