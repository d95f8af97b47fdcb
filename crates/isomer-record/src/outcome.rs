//! The stages, and why an item may not leave one with a product.

use serde::{Deserialize, Serialize};

/// The stages of the method, in the order an item passes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Seed to element set.
    Decompose,
    /// Element sets to blueprint.
    Recombine,
    /// Blueprint to task statement.
    Design,
    /// Statement to solution and generator.
    Solve,
    /// Run both; keep what passes.
    Verify,
    /// Attack the tests and improve them.
    Harden,
}

impl Stage {
    /// All stages in order.
    pub const ALL: [Self; 6] =
        [Self::Decompose, Self::Recombine, Self::Design, Self::Solve, Self::Verify, Self::Harden];

    /// The name used in the store and on screen.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Decompose => "decompose",
            Self::Recombine => "recombine",
            Self::Design => "design",
            Self::Solve => "solve",
            Self::Verify => "verify",
            Self::Harden => "harden",
        }
    }

    /// Reads a stored name back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == name)
    }

    /// The stage after this one.
    pub fn next(self) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| *stage > self)
    }
}

/// Who failed when an item could not be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Boundary {
    /// The model endpoint.
    Model,
    /// The recording has no answer for the request.
    Recording,
    /// The sandbox.
    Sandbox,
    /// The store or the file system.
    Store,
}

impl Boundary {
    /// The name used in the store and on screen.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Recording => "recording",
            Self::Sandbox => "sandbox",
            Self::Store => "store",
        }
    }
}

macro_rules! drop_reasons {
    ($($(#[$doc:meta])* $variant:ident = $name:literal @ $($stage:ident)|+;)*) => {
        /// Why an item was rejected: a closed list, each with the stages that may say it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum DropReason { $($(#[$doc])* $variant,)* }

        impl DropReason {
            /// All reasons.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name used in the store and on screen.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The stages that may give this reason.
            pub const fn stages(self) -> &'static [Stage] {
                match self { $(Self::$variant => &[$(Stage::$stage),+],)* }
            }
        }
    };
}

drop_reasons! {
    /// The reply never took the asked form, after all retries.
    ReplyUnreadable = "reply_unreadable" @ Decompose | Recombine | Design | Solve | Harden;
    /// The reply was cut off by its length, after all retries.
    ReplyTruncated = "reply_truncated" @ Decompose | Recombine | Design | Solve | Harden;
    /// The model declined to answer.
    Refused = "refused" @ Decompose | Recombine | Design | Solve | Harden;
    /// The seed that should give the core element has no element set.
    SeedWithoutElements = "seed_without_elements" @ Recombine;
    /// Fewer than three other seeds have element sets.
    TooFewReferences = "too_few_references" @ Recombine;
    /// The blueprint repeats the element set of one of its parents.
    BlueprintCopiesParent = "blueprint_copies_parent" @ Recombine;
    /// The statement is too short to be a task.
    StatementTooShort = "statement_too_short" @ Design;
    /// The generator ended with an error.
    GeneratorFailed = "generator_failed" @ Verify;
    /// The generator took too long.
    GeneratorTimeLimit = "generator_time_limit" @ Verify;
    /// The generator gave other tests under another hash seed.
    GeneratorNotDeterministic = "generator_not_deterministic" @ Verify;
    /// What the generator returned is not a suite.
    SuiteMalformed = "suite_malformed" @ Verify;
    /// Too few distinct tests.
    SuiteTooSmall = "suite_too_small" @ Verify;
    /// A test or the whole suite is larger than allowed.
    SuiteTooLarge = "suite_too_large" @ Verify;
    /// A program that never looks at its input would pass.
    SuiteTrivial = "suite_trivial" @ Verify;
    /// The reference solution does not compile or lacks the function.
    SolutionInvalid = "solution_invalid" @ Verify;
    /// The reference solution and the generator disagree about an answer.
    SolutionWrongAnswer = "solution_wrong_answer" @ Verify | Harden;
    /// The reference solution failed while running.
    SolutionRuntimeError = "solution_runtime_error" @ Verify;
    /// The reference solution exceeded a limit of time, memory or output.
    SolutionOverLimit = "solution_over_limit" @ Verify;
    /// The reference solution answered differently the second time.
    SolutionNotDeterministic = "solution_not_deterministic" @ Verify;
    /// The test file cannot be collected, or one of its tests hides another.
    TestsNotCollected = "tests_not_collected" @ Verify;
    /// Tests are skipped, or expected to fail.
    TestsSkipped = "tests_skipped" @ Verify;
    /// Tests that assert nothing.
    TestsWithoutAssertion = "tests_without_assertion" @ Verify;
    /// Tests pass for an empty solution.
    TestsPassEmpty = "tests_pass_empty" @ Verify;
    /// Too few tests notice a solution whose functions do nothing.
    TestsPassStubs = "tests_pass_stubs" @ Verify;
    /// Tests that passed failed under another hash seed.
    TestsNotDeterministic = "tests_not_deterministic" @ Verify;
    /// Tests that passed failed at another time of day.
    TestsDependOnTime = "tests_depend_on_time" @ Verify;
    /// Tests pass only inside the interpreter of the solution, which could forge them there.
    TestsNeedOneProcess = "tests_need_one_process" @ Verify;
    /// Too few near-misses could be counted.
    TooFewNearMisses = "too_few_near_misses" @ Harden;
    /// Too many near-misses survive the final suite.
    NearMissesSurvive = "near_misses_survive" @ Harden;
}

#[cfg(test)]
mod tests {
    use super::{DropReason, Stage};

    #[test]
    fn stages_follow_each_other() {
        assert_eq!(Stage::Decompose.next(), Some(Stage::Recombine));
        assert_eq!(Stage::Harden.next(), None);
        for stage in Stage::ALL {
            assert_eq!(Stage::from_name(stage.as_str()), Some(stage));
        }
    }

    #[test]
    fn reason_names_match_their_serialised_form() {
        for reason in DropReason::ALL {
            let json = serde_json::to_string(reason).unwrap();
            assert_eq!(json, format!("\"{}\"", reason.as_str()));
            assert!(!reason.stages().is_empty());
        }
    }
}
