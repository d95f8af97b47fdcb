//! What each prompt may say: the variables of its template, and nothing else.
//!
//! A pack's author reads this file to learn which names a template may use. Optional values are
//! always present, as `none` when there is nothing to show, so that `{% if solution %}` works under
//! strict undefined.

use isomer_record::{Comparison, Design, Elements, JudgeMode};
use serde::Serialize;

use super::{ElementDefinition, PackLimits};

/// Variables of `decompose`: a seed is read into one value per element.
#[derive(Clone, Debug, Serialize)]
pub struct DecomposeVars<'a> {
    /// The schema, in order.
    pub elements: &'a [ElementDefinition],
    /// The seed's text.
    pub statement: &'a str,
    /// A known right solution of the seed.
    pub solution: Option<&'a str>,
}

/// Variables of `recombine`: four element sets become one blueprint.
#[derive(Clone, Debug, Serialize)]
pub struct RecombineVars<'a> {
    /// The schema, in order.
    pub elements: &'a [ElementDefinition],
    /// Names of the core elements, which stay consistent with `own`.
    pub core: &'a [String],
    /// The whole element set of the seed that gives the core elements.
    pub own: &'a Elements,
    /// The other seeds' element sets, already without the core elements.
    pub references: &'a [Elements],
    /// What the prompt may promise about the machine that will run solutions.
    pub limits: &'a PackLimits,
    /// Names of the libraries that solutions and tests may use beside the standard library.
    pub libraries: &'a [&'a str],
}

/// Variables of `design`: a blueprint becomes a task statement.
#[derive(Clone, Debug, Serialize)]
pub struct DesignVars<'a> {
    /// The schema, in order.
    pub elements: &'a [ElementDefinition],
    /// The blueprint's values.
    pub blueprint: &'a Elements,
    /// Names of the core elements.
    pub core: &'a [String],
    /// How solutions of this task will be judged; drawn per item from the pack's modes.
    pub judge_mode: JudgeMode,
    /// Limits the statement must respect.
    pub limits: &'a PackLimits,
    /// Names of the libraries that solutions and tests may use beside the standard library.
    pub libraries: &'a [&'a str],
}

/// A designed task as prompts show it.
#[derive(Clone, Debug, Serialize)]
pub struct TaskVars<'a> {
    /// The text a solver reads.
    pub statement: &'a str,
    /// `stdio`, `call` or `pytest`.
    pub judge_mode: JudgeMode,
    /// The function to write, in `call` mode.
    pub fn_name: Option<&'a str>,
    /// `exact` or `float`.
    pub comparison: Comparison,
    /// The imports and signatures that every solution keeps, in `pytest` mode.
    pub header: Option<&'a str>,
}

impl<'a> From<&'a Design> for TaskVars<'a> {
    fn from(design: &'a Design) -> Self {
        Self {
            statement: &design.statement,
            judge_mode: design.judge_mode,
            fn_name: design.fn_name.as_deref(),
            comparison: design.comparison,
            header: design.header.as_deref(),
        }
    }
}

/// Variables of `solve`: a statement gets a reference solution and tests.
#[derive(Clone, Debug, Serialize)]
pub struct SolveVars<'a> {
    /// The task.
    pub design: TaskVars<'a>,
    /// Limits of solution and tests.
    pub limits: &'a PackLimits,
    /// Names of the libraries that solutions and tests may use beside the standard library.
    pub libraries: &'a [&'a str],
}

/// Variables of `repair`: solution and tests disagreed or failed.
#[derive(Clone, Debug, Serialize)]
pub struct RepairVars<'a> {
    /// The task.
    pub design: TaskVars<'a>,
    /// The reference solution that was run.
    pub solution: &'a str,
    /// The generator that was run, except in `pytest` mode.
    pub generator: Option<&'a str>,
    /// The test file that was run, in `pytest` mode.
    pub tests: Option<&'a str>,
    /// What was seen: which side failed, on which input, expected and actual answer, cut short.
    pub evidence: &'a str,
    /// Limits of solution and tests.
    pub limits: &'a PackLimits,
    /// Names of the libraries that solutions and tests may use beside the standard library.
    pub libraries: &'a [&'a str],
}

/// Variables of `near_miss`: plausible wrong solutions are asked for.
#[derive(Clone, Debug, Serialize)]
pub struct NearMissVars<'a> {
    /// The task.
    pub design: TaskVars<'a>,
    /// The reference solution, which passed its suite.
    pub solution: &'a str,
    /// How many near-misses are wanted.
    pub count: u32,
    /// Limits that near-misses must keep.
    pub limits: &'a PackLimits,
    /// Names of the libraries that solutions and tests may use beside the standard library.
    pub libraries: &'a [&'a str],
}

/// A near-miss that the suite accepts, as `harden` shows it.
#[derive(Clone, Debug, Serialize)]
pub struct SurvivorVars<'a> {
    /// The number by which the reply refers to it, counted from 1.
    pub number: u32,
    /// The mistake its author says it makes.
    pub mistake: &'a str,
    /// Its source.
    pub code: &'a str,
    /// An input on which it is known to differ from the reference, cut short.
    pub counterexample: Option<&'a str>,
}

/// Variables of `harden`: the tests are improved until the survivors fail.
#[derive(Clone, Debug, Serialize)]
pub struct HardenVars<'a> {
    /// The task.
    pub design: TaskVars<'a>,
    /// The generator whose suite let the survivors pass, except in `pytest` mode.
    pub generator: Option<&'a str>,
    /// The test file that let the survivors pass, in `pytest` mode.
    pub tests: Option<&'a str>,
    /// The near-misses that passed.
    pub survivors: &'a [SurvivorVars<'a>],
    /// Limits of solution and tests.
    pub limits: &'a PackLimits,
    /// Names of the libraries that solutions and tests may use beside the standard library.
    pub libraries: &'a [&'a str],
    /// Why the last rewrite was not accepted.
    pub previous_attempt: Option<&'a str>,
}

/// Variables of `again`: the reply to any other prompt lacked something.
#[derive(Clone, Debug, Serialize)]
pub struct AgainVars<'a> {
    /// What was missing, in the parser's words.
    pub missing: &'a str,
}
