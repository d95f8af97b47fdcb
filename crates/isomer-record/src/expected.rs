//! What the reference solution showed under a test file.

use serde::{Deserialize, Serialize};

/// What the reference solution showed, which every other one is held to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedTests {
    /// The tests that were collected, and passed.
    pub tests: Vec<String>,
    /// Where the solution runs.
    pub trust: Trust,
    /// Comparisons that were left to the solution's own objects, such as `Account.__eq__`. A
    /// solution that answers others by itself is not accepted.
    pub asked: Vec<String>,
}

/// Where a solution ran, and so how much a pass says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// In a process of its own: it cannot forge what became of a test.
    TwoProcess,
    /// In the interpreter of the tests, because they need that: it could forge everything.
    InProcess,
}
