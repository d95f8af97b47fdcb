//! Tests that are added to a test file: all earlier ones stay, and so do their kills.

use futures::future::try_join_all;
use isomer_record::{ExpectedTests, TestSource, Verdict};

use super::generator::{NO_KILL, kills};
use super::state::State;
use crate::stages::{Cx, Exit};
use crate::trial::{Confirmed, examine, pytest_verdicts};

/// Examines the file with `added` at its end and takes it over, or says why not.
pub(super) async fn consider(
    cx: &Cx,
    state: &mut State,
    added: &str,
) -> Result<Option<String>, Exit> {
    let candidate = &state.verified.candidate;
    let old = candidate.tests.pytest().unwrap_or_default();
    let file = format!("{}\n\n\n{}\n", old.trim_end(), added.trim());
    let tests = TestSource::Pytest(file.clone());
    let confirmed = match examine(cx, &candidate.design, &candidate.solution, &tests).await? {
        Ok(confirmed) => confirmed,
        Err(flaw) => return Ok(Some(flaw.detail)),
    };
    let Some(expected) = &confirmed.expected else { return Ok(None) };
    let runs = state
        .contenders
        .iter()
        .map(|contender| pytest_verdicts(cx, &contender.draft.code, &file, expected));
    let rows = try_join_all(runs).await?;
    if let Some(refusal) = refusal(state, expected, &rows) {
        return Ok(Some(refusal.to_owned()));
    }
    take(state, tests, confirmed, rows);
    Ok(None)
}

/// Why the new file is no improvement.
fn refusal(state: &State, expected: &ExpectedTests, rows: &[Vec<Verdict>]) -> Option<&'static str> {
    let old = state.verified.expected.as_ref().map_or(&[][..], |expected| &expected.tests);
    let killed = |place: &usize| rows.get(*place).is_some_and(|row| kills(row));
    let lost = |place: &usize| !state.contenders[*place].survives() && !killed(place);
    let valid = (0..state.contenders.len()).filter(|place| !state.contenders[*place].invalid);
    if !old.iter().all(|test| expected.tests.contains(test)) || valid.clone().any(|one| lost(&one))
    {
        return Some("The additions change what earlier tests do. Give everything a new name.");
    }
    (!state.survivors().iter().any(killed)).then_some(NO_KILL)
}

fn take(state: &mut State, tests: TestSource, confirmed: Confirmed, rows: Vec<Vec<Verdict>>) {
    for (contender, row) in state.contenders.iter_mut().zip(rows) {
        contender.verdicts = row;
    }
    let verified = &mut state.verified;
    verified.candidate.tests = tests;
    verified.expected = confirmed.expected;
    verified.cpu_ms = verified.cpu_ms.max(confirmed.cpu_ms);
    verified.memory_bytes = verified.memory_bytes.max(confirmed.memory_bytes);
}

#[cfg(test)]
mod tests {
    use isomer_record::Verdict::{self, Accepted, WrongAnswer};
    use isomer_record::{ExpectedTests, Trust};

    use super::super::close::tests::state;
    use super::super::generator::NO_KILL;
    use super::refusal;

    const A: Verdict = Accepted;
    const W: Verdict = WrongAnswer;

    fn expected(tests: &[&str]) -> ExpectedTests {
        let tests = tests.iter().map(|id| (*id).to_owned()).collect();
        ExpectedTests { tests, trust: Trust::TwoProcess, asked: vec![] }
    }

    #[test]
    fn additions_kill_and_lose_nothing() {
        let mut state = state(&[&[W, A, A], &[A, A, A]]);
        state.verified.expected = Some(expected(&["a", "b", "c"]));
        let more = expected(&["a", "b", "c", "d"]);
        let said = |rows: &[&[Verdict]], expected: &ExpectedTests| {
            let rows: Vec<Vec<Verdict>> = rows.iter().map(|row| row.to_vec()).collect();
            refusal(&state, expected, &rows)
        };
        assert_eq!(said(&[&[W, A, A, A], &[A, A, A, W]], &more), None);
        assert_eq!(said(&[&[W, A, A, W], &[A, A, A, A]], &more), Some(NO_KILL));
        let hidden = said(&[&[W, A, A], &[A, A, W]], &expected(&["a", "b", "d"]));
        assert!(hidden.unwrap().contains("earlier tests"));
        let lost = said(&[&[A, A, A, A], &[A, A, A, W]], &more);
        assert!(lost.unwrap().contains("earlier tests"));
    }
}
