//! The tester writes a better generator; it is taken only if that is an improvement.

use isomer_record::Verdict;

use super::edit::{fit, pick};
use super::state::State;
use crate::ask::ask;
use crate::pack::{HardenVars, Prompt, SurvivorVars, TaskVars};
use crate::reply::{self, Hardening};
use crate::stages::{Cx, Exit, Item};
use crate::trial::{Confirmed, examine, failed};

/// One round: asks, examines, and takes the new generator or notes why not.
pub(super) async fn run(cx: &Cx, item: &Item, state: &mut State) -> Result<(), Exit> {
    state.rounds += 1;
    let shown: Vec<usize> = state
        .survivors()
        .into_iter()
        .filter(|place| !state.contenders[*place].called_right)
        .collect();
    let refusal = match request(cx, item, state, &shown).await {
        Ok(answer) => {
            for number in answer.equivalent {
                if let Some(place) = shown.get((number as usize).wrapping_sub(1)) {
                    state.contenders[*place].called_right = true;
                }
            }
            match answer.generator {
                Some(generator) => consider(cx, state, generator).await?,
                None => None,
            }
        }
        Err(Exit::Dropped { detail, .. }) => Some(format!("The answer was not usable: {detail}")),
        Err(exit) => return Err(exit),
    };
    // The number keeps two rounds with the same failure from being the same question.
    state.refusal = refusal.map(|text| format!("Attempt {}: {text}", state.rounds));
    Ok(())
}

async fn request(cx: &Cx, item: &Item, state: &State, shown: &[usize]) -> Result<Hardening, Exit> {
    let survivors: Vec<SurvivorVars<'_>> = (1..)
        .zip(shown.iter().filter_map(|place| state.contenders.get(*place)))
        .map(|(number, contender)| SurvivorVars {
            number,
            mistake: &contender.draft.mistake,
            code: &contender.draft.code,
            counterexample: None,
        })
        .collect();
    let vars = HardenVars {
        design: TaskVars::from(state.design()),
        generator: &state.verified.candidate.generator,
        survivors: &survivors,
        limits: &cx.pack.limits,
        previous_attempt: state.refusal.as_deref(),
    };
    let count = u32::try_from(survivors.len()).unwrap_or(u32::MAX);
    ask(cx, item, Prompt::Harden, &vars, |text: &str| reply::hardening(text, count)).await
}

/// Examines a generator and takes it over, or says why not.
async fn consider(cx: &Cx, state: &mut State, generator: String) -> Result<Option<String>, Exit> {
    let solution = &state.verified.candidate.solution;
    let confirmed = match examine(cx, state.design(), solution, &generator).await? {
        Ok(confirmed) => confirmed,
        Err(flaw) => return Ok(Some(flaw.detail)),
    };
    let all: Vec<usize> = (0..state.contenders.len()).collect();
    let rows = state.run(cx, &all, &confirmed.suite).await?;
    state.remember(&confirmed.suite.input);
    if !state.survivors().iter().any(|place| kills(&rows[*place])) {
        return Ok(Some("The new tests still accept every one of the survivors.".to_owned()));
    }
    take(state, generator, confirmed, rows);
    fit(&mut state.verified.suite, &mut state.contenders, &cx.pack.limits.suite);
    Ok(None)
}

/// Replaces generator and suite; of the old suite the tests stay that alone kill a near-miss.
fn take(state: &mut State, generator: String, confirmed: Confirmed, rows: Vec<Vec<Verdict>>) {
    let kept = needed(state, &rows);
    let old = pick(&state.verified.suite, &kept);
    for (contender, mut row) in state.contenders.iter_mut().zip(rows) {
        row.extend(kept.iter().filter_map(|test| contender.verdicts.get(*test)));
        contender.verdicts = row;
    }
    let verified = &mut state.verified;
    verified.candidate.generator = generator;
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

fn kills(row: &[Verdict]) -> bool {
    row.iter().copied().any(failed)
}

#[cfg(test)]
mod tests {
    use isomer_record::Verdict::{self, Accepted, WrongAnswer};

    use super::super::close::tests::state;
    use super::{Confirmed, take};

    const A: Verdict = Accepted;
    const W: Verdict = WrongAnswer;

    #[test]
    fn a_new_generator_keeps_the_kills_of_the_old_one() {
        let mut state = state(&[&[W, A, A], &[A, A, A], &[A, W, W]]);
        let suite = isomer_record::Suite { input: vec!["new".into()], output: vec!["new".into()] };
        let confirmed = Confirmed { suite, cpu_ms: 1, memory_bytes: 1 };
        let rows = vec![vec![A], vec![W], vec![A]];
        take(&mut state, "better".to_owned(), confirmed, rows);
        assert_eq!(state.verified.suite.input, ["new", "0", "1"]);
        assert!(state.survivors().is_empty());
        assert_eq!(state.contenders[0].verdicts, [A, W, A]);
        assert_eq!(state.contenders[1].verdicts, [W, A, A]);
        assert_eq!(state.contenders[2].verdicts, [A, A, W]);
        assert_eq!(state.verified.candidate.generator, "better");
        assert!(!state.explored);
    }
}
