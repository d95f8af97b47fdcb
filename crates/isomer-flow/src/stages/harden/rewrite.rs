//! The tester improves the tests; what it writes is taken only if that is an improvement.

use isomer_record::TestSource;

use super::state::State;
use super::{additions, generator};
use crate::ask::ask;
use crate::pack::{HardenVars, Prompt, SurvivorVars, TaskVars};
use crate::reply;
use crate::stages::{Cx, Exit, Item};

/// One round: asks, examines, and takes the new tests or notes why not.
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
            match answer.source {
                Some(TestSource::Generator(source)) => {
                    generator::consider(cx, state, source).await?
                }
                Some(TestSource::Pytest(added)) => additions::consider(cx, state, &added).await?,
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

/// What the tester wrote.
struct Answer {
    /// A whole generator, or tests to add to the file.
    source: Option<TestSource>,
    /// Survivors that it calls right, by their number.
    equivalent: Vec<u32>,
}

async fn request(cx: &Cx, item: &Item, state: &State, shown: &[usize]) -> Result<Answer, Exit> {
    let tests = &state.verified.candidate.tests;
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
        generator: tests.generator(),
        tests: tests.pytest(),
        survivors: &survivors,
        limits: &cx.pack.limits,
        libraries: &cx.pack.library_names(),
        previous_attempt: state.refusal.as_deref(),
    };
    let count = u32::try_from(survivors.len()).unwrap_or(u32::MAX);
    let parse = |text: &str| match tests {
        TestSource::Generator(_) => reply::hardening(text, count).map(|answer| Answer {
            source: answer.generator.map(TestSource::Generator),
            equivalent: answer.equivalent,
        }),
        TestSource::Pytest(_) => reply::additions(text, count).map(|answer| Answer {
            source: answer.additions.map(TestSource::Pytest),
            equivalent: answer.equivalent,
        }),
    };
    ask(cx, item, Prompt::Harden, &vars, parse).await
}
