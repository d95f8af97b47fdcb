//! What a curation is asked for.

use std::path::PathBuf;
use std::sync::Arc;

use isomer_embed::Embedder;

/// What to curate, and how.
#[derive(Clone)]
pub struct Settings {
    /// Files of rows.
    pub inputs: Vec<PathBuf>,
    /// The file to write.
    pub output: PathBuf,
    /// Files of the seeds that rows must not be too much like.
    pub seeds: Vec<PathBuf>,
    /// Files of benchmarks that rows must not hold.
    pub against: Vec<PathBuf>,
    /// Smallest Jaccard similarity of word 5-grams at which two texts count as one; `None`: not asked.
    pub similarity: Option<f64>,
    /// Words in a row that a row and a benchmark must not share.
    pub words: usize,
    /// Share of a benchmark text's runs of words that must be shared to count; 0: one run does.
    pub share: f64,
    /// Benchmark texts that may have a run of words in common before it counts as a turn of phrase.
    pub phrase: u32,
    /// Kill rates that are kept.
    pub kill_rate: Option<Band>,
    /// Pass rates that are kept.
    pub pass_rate: Option<Band>,
    /// Results of `verify`, or a measurement's lines of tasks, to take pass rates from; without, rows hold
    /// them.
    pub verdicts: Option<PathBuf>,
    /// What to do with the tests of a row.
    pub suites: Suites,
    /// A measurement's lines of tasks that tell which tests kill which mutants; without, near-misses
    /// alone decide which tests are needed.
    pub kills: Option<PathBuf>,
    /// Compares by meaning, from this cosine on.
    pub meaning: Option<(Arc<dyn Embedder>, f32)>,
}

/// Numbers from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// The least.
    pub low: f64,
    /// The most.
    pub high: f64,
}

impl Band {
    /// Whether a number is within.
    pub fn holds(self, number: f64) -> bool {
        (self.low..=self.high).contains(&number)
    }
}

/// What to do with the tests of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Suites {
    /// Keep the fewest tests that kill the same near-misses and mutants, and at least so many.
    pub keep: Option<usize>,
    /// Most bytes of all tests together, as JSON.
    pub bytes: Option<u64>,
    /// Tests that a solver may see.
    pub public: usize,
}

impl Suites {
    /// Whether tests stay as they are.
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }
}
