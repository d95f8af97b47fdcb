//! Taking the sample apart under another schema: many questions at once, none of them lost.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use futures::StreamExt;
use isomer_flow::pack::Pack;
use isomer_flow::runner::{StopLevel, seed_id};
use isomer_flow::stages::decompose;
use isomer_flow::stages::{Exit as StageExit, FlowSettings, Halt, Item};
use isomer_model::Model;
use isomer_record::{Elements, Stage};
use isomer_store::DecomposedSeed;
use tokio::sync::watch;

use crate::commands::live;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::settings::Operation;

/// Failures in a row, none of them the seed's fault, after which no further seed is begun.
const FAILURES: u32 = 8;

/// How often progress is told.
const TOLD_EVERY: Duration = Duration::from_secs(10);

/// Who is asked, and how.
pub(super) struct Asker<'a> {
    pub(super) model: &'a dyn Model,
    pub(super) settings: &'a FlowSettings,
    pub(super) operation: &'a Operation,
    pub(super) stop: watch::Receiver<StopLevel>,
    pub(super) quiet: bool,
}

impl Asker<'_> {
    /// One element set for each seed, or none where the model gave none. Seeds that are already
    /// being asked about when something ends the work are waited for: their answers are paid.
    pub(super) async fn take_apart(
        &self,
        pack: &Pack,
        seeds: &[DecomposedSeed],
    ) -> Result<Vec<Option<Elements>>, Failure> {
        let over = AtomicBool::new(false);
        let failed_in_a_row = AtomicU32::new(0);
        let answers = futures::stream::iter(seeds.iter().enumerate()).map(|(place, one)| {
            let (over, failed_in_a_row) = (&over, &failed_in_a_row);
            async move {
                if over.load(Ordering::Relaxed) || *self.stop.borrow() != StopLevel::Run {
                    return (place, None);
                }
                let item =
                    Item { id: seed_id(pack, &one.seed), sample: 0, stage: Stage::Decompose };
                let answer =
                    decompose::alone(pack, self.model, self.settings, &item, &one.seed).await;
                match &answer {
                    Err(StageExit::Halt(_)) => over.store(true, Ordering::Relaxed),
                    Err(StageExit::Failed { .. }) => {
                        if failed_in_a_row.fetch_add(1, Ordering::Relaxed) + 1 >= FAILURES {
                            over.store(true, Ordering::Relaxed);
                        }
                    }
                    _ => failed_in_a_row.store(0, Ordering::Relaxed),
                }
                (place, Some(answer))
            }
        });
        let mut answers = answers.buffer_unordered(self.operation.jobs as usize);
        let mut tally = Tally::new(seeds.len());
        let mut now = self.stop.clone();
        loop {
            let answer = tokio::select! {
                answer = answers.next() => answer,
                _ = now.wait_for(|level| *level == StopLevel::Now) => return Err(stopped()),
            };
            let Some((place, answer)) = answer else { break };
            tally.add(place, answer, self.quiet);
        }
        if *self.stop.borrow() != StopLevel::Run {
            return Err(stopped());
        }
        tally.end(self.operation)
    }
}

/// What came back.
struct Tally {
    elements: Vec<Option<Elements>>,
    done: usize,
    halt: Option<Halt>,
    failed: usize,
    last: String,
    told: Instant,
}

impl Tally {
    fn new(seeds: usize) -> Self {
        Self {
            elements: vec![None; seeds],
            done: 0,
            halt: None,
            failed: 0,
            last: String::new(),
            told: Instant::now(),
        }
    }

    fn add(&mut self, place: usize, answer: Option<Result<Elements, StageExit>>, quiet: bool) {
        self.done += 1;
        match answer {
            Some(Ok(elements)) => self.elements[place] = Some(elements),
            // The seed could not be read under this schema, which is a figure and no failure.
            Some(Err(StageExit::Dropped { .. })) | None => {}
            Some(Err(StageExit::Failed { error, .. })) => {
                self.failed += 1;
                self.last = error;
            }
            Some(Err(StageExit::Halt(halt))) => self.halt = Some(halt),
        }
        if !quiet && self.told.elapsed() >= TOLD_EVERY {
            self.told = Instant::now();
            output::note(&format!("{} of {} seeds", self.done, self.elements.len()));
        }
    }

    fn end(self, operation: &Operation) -> Result<Vec<Option<Elements>>, Failure> {
        if let Some(halt) = self.halt {
            return Err(halted(&halt, operation));
        }
        if self.failed > 0 {
            return Err(unjudged(
                &format!("{} seeds could not be taken apart", self.failed),
                &self.last,
            ));
        }
        Ok(self.elements)
    }
}

/// Why a question for which no seed is to blame has no answer.
pub(super) fn failure(exit: StageExit, operation: &Operation) -> Failure {
    match exit {
        StageExit::Halt(halt) => halted(&halt, operation),
        StageExit::Failed { error, .. } => unjudged("the question was not answered", &error),
        StageExit::Dropped { detail, .. } => Failure::new(detail),
    }
}

fn halted(halt: &Halt, operation: &Operation) -> Failure {
    match halt {
        Halt::Model(error) => live::model_failure(error, operation),
        Halt::Budget => Failure::new("the budget is reached")
            .help("raise it and give the same command again: nothing is paid twice")
            .exit(Exit::Budget),
        Halt::Pack(error) => Failure::because("failed to write a prompt", error),
    }
}

fn unjudged(what: &str, last: &str) -> Failure {
    Failure::new(what)
        .help(format!("the last one: {last}\nthe same command goes on when that is mended"))
        .exit(Exit::Unjudged)
}

fn stopped() -> Failure {
    Failure::new("stopped")
        .help("the same command goes on; what was answered is kept")
        .exit(Exit::Interrupted)
}
