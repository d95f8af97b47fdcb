//! Choosing and ordering tests so that a format's graders come to the right verdicts.
//!
//! Tests on which a grader would be wrong about the reference are left aside. Those that reject
//! near-misses come first, as few as do it; the others follow in their old order, as many as every
//! grader reads and as the row has room for. What comes out is graded as a whole once more.

use serde_json::{Value, json};

use crate::format::Format;
use crate::grade::{Grade, Grader};
use crate::left_out::{LeftOut, Reason};
use crate::trial::Trial;
use crate::written::write;

/// Limits of a row.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Bytes of all tests of a task.
    pub row_bytes: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { row_bytes: 1 << 20 }
    }
}

/// The tests to be written, in order, or why there is no row.
pub fn shape(format: Format, trial: &Trial, room: Room) -> Result<Vec<usize>, LeftOut> {
    let shaper = Shaper { format, trial, room };
    shaper.check_task()?;
    if !format.shapes() {
        return Ok((0..trial.inputs.len()).collect());
    }
    let usable = shaper.usable()?;
    let tests = shaper.order(&usable);
    shaper.check_suite(&tests)?;
    Ok(tests)
}

struct Shaper<'a> {
    format: Format,
    trial: &'a Trial,
    room: Room,
}

impl Shaper<'_> {
    fn left_out(&self, reason: Reason, grader: Option<&Grader>, witness: Value) -> LeftOut {
        LeftOut {
            id: self.trial.line.id.clone(),
            reason,
            grader: grader.map(|grader| grader.name),
            witness,
        }
    }

    /// What can be said without looking at single tests.
    fn check_task(&self) -> Result<(), LeftOut> {
        let (line, reference) = (&self.trial.line, &self.trial.reference);
        let mode = line.judge_mode;
        if !self.format.carries(mode) {
            return Err(self.left_out(Reason::ModeNotCarried, None, json!({"judge_mode": mode})));
        }
        if !self.trial.has_tests() {
            return Err(self.left_out(Reason::NoTests, None, Value::Null));
        }
        if line.solution.trim().is_empty() {
            return Err(self.left_out(Reason::NoSolution, None, Value::Null));
        }
        if let Some(test) = reference
            .verdicts
            .iter()
            .position(|verdict| *verdict != isomer_record::Verdict::Accepted)
        {
            let ending = reference.runs.get(test).map(|run| run.ending.describe());
            let witness =
                json!({"test": test, "verdict": reference.verdicts[test], "ending": ending});
            return Err(self.left_out(Reason::ReferenceWrong, None, witness));
        }
        if self.format == Format::Dpo && self.trial.wrong().next().is_none() {
            return Err(self.left_out(Reason::NoNearMiss, None, Value::Null));
        }
        for grader in self.format.graders() {
            if !grader.compares(mode, line.comparison) {
                let witness = json!({"comparison": line.comparison});
                return Err(self.left_out(Reason::ComparisonNotCarried, Some(grader), witness));
            }
            if let Some(found) = grader.refuses(mode, reference) {
                let witness = json!({"found": found});
                return Err(self.left_out(Reason::ReferenceNotRunnable, Some(grader), witness));
            }
        }
        Ok(())
    }

    /// Tests that can be written, fit, and show the reference to be right.
    fn usable(&self) -> Result<Vec<usize>, LeftOut> {
        let all = 0..self.trial.inputs.len();
        let written: Vec<usize> =
            all.filter(|test| write(self.format, self.trial, *test).is_some()).collect();
        if written.is_empty() {
            return Err(self.left_out(
                Reason::TestsNotExpressible,
                None,
                json!({"tests": self.trial.inputs.len()}),
            ));
        }
        let small: Vec<usize> = written
            .into_iter()
            .filter(|test| self.trial.test_bytes(*test) <= self.room.row_bytes)
            .collect();
        if small.is_empty() {
            return Err(self.left_out(
                Reason::TestsTooLarge,
                None,
                json!({"row_bytes": self.room.row_bytes}),
            ));
        }
        let mut usable = small.clone();
        for grader in self.format.graders() {
            let grade = |test: &usize| grader.grade(self.trial, &self.trial.reference, *test);
            let before = usable.clone();
            usable.retain(|test| grade(test) == Grade::Accepts);
            if usable.is_empty() {
                let slow = before.iter().find(|test| grade(test) == Grade::Uncertain);
                let witness = json!({"test": slow.or(before.first())});
                let reason = if slow.is_some() {
                    Reason::ReferenceTooSlow
                } else {
                    Reason::ReferenceRejected
                };
                return Err(self.left_out(reason, Some(grader), witness));
            }
        }
        Ok(usable)
    }

    /// Tests that reject first, then the others, within what graders read and the row holds.
    fn order(&self, usable: &[usize]) -> Vec<usize> {
        let graders = self.format.graders();
        let mut open: Vec<(&Grader, usize)> = Vec::new();
        let wrong: Vec<_> = self.trial.wrong().map(|(_, program)| program).collect();
        for grader in graders {
            open.extend((0..wrong.len()).map(|index| (grader, index)));
        }
        let most = graders.iter().map(|grader| grader.reads).min().unwrap_or(usize::MAX);
        let time = graders.iter().map(|grader| grader.all_ms).min().unwrap_or(u64::MAX) / 2;
        let mut left: Vec<usize> = usable.to_vec();
        let mut chosen = Chosen { tests: Vec::new(), bytes: 0, ms: 0 };
        while chosen.tests.len() < most {
            left.retain(|test| chosen.has_room(self.trial, *test, self.room, time));
            let rejects = |test: usize, pair: &(&Grader, usize)| {
                pair.0.grade(self.trial, wrong[pair.1], test) == Grade::Rejects
            };
            let gain = |test: usize| open.iter().filter(|pair| rejects(test, pair)).count();
            // Of those that reject as many, the smallest; then the first.
            let best = left.iter().copied().enumerate().min_by_key(|(place, test)| {
                let gain = gain(*test);
                let size = if gain == 0 { 0 } else { self.trial.test_bytes(*test) };
                (std::cmp::Reverse(gain), size, *place)
            });
            let Some((place, test)) = best else { break };
            open.retain(|pair| !rejects(test, pair));
            left.remove(place);
            chosen.add(self.trial, test);
        }
        chosen.tests
    }

    /// Grades the whole suite as it will be written.
    fn check_suite(&self, tests: &[usize]) -> Result<(), LeftOut> {
        for grader in self.format.graders() {
            if grader.grade_all(self.trial, &self.trial.reference, tests) != Grade::Accepts {
                return Err(self.left_out(
                    Reason::ReferenceTooSlow,
                    Some(grader),
                    json!({"tests": tests.len()}),
                ));
            }
            for (index, program) in self.trial.wrong() {
                if grader.grade_all(self.trial, program, tests) != Grade::Rejects {
                    let caught = program
                        .verdicts
                        .iter()
                        .position(|verdict| *verdict != isomer_record::Verdict::Accepted);
                    let witness = json!({"near_miss": index, "caught_by_test": caught});
                    return Err(self.left_out(Reason::NearMissAccepted, Some(grader), witness));
                }
            }
        }
        Ok(())
    }
}

struct Chosen {
    tests: Vec<usize>,
    bytes: usize,
    ms: u64,
}

impl Chosen {
    fn has_room(&self, trial: &Trial, test: usize, room: Room, time: u64) -> bool {
        self.bytes + trial.test_bytes(test) <= room.row_bytes
            && self.ms + wall_ms(trial, test) <= time
    }

    fn add(&mut self, trial: &Trial, test: usize) {
        self.bytes += trial.test_bytes(test);
        self.ms += wall_ms(trial, test);
        self.tests.push(test);
    }
}

fn wall_ms(trial: &Trial, test: usize) -> u64 {
    trial.reference.runs.get(test).map_or(0, |run| run.wall_ms)
}
