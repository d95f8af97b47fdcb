//! How the fight stands.

use std::collections::BTreeSet;

use futures::future::try_join_all;
use isomer_record::{Design, Suite, Verdict, Verified};
use serde_json::Value;

use super::contender::Contender;
use crate::stages::{Cx, Exit};
use crate::trial::verdicts;

/// The current tests and how every near-miss does on them.
#[derive(Debug)]
pub(super) struct State {
    /// The task with the current generator and suite.
    pub(super) verified: Verified,
    /// Each has one verdict for each test of the suite.
    pub(super) contenders: Vec<Contender>,
    /// Rewrites asked for.
    pub(super) rounds: u32,
    /// Why the last rewrite was not taken.
    pub(super) refusal: Option<String>,
    /// Whether the current generator's other seeds have been tried.
    pub(super) explored: bool,
    tried: BTreeSet<[u8; 16]>,
}

impl State {
    pub(super) fn new(verified: Verified, contenders: Vec<Contender>) -> Self {
        let mut state = Self {
            verified,
            contenders,
            rounds: 0,
            refusal: None,
            explored: false,
            tried: BTreeSet::new(),
        };
        let inputs = state.verified.suite.input.clone();
        state.remember(&inputs);
        state
    }

    pub(super) fn design(&self) -> &Design {
        &self.verified.candidate.design
    }

    /// Places of the near-misses that pass all tests.
    pub(super) fn survivors(&self) -> Vec<usize> {
        let places = self.contenders.iter().enumerate();
        places.filter(|(_, contender)| contender.survives()).map(|(place, _)| place).collect()
    }

    /// Whether a near-miss survives that nobody called right.
    pub(super) fn contested(&self) -> bool {
        self.contenders.iter().any(|contender| contender.survives() && !contender.called_right)
    }

    /// Notes inputs on which all survivors were compared with the reference.
    pub(super) fn remember(&mut self, inputs: &[Value]) {
        self.tried.extend(inputs.iter().map(fingerprint));
    }

    pub(super) fn knows(&self, input: &Value) -> bool {
        self.tried.contains(&fingerprint(input))
    }

    /// Distinct inputs on which the survivors agreed with the reference.
    pub(super) fn inputs_tried(&self) -> u64 {
        self.tried.len() as u64
    }

    /// Runs the near-misses at `places` on `suite`: one row of verdicts each.
    pub(super) async fn run(
        &self,
        cx: &Cx,
        places: &[usize],
        suite: &Suite,
    ) -> Result<Vec<Vec<Verdict>>, Exit> {
        let sources = places.iter().filter_map(|place| self.contenders.get(*place));
        let runs =
            sources.map(|contender| verdicts(cx, self.design(), &contender.draft.code, suite));
        try_join_all(runs).await
    }

    /// Adds tests that the reference has confirmed to the end of the suite.
    pub(super) async fn extend(&mut self, cx: &Cx, tests: Suite) -> Result<(), Exit> {
        let all: Vec<usize> = (0..self.contenders.len()).collect();
        let rows = self.run(cx, &all, &tests).await?;
        for (contender, row) in self.contenders.iter_mut().zip(rows) {
            contender.verdicts.extend(row);
        }
        self.verified.suite.input.extend(tests.input);
        self.verified.suite.output.extend(tests.output);
        Ok(())
    }
}

fn fingerprint(input: &Value) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&blake3::hash(input.to_string().as_bytes()).as_bytes()[..16]);
    short
}
