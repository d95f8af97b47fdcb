//! Step 4, second half: solution and tests are run, and only what passes is kept.

use isomer_record::{Candidate, Verified};
use serde_json::json;

use super::{Cx, Exit, Item};
use crate::ask::ask;
use crate::pack::{Prompt, RepairVars, TaskVars};
use crate::reply;
use crate::trial::{Flaw, examine};

/// Runs the candidate, and asks for repairs while some are left.
pub async fn run(cx: &Cx, item: &Item, mut candidate: Candidate) -> Result<Verified, Exit> {
    let mut repairs = 0;
    loop {
        let examined =
            examine(cx, &candidate.design, &candidate.solution, &candidate.tests).await?;
        let flaw = match examined {
            Ok(confirmed) => {
                return Ok(Verified {
                    candidate,
                    suite: confirmed.suite,
                    expected: confirmed.expected,
                    cpu_ms: confirmed.cpu_ms,
                    memory_bytes: confirmed.memory_bytes,
                    repairs,
                });
            }
            Err(flaw) => flaw,
        };
        if repairs == cx.settings.repairs {
            return Err(rejected(&flaw, &candidate));
        }
        candidate = repair(cx, item, candidate, &flaw).await?;
        repairs += 1;
    }
}

async fn repair(
    cx: &Cx,
    item: &Item,
    candidate: Candidate,
    flaw: &Flaw,
) -> Result<Candidate, Exit> {
    let design = &candidate.design;
    let vars = RepairVars {
        design: TaskVars::from(design),
        solution: &candidate.solution,
        generator: candidate.tests.generator(),
        tests: candidate.tests.pytest(),
        evidence: &flaw.detail,
        limits: &cx.pack.limits,
        libraries: &cx.pack.library_names(),
    };
    let parse = |text: &str| reply::programs(text, design);
    match ask(cx, item, Prompt::Repair, &vars, parse).await {
        Ok(programs) => Ok(Candidate {
            design: candidate.design,
            solution: programs.solution,
            tests: programs.tests,
        }),
        // No readable repair came, so what was wrong before still is.
        Err(Exit::Dropped { .. }) => Err(rejected(flaw, &candidate)),
        Err(exit) => Err(exit),
    }
}

fn rejected(flaw: &Flaw, candidate: &Candidate) -> Exit {
    Exit::dropped(flaw.reason, flaw.detail.clone()).with_evidence(json!({ "candidate": candidate }))
}
