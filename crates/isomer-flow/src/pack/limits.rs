//! The numbers of a pack: what programs may use, how large a suite is, when a task counts as hard.

use serde::{Deserialize, Serialize};

use isomer_sandbox::Limits;

/// What one run of a program may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunLimits {
    /// Processor time in ms.
    pub cpu_ms: u64,
    /// Wall time in ms; larger than `cpu_ms`, because a loaded machine makes programs wait.
    pub wall_ms: u64,
    /// Memory in MiB.
    pub memory_mib: u64,
    /// Standard output or returned value in KiB.
    pub output_kib: u64,
}

impl RunLimits {
    /// The limits as the sandbox takes them; a program may write no file larger than its output.
    pub fn sandbox(&self) -> Limits {
        Limits {
            cpu_ms: self.cpu_ms,
            wall_ms: self.wall_ms,
            memory_bytes: self.memory_mib << 20,
            output_bytes: self.output_kib << 10,
            file_bytes: self.output_kib << 10,
        }
    }
}

/// What tests must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuiteLimits {
    /// Fewest distinct tests; of a test file, fewest that notice a solution that does nothing.
    pub min_tests: u64,
    /// Most tests.
    pub max_tests: u64,
    /// Size of one test, input and output as JSON, in bytes; for packs with generators.
    pub max_test_bytes: Option<u64>,
    /// Size of all tests, or of the test file, in bytes.
    pub max_suite_bytes: u64,
}

/// What a statement must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementLimits {
    /// Fewest characters.
    pub min_chars: u64,
}

/// All limits of a pack; templates see the same names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackLimits {
    /// A solution or near-miss, for each test; with a test file, the whole session.
    pub solution: RunLimits,
    /// One run of the generator; for packs with generators.
    pub generator: Option<RunLimits>,
    /// The tests.
    pub suite: SuiteLimits,
    /// The statement.
    pub statement: StatementLimits,
}

/// When the tests of a task count as hard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HardenPolicy {
    /// Near-misses to ask for.
    pub near_misses: u32,
    /// Fewest near-misses that must count for the kill rate to mean anything.
    pub min_counted: u32,
    /// Smallest share of counted near-misses the final suite must kill, 0 to 1.
    pub min_kill_rate: f64,
    /// Fresh inputs on which a survivor is compared with the reference; for packs with generators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fresh_inputs: Option<u64>,
}
