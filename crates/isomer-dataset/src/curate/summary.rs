//! How many rows went in, where they went, and how many came out.

use serde::{Serialize, Serializer};

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
}

impl Summary {
    /// Rows removed for a reason, or with [`Reason::Tests`] rows that lost some of their tests.
    pub fn removed(&self, reason: Reason) -> u64 {
        self.removed[reason as usize]
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
