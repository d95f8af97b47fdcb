//! The one table of stages. Progress rows, documentation and item ids are derived from it.

use isomer_record::Stage;

use crate::pack::Prompt;

/// What bounds how many items of a stage are worked on at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The stage waits for the model alone.
    Model,
    /// The stage runs programs, and may ask the model as well.
    Sandbox,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct FlowRow {
    /// The stage.
    pub stage: Stage,
    /// Raised whenever the stage would give something else for the same input: part of item ids.
    pub version: u32,
    /// What goes in.
    pub eats: &'static str,
    /// What comes out.
    pub gives: &'static str,
    /// What it asks, in order; each prompt says whom.
    pub prompts: &'static [Prompt],
    /// What it waits for.
    pub class: Class,
}

/// The stages in the order an item passes them.
pub const FLOW: [FlowRow; 6] = [
    FlowRow {
        stage: Stage::Decompose,
        version: 1,
        eats: "seed",
        gives: "elements",
        prompts: &[Prompt::Decompose],
        class: Class::Model,
    },
    FlowRow {
        stage: Stage::Recombine,
        version: 1,
        eats: "elements of four seeds",
        gives: "blueprint",
        prompts: &[Prompt::Recombine],
        class: Class::Model,
    },
    FlowRow {
        stage: Stage::Design,
        version: 1,
        eats: "blueprint",
        gives: "task statement",
        prompts: &[Prompt::Design],
        class: Class::Model,
    },
    FlowRow {
        stage: Stage::Solve,
        version: 1,
        eats: "task statement",
        gives: "candidate",
        prompts: &[Prompt::Solve],
        class: Class::Model,
    },
    FlowRow {
        stage: Stage::Verify,
        version: 1,
        eats: "candidate",
        gives: "verified task",
        prompts: &[Prompt::Repair],
        class: Class::Sandbox,
    },
    FlowRow {
        stage: Stage::Harden,
        version: 1,
        eats: "verified task",
        gives: "hardened task",
        prompts: &[Prompt::NearMiss, Prompt::Harden],
        class: Class::Sandbox,
    },
];

/// The row of `stage`.
pub const fn row(stage: Stage) -> &'static FlowRow {
    match stage {
        Stage::Decompose => &FLOW[0],
        Stage::Recombine => &FLOW[1],
        Stage::Design => &FLOW[2],
        Stage::Solve => &FLOW[3],
        Stage::Verify => &FLOW[4],
        Stage::Harden => &FLOW[5],
    }
}

#[cfg(test)]
mod tests {
    use isomer_record::Stage;

    use super::{FLOW, row};
    use crate::pack::Prompt;

    #[test]
    fn the_table_is_in_the_order_of_the_stages() {
        assert_eq!(FLOW.map(|row| row.stage), Stage::ALL);
        assert!(Stage::ALL.into_iter().all(|stage| row(stage).stage == stage));
    }

    #[test]
    fn every_prompt_with_a_role_is_used_once() {
        for prompt in Prompt::ALL {
            let uses = FLOW.iter().filter(|row| row.prompts.contains(&prompt)).count();
            assert_eq!(uses, usize::from(prompt.role().is_some()), "{prompt:?}");
        }
    }
}
