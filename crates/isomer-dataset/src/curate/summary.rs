//! How many rows went in, where they went, and how many came out.

use serde::{Serialize, Serializer};

use super::mutants::{MutantCounts, MutantsOf};
use super::removal::Reason;

/// The counts of a curation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Rows read.
    pub read: u64,
    /// Texts of benchmarks that rows were held against.
    pub benchmarks: u64,
    /// Seeds that rows were held against.
    pub seeds: u64,
    /// Rows removed, by reason.
    #[serde(serialize_with = "by_name")]
    pub removed: [u64; Reason::ALL.len()],
    /// Rows written.
    pub kept: u64,
    /// Rows whose tests changed.
    pub shaped: u64,
    /// Tests of the rows written, as they were read.
    pub tests_before: u64,
    /// Tests of the rows written, as they were written.
    pub tests_after: u64,
    /// How many of the rows written had mutants that decide about their tests; none unless asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mutants: Option<MutantCounts>,
}

impl Summary {
    /// Rows removed for a reason, or with [`Reason::Tests`] rows that lost some of their tests.
    pub fn removed(&self, reason: Reason) -> u64 {
        self.removed[reason as usize]
    }

    /// Counts the tests of a row that is written.
    pub(super) fn add_tests(&mut self, before: u64, after: u64, mutants: &MutantsOf) {
        self.tests_before += before;
        self.tests_after += after;
        if let Some(counts) = self.mutants.as_mut().filter(|_| before > 0) {
            counts.add(mutants);
        }
    }

    pub(super) fn remove(&mut self, reason: Reason) {
        self.removed[reason as usize] += 1;
    }
}

fn by_name<S: Serializer>(
    counts: &[u64; Reason::ALL.len()],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer
        .collect_map(Reason::ALL.iter().zip(counts).map(|(reason, count)| (reason.as_str(), count)))
}
