//! Near-misses are asked for and run on the suite as it was verified.

use std::collections::BTreeSet;

use futures::future::try_join_all;
use isomer_record::{TestSource, Verdict, Verified};

use super::contender::{Contender, normalised};
use super::state::State;
use crate::ask::ask;
use crate::pack::{NearMissVars, Prompt, TaskVars};
use crate::reply;
use crate::stages::{Cx, Exit, Item};
use crate::trial::{pytest_verdicts, verdicts};

pub(super) async fn run(cx: &Cx, item: &Item, verified: Verified) -> Result<State, Exit> {
    let candidate = &verified.candidate;
    let count = cx.settings.near_misses.unwrap_or(cx.pack.harden.near_misses);
    let vars = NearMissVars {
        design: TaskVars::from(&candidate.design),
        solution: &candidate.solution,
        count,
        limits: &cx.pack.limits,
        libraries: &cx.pack.library_names(),
    };
    let mut drafts = ask(cx, item, Prompt::NearMiss, &vars, reply::near_misses).await?;
    drafts.truncate(count as usize);
    let runs = drafts.iter().map(|draft| row(cx, &verified, &draft.code));
    let rows = try_join_all(runs).await?;
    let mut seen = BTreeSet::from([normalised(&candidate.solution)]);
    let contenders = drafts
        .into_iter()
        .zip(rows)
        .map(|(draft, row)| {
            let repeats = !seen.insert(normalised(&draft.code));
            Contender::new(draft, row, repeats)
        })
        .collect();
    Ok(State::new(verified, contenders))
}

/// The verdict of each test on `code`.
async fn row(cx: &Cx, verified: &Verified, code: &str) -> Result<Vec<Verdict>, Exit> {
    let candidate = &verified.candidate;
    match (&candidate.tests, &verified.expected) {
        (TestSource::Pytest(tests), Some(expected)) => {
            pytest_verdicts(cx, code, tests, expected).await
        }
        _ => verdicts(cx, &candidate.design, code, &verified.suite).await,
    }
}
