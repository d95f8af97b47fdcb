//! A better generator takes the place of the one before; its suite keeps the old one's kills.

use isomer_record::{TestSource, Verdict};

use super::edit::{fit, pick};
use super::state::State;
use crate::stages::{Cx, Exit};
use crate::trial::{Confirmed, examine, failed};

/// What is said of tests that change nothing.
pub(super) const NO_KILL: &str = "The new tests still accept every one of the survivors.";

/// Examines a generator and takes it over, or says why not.
pub(super) async fn consider(
    cx: &Cx,
    state: &mut State,
    generator: String,
) -> Result<Option<String>, Exit> {
    let solution = &state.verified.candidate.solution;
    let tests = TestSource::Generator(generator);
    let confirmed = match examine(cx, state.design(), solution, &tests).await? {
        Ok(confirmed) => confirmed,
        Err(flaw) => return Ok(Some(flaw.detail)),
    };
    let all: Vec<usize> = (0..state.contenders.len()).collect();
    let rows = state.run(cx, &all, &confirmed.suite).await?;
    state.remember(&confirmed.suite.input);
    if !state.survivors().iter().any(|place| kills(&rows[*place])) {
        return Ok(Some(NO_KILL.to_owned()));
    }
    take(state, tests, confirmed, rows);
    fit(&mut state.verified.suite, &mut state.contenders, &cx.pack.limits.suite);
    Ok(None)
}

/// Replaces generator and suite; of the old suite the tests stay that alone kill a near-miss.
fn take(state: &mut State, tests: TestSource, confirmed: Confirmed, rows: Vec<Vec<Verdict>>) {
    let kept = needed(state, &rows);
    let old = pick(&state.verified.suite, &kept);
    for (contender, mut row) in state.contenders.iter_mut().zip(rows) {
        row.extend(kept.iter().filter_map(|test| contender.verdicts.get(*test)));
        contender.verdicts = row;
    }
    let verified = &mut state.verified;
    verified.candidate.tests = tests;
    verified.suite = confirmed.suite;
    verified.suite.input.extend(old.input);
    verified.suite.output.extend(old.output);
    verified.cpu_ms = verified.cpu_ms.max(confirmed.cpu_ms);
    verified.memory_bytes = verified.memory_bytes.max(confirmed.memory_bytes);
    state.explored = false;
}

/// Old tests that kill what the new ones, given by their verdicts, do not. Ascending.
fn needed(state: &State, rows: &[Vec<Verdict>]) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::new();
    for (contender, row) in state.contenders.iter().zip(rows) {
        let killed = kills(row) || kept.iter().any(|test| contender.killed_by(*test));
        if !killed {
            kept.extend((0..contender.verdicts.len()).find(|test| contender.killed_by(*test)));
        }
    }
    kept.sort_unstable();
    kept
}

pub(super) fn kills(row: &[Verdict]) -> bool {
    row.iter().copied().any(failed)
}

#[cfg(test)]
mod tests {
    use isomer_record::TestSource;
    use isomer_record::Verdict::{self, Accepted, WrongAnswer};

    use super::super::close::tests::state;
    use super::{Confirmed, take};

    const A: Verdict = Accepted;
    const W: Verdict = WrongAnswer;

    #[test]
    fn a_new_generator_keeps_the_kills_of_the_old_one() {
        let mut state = state(&[&[W, A, A], &[A, A, A], &[A, W, W]]);
        let suite = isomer_record::Suite { input: vec!["new".into()], output: vec!["new".into()] };
        let confirmed = Confirmed { suite, expected: None, cpu_ms: 1, memory_bytes: 1 };
        let rows = vec![vec![A], vec![W], vec![A]];
        let better = TestSource::Generator("better".to_owned());
        take(&mut state, better.clone(), confirmed, rows);
        assert_eq!(state.verified.suite.input, ["new", "0", "1"]);
        assert!(state.survivors().is_empty());
        assert_eq!(state.contenders[0].verdicts, [A, W, A]);
        assert_eq!(state.contenders[1].verdicts, [W, A, A]);
        assert_eq!(state.contenders[2].verdicts, [A, A, W]);
        assert_eq!(state.verified.candidate.tests, better);
        assert!(!state.explored);
    }
}
