//! How much is done for one task.

use std::time::Duration;

use isomer_sandbox::Limits;

use crate::verify::Conditions;

/// How long a mutant is run. What is found else is the same either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Until {
    /// Until a test kills it.
    #[default]
    FirstKill,
    /// Through all tests, so that it is known which of them kill it.
    LastTest,
}

/// How much is done for one task.
#[derive(Clone, Debug)]
pub struct TestSettings {
    /// Limits and packages of solutions.
    pub conditions: Conditions,
    /// Limits of the task's generator, for each seed.
    pub generator: Limits,
    /// Most mutants of the reference.
    pub mutants: usize,
    /// Distinct inputs on which a mutant must agree with the reference to be called equivalent, the
    /// task's own tests included.
    pub inputs: usize,
    /// Time on the clock for one task. What was not done by then is left out, and
    /// [`super::TaskTests::cut`] says so.
    pub time: Duration,
}

impl Default for TestSettings {
    fn default() -> Self {
        Self {
            conditions: Conditions::default(),
            generator: Limits::default(),
            mutants: 60,
            inputs: 200,
            time: Duration::from_secs(180),
        }
    }
}
