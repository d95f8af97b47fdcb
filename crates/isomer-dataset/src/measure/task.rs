//! What is said of one task.

use serde::{Deserialize, Serialize};

use super::{MutantKills, Similarity};

/// All that was measured of one task.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TaskMeasures {
    /// Its id.
    pub id: String,
    /// Its nearest neighbours, at most one per set and measure.
    pub nearest: Vec<Nearest>,
    /// Size of its reference solution, where there is one.
    pub size: Option<Size>,
    /// What the target model made of it.
    pub passes: Option<TaskPasses>,
    /// Which test finds which near-miss.
    pub matrix: Option<TestMatrix>,
    /// What became of the reference's mutants.
    pub mutants: Option<Mutants>,
    /// What of the reference the tests reach.
    pub coverage: Option<Coverage>,
}

/// A neighbour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Nearest {
    /// Which set, as an index into `originality.against`.
    pub set: usize,
    /// By which measure.
    pub by: Similarity,
    /// How much alike.
    pub value: f64,
    /// The neighbour's id or place.
    pub other: String,
}

/// Size of a program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Lines with code.
    pub lines: u32,
    /// Tokens.
    pub tokens: u32,
    /// Cyclomatic complexity.
    pub cyclomatic: u32,
}

/// A target model's samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct TaskPasses {
    /// Samples judged.
    pub samples: u32,
    /// Those that passed.
    pub passed: u32,
    /// Lower end of the 95 % interval of the share, by Wilson.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Verdicts of every near-miss on every test.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestMatrix {
    /// Number of tests: columns.
    pub tests: usize,
    /// One row per near-miss, in the task's order, one letter per test: `A` accepted, `W` wrong
    /// answer, `R` runtime error, `T` time limit, `M` memory limit, `C` does not compile, `-` not run.
    pub rows: Vec<String>,
}

/// What became of the mutants of a reference solution.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mutants {
    /// Made.
    pub made: u32,
    /// That no generated input separates from the reference: left out of the rate.
    pub equivalent: u32,
    /// That the tests reject.
    pub killed: u32,
    /// The others.
    pub survivors: Vec<Survivor>,
    /// Which tests kill the killed ones, where every test was run on them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kills: Option<MutantKills>,
}

/// A mutant that the tests accept although some input separates it from the reference.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survivor {
    /// Line of the reference, from 1.
    pub line: u32,
    /// What was done, such as `comparison` or `statement`.
    pub operator: String,
    /// The source before.
    pub before: String,
    /// The source after.
    pub after: String,
}

/// What of a program was run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Lines with code.
    pub lines: u32,
    /// Lines reached.
    pub lines_reached: u32,
    /// Ways out of branching lines.
    pub branches: u32,
    /// Those taken.
    pub branches_taken: u32,
    /// Lines never reached, from 1.
    pub missed: Vec<u32>,
}
