//! Made-up contents with which every prompt is rendered once when a pack is loaded.
//!
//! Each prompt gets one set of variables for every branch a template may take: with and without
//! what is optional, and in each judge mode.

use isomer_record::{Comparison, Elements, JudgeMode};
use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::limits::{PackLimits, RunLimits, StatementLimits, SuiteLimits};
use super::vars::{
    AgainVars, DecomposeVars, DesignVars, HardenVars, NearMissVars, RecombineVars, RepairVars,
    SolveVars, SurvivorVars, TaskVars,
};
use super::{ElementDefinition, Prompt};

/// Variables for a prompt, one object for every branch.
pub(super) fn of(prompt: Prompt) -> Vec<Value> {
    let elements = ["First", "Second"].map(|name| ElementDefinition {
        name: name.into(),
        definition: format!("what {name} means"),
    });
    let set = Elements(
        elements.iter().map(|element| (element.name.clone(), "a value".to_owned())).collect(),
    );
    let core = [elements[0].name.clone()];
    let references = [set.without(&core), set.without(&core), set.without(&core)];
    let limits = limits();
    match prompt {
        Prompt::Decompose => [None, Some("print(1)")]
            .into_iter()
            .map(|solution| {
                serde_value(DecomposeVars { elements: &elements, statement: "text", solution })
            })
            .collect(),
        Prompt::Recombine => {
            let vars = RecombineVars {
                elements: &elements,
                core: &core,
                own: &set,
                references: &references,
                limits: &limits,
            };
            vec![serde_value(vars)]
        }
        Prompt::Design => [JudgeMode::Stdio, JudgeMode::Call]
            .into_iter()
            .map(|judge_mode| {
                serde_value(DesignVars {
                    elements: &elements,
                    blueprint: &set,
                    core: &core,
                    judge_mode,
                    limits: &limits,
                })
            })
            .collect(),
        Prompt::Solve | Prompt::Repair | Prompt::NearMiss | Prompt::Harden => {
            about_task(prompt, &limits)
        }
        Prompt::Again => vec![serde_value(AgainVars { missing: "there is no `<title>`" })],
    }
}

/// Variables of the prompts that show a task, for each kind of task.
fn about_task(prompt: Prompt, limits: &PackLimits) -> Vec<Value> {
    let [solution, generator] = ["print(1)", "def generate_tests(seed): return {}"];
    let mut all = Vec::new();
    for (judge_mode, fn_name) in [(JudgeMode::Stdio, None), (JudgeMode::Call, Some("answer"))] {
        for (comparison, optional) in [(Comparison::Exact, None), (Comparison::Float, Some("text"))]
        {
            let design = TaskVars { statement: "text", judge_mode, fn_name, comparison };
            let survivors = [SurvivorVars {
                number: 1,
                mistake: "off by one",
                code: solution,
                counterexample: optional,
            }];
            all.push(match prompt {
                Prompt::Repair => serde_value(RepairVars {
                    design,
                    solution,
                    generator,
                    evidence: "text",
                    limits,
                }),
                Prompt::NearMiss => {
                    serde_value(NearMissVars { design, solution, count: 5, limits })
                }
                Prompt::Harden => serde_value(HardenVars {
                    design,
                    generator,
                    survivors: &survivors,
                    limits,
                    previous_attempt: optional,
                }),
                _ => serde_value(SolveVars { design, limits }),
            });
        }
    }
    all
}

fn limits() -> PackLimits {
    let run = RunLimits { cpu_ms: 4000, wall_ms: 20_000, memory_mib: 512, output_kib: 1024 };
    PackLimits {
        solution: run.clone(),
        generator: run,
        suite: SuiteLimits {
            min_tests: 10,
            max_tests: 60,
            max_test_bytes: 65_536,
            max_suite_bytes: 1 << 20,
        },
        statement: StatementLimits { min_chars: 200 },
    }
}

fn serde_value(vars: impl Serialize) -> Value {
    Value::from(Serde(vars))
}
