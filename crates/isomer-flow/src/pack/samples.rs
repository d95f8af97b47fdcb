//! Made-up contents with which every prompt is rendered once when a pack is loaded.
//!
//! Each prompt gets one set of variables for every branch a template may take: with and without
//! what is optional, and in each judge mode that the pack has.

use isomer_record::{Comparison, Elements, JudgeMode};
use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::limits::PackLimits;
use super::vars::{
    AgainVars, DecomposeVars, DesignVars, HardenVars, NearMissVars, RecombineVars, RepairVars,
    SolveVars, SurvivorVars, TaskVars,
};
use super::{ElementDefinition, Prompt};

/// What the pack itself says, beside which everything is made up.
pub(super) struct Samples<'a> {
    pub(super) modes: &'a [JudgeMode],
    pub(super) limits: &'a PackLimits,
    /// Names of distributions.
    pub(super) libraries: Vec<&'a str>,
}

impl Samples<'_> {
    /// Variables for a prompt, one object for every branch.
    pub(super) fn of(&self, prompt: Prompt) -> Vec<Value> {
        let elements = ["First", "Second"].map(|name| ElementDefinition {
            name: name.into(),
            definition: format!("what {name} means"),
        });
        let set = Elements(
            elements.iter().map(|element| (element.name.clone(), "a value".to_owned())).collect(),
        );
        let core = [elements[0].name.clone()];
        let references = [set.without(&core), set.without(&core), set.without(&core)];
        let (limits, libraries) = (self.limits, self.libraries.as_slice());
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
                    limits,
                    libraries,
                };
                vec![serde_value(vars)]
            }
            Prompt::Design => self
                .modes
                .iter()
                .map(|judge_mode| {
                    serde_value(DesignVars {
                        elements: &elements,
                        blueprint: &set,
                        core: &core,
                        judge_mode: *judge_mode,
                        limits,
                        libraries,
                    })
                })
                .collect(),
            Prompt::Solve | Prompt::Repair | Prompt::NearMiss | Prompt::Harden => {
                self.modes.iter().flat_map(|mode| self.about_task(prompt, *mode)).collect()
            }
            Prompt::Again => vec![serde_value(AgainVars { missing: "there is no `<title>`" })],
        }
    }

    /// Variables of the prompts that show a task, with and without what is optional.
    fn about_task(&self, prompt: Prompt, judge_mode: JudgeMode) -> [Value; 2] {
        let (limits, libraries) = (self.limits, self.libraries.as_slice());
        let solution = "def answer(): return 1";
        let only = |mode, text| (judge_mode == mode).then_some(text);
        let tests = only(JudgeMode::Pytest, "def test_answer(): assert answer() == 1");
        let generator = tests.is_none().then_some("def generate_tests(seed): return {}");
        [(Comparison::Exact, None), (Comparison::Float, Some("text"))].map(
            |(comparison, optional)| {
                let design = TaskVars {
                    statement: "text",
                    judge_mode,
                    fn_name: only(JudgeMode::Call, "answer"),
                    comparison,
                    header: only(JudgeMode::Pytest, "def answer() -> int:"),
                };
                let survivors = [SurvivorVars {
                    number: 1,
                    mistake: "off by one",
                    code: solution,
                    counterexample: optional,
                }];
                match prompt {
                    Prompt::Repair => serde_value(RepairVars {
                        design,
                        solution,
                        generator,
                        tests,
                        evidence: "text",
                        limits,
                        libraries,
                    }),
                    Prompt::NearMiss => {
                        serde_value(NearMissVars { design, solution, count: 5, limits, libraries })
                    }
                    Prompt::Harden => serde_value(HardenVars {
                        design,
                        generator,
                        tests,
                        survivors: &survivors,
                        limits,
                        libraries,
                        previous_attempt: optional,
                    }),
                    _ => serde_value(SolveVars { design, limits, libraries }),
                }
            },
        )
    }
}

fn serde_value(vars: impl Serialize) -> Value {
    Value::from(Serde(vars))
}
