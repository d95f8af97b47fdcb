//! Inputs from more seeds of the generator, which cost no model call.

use isomer_record::{DropReason, Suite, Verdict};

use super::edit::{fit, pick, witnesses};
use super::state::State;
use crate::stages::{Cx, Exit};
use crate::trial::{second_opinion, suites, test_size};

/// Seeds tried of one generator; seed 0 made the suite.
const SEEDS: u64 = 50;

/// Most seeds run in one go.
const BATCH: u64 = 10;

/// Fresh inputs on which solution and generator may disagree before one of the two must be wrong.
const DISPUTED: u64 = 3;

/// Tries the current generator's other seeds on the survivors, once for each generator.
pub(super) async fn run(cx: &Cx, state: &mut State) -> Result<(), Exit> {
    let (mut found, mut disputed) = (0, 0);
    let mut seed = 1;
    let most = cx.pack.harden.fresh_inputs.unwrap_or(0);
    while !state.explored {
        if seed > SEEDS || found >= most || state.survivors().is_empty() {
            state.explored = true;
            break;
        }
        let wanted = most - found;
        let seeds = seed..(seed + batch(wanted, state.verified.suite.len())).min(SEEDS + 1);
        seed = seeds.end;
        let tests = unknown(cx, state, seeds, wanted).await?;
        if tests.is_empty() {
            continue;
        }
        found += tests.len() as u64;
        let solution = &state.verified.candidate.solution;
        let opinion = second_opinion(cx, state.design(), solution, &tests).await?;
        disputed += opinion.iter().copied().filter(|verdict| disputes(*verdict)).count() as u64;
        doubtful(disputed, found)?;
        let places: Vec<usize> =
            (0..tests.len()).filter(|place| opinion[*place] == Verdict::Accepted).collect();
        confront(cx, state, pick(&tests, &places)).await?;
    }
    Ok(())
}

/// Seeds that give about `wanted` inputs when each gives a suite as long as the current one. Oracles
/// are slow on purpose, so a seed too many costs more than another round.
fn batch(wanted: u64, suite: usize) -> u64 {
    wanted.div_ceil((suite as u64).max(1)).clamp(1, BATCH)
}

/// Tests with inputs that no survivor has seen, at most `most`.
async fn unknown(
    cx: &Cx,
    state: &State,
    seeds: std::ops::Range<u64>,
    most: u64,
) -> Result<Suite, Exit> {
    let Some(generator) = state.verified.candidate.tests.generator() else {
        return Ok(Suite::default());
    };
    let made = suites(cx, state.design().judge_mode, generator, seeds).await?;
    let mut tests = Suite::default();
    let mut seen = std::collections::BTreeSet::new();
    for (input, output) in
        made.into_iter().flat_map(|suite| suite.input.into_iter().zip(suite.output))
    {
        let bytes = test_size(&input, &output);
        let fits = cx.pack.limits.suite.max_test_bytes.is_none_or(|most| bytes <= most);
        let room = (tests.len() as u64) < most;
        if fits && room && !state.knows(&input) && seen.insert(input.to_string()) {
            tests.input.push(input);
            tests.output.push(output);
        }
    }
    Ok(tests)
}

/// Whether solution and generator contradict each other; running into a limit says nothing about who
/// is right.
const fn disputes(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::WrongAnswer | Verdict::RuntimeError)
}

/// Some disagreement may be a slip of the oracle on a rare input; much of it means that the suite
/// only happened to agree with the solution.
fn doubtful(disputed: u64, found: u64) -> Result<(), Exit> {
    if disputed > DISPUTED && disputed * 20 > found {
        let detail = format!(
            "solution and generator disagree about {disputed} of {found} inputs made from other \
             seeds"
        );
        return Err(Exit::dropped(DropReason::SolutionWrongAnswer, detail));
    }
    Ok(())
}

/// Runs the survivors on confirmed tests and keeps those that kill.
async fn confront(cx: &Cx, state: &mut State, tests: Suite) -> Result<(), Exit> {
    let survivors = state.survivors();
    let rows = state.run(cx, &survivors, &tests).await?;
    state.remember(&tests.input);
    let chosen = witnesses(&rows);
    if chosen.is_empty() {
        return Ok(());
    }
    state.extend(cx, pick(&tests, &chosen)).await?;
    fit(&mut state.verified.suite, &mut state.contenders, &cx.pack.limits.suite);
    Ok(())
}

#[cfg(test)]
mod tests {
    use isomer_record::{DropReason, Verdict};

    use super::{batch, disputes, doubtful};
    use crate::stages::Exit;

    #[test]
    fn no_more_seeds_are_run_than_are_likely_needed() {
        assert_eq!(batch(200, 50), 4);
        assert_eq!(batch(1, 50), 1);
        assert_eq!(batch(200, 3), 10);
        assert_eq!(batch(200, 0), 10);
    }

    #[test]
    fn a_slow_solution_disputes_nothing() {
        assert!(disputes(Verdict::WrongAnswer) && disputes(Verdict::RuntimeError));
        assert!(!disputes(Verdict::TimeLimit) && !disputes(Verdict::NotRun));
    }

    #[test]
    fn few_disputes_are_forgiven_and_many_are_not() {
        assert!(doubtful(0, 0).is_ok());
        assert!(doubtful(3, 10).is_ok());
        assert!(doubtful(10, 200).is_ok());
        let exit = doubtful(11, 200).unwrap_err();
        assert!(matches!(exit, Exit::Dropped { reason: DropReason::SolutionWrongAnswer, .. }));
    }
}
