//! `isomer sandbox bench`: how many verdicts this machine gives.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use futures::future::try_join_all;
use isomer_record::{Comparison, JudgeMode, Verdict};
use isomer_sandbox::{Job, Sandbox, diagnose, judge};
use serde::Serialize;
use serde_json::json;

use super::sandbox::operation;
use super::{Setting, live, write};
use crate::cli::SandboxBenchArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// Reads two numbers and prints their sum: as little as a program can do that has an answer.
const PROGRAM: &str = "print(sum(map(int, input().split())))";

/// Tests of a suite, as many as problems usually have.
const SUITE: u32 = 20;

#[derive(Serialize)]
struct Findings {
    python: String,
    layers: Vec<Layer>,
    packages: Vec<String>,
    measurements: Vec<Measurement>,
}

#[derive(Serialize)]
struct Layer {
    name: &'static str,
    active: bool,
}

/// Verdicts on one kind of job. Times are those of whole jobs.
#[derive(Serialize)]
struct Measurement {
    tests_per_job: u32,
    at_once: usize,
    verdicts_per_second: f64,
    verdicts_per_second_and_core: f64,
    p50_ms: f64,
    p95_ms: f64,
}

/// Runs the command.
pub(super) async fn run(args: &SandboxBenchArgs, setting: Setting<'_>) -> Result<Exit, Failure> {
    let operation = operation(&args.walls, args.jobs, setting)?;
    let slots = live::slots(operation.sandbox_slots);
    let settings = live::sandbox_settings(operation.isolation, operation.python.as_deref(), slots)?;
    let diagnosis = diagnose(settings).await;
    let sandbox = live::sandbox(&operation).await?;
    let python = sandbox.python();
    let mut findings = Findings {
        python: format!("{} at {}", python.version, python.path.display()),
        layers: diagnosis
            .layers
            .iter()
            .map(|layer| Layer { name: layer.name, active: layer.active })
            .collect(),
        packages: args.walls.packages.clone(),
        measurements: Vec::new(),
    };
    let length = Duration::from_secs(args.seconds);
    for (tests, at_once) in [(1, 1), (1, slots), (SUITE, slots)] {
        let job = job(tests, &args.walls.packages);
        // The first jobs find no warm jails.
        measure(&sandbox, &job, at_once, Duration::ZERO).await?;
        findings.measurements.push(measure(&sandbox, &job, at_once, length).await?);
    }
    if args.json {
        write(output::json(&findings))?;
    } else {
        write(output::data(&table(&findings)))?;
    }
    Ok(Exit::Complete)
}

fn job(tests: u32, packages: &[String]) -> Job {
    let mut source = String::new();
    for name in packages {
        let _ = writeln!(source, "import {name}");
    }
    source.push_str(PROGRAM);
    Job {
        source,
        inputs: (0..tests).map(|number| json!(format!("{number} 2\n"))).collect(),
        packages: packages.to_vec(),
        ..Job::default()
    }
}

async fn measure(
    sandbox: &Sandbox,
    job: &Job,
    at_once: usize,
    length: Duration,
) -> Result<Measurement, Failure> {
    let started = Instant::now();
    // Each of those at work starts at least one job, so that all jails get warm.
    let jobs = (0..at_once).map(|_| async {
        let mut times = Vec::new();
        while times.is_empty() || started.elapsed() < length {
            times.push(once(sandbox, job).await?);
        }
        Ok::<_, Failure>(times)
    });
    let mut times = try_join_all(jobs).await?.concat();
    let wall = started.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    let tests = u32::try_from(job.inputs.len()).unwrap_or(u32::MAX);
    let cores = std::thread::available_parallelism().map_or(1, usize::from).min(at_once);
    #[expect(clippy::cast_precision_loss, reason = "counts of jobs and cores")]
    let (count, cores) = (times.len() as f64, cores as f64);
    let rate = count * f64::from(tests) / wall;
    Ok(Measurement {
        tests_per_job: tests,
        at_once,
        verdicts_per_second: rate,
        verdicts_per_second_and_core: rate / cores,
        p50_ms: times[times.len() / 2] * 1e3,
        p95_ms: times[times.len() * 95 / 100] * 1e3,
    })
}

/// Seconds until a job's verdicts, all of which must be right.
async fn once(sandbox: &Sandbox, job: &Job) -> Result<f64, Failure> {
    let started = Instant::now();
    let fail = |error| Failure::because("the sandbox failed", &error);
    let executions = sandbox.run(job.clone()).await.map_err(fail)?;
    for (number, execution) in executions.iter().enumerate() {
        let expected = json!((number + 2).to_string());
        if judge(JudgeMode::Stdio, Comparison::Exact, &expected, execution) != Verdict::Accepted {
            let ending = execution.ending.describe();
            return Err(Failure::new(format!("a right program was not accepted: {ending}")));
        }
    }
    Ok(started.elapsed().as_secs_f64())
}

fn table(findings: &Findings) -> String {
    let named = |active: bool| {
        let names = findings.layers.iter().filter(|layer| layer.active == active);
        names.map(|layer| layer.name).collect::<Vec<_>>().join(", ")
    };
    let mut text = format!("python {}\nactive layers: {}\n", findings.python, named(true));
    if findings.layers.iter().any(|layer| !layer.active) {
        let _ = writeln!(text, "missing layers: {}", named(false));
    }
    if !findings.packages.is_empty() {
        let _ = writeln!(text, "every program imports {}", findings.packages.join(", "));
    }
    let heads = ["verdicts/s", "and core", "job p50 ms", "p95 ms"];
    let _ = writeln!(
        text,
        "\n{:<24}{:>12}{:>12}{:>12}{:>12}",
        "", heads[0], heads[1], heads[2], heads[3]
    );
    for one in &findings.measurements {
        let tests = if one.tests_per_job == 1 { "test" } else { "tests" };
        let name = format!("{} {tests}, {} at once", one.tests_per_job, one.at_once);
        let (rate, core) = (one.verdicts_per_second, one.verdicts_per_second_and_core);
        let _ = writeln!(
            text,
            "{name:<24}{rate:>12.0}{core:>12.0}{:>12.2}{:>12.2}",
            one.p50_ms, one.p95_ms
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Findings, Layer, Measurement, table};

    #[test]
    fn figures_stand_below_their_names() {
        let findings = Findings {
            python: "3.12.1 at /usr/bin/python3.12".to_owned(),
            layers: vec![
                Layer { name: "namespaces", active: true },
                Layer { name: "system call filter", active: true },
            ],
            packages: vec!["numpy".to_owned()],
            measurements: vec![Measurement {
                tests_per_job: 20,
                at_once: 2,
                verdicts_per_second: 1534.6,
                verdicts_per_second_and_core: 767.3,
                p50_ms: 26.04,
                p95_ms: 28.5,
            }],
        };
        insta::assert_snapshot!(table(&findings), @r"
        python 3.12.1 at /usr/bin/python3.12
        active layers: namespaces, system call filter
        every program imports numpy

                                  verdicts/s    and core  job p50 ms      p95 ms
        20 tests, 2 at once             1535         767       26.04       28.50
        ");
    }
}
