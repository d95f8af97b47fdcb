//! A measurement: `cargo test --release -p isomer-sandbox --test cpp -- --ignored --nocapture`.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use isomer_sandbox::{Ending, Isolation, Job};
use serde_json::json;

use crate::{SUM, cpp, run, with_compiler};

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1000.0
}

/// The first of ten: what other work on the machine disturbs least.
fn best(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 10].as_secs_f64() * 1000.0
}

#[tokio::test]
#[ignore = "a measurement, not a test"]
async fn milliseconds_of_programs() {
    let Some(sandbox) = with_compiler(Isolation::Full).await else { return };
    let mut rounds = Vec::new();
    for inputs in [1_u16, 20, 200] {
        let mut times = Vec::new();
        for _ in 0..31 {
            let job = cpp(SUM, vec![json!("1 2"); usize::from(inputs)]);
            let started = Instant::now();
            let executions = sandbox.run(job).await.unwrap();
            times.push(started.elapsed());
            assert!(executions.iter().all(|one| one.ending == Ending::Finished));
        }
        rounds.push((inputs, best(times)));
    }
    let bare = bare();
    for (inputs, time) in rounds {
        let each = time / f64::from(inputs);
        println!("{inputs} inputs: {time:.2} ms, {each:.2} ms each");
    }
    println!("bubblewrap: {:.2} ms each; without any wall {:.2} ms each", bare.0, bare.1);
}

/// The same program, compiled by hand, behind bubblewrap and behind nothing.
#[expect(clippy::unwrap_used, reason = "a measurement may fail like a test")]
fn bare() -> (f64, f64) {
    let folder = tempfile::tempdir().unwrap();
    let (source, program) = (folder.path().join("sum.cpp"), folder.path().join("sum"));
    std::fs::write(&source, SUM).unwrap();
    let mut compiler = Command::new("g++");
    compiler.args(["-O2", "-static", "-s", "-o"]).args([&program, &source]);
    assert!(compiler.status().unwrap().success());
    let time = |command: &mut Command| {
        let started = Instant::now();
        let given = std::fs::File::open("/dev/null").unwrap();
        let output = command.stdin(given).stderr(Stdio::inherit()).output().unwrap();
        assert!(output.status.success());
        started.elapsed()
    };
    let walled = (0..101).map(|_| {
        let mut command = Command::new("bwrap");
        command.args([
            "--unshare-all",
            "--ro-bind",
            "/usr",
            "/usr",
            "--symlink",
            "usr/lib64",
            "/lib64",
        ]);
        command.args(["--symlink", "usr/lib", "/lib", "--proc", "/proc", "--dev", "/dev"]);
        command.args(["--tmpfs", "/tmp", "--die-with-parent", "--ro-bind"]);
        time(command.arg(&program).args(["/solution", "/solution"]))
    });
    let walled = best(walled.collect());
    (walled, best((0..101).map(|_| time(&mut Command::new(&program))).collect()))
}

#[tokio::test]
#[ignore = "a measurement, not a test"]
async fn milliseconds_of_compilations() {
    let Some(sandbox) = with_compiler(Isolation::Full).await else { return };
    let mut number = 0;
    let mut compile = async |headers: &str| {
        number += 1;
        let source = format!(
            "{headers}using namespace std;\nint main() {{ map<string, vector<int>> m; m[\"x\"].push_back({number}); \
             sort(m[\"x\"].begin(), m[\"x\"].end()); cout << m.size() << endl; }}"
        );
        let started = Instant::now();
        assert_eq!(run(&sandbox, &source).await.ending, Ending::Finished);
        started.elapsed()
    };
    let everything = "#include <bits/stdc++.h>\n";
    let plain = median(vec![compile(everything).await, compile(everything).await]);
    let started = Instant::now();
    compile(everything).await;
    while compile(everything).await.as_secs_f64() * 1000.0 > plain * 0.6 {}
    println!("{everything}{plain:.0} ms; compiled ahead after {:?}", started.elapsed());
    let mut times = Vec::new();
    for _ in 0..15 {
        times.push(compile(everything).await);
    }
    println!("  compiled ahead {:.0} ms", median(times));
    let few = "#include <algorithm>\n#include <iostream>\n#include <map>\n#include <vector>\n";
    let mut times = Vec::new();
    for _ in 0..7 {
        times.push(compile(few).await);
    }
    println!("{few}  {:.0} ms", median(times));
    let mut times = Vec::new();
    for _ in 0..15 {
        let job = Job { width: 1, ..cpp("int main() {}", vec![json!("")]) };
        let started = Instant::now();
        sandbox.run(job).await.unwrap();
        times.push(started.elapsed());
    }
    println!("compiled before: {:.2} ms", median(times));
}
