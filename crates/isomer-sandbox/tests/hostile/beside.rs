//! Innocent programs beside hostile ones, in the same sandbox at the same time: no verdict of theirs
//! may change.
#![expect(clippy::print_stdout, reason = "the figures are the result")]

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use isomer_record::Verdict;
use isomer_sandbox::{Isolation, Job, Limits, Sandbox, Settings};

use crate::common::{LIMITS, settings};
use crate::innocent::{self, Innocent};
use crate::program::{self, Program};
use crate::{alone, common};

/// So short that a round takes seconds; the innocent have the usual limits.
const SHORT: Limits = Limits { cpu_ms: 200, wall_ms: 600, ..LIMITS };

/// What two hostile and two innocent lanes share.
struct Field {
    sandbox: Sandbox,
    programs: Vec<Program>,
    rounds: usize,
    next: AtomicUsize,
    over: AtomicBool,
    complaints: Mutex<Vec<String>>,
}

impl Field {
    fn complain(&self, complaints: Vec<String>) {
        self.complaints.lock().unwrap().extend(complaints);
    }

    /// Runs hostile programs, two inputs each, until all had their rounds.
    async fn attack(&self) {
        loop {
            let turn = self.next.fetch_add(1, Ordering::Relaxed);
            if turn >= self.rounds * self.programs.len() {
                return;
            }
            let program = &self.programs[turn % self.programs.len()];
            let executions = self.sandbox.run(hostile(program)).await.unwrap();
            for execution in executions {
                if alone::verdict(program, &execution) == Verdict::Accepted {
                    self.complain(vec![format!("{}: accepted", program.name)]);
                }
            }
        }
    }

    /// Runs innocent programs as long as there are hostile ones; returns how many verdicts.
    async fn work(&self, innocents: &[Innocent]) -> usize {
        let mut verdicts = 0;
        while !self.over.load(Ordering::Relaxed) {
            for innocent in innocents {
                self.complain(innocent::check(&self.sandbox, innocent).await);
                verdicts += 2;
            }
        }
        verdicts
    }
}

/// One run of a hostile program that may bring back what it made of the files.
fn hostile(program: &Program) -> Job {
    Job {
        limits: SHORT,
        fetch: vec!["brought".to_owned(), "folder/brought".to_owned(), "link0".to_owned()],
        ..common::job(&program.source, program.entry.clone(), vec![program.input()])
    }
}

async fn no_verdict_changes(rounds: usize) {
    let sandbox = Sandbox::open(Settings { slots: 4, ..settings(Isolation::Full) }).await.unwrap();
    let innocents = innocent::all(&sandbox).await;
    let field = Field {
        sandbox,
        programs: program::all(),
        rounds,
        next: AtomicUsize::new(0),
        over: AtomicBool::new(false),
        complaints: Mutex::default(),
    };
    let started = Instant::now();
    let attacks = async {
        tokio::join!(field.attack(), field.attack());
        field.over.store(true, Ordering::Relaxed);
    };
    let (first, second, ()) = tokio::join!(field.work(&innocents), field.work(&innocents), attacks);
    let complaints = field.complaints.into_inner().unwrap();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    let runs = rounds * field.programs.len();
    println!(
        "{} hostile programs, {runs} runs, beside {} innocent verdicts in {:.0} s",
        field.programs.len(),
        first + second,
        started.elapsed().as_secs_f64()
    );
    assert!(first + second >= 20 * rounds);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_innocent_verdict_changes() {
    no_verdict_changes(5).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a quarter of an hour: 200 rounds"]
async fn no_innocent_verdict_changes_for_long() {
    no_verdict_changes(200).await;
}
