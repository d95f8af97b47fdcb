//! Step 4, first half: a statement gets a reference solution and tests.

use isomer_record::{Candidate, Design};

use super::{Cx, Exit, Item};
use crate::ask::ask;
use crate::pack::{Prompt, SolveVars, TaskVars};
use crate::reply;

/// Asks for both.
pub async fn run(cx: &Cx, item: &Item, design: Design) -> Result<Candidate, Exit> {
    let vars = SolveVars {
        design: TaskVars::from(&design),
        limits: &cx.pack.limits,
        libraries: &cx.pack.library_names(),
    };
    let parse = |text: &str| reply::programs(text, &design);
    let programs = ask(cx, item, Prompt::Solve, &vars, parse).await?;
    Ok(Candidate { design, solution: programs.solution, tests: programs.tests })
}
