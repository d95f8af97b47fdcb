//! The account at the end: who counts, who was killed, and whether that is enough.

use isomer_record::{DropReason, Hardened, NearMiss, NearMissStatus, Verdict};
use serde_json::json;

use super::contender::{Contender, overall};
use super::edit::killers_first;
use super::state::State;
use crate::pack::HardenPolicy;
use crate::stages::Exit;

/// Refuses tasks whose kill rate would mean nothing, before more is spent on them.
pub(super) fn enough(state: &State, min_counted: u32) -> Result<(), Exit> {
    let valid = state.contenders.iter().filter(|contender| !contender.invalid).count();
    if valid < min_counted as usize {
        return Err(Exit::dropped(DropReason::TooFewNearMisses, too_few(valid, min_counted))
            .with_evidence(json!({ "near_misses": near_misses(state, None) })));
    }
    Ok(())
}

/// Makes the record, and drops the task if too few near-misses count or too many survive.
pub(super) fn run(policy: &HardenPolicy, mut state: State) -> Result<Hardened, Exit> {
    // The tests of a file have their order from it.
    if state.verified.candidate.tests.generator().is_some() {
        killers_first(&mut state.verified.suite, &mut state.contenders);
    }
    let near_misses = near_misses(&state, policy.fresh_inputs);
    let rates = Rates::of(&near_misses);
    let evidence = json!({
        "near_misses": near_misses,
        "kill_rate_before": rates.before(),
        "kill_rate_after": rates.after(),
        "rounds": state.rounds,
        "inputs_tried": state.inputs_tried(),
        "generator": state.verified.candidate.tests.generator(),
        "pytest": state.verified.candidate.tests.pytest(),
    });
    if rates.counted < policy.min_counted as usize {
        let detail = too_few(rates.counted, policy.min_counted);
        return Err(Exit::dropped(DropReason::TooFewNearMisses, detail).with_evidence(evidence));
    }
    if rates.after() < policy.min_kill_rate {
        let detail = format!(
            "{} of {} near-misses are killed, a share of {} is needed",
            rates.killed_after, rates.counted, policy.min_kill_rate
        );
        return Err(Exit::dropped(DropReason::NearMissesSurvive, detail).with_evidence(evidence));
    }
    Ok(Hardened {
        kill_rate_before: rates.before(),
        kill_rate_after: rates.after(),
        rounds: state.rounds,
        inputs_tried: state.inputs_tried(),
        near_misses,
        verified: state.verified,
    })
}

fn too_few(counted: usize, wanted: u32) -> String {
    format!("{counted} near-misses count, at least {wanted} are needed")
}

/// Without `enough_inputs` no survivor is ever taken for right.
fn near_misses(state: &State, enough_inputs: Option<u64>) -> Vec<NearMiss> {
    let indistinguishable = enough_inputs.is_some_and(|enough| state.inputs_tried() >= enough);
    let record = |contender: &Contender| NearMiss {
        code: contender.draft.code.clone(),
        mistake: contender.draft.mistake.clone(),
        verdict_before: contender.before,
        verdict_after: overall(&contender.verdicts),
        status: status(contender, indistinguishable),
        verdicts: contender.verdicts.clone(),
    };
    state.contenders.iter().map(record).collect()
}

fn status(contender: &Contender, indistinguishable: bool) -> NearMissStatus {
    match (contender.invalid, contender.survives()) {
        (true, _) => NearMissStatus::Invalid,
        (false, false) => NearMissStatus::Killed,
        (false, true) if indistinguishable => NearMissStatus::Indistinguishable,
        (false, true) => NearMissStatus::Survived,
    }
}

/// Both kill rates have the same denominator, or their difference would mean nothing.
struct Rates {
    counted: usize,
    killed_before: usize,
    killed_after: usize,
}

impl Rates {
    fn of(near_misses: &[NearMiss]) -> Self {
        let counts = |one: &&NearMiss| {
            matches!(one.status, NearMissStatus::Killed | NearMissStatus::Survived)
        };
        let killed = |verdict: Verdict| verdict != Verdict::Accepted;
        let counted = || near_misses.iter().filter(counts);
        Self {
            counted: counted().count(),
            killed_before: counted().filter(|one| killed(one.verdict_before)).count(),
            killed_after: counted().filter(|one| killed(one.verdict_after)).count(),
        }
    }

    fn before(&self) -> f64 {
        share(self.killed_before, self.counted)
    }

    fn after(&self) -> f64 {
        share(self.killed_after, self.counted)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    if whole == 0 { 0.0 } else { number(part) / number(whole) }
}

#[cfg(test)]
pub(super) mod tests {
    use isomer_record::Verdict::{self, Accepted, CompileError, WrongAnswer};
    use isomer_record::{
        Candidate, Comparison, Design, DropReason, JudgeMode, NearMissStatus, Suite, TestSource,
        Verified,
    };
    use serde_json::json;

    use super::{Contender, State, enough, run};
    use crate::pack::HardenPolicy;
    use crate::reply::NearMissDraft;
    use crate::stages::Exit;

    /// A fight over three tests with the inputs `0`, `1` and `2`.
    pub(in crate::stages::harden) fn state(rows: &[&[Verdict]]) -> State {
        let design = Design {
            statement: String::new(),
            judge_mode: JudgeMode::Stdio,
            fn_name: None,
            comparison: Comparison::Exact,
            header: None,
        };
        let suite = Suite {
            input: vec!["0".into(), "1".into(), "2".into()],
            output: vec!["0".into(), "1".into(), "2".into()],
        };
        let candidate = Candidate {
            design,
            solution: String::new(),
            tests: TestSource::Generator(String::new()),
        };
        let verified =
            Verified { candidate, suite, expected: None, cpu_ms: 0, memory_bytes: 0, repairs: 0 };
        let draft = || NearMissDraft { mistake: String::new(), code: String::new() };
        let contenders =
            rows.iter().map(|row| Contender::new(draft(), row.to_vec(), false)).collect();
        State::new(verified, contenders)
    }

    const POLICY: HardenPolicy =
        HardenPolicy { near_misses: 5, min_counted: 2, min_kill_rate: 0.5, fresh_inputs: Some(10) };
    const A: Verdict = Accepted;
    const W: Verdict = WrongAnswer;

    fn tried(mut state: State, inputs: usize) -> State {
        let inputs: Vec<_> = (0..inputs).map(|number| json!(format!("fresh {number}"))).collect();
        state.remember(&inputs);
        state
    }

    #[test]
    fn a_survivor_of_enough_inputs_leaves_both_rates() {
        let mut fight = tried(state(&[&[W, A, A], &[A, A, A], &[A, A, W]]), 7);
        fight.contenders[2].before = A;
        let hardened = run(&POLICY, fight).unwrap();
        assert_eq!(hardened.inputs_tried, 10);
        assert_eq!(hardened.near_misses[1].status, NearMissStatus::Indistinguishable);
        assert!((hardened.kill_rate_before - 0.5).abs() < 1e-12);
        assert!((hardened.kill_rate_after - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_survivor_of_few_inputs_counts_against_the_tests() {
        let fight = tried(state(&[&[W, A, A], &[A, A, A]]), 6);
        let hardened = run(&POLICY, fight).unwrap();
        assert_eq!(hardened.near_misses[1].status, NearMissStatus::Survived);
        assert!((hardened.kill_rate_after - 0.5).abs() < 1e-12);
    }

    fn reason(result: Result<isomer_record::Hardened, Exit>) -> DropReason {
        match result {
            Err(Exit::Dropped { reason, evidence: Some(_), .. }) => reason,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn too_many_survivors_drop_the_task() {
        let fight = state(&[&[W, A, A], &[A, A, A], &[A, A, A]]);
        assert_eq!(reason(run(&POLICY, fight)), DropReason::NearMissesSurvive);
    }

    #[test]
    fn too_few_that_count_drop_the_task() {
        let fight = state(&[&[W, A, A], &[CompileError; 3]]);
        assert!(enough(&fight, 2).is_err());
        assert_eq!(reason(run(&POLICY, fight)), DropReason::TooFewNearMisses);
        let fight = tried(state(&[&[W, A, A], &[A, A, A]]), 7);
        assert!(enough(&fight, 2).is_ok());
        assert_eq!(reason(run(&POLICY, fight)), DropReason::TooFewNearMisses);
    }
}
