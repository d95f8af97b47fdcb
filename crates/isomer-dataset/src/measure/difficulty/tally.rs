//! Samples counted, task by task.

use std::collections::{BTreeMap, HashMap};

use isomer_measure::passing::{disagreement, mean_pass_at};
use isomer_measure::proportion::Proportion;

use super::sampler::{Outcome, Sample};
use crate::measure::{Counted, PassAt, Spread, Target, TaskPasses};

/// Seed of the bootstrap. No setting: nobody should try until one pleases.
const SEED: u64 = 0;

/// What is counted. Per task it holds a few bytes.
#[derive(Clone, Debug)]
pub struct Tally {
    samples: u32,
    tasks: Vec<OfTask>,
    /// Answers of tasks that are being sampled.
    open: HashMap<usize, Vec<Outcome>>,
    outcomes: BTreeMap<&'static str, u64>,
    unmeasured: BTreeMap<String, u64>,
    unjudged: u64,
    replayed: bool,
    prompt_tokens: u64,
    completion_tokens: u64,
    cost_usd: Option<f64>,
}

#[derive(Clone, Copy, Debug, Default)]
struct OfTask {
    judged: u32,
    passed: u32,
    apart: Option<f64>,
}

impl Tally {
    /// Of nothing yet, for so many tasks and samples of each.
    pub(super) fn new(tasks: usize, samples: u32) -> Self {
        Self {
            samples,
            tasks: vec![OfTask::default(); tasks],
            open: HashMap::new(),
            outcomes: BTreeMap::new(),
            unmeasured: BTreeMap::new(),
            unjudged: 0,
            replayed: false,
            prompt_tokens: 0,
            completion_tokens: 0,
            cost_usd: Some(0.0),
        }
    }

    pub(super) fn add(&mut self, task: usize, sample: Sample) {
        let Sample { outcome, replayed, usage, cost_usd } = sample;
        let Some(of_task) = self.tasks.get_mut(task) else { return };
        of_task.judged += 1;
        of_task.passed += u32::from(outcome.passed());
        self.replayed |= replayed;
        self.prompt_tokens += usage.prompt_tokens;
        self.completion_tokens += usage.completion_tokens;
        self.cost_usd = self.cost_usd.zip(cost_usd).map(|(one, other)| one + other);
        *self.outcomes.entry(outcome.name()).or_default() += 1;
        let open = self.open.entry(task).or_default();
        open.push(outcome);
        if of_task.judged == self.samples {
            of_task.apart = apart(open);
            self.open.remove(&task);
        }
    }

    pub(super) fn unjudged(&mut self) {
        self.unjudged += 1;
    }

    pub(super) fn unmeasured(&mut self, why: &str) {
        *self.unmeasured.entry(why.to_owned()).or_default() += 1;
    }

    /// What is known of one task; `None` if it has no sample.
    pub fn task(&self, task: usize) -> Option<TaskPasses> {
        let of_task = self.tasks.get(task).filter(|of_task| of_task.judged > 0)?;
        let share = Proportion::of(of_task.passed.into(), of_task.judged.into());
        Some(TaskPasses {
            samples: of_task.judged,
            passed: of_task.passed,
            low: share.low.unwrap_or_default(),
            high: share.high.unwrap_or_default(),
        })
    }

    /// The sums. Calls, tokens and cost are those of the answers that were counted; a ledger that
    /// also knows of attempts in vain knows better.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn finish(&self, band: (f64, f64)) -> Target {
        let complete = || self.tasks.iter().filter(|task| task.judged == self.samples);
        let mut by_passed = vec![0; self.samples as usize + 1];
        for task in complete() {
            by_passed[task.passed as usize] += 1;
        }
        let shares: Vec<f64> =
            complete().map(|task| f64::from(task.passed) / f64::from(self.samples)).collect();
        let inside = shares.iter().filter(|share| (band.0..=band.1).contains(share)).count();
        let apart: Vec<f64> = complete().filter_map(|task| task.apart).collect();
        let pass_at = mean_pass_at(&by_passed, self.samples, SEED).into_iter().map(|one| PassAt {
            k: one.k,
            mean: one.mean,
            low: one.interval.low,
            high: one.interval.high,
        });
        let counted =
            |(name, tasks): (&String, &u64)| Counted { name: name.clone(), tasks: *tasks };
        Target {
            replayed: self.replayed,
            samples: self.samples,
            pass_at: pass_at.collect(),
            band,
            inside: Proportion::of(inside as u64, shares.len() as u64),
            tasks: shares.len() as u64,
            spread: Spread::of(shares, 0.0, 1.0).unwrap_or_default(),
            disagreement: (!apart.is_empty())
                .then(|| apart.iter().sum::<f64>() / apart.len() as f64),
            outcomes: self.outcomes.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect(),
            unjudged: self.unjudged,
            unmeasured: self.unmeasured.iter().map(counted).collect(),
            calls: self.outcomes.values().sum(),
            prompt_tokens: self.prompt_tokens,
            completion_tokens: self.completion_tokens,
            cost_usd: self.cost_usd.filter(|_| !self.outcomes.is_empty()),
            ..Target::default()
        }
    }
}

/// Share of pairs of samples that answer differently on some test.
fn apart(outcomes: &[Outcome]) -> Option<f64> {
    let mut groups: Vec<(Outcome, u64)> = Vec::new();
    for outcome in outcomes {
        match groups.iter_mut().find(|(of, _)| of == outcome) {
            Some((_, size)) => *size += 1,
            None => groups.push((*outcome, 1)),
        }
    }
    disagreement(&groups.into_iter().map(|(_, size)| size).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use isomer_model::Usage;
    use isomer_record::Verdict;

    use super::super::sampler::{NoProgram, Outcome, Sample, Trial};
    use super::Tally;

    fn judged(verdict: Verdict, answer: u64) -> Sample {
        let test = (verdict != Verdict::Accepted).then_some(0);
        sample(Outcome::Judged(Trial { verdict, test, answer }), false)
    }

    fn sample(outcome: Outcome, replayed: bool) -> Sample {
        let usage = Usage { prompt_tokens: 10, completion_tokens: 3, ..Usage::default() };
        Sample { outcome, replayed, usage, cost_usd: Some(0.25) }
    }

    #[test]
    fn tasks_are_told_apart_and_only_complete_ones_count() {
        let mut tally = Tally::new(4, 4);
        let right = judged(Verdict::Accepted, 0);
        for sample in
            [right, right, judged(Verdict::WrongAnswer, 7), judged(Verdict::WrongAnswer, 8)]
        {
            tally.add(0, sample);
        }
        for _ in 0..4 {
            let outcome = Outcome::NoProgram(NoProgram::NoCode);
            tally.add(1, sample(outcome, true));
        }
        for _ in 0..3 {
            tally.add(2, right);
        }
        tally.unjudged();
        tally.unmeasured("the task has no tests");
        let target = tally.finish((0.05, 0.8));
        assert_eq!((target.tasks, target.samples, target.unjudged), (2, 4, 1));
        assert_eq!((target.inside.share, target.inside.of), (Some(0.5), 2));
        let means: Vec<(u32, f64)> = target.pass_at.iter().map(|at| (at.k, at.mean)).collect();
        assert_eq!(means[0], (1, 0.25));
        // Of two samples one is right in five pairs of six.
        assert!((means[1].1 - 5.0 / 12.0).abs() < 1e-12 && means[2] == (4, 0.5), "{means:?}");
        assert!((target.disagreement.unwrap() - 5.0 / 12.0).abs() < 1e-12);
        assert_eq!(target.outcomes["accepted"], 5);
        assert_eq!((target.outcomes["no_code"], target.outcomes["wrong_answer"]), (4, 2));
        assert!(target.replayed);
        assert_eq!((target.calls, target.prompt_tokens, target.cost_usd), (11, 110, Some(2.75)));
        assert_eq!(target.unmeasured[0].tasks, 1);
        let passes = tally.task(2).unwrap();
        assert_eq!((passes.samples, passes.passed), (3, 3));
        assert!(passes.low < 0.5 && passes.high > 0.99 && tally.task(3).is_none());
    }
}
